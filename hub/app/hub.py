"""One running hub: what the configuration asks for, started in order and stopped in reverse."""

import asyncio
import contextlib
import logging
from collections.abc import Callable, Mapping
from contextlib import AsyncExitStack
from dataclasses import replace
from fnmatch import fnmatchcase
from typing import Final

from hub.actions import ActionRegistry
from hub.api import ActionCall, Answer, Context, HubStarted, HubStopping, Invalid, Journal
from hub.app import plans, schemas
from hub.app.actions import ATTACH, RELOAD, SNAPSHOT
from hub.app.bare import STORAGE, bare_parts, make_storage
from hub.app.catalogue import catalogue
from hub.app.counters import Counters
from hub.app.entities import CameraEntities
from hub.app.folders import Claim, paths
from hub.app.looking import Looking
from hub.app.reloading import Reloaded, Reloading
from hub.app.seen import RESTORED, TYPES, RecentlySeen
from hub.app.snapshots import Snapshots
from hub.app.workers import LatestPictures, Workers
from hub.bus import EventBus
from hub.core.clock import SystemClock
from hub.core.redaction import redactor
from hub.core.tasks import Tasks
from hub.journal import JournalWriter, TraceStore
from hub.plugins import Hub as Parts
from hub.plugins import Lifecycle, Registry, Watchdog
from hub.settings import ComponentSettings, Settings
from hub.states import StateTable

_log = logging.getLogger("hub")

WEB: Final = "web"
"""The service that shows the page."""
REACTS: Final = ("script", "automation")
"""The services that call all others: started after them, and stopped while they still work."""


