"""The hub's own storage: a row for each event, and the latest state of each entity."""

import asyncio
from collections.abc import Mapping, Sequence
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
    }

    def __init__(self, context: Context, options: Options) -> None:
        super().__init__(context, options)
        self._url: str = options.get("url") or f"{_SQLITE}{context.paths.data / FILE}"
        self._file: DatabaseFile | None = None
        self._opened: Database | None = None

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

    async def recent(self, limit: int, types: Sequence[str]) -> Sequence[StoredRow]:
        return await self._database.recent(limit, types)

    async def states(self) -> Sequence[State]:
        return await self._database.states()

    @property
    def _database(self) -> "Database":
        if self._opened is None:
            raise NotReady("the database is not open")
        return self._opened
