"""Carries out the hub's plans: which cameras to hold, and what to say about them."""

import asyncio
import contextlib
import ctypes
import logging
import os
import time
from collections.abc import Callable, Sequence
from typing import Final

from hub.api import Camera, Pace, StreamSource
from hub.core.components import load
from hub.core.tasks import Tasks
from hub.core.wire import Channel
from hub.ingest.holding import SMALL_FIRST, Holding, Wanted
from hub.ingest.messages import Beat, CameraFeed, FromHub, Offline, Online
from hub.ingest.outlet import Outlet
from hub.ingest.sinks import Sink

BEAT: Final = 1.0  # seconds between signs of life
# A camera that changed is asked to let go of its device first; a second is plenty for one
# that gives packets.
_PARTING: Final = 1.0  # seconds
# How soon the rest of a picture that a socket did not take is offered again.
_FLUSH: Final = 0.01  # seconds

_M_ARENA_MAX: Final = -8  # malloc.h

_log = logging.getLogger(__name__)


class Ingest:
    """The cameras that run now, by name."""

    def __init__(self, channel: Channel[FromHub]) -> None:
        self._channel = channel
        self._loop = asyncio.get_running_loop()
        self._running: dict[str, tuple[CameraFeed, Holding]] = {}
        self._outlets: dict[str, Outlet] = {}
        self._tasks = Tasks("ingest")

    async def follow(self, wanted: Sequence[CameraFeed]) -> None:
        """Hold exactly these cameras; those that did not change notice nothing."""
        plan = {each.name: each for each in wanted}
        gone = [name for name, (had, _) in self._running.items() if plan.get(name) != had]
        left = [self._running.pop(name)[1] for name in gone]
        for each in left:
            each.stop()
            self._outlets.pop(each.name, None)
        await asyncio.to_thread(_join, [each for each in left if each.name in plan])
        for name, camera in plan.items():
            if name not in self._running:
                self._start(camera)

    def start(self) -> None:
        """Begin to give signs of life."""
        _share_memory()
        _ = self._tasks.spawn(self._beats(), "beats")

    async def stop(self) -> None:
        """Let every camera go."""
        for _, each in self._running.values():
            each.stop()
        self._running.clear()
        await self._tasks.stop()

    async def _beats(self) -> None:
        while True:
            now = time.monotonic()
            for _, each in self._running.values():
                each.check(now)
            self._channel.send(
                Beat(
                    packets={name: each.packets for name, (_, each) in self._running.items()},
                    dropped={name: outlet.dropped for name, outlet in self._outlets.items()},
                )
            )
            await asyncio.sleep(BEAT)

    def _start(self, camera: CameraFeed) -> None:
        holding = Holding(camera.name, _maker(camera), self._wanted(camera), self._report)
        self._running[camera.name] = (camera, holding)
        holding.start()

    def _wanted(self, camera: CameraFeed) -> Sequence[Wanted]:
        """Return what is done with a camera; recorder and live view will join here."""
        if camera.vision is None:
            return ()
        return (Wanted(roles=SMALL_FIRST, make=self._outlet(camera.name, camera.vision)),)

    def _outlet(self, name: str, path: str) -> Callable[[StreamSource | None], Sink]:
        def make(source: StreamSource | None) -> Sink:
            patient = source is not None and source.pace is Pace.MAX
            outlet = self._outlets[name] = Outlet(name, path, self._later, patient=patient)
            return outlet

        return make

    def _report(self, message: Online | Offline) -> None:
        self._loop.call_soon_threadsafe(self._channel.send, message)

    def _later(self, flush: Callable[[], bool]) -> None:
        self._loop.call_soon_threadsafe(self._flush, flush)

    def _flush(self, flush: Callable[[], bool]) -> None:
        _ = self._tasks.spawn(_repeat(flush), "flush")


async def main(channel: Channel[FromHub], arguments: Sequence[str]) -> None:
    """Follow the hub's plans until the channel ends.

    The first argument, if any, is the configuration folder. It becomes the working
    directory, so that cameras' relative paths are relative to it.
    """
    if arguments:
        os.chdir(arguments[0])
    ingest = Ingest(channel)
    ingest.start()
    try:
        async for plan in channel:
            await ingest.follow(plan.cameras)
    finally:
        await ingest.stop()


async def _repeat(flush: Callable[[], bool]) -> None:
    while flush():  # noqa: ASYNC110 - a socket with room for more sets no event
        await asyncio.sleep(_FLUSH)


def _share_memory() -> None:
    """Let all threads take memory from the same two heaps.

    The C library gives each thread one of its own, and what packets leave behind in 32 of them
    was measured as 40 MiB with 16 cameras. Where it is another library there is no such wish.
    """
    with contextlib.suppress(AttributeError, OSError):
        ctypes.CDLL(None).mallopt(_M_ARENA_MAX, 2)


def _join(holdings: Sequence[Holding]) -> None:
    limit = time.monotonic() + _PARTING
    for each in holdings:
        each.join(max(0.0, limit - time.monotonic()))


def _maker(camera: CameraFeed) -> Callable[[], Camera]:
    return lambda: load(camera.plugin, camera.key, Camera)(camera.name, camera.options)