class Hub:
    """A hub for some settings; ``run`` is its whole life."""

    def __init__(
        self, settings: Settings, registry: Registry, reread: Callable[[], Settings] | None = None
    ) -> None:
        self.settings = settings
        self.clock = SystemClock()
        self.bus = EventBus(self.clock)
        self.states = StateTable(self.bus, self.clock)
        self.actions = ActionRegistry()
        self.counters = Counters(settings.cameras, self.states, self.clock, settings.hub.zone)
        self.entities = CameraEntities(settings.cameras, self.bus, self.states, self.counters)
        self.seen = RecentlySeen(self.bus)
        self.paths = paths(settings)
        self.traces = TraceStore(self.paths.data, redactor)
        self.looking = Looking(settings, self.clock, self.states, self.entities, self.paths)
        self.workers = Workers(self.clock, self.bus, self.entities, settings.folder, self.looking)
        self.pictures = LatestPictures(self.workers, settings.cameras)
        self._tasks = Tasks("hub")
        self._storage = make_storage(settings, Lifecycle(bare_parts(settings)))
        self.journal = JournalWriter(self.bus, self._storage, self.clock)
        self.lifecycle = Lifecycle(self._parts(self.journal))
        self._registry = registry
        self.watchdog = Watchdog(owner=registry.owner)
        again = reread or (lambda: self.settings)
        self._reloading = Reloading(self.bus, self.lifecycle, again, self._take)

    async def run(self, until: asyncio.Event, ready: Callable[[], None]) -> None:
        """Start everything, say ``ready``, wait, stop everything.

        Raises ``Invalid`` when another hub uses the data folder, or nobody can.
        """
        with Claim(self.paths.data):
            try:
                if await self._started_before(until):
                    ready()
                    await until.wait()
            finally:
                await self._stop()

    async def reload(self) -> Reloaded:
        """Take up a changed configuration; raises ``Invalid``, and has changed nothing then."""
        return await self._reloading.reload(lambda: self.settings)

    def reload_soon(self) -> None:
        """Take up a changed configuration, whoever asks for it not waiting."""

        async def reload() -> None:
            with contextlib.suppress(Invalid):  # it was told where it was found
                await self.reload()

        _ = self._tasks.spawn(reload(), "reload")

    def _take(self, settings: Settings) -> list[ComponentSettings]:
        """Go by other settings from now on, but for what a running hub cannot change."""
        self.settings = replace(settings, hub=self.settings.hub)
        return [*self._page(), *self._services()]

    async def _on_reload(self, _: ActionCall) -> Answer:
        return (await self.reload()).said()

    async def _started_before(self, until: asyncio.Event) -> bool:
        """Start everything; a part that takes its time must not hold up who wants to stop."""
        starting = asyncio.ensure_future(self._start())
        stopping = asyncio.ensure_future(until.wait())
        try:
            await asyncio.wait({starting, stopping}, return_when=asyncio.FIRST_COMPLETED)
            if starting.done():
                starting.result()  # raises what it raised
            return starting.done()
        finally:
            starting.cancel()
            stopping.cancel()
            await asyncio.wait({starting, stopping})

    async def _start(self) -> None:
        """Start it all: the page first, for somebody waits for it, then what makes it useful."""
        self.watchdog.start()
        self.bus.hold()
        await self.lifecycle.apply(self._page())
        await self._open_journal()
        self.entities.begin()
        zone = self.settings.hub.zone
        snapshots = Snapshots(self.pictures, self.clock, zone, self.paths.media)
        self.actions.register(SNAPSHOT, snapshots.take)
        self.actions.register(ATTACH, self.seen.attach)
        self.actions.register(RELOAD, self._on_reload)
        cameras = self.settings.cameras.values()
        self.workers.start(plans.feeds(cameras, self.workers.vision_socket))
        await self.lifecycle.apply(self._services())
        self._preparing = self._tasks.spawn(
            self.looking.prepare(self.workers.watch, self._context), "prepare the detectors"
        )
        self.bus.fire(HubStarted(source="hub"))

    async def _stop(self) -> None:
        self.bus.fire(HubStopping(source="hub"))
        async with AsyncExitStack() as last_first:  # one that fails holds up none of the others
            last_first.callback(self.watchdog.stop)
            last_first.callback(self.counters.stop)
            last_first.push_async_callback(self._storage.stop)
            last_first.push_async_callback(self.journal.stop)
            last_first.push_async_callback(self._tasks.stop)
            last_first.push_async_callback(self.workers.stop)
            last_first.push_async_callback(self.lifecycle.stop)

    async def _open_journal(self) -> None:
        await self._storage.start()
        _, highest = await self._storage.identity()
        self.states.restore(await self._storage.states())
        rows = await self._storage.recent(RESTORED, [each.type for each in TYPES])
        self.seen.restore(row.body for row in rows)
        self.journal.start()
        await self.traces.start()
        self.bus.resume(highest + 1)
        self._forget_entities()

    def _forget_entities(self) -> None:
        """Let go of what nothing in the configuration makes any more.

        Not while there are mistakes in it: what they leave out may come back as it was.
        """
        if self.settings.problems:
            return
        known = self.settings.known.entities
        for entity in [*self.states.all()]:
            if not any(fnmatchcase(entity, each) for each in known):
                self.states.remove(entity)

    def _page(self) -> list[ComponentSettings]:
        return [each for key, each in self.settings.services.items() if key == WEB]

    def _services(self) -> list[ComponentSettings]:
        services = [each for key, each in self.settings.services.items() if key != STORAGE]
        parts = [*services, *self.settings.notifiers.values()]
        return sorted(parts, key=lambda each: each.name in REACTS and REACTS.index(each.name) + 1)

    def _context(self, name: str) -> Context:
        return self.lifecycle.context(name, self.settings.detectors[name].plugin)

    def _schema(self) -> Mapping[str, object]:
        return schemas.whole(catalogue(self._registry), self.settings.known)

    def _parts(self, journal: Journal) -> Parts:
        return Parts(
            clock=self.clock,
            bus=self.bus,
            states=self.states,
            actions=self.actions,
            journal=journal,
            pictures=self.pictures,
            seen=self.seen,
            traces=self.traces,
            paths=self.paths,
            zone=self.settings.hub.zone,
            location=self.settings.hub.location,
            known=lambda: self.settings.known,
            schema=self._schema,
        )
