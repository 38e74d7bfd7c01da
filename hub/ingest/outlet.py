"""The detect stream on its way to a vision worker, which may be slow, dead, or just back.

Packets go straight from the camera's thread into the socket as long as it takes them. What it does
not take waits here, up to a limit; then everything up to the next key frame is dropped,
because a picture without the ones before it is of no use. What came since the last key
frame is kept, so that a vision worker that starts again sees a picture at once.
"""

import contextlib
import select
import socket
import threading
import time
from collections import deque
from collections.abc import Callable
from typing import Final

from hub.api import StreamFormat
from hub.core.stream import StreamEnd, StreamPacket, StreamStart
from hub.core.wire import pack

KEPT_BYTES: Final = 8 * 1024 * 1024
KEPT_PACKETS: Final = 300  # 12 s at 25 pictures a second: longer than any usual key frame distance
# A vision worker is back within two seconds; asking costs one system call.
RETRY: Final = 0.2  # seconds
# A key frame of a 4K camera fits as a whole where the system allows it.
_BUFFER: Final = 1024 * 1024  # bytes

Later = Callable[[Callable[[], bool]], None]
"""Calls a function now and then in another thread, for as long as it answers true."""


class Outlet:
    """A ``Sink`` that sends a camera's packets to the Unix socket of a vision worker.

    A ``patient`` one waits for the worker instead of dropping: for files played flat out.
    """

    def __init__(self, camera: str, path: str, later: Later, *, patient: bool = False) -> None:
        self.dropped = 0
        self._camera = camera
        self._path = path
        self._later = later
        self._patient = patient
        self._lock = threading.Lock()
        self._closed = threading.Event()
        self._format: StreamFormat | None = None
        self._kept: deque[bytes] = deque()  # messages since the last key frame
        self._kept_bytes = 0
        self._socket: socket.socket | None = None
        self._queue: deque[bytes] = deque()
        self._queued_bytes = 0
        self._offset = 0  # bytes of the queue's first message that are sent
        self._skipping = False  # until the next key frame
        self._flushing = False
        self._try_at = 0.0

    def begin(self, format: StreamFormat) -> None:  # noqa: A002 - it is the format
        """Announce packets of this format."""
        with self._lock:
            self._format = format
            self._forget()
            self._skipping = True

    def take(self, packet: StreamPacket) -> None:
        """Send a packet, or keep it until it can be sent."""
        message = pack(packet)
        with self._lock:
            if self._format is None or self._closed.is_set():
                return
            self._keep(message, key=packet.key)
            if self._connected():
                self._offer(message, key=packet.key)
                self._send()
            if self._queue and not self._patient:
                self._flush_later()
        if self._patient:
            self._insist()

    def end(self) -> None:
        """Say that the camera is gone for now."""
        with self._lock:
            self._format = None
            self._forget()
            if self._socket is not None:
                self._enqueue(pack(StreamEnd()))
                self._send()
                self._flush_later()

    def close(self) -> None:
        """Say that the camera is gone, and hang up."""
        self._closed.set()
        self.end()
        with self._lock:
            self._hang_up()

    def flush(self) -> bool:
        """Send what waits; return whether something still does."""
        with self._lock:
            self._send()
            self._flushing = bool(self._queue)
            return self._flushing

    def _keep(self, message: bytes, *, key: bool) -> None:
        if key:
            self._forget()
        elif not self._kept:
            return  # too much came since the last key frame to be worth keeping
        self._kept.append(message)
        self._kept_bytes += len(message)
        if len(self._kept) > KEPT_PACKETS or self._kept_bytes > KEPT_BYTES:
            self._forget()

    def _forget(self) -> None:
        self._kept.clear()
        self._kept_bytes = 0

    def _connected(self) -> bool:
        """Make a connection if there is none and it is time; a new one is sent what is kept."""
        if self._socket is not None:
            return True
        now = time.monotonic()
        if now < self._try_at:
            return False
        self._try_at = now + RETRY
        connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        connection.setblocking(False)
        try:
            connection.connect(self._path)
        except OSError:
            connection.close()
            return False
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, _BUFFER)
        self._socket = connection
        self._skipping = True
        if self._kept:
            self._announce()
            for message in list(self._kept)[:-1]:  # the last is the one being sent
                self._enqueue(message)
        return True

    def _offer(self, message: bytes, *, key: bool) -> None:
        if self._skipping and not key:
            self.dropped += 1
            return
        if self._skipping:
            self._announce()
        if not self._patient and self._queued_bytes > KEPT_BYTES:
            self._drop()
            return
        self._enqueue(message)

    def _announce(self) -> None:
        if self._format is not None:
            start = StreamStart(camera=self._camera, format=self._format, patient=self._patient)
            self._enqueue(pack(start))
            self._skipping = False

    def _drop(self) -> None:
        """Drop all that waits, but for the message of which a part is sent."""
        begun = [self._queue.popleft()] if self._offset else []
        self.dropped += len(self._queue) + 1
        self._queue = deque(begun)
        self._queued_bytes = sum(map(len, begun))
        self._skipping = True

    def _enqueue(self, message: bytes) -> None:
        self._queue.append(message)
        self._queued_bytes += len(message)

    def _send(self) -> None:
        while self._queue and self._socket is not None:
            message = self._queue[0]
            try:
                self._offset += self._socket.send(memoryview(message)[self._offset :])
            except BlockingIOError:
                break
            except OSError:  # the worker is gone
                self._hang_up()
                return
            if self._offset == len(message):
                self._queue.popleft()
                self._queued_bytes -= len(message)
                self._offset = 0

    def _flush_later(self) -> None:
        if self._queue and not self._flushing:
            self._flushing = True
            self._later(self.flush)

    def _hang_up(self) -> None:
        if self._socket is not None:
            self._socket.close()
            self._socket = None
        self._queue.clear()
        self._queued_bytes = self._offset = 0

    def _insist(self) -> None:
        """Wait until everything is sent."""
        while not self._closed.is_set():
            with self._lock:
                connected = self._again()
                waiting = self._socket if self._queue else None
            if connected and waiting is None:
                return
            if waiting is None:
                self._closed.wait(RETRY)
            else:
                _writable(waiting)

    def _again(self) -> bool:
        """Connect if need be, with everything that is kept, and send."""
        if self._socket is None:
            if not self._connected():
                return False
            if self._kept and not self._skipping:
                self._enqueue(self._kept[-1])
        self._send()
        return self._socket is not None


def _writable(connection: socket.socket) -> None:
    poll = select.poll()
    with contextlib.suppress(ValueError, OSError):  # it was closed meanwhile
        poll.register(connection, select.POLLOUT)
        poll.poll(RETRY * 1000)  # milliseconds
