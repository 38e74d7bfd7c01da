"""The one writer of the journal: every event is stored, none makes the bus wait.

Events are gathered and stored in one commit at most a quarter of a second later. While
storage is away they wait in memory; when there are too many, the oldest are dropped.
"""

import asyncio
import contextlib
import logging
from collections.abc import Iterable, Sequence
from typing import Final

import msgspec

from hub.api import Bus, Cancel, Clock, Event, NotReady, StateChanged, Storage, StoredRow
from hub.core.tasks import Tasks
from hub.journal.pending import Pending

_log = logging.getLogger("hub.journal")

# With a slow disk's commit on top this is still within a quarter of a second.
GATHER: Final = 0.15  # seconds
# Binding a thousand rows takes about 5 ms of the loop's time.
BATCH: Final = 1000  # rows in a commit
# About 25 MB; a busy hub fires this much in an hour.
KEPT: Final = 50_000  # rows in memory
RETRY: Final = (1.0, 2.0, 5.0, 10.0, 30.0)  # seconds
# The hub's whole end may take five seconds.
_LAST_MOMENT: Final = 3.0  # seconds


class JournalWriter:
    """Implements ``hub.api.Journal``; ``storage`` has been started."""

    def __init__(self, bus: Bus, storage: Storage, clock: Clock, kept: int = KEPT) -> None:
        self._bus = bus
        self._storage = storage
        self._clock = clock
        self._pending = Pending(kept)
        self._encode = msgspec.json.Encoder().encode
        self._tasks = Tasks("journal")
        self._more = asyncio.Event()
        self._failures = 0
        self._said = 0  # dropped events that were reported
        self._losing = False
        self._storing = asyncio.Lock()
        self._cancel: Cancel | None = None
        self._opened = asyncio.Event()

    @property
    def waiting(self) -> int:
        """How many events are not stored yet."""
        return len(self._pending)

    @property
    def dropped(self) -> int:
        """How many events were lost because storage was away for too long."""
        return self._pending.dropped

    def start(self) -> None:
        """Begin to listen and to write."""
        self._opened.set()
        self._cancel = self._bus.listen(Event, self._keep)
        self._writing = self._tasks.spawn(self._write(), "writing")

    async def stop(self) -> None:
        """Store what is left, if storage can, and end."""
        if self._cancel is None:
            return
        self._cancel()
        self._cancel = None
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(_LAST_MOMENT):
                async with self._storing:  # not in the middle of a commit
                    await self._tasks.stop()
                while not self._pending.empty and await self._store():
                    pass
        await self._tasks.stop()
        if self.waiting:
            _log.error("%d events could not be stored", self.waiting)

    async def recent(self, *, limit: int = 100, types: Iterable[str] = ()) -> Sequence[bytes]:
        """Return the newest events, stored or still waiting, oldest first, as JSON.

        Who asks before it was started waits; while storage is away it is what waits in memory.
        """
        await self._opened.wait()
        wanted = frozenset(types)
        # Taken first: a row stored meanwhile is then seen twice and not never.
        waiting = [row for row in self._pending.rows() if not wanted or row.type in wanted]
        try:
            stored = await self._storage.recent(limit, sorted(wanted))
        except NotReady:  # said already, where it is written to
            stored = ()
        rows = {row.sequence: row.body for row in (*stored, *waiting)}
        return [rows[each] for each in sorted(rows)[-limit:]] if limit > 0 else []

    def _keep(self, event: Event) -> None:
        # Encoded at once: what an event holds may be changed by whoever made it.
        body = self._encode(event)
        self._pending.add(
            StoredRow(sequence=event.sequence, time=event.time, type=event.type, body=body)
        )
        if isinstance(event, StateChanged):
            self._pending.set(event.entity, event.new)
        self._more.set()

    async def _write(self) -> None:
        while True:
            await self._more.wait()
            await self._clock.sleep(GATHER)
            self._more.clear()
            while not self._pending.empty:
                if not await self._store():
                    await self._clock.sleep(RETRY[min(self._failures, len(RETRY)) - 1])

    async def _store(self) -> bool:
        async with self._storing:
            rows, states = self._pending.take(BATCH)
            try:
                await self._storage.append(rows, states)
            except Exception as error:  # noqa: BLE001 - storage is a plugin
                self._pending.failed()
                self._away(error)
                return False
            except asyncio.CancelledError:
                self._pending.failed()
                raise
            self._pending.stored()
            self._back()
            return True

    def _away(self, error: Exception) -> None:
        self._failures += 1
        if self._failures == 1:
            _log.error("Events cannot be stored and wait in memory: %s", error)
        if self.dropped > self._said and not self._losing:
            self._losing = True
            _log.error("Storage has been away for so long that the oldest events are lost")

    def _back(self) -> None:
        if self._failures:
            _log.info("Events are stored again")
        if self.dropped > self._said:
            _log.warning("%d events were never stored", self.dropped - self._said)
        self._failures = 0
        self._said = self.dropped
        self._losing = False
