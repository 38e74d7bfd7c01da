"""The product as a person runs it: a process, its output, its page and its workers."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping
from pathlib import Path
from types import TracebackType
from typing import Any, Self, TypeVar

T = TypeVar("T")


def free_port() -> int:
    """A port nobody listens on just now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for(what: str, probe: Callable[[], T | None], seconds: float = 20.0) -> T:
    """Return the probe's first answer that is true; fails with ``what`` when there is none."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if found := probe():
            return found
        time.sleep(0.05)
    raise AssertionError(f"no {what} within {seconds} s")


class Product:
    """``watchpost run`` on a configuration folder."""

    def __init__(self, folder: Path | None, **environ: str) -> None:
        self.port = free_port()
        self._arguments = ["-c", str(folder)] if folder else []
        self._environ = {
            **os.environ,
            "WATCHPOST__WEB__PORT": str(self.port),
            "WATCHPOST_OFFLINE": "1",
            **environ,
        }
        self._log = Path(environ.get("HOME", str(folder or "/tmp"))) / "output.log"  # noqa: S108
        self.process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        with self._log.open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "hub", "run", *self._arguments],
                env=self._environ,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
            )
        try:
            wait_for("page", lambda: self.health() or self._fail_if_ended())
        except AssertionError:
            self.stop()
            raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()
        if error:
            print(self.output())

    @property
    def running(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def stop(self) -> float:
        """End it as systemd would; returns how long that took in seconds."""
        assert self.process
        begin = time.monotonic()
        if self.running:
            self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(15)
        finally:
            self.process.kill()
        return time.monotonic() - begin

    def output(self) -> str:
        return self._log.read_text("utf-8", "replace")

    def get(self, path: str) -> bytes:
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=5) as answer:
            body: bytes = answer.read()
            return body

    def health(self) -> Mapping[str, Any] | None:
        try:
            found: Mapping[str, Any] = json.loads(self.get("/health"))
        except (urllib.error.URLError, OSError):
            return None
        return found

    def events(self, *types: str) -> list[Mapping[str, Any]]:
        """Stored events, oldest first."""
        found = json.loads(self.get("/api/events?limit=1000"))
        rows = found["events"] if isinstance(found, dict) else found
        return [each for each in rows if not types or each["type"] in types]

    def event(self, kind: str, after: int = 0, seconds: float = 30.0) -> Mapping[str, Any]:
        """The first event of a type with a higher sequence, waited for."""
        return wait_for(
            f"{kind} event after {after}",
            lambda: next((e for e in self.events(kind) if e["sequence"] > after), None),
            seconds,
        )

    def workers(self) -> dict[str, int]:
        """Process numbers of the worker processes by name."""
        assert self.process
        found = {}
        for folder in Path("/proc").glob("[0-9]*"):
            try:
                status = (folder / "stat").read_text().rpartition(")")[2].split()
                words = (folder / "cmdline").read_bytes().split(b"\0")
            except OSError:
                continue
            if int(status[1]) != self.process.pid or status[0] == "Z":
                continue
            for word in words:
                if word in (b"hub.ingest", b"hub.vision"):
                    found[word.decode().partition(".")[2]] = int(folder.name)
        return found

    def _fail_if_ended(self) -> None:
        if not self.running:
            raise AssertionError(f"watchpost run ended:\n{self.output()}")


def lines_with(text: str, *words: str) -> list[str]:
    """The lines of a log that hold all these words."""
    return [line for line in text.splitlines() if all(word in line for word in words)]


def kill(pid: int) -> None:
    os.kill(pid, signal.SIGKILL)
