"""Enough of a hub for a command: plugins can run, but nothing watches, records or answers."""

from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import asynccontextmanager
from typing import Final

from hub.actions import ActionRegistry
from hub.api import Invalid, NotReady, Storage
from hub.app.folders import paths
from hub.app.seen import RecentlySeen
from hub.bus import EventBus
from hub.core.clock import SystemClock
from hub.journal import TraceStore
from hub.plugins import Hub as Parts
from hub.plugins import Lifecycle
from hub.settings import ComponentSettings, Settings
from hub.states import StateTable

STORAGE: Final = "sql"
"""The service that keeps the journal."""


class NoJournal:
    """A journal that nothing was written to."""

    async def recent(self, *, limit: int = 100, types: Iterable[str] = ()) -> Sequence[bytes]:
        return ()


class NoPictures:
    """Pictures of a hub that does not watch."""

    async def latest(self, camera: str, *, boxes: bool = True) -> bytes:
        raise NotReady("no camera is watched here")

    async def motion(self, camera: str) -> bytes:
        raise NotReady("no camera is watched here")


def bare_parts(settings: Settings) -> Parts:
    """Return what contexts are made of, with nothing behind it but the settings."""
    clock = SystemClock()
    bus = EventBus(clock)
    return Parts(
        clock=clock,
        bus=bus,
        states=StateTable(bus, clock),
        actions=ActionRegistry(),
        journal=NoJournal(),
        pictures=NoPictures(),
        seen=RecentlySeen(bus),
        traces=TraceStore(settings.hub.data),
        paths=paths(settings),
        zone=settings.hub.zone,
        location=settings.hub.location,
        known=lambda: settings.known,
        schema=dict,  # nobody asks for it where nothing is served
    )


def make_storage(settings: Settings, lifecycle: Lifecycle) -> Storage:
    """Return the storage that keeps the journal, not started yet."""
    chosen = settings.services[STORAGE]
    if not issubclass(chosen.component, Storage):
        raise Invalid(f"{chosen.key} keeps no events")
    return chosen.component(lifecycle.context(chosen.name, chosen.plugin), chosen.options)


@asynccontextmanager
async def open_storage(settings: Settings) -> AsyncIterator[Storage]:
    """Yield the journal's storage, for reading beside a hub that may be running."""
    storage = make_storage(settings, Lifecycle(bare_parts(settings)))
    await storage.start()
    try:
        yield storage
    finally:
        await storage.stop()


@asynccontextmanager
async def services(settings: Settings, *names: str) -> AsyncIterator[Lifecycle]:
    """Run just these services, and stop them afterwards."""
    lifecycle = Lifecycle(bare_parts(settings))
    chosen: list[ComponentSettings] = [
        settings.services[name] for name in names if name in settings.services
    ]
    await lifecycle.apply(chosen)
    try:
        yield lifecycle
    finally:
        await lifecycle.stop()
