"""An ingest worker as the hub runs it, and a vision worker's ear, for tests."""

import contextlib
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

import voluptuous as vol

from hub.api import Camera
from hub.core.components import load
from hub.core.stream import StreamEnd, StreamMessage, StreamPacket, StreamStart
from hub.core.wire import Reader, pack
from hub.ingest.messages import Beat, CameraFeed, FromIngest, Note, Offline, Online, Plan

T = TypeVar("T")
ROOT = Path(__file__).parents[3]


def camera(name: str, platform: str, vision: str | None = None, **options: object) -> CameraFeed:
    """Make a camera as the hub plans it: its options have passed the platform's schema."""
    kind = load(platform, platform, Camera)
    return CameraFeed(
        name=name,
        plugin=platform,
        key=platform,
        options=vol.Schema(dict(kind.SCHEMA))(options),
        vision=vision,
    )


class Collected:
    """Messages as they come from a socket, and waiting for some of them."""

    def __init__(self, kind: object) -> None:
        self.messages: list[object] = []
        self._kind = kind
        self._news = threading.Condition()

    def read(self, end: socket.socket, running: Callable[[], bool] = lambda: True) -> None:
        """Collect until the connection ends."""
        reader: Reader[object] = Reader(self._kind)
        with contextlib.suppress(OSError):
            while running() and (data := end.recv(1 << 20)):
                with self._news:
                    self.messages += reader.feed(data)
                    self._news.notify_all()

    def of(self, kind: type[T]) -> list[T]:
        """Return the messages of a type, in order."""
        return [each for each in list(self.messages) if isinstance(each, kind)]

    def wait(self, kind: type[T], count: int = 1, limit: float = 10.0) -> list[T]:
        """Wait until there are so many of a type."""
        with self._news:
            if not self._news.wait_for(lambda: len(self.of(kind)) >= count, limit):
                raise AssertionError(f"no {count} {kind.__name__} in {limit} s: {self.seen()}")
        return self.of(kind)

    def seen(self) -> list[object]:
        """Return everything but packets and signs of life."""
        return [each for each in self.messages if not isinstance(each, StreamPacket | Beat)]


class Ear:
    """Listens like a vision worker; each connection's messages apart."""

    def __init__(self) -> None:
        self.folder = tempfile.mkdtemp(prefix="ear-")
        self.path = f"{self.folder}/vision.sock"
        self.connections: list[Collected] = []
        self.deaf = False
        self._server: socket.socket | None = None
        self._ends: list[socket.socket] = []
        self._threads: list[threading.Thread] = []

    def start(self) -> "Ear":
        """Listen (again)."""
        with contextlib.suppress(FileNotFoundError):
            Path(self.path).unlink()
        self._server = socket.socket(socket.AF_UNIX)
        self._server.bind(self.path)
        self._server.listen()
        self._spawn(self._accept, self._server)
        return self

    def stop(self) -> None:
        """Die: every connection ends."""
        if self._server:
            self._server.shutdown(socket.SHUT_RDWR)
            self._server.close()
        for end in self._ends:
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
            end.close()
        for thread in self._threads:
            thread.join()
        self._server, self._ends, self._threads = None, [], []

    def last(self, count: int = 1, limit: float = 10.0) -> Collected:
        """Wait until somebody has connected for the so-and-so-many-th time."""
        end = time.monotonic() + limit
        while len(self.connections) < count:
            assert time.monotonic() < end, f"{len(self.connections)} connections, not {count}"
            time.sleep(0.01)
        return self.connections[-1]

    def _accept(self, server: socket.socket) -> None:
        while True:
            try:
                end, _ = server.accept()
            except OSError:
                return
            self._ends.append(end)
            self.connections.append(Collected(StreamMessage))
            self._spawn(self._hear, end, self.connections[-1])

    def _hear(self, end: socket.socket, into: Collected) -> None:
        while self.deaf:
            time.sleep(0.01)
        into.read(end)

    def _spawn(self, work: Callable[..., None], *arguments: object) -> None:
        thread = threading.Thread(target=work, args=arguments, daemon=True)
        thread.start()
        self._threads.append(thread)


class Worker(Collected):
    """The worker's process; ``MODULE`` and ``KIND`` make it another worker's."""

    MODULE = "hub.ingest"
    KIND: object = FromIngest

    def __init__(self, *arguments: str, **environment: str) -> None:
        super().__init__(self.KIND)
        self._ours, theirs = socket.socketpair()
        self.process = subprocess.Popen(
            [sys.executable, "-m", self.MODULE, str(theirs.fileno()), *arguments],
            pass_fds=[theirs.fileno()],
            cwd=ROOT,
            env={**os.environ, **environment},
            stderr=subprocess.PIPE,
        )
        theirs.close()
        self._thread = threading.Thread(target=self.read, args=(self._ours,), daemon=True)
        self._thread.start()
        self.errors = b""
        self.stopped = False

    def plan(self, *cameras: CameraFeed) -> None:
        """Tell it which cameras to hold."""
        self.tell(Plan(cameras=cameras))

    def tell(self, message: object) -> None:
        """Send it a message."""
        self._ours.sendall(pack(message))

    def stop(self) -> float:
        """Hang up as a hub does; return how long the worker took to end."""
        began = time.monotonic()
        with contextlib.suppress(OSError):
            self._ours.shutdown(socket.SHUT_WR)
        _, self.errors = self.process.communicate(timeout=10)
        took = time.monotonic() - began
        self._thread.join()
        self._ours.close()
        self.stopped = True
        return took

    def texts(self) -> str:
        """Return everything it ever said that is meant for people."""
        return repr(self.seen()) + self.errors.decode()


@contextmanager
def running(*arguments: str, **environment: str) -> Iterator[tuple[Worker, Ear]]:
    """Run a worker beside an ear; both are gone at the end."""
    ear = Ear().start()
    worker = Worker(*arguments, **environment)
    try:
        yield worker, ear
    finally:
        if not worker.stopped:
            worker.stop()
        ear.stop()
        shutil.rmtree(ear.folder)


__all__ = [
    "Beat", "Ear", "Note", "Offline", "Online", "StreamEnd", "StreamPacket", "StreamStart",
    "Worker", "camera", "running",
]  # fmt: skip
