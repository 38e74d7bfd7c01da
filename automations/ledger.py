"""What has to outlast the hub: where waiting runs stand, and what is held ``for:`` a while.

Written to SQLite before a run goes on, so that a hub that is killed neither loses a run nor does
one twice. A commit reaches the operating system, not yet the disk: a power cut may lose the last
moments, a killed process loses nothing.
"""

import json
import logging
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final

from msgspec import Struct

_log = logging.getLogger("automations.ledger")

_VERSION: Final = 1
_TIDY: Final = 2000  # commits after which the write-ahead log is folded into the file
_TABLE: Final = """
CREATE TABLE IF NOT EXISTS kept (
    kind TEXT NOT NULL, id TEXT NOT NULL, owner TEXT NOT NULL, digest TEXT NOT NULL,
    body TEXT NOT NULL, UNIQUE (kind, id))
"""
# Not REPLACE, which would give a row a new place in the order.
_WRITE: Final = """
INSERT INTO kept (kind, id, owner, digest, body) VALUES (?, ?, ?, ?, ?)
ON CONFLICT (kind, id) DO UPDATE SET body = excluded.body, digest = excluded.digest
"""
_DROP: Final = "DELETE FROM kept WHERE kind = ? AND id = ?"

RUN: Final = "run"
HOLD: Final = "hold"


class Row(Struct, frozen=True):
    """Something kept for an automation; ``digest`` is of how the automation was written."""

    kind: str
    id: str
    owner: str
    digest: str
    body: Any


class Ledger:
    """The file, or without one (``None``) memory, which outlasts nothing."""

    def __init__(self, file: Path | None, busy: Callable[[], None] | None = None) -> None:
        self._file = file
        self._busy = busy
        self._frozen = False
        self._troubled = False
        self._writes = 0
        self._owed: set[tuple[str, str]] = set()
        self._db = _open(file)

    @property
    def frozen(self) -> bool:
        """Whether the hub stops: what is kept stays as it is."""
        return self._frozen

    def rows(self) -> list[Row]:
        """Return everything that is kept, in the order in which it began."""
        return list(self._rows())

    def write(self, row: Row) -> None:
        """Keep something, in place of what was kept under this kind and id."""
        if not self._frozen:
            body = json.dumps(row.body, separators=(",", ":"))
            self._do(_WRITE, (row.kind, row.id, row.owner, row.digest, body))

    def drop(self, kind: str, id: str) -> None:  # noqa: A002 - it is the id
        """Keep something no longer."""
        if not self._frozen and not self._do(_DROP, (kind, id)):
            self._owed.add((kind, id))

    def freeze(self) -> None:
        """Leave everything as it is from now on: the hub stops, and will go on with it."""
        self._frozen = True

    def tidy(self) -> None:
        """Fold the write-ahead log into the file; slow, so not on the loop's thread."""
        if self._file is not None:
            other = sqlite3.connect(self._file)
            try:
                other.execute("PRAGMA wal_checkpoint(PASSIVE)")
            finally:
                other.close()

    def close(self) -> None:
        """Let the file go."""
        self._db.close()

    def _rows(self) -> Iterator[Row]:
        for kind, name, owner, digest, body in self._db.execute(
            "SELECT kind, id, owner, digest, body FROM kept ORDER BY rowid"
        ):
            yield Row(kind, name, owner, digest, json.loads(body))

    def _do(self, words: str, given: tuple[str, ...]) -> bool:
        try:
            self._db.execute(words, given)
            while self._owed:  # what is dropped must not come back to life
                self._db.execute(_DROP, self._owed.pop())
        except sqlite3.Error as error:
            self._trouble(error)
            return False
        if self._troubled:
            self._troubled = False
            _log.info("waiting automations are kept again")
        self._writes += 1
        if self._writes % _TIDY == 0 and self._busy is not None:
            self._busy()
        return True

    def _trouble(self, error: sqlite3.Error) -> None:
        if not self._troubled:
            self._troubled = True
            words = "%s: %s; automations go on, but what waits would not outlast a restart"
            _log.error(words, self._file, error)


def _open(file: Path | None) -> sqlite3.Connection:
    if file is None:
        return _made(":memory:")
    try:
        return _made(str(file))
    except sqlite3.DatabaseError as error:
        return _anew(file, error)


def _anew(file: Path, error: sqlite3.DatabaseError) -> sqlite3.Connection:
    """Set a file that cannot be read aside and begin another; without a disk, use memory."""
    aside = file.with_suffix(".broken")
    try:
        file.replace(aside)
        for each in ("-wal", "-shm"):
            file.with_name(file.name + each).unlink(missing_ok=True)
        made = _made(str(file))
    except (OSError, sqlite3.Error) as worse:
        _log.error("%s: %s; what automations wait for will not outlast a restart", file, worse)
        return _made(":memory:")
    _log.error("%s: %s; it is now %s, and what automations waited for is lost", file, error, aside)
    return made


def _made(name: str) -> sqlite3.Connection:
    db = sqlite3.connect(name, isolation_level=None)
    try:
        db.execute("PRAGMA journal_mode = WAL")
        db.execute("PRAGMA synchronous = NORMAL")
        db.execute("PRAGMA wal_autocheckpoint = 0")  # tidy() does it, off the loop
        (version,) = db.execute("PRAGMA user_version").fetchone()
        if version not in (0, _VERSION):
            raise sqlite3.DatabaseError(f"it was written by another version ({version})")
        db.execute(_TABLE)
        db.execute(f"PRAGMA user_version = {_VERSION}")
        db.execute("SELECT count(*) FROM kept").fetchone()
    except sqlite3.Error:
        db.close()
        raise
    return db
