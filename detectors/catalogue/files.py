"""Model files on disk: what they hash to, how they arrive whole, and who may write them."""

import asyncio
import fcntl
import hashlib
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import IO

from hub.api import ModelFile, NotReady

# Long enough for another process to fetch a small model over a slow line; who waits longer
# than this starts without it.
_LOCK_LIMIT = 60.0  # seconds


def sha256(path: Path) -> str:
    """Return a file's checksum, in hex."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def is_right(path: Path, wanted: ModelFile) -> bool:
    """Say whether this file is exactly what the catalogue means."""
    return path.stat().st_size == wanted.bytes and sha256(path) == wanted.sha256


class Part:
    """A file that is still arriving; it survives a cut and a crash, and is never used as it is."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._file: IO[bytes] = path.open("ab")

    @property
    def size(self) -> int:
        """Bytes that have arrived."""
        return self._file.tell()

    def write(self, data: bytes) -> None:
        self._file.write(data)

    def restart(self) -> None:
        """Forget what has arrived."""
        self._file.truncate(0)
        self._file.seek(0)

    def settle(self) -> None:
        """Make what has arrived visible to readers of the file."""
        self._file.flush()

    def close(self) -> None:
        """Keep what has arrived; nothing leaves no file behind."""
        if not self._file.closed:
            empty = self.size == 0
            self._file.close()
            if empty:
                self.path.unlink(missing_ok=True)

    def discard(self) -> None:
        """Remove it."""
        self.close()
        self.path.unlink(missing_ok=True)

    def publish(self, to: Path) -> None:
        """Give it its name, in one step that a power cut leaves done or not done."""
        self._file.flush()
        os.fsync(self._file.fileno())
        self.close()
        self.path.replace(to)
        folder = os.open(to.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)


@asynccontextmanager
async def alone(lock: Path) -> AsyncIterator[None]:
    """Hold a lock among processes; raises ``NotReady`` when another one keeps it for long."""
    with lock.open("a") as file:
        try:
            async with asyncio.timeout(_LOCK_LIMIT):
                while not _taken(file):  # noqa: ASYNC110 - no event crosses processes
                    await asyncio.sleep(0.05)
        except TimeoutError as error:
            raise NotReady("another process is still downloading it") from error
        yield


def _taken(file: IO[str]) -> bool:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
