"""The database file of SQLite: ours alone to read, checked, and set aside when it is broken.

Whoever opens it holds a shared lock on a file beside it. Only who can have that lock alone
checks and repairs, so that a command never moves the file away under a running hub.
"""

import fcntl
import logging
import os
import sqlite3
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Final

from hub.api import NotReady

_log = logging.getLogger("integrations.sql")

_BROKEN: Final = frozenset({sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB})
_COMPANIONS: Final = ("", "-wal", "-shm")


class DatabaseFile:
    """One SQLite file: ``open``, ``share``, ``close``."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = -1

    def open(self, now: Callable[[], datetime]) -> None:
        """Make the file, or check it, alone; raises ``NotReady`` when the disk does not let us."""
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            self._lock = os.open(f"{self._path}.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
            if _alone(self._lock):
                self._upkeep(now)
            else:
                fcntl.flock(self._lock, fcntl.LOCK_SH)  # waits for another's upkeep
        except OSError as error:
            self.close()
            raise NotReady(f"{error.filename or self._path}: {error.strerror}") from error

    def share(self) -> None:
        """Let others in, once the tables are as they should be."""
        fcntl.flock(self._lock, fcntl.LOCK_SH)

    def close(self) -> None:
        """Let others do the upkeep."""
        if self._lock >= 0:
            os.close(self._lock)
        self._lock = -1

    def _upkeep(self, now: Callable[[], datetime]) -> None:
        if self._path.exists() and (trouble := _trouble(self._path)):
            self._set_aside(trouble, f"{now():%Y%m%d-%H%M%S}")
        os.close(os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600))
        self._path.chmod(0o600)

    def _set_aside(self, trouble: str, stamp: str) -> None:
        kept = f"{self._path}.corrupt-{stamp}"
        for each in _COMPANIONS:
            found = Path(f"{self._path}{each}")
            if found.exists():
                found.rename(f"{kept}{each}")
        _log.error(
            "The database %s is damaged (%s). It was kept as %s, and a new one begins: "
            "earlier events and states are not in it",
            self._path, trouble, kept,
        )  # fmt: skip


def _alone(lock: int) -> bool:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _trouble(path: Path) -> str:
    """Return what is wrong with a database, nothing when it is sound."""
    try:
        connection = sqlite3.connect(path)
        try:
            (found,) = connection.execute("PRAGMA quick_check(1)").fetchone()
        finally:
            connection.close()
    except sqlite3.Error as error:
        if error.sqlite_errorcode & 0xFF in _BROKEN:
            return str(error)
        raise NotReady(f"{path}: {error}") from error
    return "" if found == "ok" else str(found)
