"""The vision worker's process: told by the hub what to watch, given packets by ingest.

The event loop only hands messages about. Each camera decodes in a thread of its own, each
detector is asked from another, and models load in a third, so none of them holds it up.
"""

import asyncio
import logging
import os
import threading
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from time import time_ns
from typing import Final
from zoneinfo import ZoneInfo

import cv2
from msgspec.structs import replace

from hub.api import NotReady
from hub.api.vision import VisionEvent
from hub.core.stream import StreamEnd, StreamMessage, StreamStart
from hub.core.wire import Channel
from hub.vision.albums import Album, keeper
from hub.vision.budget import Shedding
from hub.vision.capture import Second
from hub.vision.cascade import Cascade, unsuited
from hub.vision.counters import Counters
from hub.vision.darkroom import Darkroom
from hub.vision.desk import Desk, Queued
from hub.vision.inference import Eyes, why
from hub.vision.likes import Likes
from hub.vision.loading import Loader
from hub.vision.memory import Shelf
from hub.vision.messages import (
    Beat,
    Budget,
    DetectorFailed,
    DetectorLoaded,
    FromHub,
    Happened,
    Occupancy,
    Picture,
    PictureWanted,
)
from hub.vision.plan import CameraPlan, DetectorPlan, Plan
from hub.vision.runner import Pipeline
from hub.vision.samples import catcher
from hub.vision.watching import Watch

_BEAT: Final = 1.0  # seconds
# Ingest may connect before the hub's plan is here; then its packets wait in the socket.
# Once there is one, the two workers' plans may still differ for a moment.
_PATIENCE: Final = 10.0  # seconds
_PAUSE: Final = 0.05  # seconds between looks whether a full camera takes packets again
_GOODBYE: Final = 1.0  # seconds for a detector to finish when the worker ends
_log = logging.getLogger(__name__)


