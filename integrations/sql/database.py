"""A database and the few things the journal does with it. Imported when storage starts."""

import asyncio
import logging
import uuid
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from importlib import import_module
from typing import Any, Final, Self

import msgspec
import sqlalchemy as sa  # noqa: TID253 - this whole module is imported when it is used
from sqlalchemy.exc import IntegrityError, SQLAlchemyError  # noqa: TID253
from sqlalchemy.ext.asyncio import (  # noqa: TID253
    AsyncConnection,
    AsyncEngine,
    create_async_engine,
)

from hub.api import NotReady, Rejected, State, StoredRow
from integrations.sql.tables import HEAD, events, facts, states

_EPOCH: Final = datetime.fromtimestamp(0, UTC)
_MICROSECOND: Final = timedelta(microseconds=1)

# FULL: a commit is on the disk before it returns (RELIABILITY: 0.2 ms here). The time-out is
# for a command that reads, or checkpoints, beside the hub.
_PRAGMAS: Final = (
    "PRAGMA journal_mode=WAL",
    "PRAGMA synchronous=FULL",
    "PRAGMA busy_timeout=5000",
    "PRAGMA foreign_keys=ON",
)


class Database:
    """An open database. Every error of it is ``NotReady``."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine

    @classmethod
    async def open(cls, url: str) -> Self:
        """Connect, and bring the tables up to date; raises ``NotReady`` or ``Rejected``."""
        try:
            engine = create_async_engine(url, hide_parameters=True)
        except ImportError as error:
            raise Rejected(f"the database's driver is not installed: {error.name}") from error
        except SQLAlchemyError as error:  # its words may repeat the URL
            raise Rejected("the database's url cannot be understood") from error
        if engine.dialect.name == "sqlite":
            sa.event.listen(engine.sync_engine, "connect", _set_pragmas)
        database = cls(engine)
        try:
            await database._upgrade()
        except BaseException:
            await database.close()
            raise
        return database

    async def close(self) -> None:
        """Disconnect."""
        await self._engine.dispose()

    async def identity(self) -> tuple[str, int]:
        """Return the hub's id, made on first use, and the highest sequence, 0 at first."""
        mine = sa.select(facts.c.value).where(facts.c.name == "hub_id")
        async with self._connected() as connection:
            hub_id = await connection.scalar(mine)
            if hub_id is None:
                hub_id = uuid.uuid4().hex
                await connection.execute(sa.insert(facts), {"name": "hub_id", "value": hub_id})
            highest = await connection.scalar(sa.select(sa.func.max(events.c.sequence)))
        return hub_id, highest or 0

    async def append(self, rows: Sequence[StoredRow], changed: Mapping[str, State | None]) -> None:
        """Store rows and states in one commit."""
        async with _translated():
            try:
                await self._append(rows, changed)
            except IntegrityError:  # some came before, in a call that failed after its commit
                await self._append(await self._new(rows), changed)

    async def forget(self, before: datetime, limit: int) -> int:
        """Delete the oldest rows, at most ``limit``, that are from before a time; count them.

        The newest row stays whatever its time: numbering goes on from it.
        """
        oldest = sa.select(events.c.sequence).order_by(events.c.sequence).limit(limit)
        newest = sa.select(sa.func.max(events.c.sequence)).scalar_subquery()
        old = sa.delete(events).where(
            events.c.sequence.in_(oldest),
            events.c.sequence < newest,
            events.c.time < _microseconds(before),
        )
        async with self._connected() as connection:
            return (await connection.execute(old)).rowcount

    async def recent(self, limit: int, types: Sequence[str]) -> Sequence[StoredRow]:
        """Return the newest rows, oldest first."""
        query = sa.select(events).order_by(events.c.sequence.desc()).limit(limit)
        if types:
            query = query.where(events.c.type.in_(types))
        async with self._connected() as connection:
            found = [_row(*each) for each in await connection.execute(query)]
        return found[::-1]

    async def history(
        self, since: datetime, until: datetime, after: int, limit: int
    ) -> Sequence[StoredRow]:
        """Return rows of a span of time with a sequence above ``after``, oldest first."""
        query = (
            sa.select(events)
            .where(
                events.c.sequence > after,
                events.c.time >= _microseconds(since),
                events.c.time < _microseconds(until),
            )
            .order_by(events.c.sequence)
            .limit(limit)
        )
        async with self._connected() as connection:
            return [_row(*each) for each in await connection.execute(query)]

    async def states(self) -> Sequence[State]:
        """Return every state."""
        query = sa.select(states.c.body).order_by(states.c.entity)
        async with self._connected() as connection:
            bodies = await connection.scalars(query)
        return [msgspec.json.decode(each, type=State) for each in bodies]

    @asynccontextmanager
    async def _connected(self) -> AsyncIterator[AsyncConnection]:
        async with _translated(), self._engine.begin() as connection:
            yield connection

    async def _append(self, rows: Sequence[StoredRow], changed: Mapping[str, State | None]) -> None:
        async with self._engine.begin() as connection:
            if rows:
                await connection.execute(sa.insert(events), [_values(row) for row in rows])
            if changed:
                gone = sa.delete(states).where(states.c.entity == sa.bindparam("gone"))
                await connection.execute(gone, [{"gone": each} for each in changed])
            if new := [_state(each) for each in changed.values() if each is not None]:
                await connection.execute(sa.insert(states), new)

    async def _new(self, rows: Sequence[StoredRow]) -> Sequence[StoredRow]:
        if not rows:
            return ()
        span = events.c.sequence.between(rows[0].sequence, rows[-1].sequence)
        async with self._engine.connect() as connection:
            stored = set(await connection.scalars(sa.select(events.c.sequence).where(span)))
        return [row for row in rows if row.sequence not in stored]

    async def _upgrade(self) -> None:
        async with self._connected() as connection:
            if await connection.run_sync(_step) == HEAD:
                return  # Alembic takes 0.2 s to import, which most starts can do without
        # It tells of its own parts and every step at INFO, as if somebody ran it by hand.
        logging.getLogger("alembic").setLevel(logging.WARNING)
        migrating = await asyncio.to_thread(import_module, "integrations.sql.migrating")
        async with self._connected() as connection:
            await connection.run_sync(migrating.upgrade)


@asynccontextmanager
async def _translated() -> AsyncIterator[None]:
    try:
        yield
    except SQLAlchemyError as error:
        raise NotReady(f"the database: {getattr(error, 'orig', None) or error}") from error
    except OSError as error:
        raise NotReady(f"the database: {error.strerror or error}") from error


def _set_pragmas(connection: Any, _: object) -> None:
    cursor = connection.cursor()
    for each in _PRAGMAS:
        cursor.execute(each)
    cursor.close()


def _step(connection: sa.Connection) -> str | None:
    if not sa.inspect(connection).has_table("alembic_version"):
        return None
    found: str | None = connection.scalar(sa.text("SELECT version_num FROM alembic_version"))
    return found


def _values(row: StoredRow) -> dict[str, object]:
    return {
        "sequence": row.sequence,
        "time": _microseconds(row.time),
        "type": row.type,
        "body": row.body.decode(),
    }


def _microseconds(time: datetime) -> int:
    return (time - _EPOCH) // _MICROSECOND


def _row(sequence: int, time: int, type_: str, body: str) -> StoredRow:
    moment = _EPOCH + time * _MICROSECOND
    return StoredRow(sequence=sequence, time=moment, type=type_, body=body.encode())


def _state(state: State) -> dict[str, str]:
    return {"entity": state.entity, "body": msgspec.json.encode(state).decode()}
