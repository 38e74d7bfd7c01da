"""The hub's own storage: a row for each event, and the latest state of each entity."""

import asyncio
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar, Final

import voluptuous as vol

from hub.api import Context, NotReady, Options, State, Storage, StoredRow, schema
from integrations.sql.files import DatabaseFile

if TYPE_CHECKING:  # heavy: imported when storage starts
    from integrations.sql.database import Database

FILE: Final = "watchpost.db"
_SQLITE: Final = "sqlite+aiosqlite:///"
_POSTGRESQL: Final = "postgresql+asyncpg://"
# Three million events a day can go this way, each time within a few milliseconds.
_PAUSE: Final = 60.0  # seconds
_SOME: Final = 2000  # rows


def _url(value: object) -> str:
    """Accept the address of a database; errors do not repeat it, for it may hold a password."""
    given = schema.text(value)
    if not given.startswith((_SQLITE, _POSTGRESQL)):
        raise vol.Invalid(f"expected an address that begins with {_SQLITE} or {_POSTGRESQL}")
    return given


schema.shaped(_url, {"type": "string", "title": "address"})


class SqlStorage(Storage):
    """Keeps events and states in a database: SQLite in WAL mode unless told otherwise."""

    KEY = "sql"
    SCHEMA: ClassVar[schema.Schema] = {
        schema.optional(
            "url",
            "Address of the database, such as postgresql+asyncpg://user:password@host/name. "
            "Without it, the file watchpost.db in the data folder.",
        ): _url,
        schema.optional("keep", "How long events are kept; 0 is for ever.", "90d"): schema.seconds,
    }

    def __init__(self, context: Context, options: Options) -> None:
        super().__init__(context, options)
        self._url: str = options.get("url") or f"{_SQLITE}{context.paths.data / FILE}"
        self._file: DatabaseFile | None = None
        self._opened: Database | None = None
        self._keep: float = options.get("keep", 0)
        self._forgot = -_PAUSE

    async def start(self) -> None:
        if self._url.startswith(_SQLITE):
            path = Path(self._url.removeprefix(_SQLITE).partition("?")[0])
            self._file = DatabaseFile(path)
            await asyncio.to_thread(self._file.open, self.context.clock.now)
        module = await asyncio.to_thread(import_module, "integrations.sql.database")
        self._opened = await module.Database.open(self._url)
        if self._file is not None:
            self._file.share()

    async def stop(self) -> None:
        if self._opened is not None:
            await self._opened.close()
        self._opened = None
        if self._file is not None:
            self._file.close()

    async def identity(self) -> tuple[str, int]:
        return await self._database.identity()

    async def append(self, events: Sequence[StoredRow], states: Mapping[str, State | None]) -> None:
        await self._database.append(events, states)
        await self._forget()

    async def recent(self, limit: int, types: Sequence[str]) -> Sequence[StoredRow]:
        return await self._database.recent(limit, types)

    async def history(
        self, since: datetime, until: datetime, after: int = 0, limit: int = 5000
    ) -> Sequence[StoredRow]:
        return await self._database.history(since, until, after, limit)

    async def states(self) -> Sequence[State]:
        return await self._database.states()

    async def _forget(self) -> None:
        """Let old events go, some at a time."""
        clock = self.context.clock
        if not self._keep or clock.monotonic() - self._forgot < _PAUSE:
            return
        self._forgot = clock.monotonic()
        await self._database.forget(clock.now() - timedelta(seconds=self._keep), _SOME)

    @property
    def _database(self) -> "Database":
        if self._opened is None:
            raise NotReady("the database is not open")
        return self._opened