class Worker:
    """Cameras and detectors of one process."""

    def __init__(self, channel: Channel[FromHub], run: str) -> None:
        self._channel = channel
        self._run = run
        self._loop = asyncio.get_running_loop()
        self._plans: dict[str, CameraPlan] = {}
        self._watches: dict[str, Watch] = {}
        self._detectors: dict[str, DetectorPlan] = {}
        self._desks: dict[str, Desk] = {}
        self._feeds: dict[str, Channel[StreamMessage]] = {}
        self._planned = asyncio.Condition()
        self._told = False  # whether there was a plan yet
        self._loading: set[asyncio.Task[None]] = set()
        self._loader = Loader()
        self._shedding = Shedding()
        self._darkroom = Darkroom()
        self._album: Album | None = None
        self._shelf: Shelf | None = None
        self._alike: dict[str, Likes | None] = {}  # by camera: who tells apart what it sees,
        self._others: dict[str, Mapping[str, Second]] = {}  # and whom its capture rules ask

    async def serve(self, path: Path) -> None:
        """Listen for ingest and do what the hub says, until the hub's channel ends."""
        server = await asyncio.start_unix_server(self._feed, path)
        os.umask(0o027)  # files are for this user and its group
        beating = self._loop.create_task(self._beat())
        try:
            async for message in self._channel:
                if isinstance(message, Plan):
                    await self._follow(message)
                else:
                    self._show(message)
        finally:
            beating.cancel()
            server.close()
            self._close()

    async def _follow(self, plan: Plan) -> None:
        if plan.media and self._album is None:
            self._album = Album(Path(plan.media), ZoneInfo(plan.zone))
        if plan.memory and self._shelf is None and (shelf := Shelf(Path(plan.memory))).open():
            self._shelf = shelf
        self._follow_detectors({each.name: each for each in plan.detectors})
        cameras = {each.name: each for each in plan.cameras}
        for name in self._plans.keys() - cameras.keys():
            self._let_go(name).leave(partial(self._shelf.forget, name) if self._shelf else _nothing)
        for name, camera in cameras.items():
            before = self._plans.get(name)
            self._plans[name] = camera
            if before is None:
                self._watches[name] = self._watching(camera)
            elif before != camera:
                self._watches[name].replan(camera)
                self._watches[name].do(self._say_occupancy)
            if before is None or _who(before) != _who(camera):
                self._point(name)
        self._compare()
        async with self._planned:
            self._told = True
            self._planned.notify_all()

    def _watching(self, camera: CameraPlan) -> Watch:
        watch = Watch(camera, self._tell, self._run)
        if self._album is not None:
            keep = keeper(camera.name, self._album, self._darkroom, self._tell)
            watch.fit(lambda pipeline: pipeline.keeping.keep_with(keep))
            catch = catcher(self._album.media, camera.name, self._darkroom, self._album.zone)
            watch.fit(lambda pipeline: pipeline.keeping.catch_with(catch))
        if self._shelf is not None:
            recorder = self._shelf.recorder(camera.name)
            watch.fit(lambda pipeline: pipeline.record_with(recorder))
            if (memory := self._shelf.read(camera.name)) is not None:
                watch.recall(memory, time_ns() / 1e9)
        watch.fit(self._equip)
        watch.fit(self._say_occupancy)  # also of a pipeline that begins anew after a failure
        return watch

    def _say_occupancy(self, pipeline: Pipeline) -> None:
        """Report who is in a camera's zones, and what moves; called from its thread."""
        zones = pipeline.zones
        said = Occupancy(
            camera=pipeline.plan.name,
            zones=zones.counts,
            crowded=tuple(sorted(zones.crowded)),
            moving=pipeline.moving,
        )
        self._soon(lambda: self._channel.send(said))

    def _follow_detectors(self, wanted: dict[str, DetectorPlan]) -> None:
        for name in [n for n, plan in self._detectors.items() if wanted.get(n) != plan]:
            del self._detectors[name]
            self._retire(name)
        for name, plan in wanted.items():
            if name not in self._detectors:
                self._detectors[name] = plan
                task = self._loop.create_task(self._load(plan))
                self._loading.add(task)
                task.add_done_callback(self._loading.discard)

    async def _load(self, plan: DetectorPlan) -> None:
        try:
            detector = await self._loader.load(plan)
        except Exception as error:  # noqa: BLE001 - a detector is a plugin's code
            self._failed(plan, why(error))
            return
        if self._detectors.get(plan.name) != plan:
            self._loader.let_go(plan.name, detector.close)
            return
        self._desks[plan.name] = Desk(detector, self._on_loop(plan))
        wide, high = detector.size
        text = f"{plan.key} looks at {wide}x{high} px"
        self._channel.send(DetectorLoaded(detector=plan.name, text=text))
        for name, camera in self._plans.items():
            if plan.name in (camera.detector, camera.first, camera.appearance):
                self._point(name)
        self._compare()

    def _on_loop(self, plan: DetectorPlan) -> Callable[[str], None]:
        """Return what a desk may call from any thread when its detector fails."""
        return lambda reason: self._soon(lambda: self._failed(plan, reason))

    def _failed(self, plan: DetectorPlan, reason: str) -> None:
        if self._detectors.get(plan.name) != plan:
            return  # replaced meanwhile, or already reported
        del self._detectors[plan.name]
        self._retire(plan.name)
        self._channel.send(DetectorFailed(detector=plan.name, reason=reason))

    def _retire(self, name: str) -> None:
        """Let a detector go; its cameras see movement only until they get another."""
        desk = self._desks.pop(name, None)
        for camera, plan in self._plans.items():
            if name in (plan.detector, plan.first, plan.appearance):
                self._point(camera)
        self._compare()
        if desk is not None:
            self._loader.let_go(name, desk.close)

    def _point(self, camera: str) -> None:
        """Give a camera the detector its plan names, as far as it is loaded."""
        plan, watch = self._plans[camera], self._watches[camera]
        desk, first = self._desks.get(plan.detector or ""), self._desks.get(plan.first or "")
        self._alike[camera] = self._likes(plan.appearance or "")
        watch.do(self._equip)
        if desk is None:
            watch.see_with(None)
            return
        eyes: Eyes = Queued(desk, camera, watch.wake)
        if first is not None and self._suited(plan, first, desk):
            near = Queued(first, camera, watch.wake)
            eyes = Cascade(near, eyes, first.detector.labels, plan.min_score)
        watch.see_with(eyes)

    def _likes(self, name: str) -> Likes | None:
        desk, plan = self._desks.get(name), self._detectors.get(name)
        return Likes(desk.detector, self._on_loop(plan)) if desk and plan else None

    def _suited(self, plan: CameraPlan, first: Desk, desk: Desk) -> bool:
        reason = unsuited(first.detector, desk.detector, plan.objects)
        if reason:
            _log.warning(
                "Camera %s: detector %s is not asked first, for %s", plan.name, plan.first, reason
            )
        return not reason

    def _compare(self) -> None:
        """Give cameras the detectors that their capture rules compare with, as far as loaded."""
        for name, camera in self._plans.items():
            wanted = {each.other for each in camera.capture.rules if each.other in self._desks}
            if not wanted and name not in self._others:
                continue
            watch = self._watches[name]
            self._others[name] = {
                each: Queued(self._desks[each], name, watch.wake) for each in wanted if each
            }
            watch.do(self._equip)

    def _equip(self, pipeline: Pipeline) -> None:
        """Give a pipeline what detectors are for beside looking; called from its thread."""
        name = pipeline.plan.name
        pipeline.likes = self._alike.get(name)
        pipeline.keeping.compare_with(self._others.get(name, {}))

    async def _feed(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Take one camera's packets from ingest; a newer connection for it replaces this one."""
        channel: Channel[StreamMessage] = Channel(reader, writer, StreamMessage)
        watch: Watch | None = None
        try:
            async for message in channel:
                if isinstance(message, StreamStart):
                    watch = await self._watch(message.camera, channel)
                if watch is None:
                    break
                watch.put(message)
                while watch.full:  # noqa: ASYNC110 - another thread makes room
                    await asyncio.sleep(_PAUSE)
        except ValueError as error:
            _log.warning("A stream from ingest cannot be read: %s", error)
        finally:
            if watch is not None and channel in self._feeds.values():
                watch.put(StreamEnd())  # not after a newer connection has taken over
            channel.close()

    async def _watch(self, camera: str, channel: Channel[StreamMessage]) -> Watch | None:
        async with self._planned:
            await self._planned.wait_for(lambda: self._told)
        try:
            async with asyncio.timeout(_PATIENCE), self._planned:
                await self._planned.wait_for(lambda: camera in self._watches)
        except TimeoutError:
            _log.warning("Ingest sends a camera nobody asked for: %s", camera)
            return None
        before = self._feeds.get(camera)
        if before is not None and before is not channel:
            before.close()
        self._feeds[camera] = channel
        return self._watches[camera]

    def _show(self, wanted: PictureWanted) -> None:
        def refuse(reason: str) -> None:
            answer = Picture(request=wanted.request, jpeg=None, reason=reason)
            self._soon(lambda: self._channel.send(answer))

        def show(pipeline: Pipeline) -> None:
            try:
                answer = Picture(request=wanted.request, jpeg=_picture(pipeline, wanted))
            except NotReady as error:
                refuse(str(error))
            else:
                self._soon(lambda: self._channel.send(answer))

        watch = self._watches.get(wanted.camera)
        if watch is None:
            refuse(f"camera {wanted.camera!r} is not watched")
        else:
            watch.ask(show, refuse)

    def _tell(self, event: VisionEvent) -> None:
        """Report a fact; called from cameras' threads."""
        self._soon(lambda: self._channel.send(Happened(event=event)))

    def _soon(self, call: Callable[[], None]) -> None:
        try:
            self._loop.call_soon_threadsafe(call)
        except RuntimeError:
            _log.debug("The worker's loop has ended")

    async def _beat(self) -> None:
        while True:
            for desk in list(self._desks.values()):
                desk.check()
            self._channel.send(self._report())
            await asyncio.sleep(_BEAT)

    def _report(self) -> Beat:
        counters = {name: watch.counters for name, watch in self._watches.items()}
        dropped = {name: each.dropped for name, each in counters.items()}
        frames = {name: each.frames for name, each in counters.items()}
        return Beat(
            frames=frames,
            inferences={name: each.inferences for name, each in counters.items()},
            spared={name: each.spared for name, each in counters.items()},
            dropped=dropped,
            looked={name: each.looked for name, each in counters.items()},
            detectors={name: self._budget(name, counters) for name in self._desks},
            shed=tuple(sorted(self._shedding.update(frames, dropped))),
        )

    def _budget(self, name: str, counters: Mapping[str, Counters]) -> Budget:
        served = (each for each, plan in self._plans.items() if plan.first == name)
        spared = sum(counters[each].spared for each in served)
        return replace(self._desks[name].budget, spared=spared)

    def _let_go(self, name: str) -> Watch:
        del self._plans[name]
        self._alike.pop(name, None)
        self._others.pop(name, None)
        if (feed := self._feeds.pop(name, None)) is not None:
            feed.close()
        return self._watches.pop(name)

    def _close(self) -> None:
        watches = [self._let_go(name) for name in list(self._plans)]
        for watch in watches:
            watch.put_away()
        end = self._loop.time() + _GOODBYE
        for watch in watches:
            watch.join(max(0.0, end - self._loop.time()))
        self._darkroom.close(_GOODBYE)
        for name, desk in self._desks.items():
            self._loader.let_go(name, desk.close).join(_GOODBYE)


def _picture(pipeline: Pipeline, wanted: PictureWanted) -> bytes:
    return pipeline.motion_picture() if wanted.motion else pipeline.picture(boxes=wanted.boxes)


def _who(camera: CameraPlan) -> tuple[object, ...]:
    """Return what decides who looks at a camera."""
    first = camera.first and (camera.min_score, camera.objects)
    return camera.detector, camera.first, first, camera.appearance


async def main(channel: Channel[FromHub], arguments: Sequence[str]) -> None:
    """Watch until the hub ends; the one argument is the socket's path for ingest."""
    os.umask(0o077)  # the socket carries pictures: for this user alone
    cv2.setNumThreads(1)  # each camera has its thread; more would fight over the cores
    threading.excepthook = _die
    await Worker(channel, stamp(time_ns() // 1_000_000)).serve(Path(arguments[0]))


def _nothing() -> None:
    return


def _die(arguments: threading.ExceptHookArgs) -> None:
    """End the process when a camera's thread fails: the hub sees that, and starts another."""
    threading.__excepthook__(arguments)
    os._exit(1)


def stamp(number: int) -> str:
    """Return a number as a short word that sorts.

    Of the milliseconds since 1970, so that two starts never name tracks alike.
    """
    digits, letters = "0123456789abcdefghijklmnopqrstuvwxyz", ""
    while number:
        number, digit = divmod(number, len(digits))
        letters = digits[digit] + letters
    return letters or "0"
