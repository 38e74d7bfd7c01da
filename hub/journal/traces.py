"""Traces on disk: a small SQLite file beside the journal, written off the loop.

It is no history: who writes keeps the number of traces small, by dropping old ones.
"""

import asyncio
import logging
import sqlite3
from collections.abc import Callable, Iterable, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any, Final

import msgspec

from hub.api import Trace

_log = logging.getLogger("hub.journal")

FILE: Final = "traces.db"
"""Below the data folder."""

_TABLE: Final = """
CREATE TABLE IF NOT EXISTS traces (
    id TEXT PRIMARY KEY, automation TEXT NOT NULL, kind TEXT NOT NULL, time TEXT NOT NULL,
    running INTEGER NOT NULL, body TEXT NOT NULL)
"""
_INDEX: Final = "CREATE INDEX IF NOT EXISTS by_time ON traces (time DESC)"
_LARGEST: Final = 256 * 1024  # characters of one trace
_decode = msgspec.json.Decoder(Trace).decode


class TraceStore:
    """Implements ``hub.api.Traces``; ``redact`` hides secrets in what is written."""

    def __init__(self, folder: Path, redact: Callable[[str], str] = str) -> None:
        self._file = folder / FILE
        self._redact = redact
        self._lock = asyncio.Lock()
        self._troubled = False

    async def start(self) -> None:
        """Note that what ran when the hub ended runs no more."""
        await self._try(self._interrupt)

    async def write(self, put: Iterable[Trace], drop: Sequence[str]) -> None:
        await self._try(lambda: self._write(put, drop))

    async def newest(
        self, *, automation: str = "", kind: str = "", limit: int = 100
    ) -> Sequence[Trace]:
        words = "SELECT body FROM traces"
        filters = [name for name, value in (("automation", automation), ("kind", kind)) if value]
        if filters:
            words += " WHERE " + " AND ".join(f"{each} = ?" for each in filters)
        given = [each for each in (automation, kind) if each]
        words += " ORDER BY time DESC LIMIT ?"
        return await asyncio.to_thread(self._read, words, (*given, limit))

    async def get(self, id: str) -> Trace | None:  # noqa: A002 - it is the id
        found = await asyncio.to_thread(self._read, "SELECT body FROM traces WHERE id = ?", (id,))
        return found[0] if found else None

    async def _try(self, work: Callable[[], None]) -> None:
        async with self._lock:
            try:
                await asyncio.to_thread(work)
            except (OSError, sqlite3.Error) as error:
                if not self._troubled:
                    _log.warning("%s: %s; traces are not kept", self._file, error)
                self._troubled = True
            else:
                self._troubled = False

    def _open(self) -> sqlite3.Connection:
        try:
            return _made(self._file)
        except sqlite3.DatabaseError:
            if not self._file.is_file():
                raise
            aside = self._file.with_suffix(".broken")
            self._file.replace(aside)
            _log.warning("%s cannot be read and is now %s; traces begin anew", self._file, aside)
            return _made(self._file)

    def _write(self, put: Iterable[Trace], drop: Sequence[str]) -> None:
        rows = [row for each in put if (row := self._told(each)) is not None]
        with closing(self._open()) as db, db:
            db.executemany("DELETE FROM traces WHERE id = ?", [(each,) for each in drop])
            db.executemany("INSERT OR REPLACE INTO traces VALUES (?, ?, ?, ?, ?, ?)", rows)

    def _told(self, trace: Trace) -> tuple[str, str, str, str, bool, str] | None:
        """Return a trace's row; one that cannot be written loses nothing of the others."""
        try:
            return self._row(trace)
        except (TypeError, ValueError, RecursionError) as error:
            _log.warning("a trace of %s cannot be written: %s", trace.automation, error)
            return None

    def _row(self, trace: Trace) -> tuple[str, str, str, str, bool, str]:
        body = self._body(trace)
        if len(body) > _LARGEST:
            body = self._body(msgspec.structs.replace(trace, data={}, variables={}, steps=()))
        running = trace.result == "running"
        when = (trace.last or trace.time).isoformat()
        return trace.id, trace.automation, trace.kind, when, running, body

    def _body(self, trace: Trace) -> str:
        """Return a trace as JSON; secrets are hidden before quotes in them are escaped."""
        return msgspec.json.encode(self._hidden(msgspec.to_builtins(trace))).decode()

    def _hidden(self, value: Any) -> Any:
        if isinstance(value, str):
            return self._redact(value)
        if isinstance(value, dict):
            return {self._redact(str(key)): self._hidden(each) for key, each in value.items()}
        if isinstance(value, list | tuple):
            return [self._hidden(each) for each in value]
        return value

    def _interrupt(self) -> None:
        with closing(self._open()) as db, db:
            rows = db.execute("SELECT body FROM traces WHERE running").fetchall()
            for trace in (_decode(body) for (body,) in rows):
                ended = msgspec.structs.replace(trace, result="interrupted")
                row = self._row(ended)
                db.execute("INSERT OR REPLACE INTO traces VALUES (?, ?, ?, ?, ?, ?)", row)

    def _read(self, words: str, given: tuple[object, ...]) -> list[Trace]:
        if not self._file.is_file():
            return []
        with closing(self._open()) as db:
            return [_decode(body) for (body,) in db.execute(words, given)]


def _made(file: Path) -> sqlite3.Connection:
    db = sqlite3.connect(file, timeout=5.0)
    try:
        db.execute("PRAGMA journal_mode = WAL")
        db.execute("PRAGMA synchronous = NORMAL")
        db.execute(_TABLE)
        db.execute(_INDEX)
    except sqlite3.Error:
        db.close()
        raise
    return db
