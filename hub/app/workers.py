"""The two kinds of worker process, told what to do and listened to.

A worker that is started again gets the plan it should have, so a crash needs nobody's help.
"""

import asyncio
import itertools
import logging
import os
import secrets
import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from hub.api import Bus, Clock, Invalid, NotReady, WorkerLost, WorkerStarted
from hub.app.entities import CameraEntities
from hub.app.looking import Looking
from hub.core import logs
from hub.core.processes import Worker
from hub.ingest import messages as ingest
from hub.vision import messages as vision
from hub.vision.plan import Plan as WatchPlan

_log = logging.getLogger("hub.workers")

# Longer than any frame takes to encode; shorter than a person waits for a page.
PICTURE_LIMIT: Final = 3.0  # seconds


# The system's limit is 108 bytes for a socket's whole path.
_LONGEST: Final = 60  # bytes of the folder for temporary files


class Workers:
    """One ingest and one vision process, and what they are to do.

    ``folder`` is the configuration's: cameras' relative paths start there.
    """

    def __init__(
        self,
        clock: Clock,
        bus: Bus,
        entities: CameraEntities,
        folder: Path,
        looking: Looking,
    ) -> None:
        self._bus = bus
        self._entities = entities
        self._looking = looking
        self._sockets = _sockets()
        self.vision_socket = str(self._sockets / "vision.sock")
        self._feeds = ingest.Plan(cameras=())
        self._watch: WatchPlan | None = None
        self._requests = itertools.count(1)
        self._pictures: dict[int, asyncio.Future[bytes]] = {}
        self._ingest: Worker[ingest.FromIngest] = Worker(
            "ingest",
            ("hub.ingest", str(folder)),
            ingest.FromIngest,
            clock,
            on_message=self._from_ingest,
            on_started=self._ingest_started,
            on_lost=self._ingest_lost,
        )
        self._vision: Worker[vision.FromVision] = Worker(
            "vision",
            ("hub.vision", self.vision_socket),
            vision.FromVision,
            clock,
            on_message=self._from_vision,
            on_started=self._vision_started,
            on_lost=self._vision_lost,
        )
        self.beats: dict[str, ingest.Beat | vision.Beat] = {}

    @property
    def pids(self) -> Mapping[str, int | None]:
        """The process of each worker."""
        return {"ingest": self._ingest.pid, "vision": self._vision.pid}

    def start(self, feeds: ingest.Plan) -> None:
        """Start both processes; vision waits for its plan."""
        self._feeds = feeds
        self._sockets.mkdir(mode=0o700)  # fails where somebody else was faster
        self._ingest.start()
        self._vision.start()

    def watch(self, plan: WatchPlan) -> None:
        """Tell the vision worker what to look at."""
        self._watch = plan
        self._vision.send(plan)

    async def picture(self, camera: str, *, boxes: bool, motion: bool = False) -> bytes:
        """Return a camera's latest frame as JPEG; raises ``NotReady`` when there is none."""
        request = next(self._requests)
        wanted = vision.PictureWanted(request=request, camera=camera, boxes=boxes, motion=motion)
        answer = self._pictures[request] = asyncio.get_running_loop().create_future()
        try:
            if not self._vision.send(wanted):
                raise NotReady("the vision worker is being restarted")
            return await asyncio.wait_for(answer, PICTURE_LIMIT)
        except TimeoutError as error:
            raise NotReady(f"no picture of {camera} within {PICTURE_LIMIT:g} s") from error
        finally:
            self._pictures.pop(request, None)

    async def stop(self) -> None:
        """End both processes."""
        async with asyncio.TaskGroup() as group:
            group.create_task(self._ingest.stop())
            group.create_task(self._vision.stop())
        shutil.rmtree(self._sockets, ignore_errors=True)

    def _ingest_started(self) -> None:
        self._ingest.send(self._feeds)
        self._bus.fire(WorkerStarted(worker="ingest", source="hub"))

    def _ingest_lost(self, reason: str) -> None:
        self._bus.fire(WorkerLost(worker="ingest", reason=reason, source="hub"))
        self._entities.ingest_lost()

    def _vision_started(self) -> None:
        self._looking.started()
        if self._watch:
            self._vision.send(self._watch)
        self._entities.vision_started()
        self._bus.fire(WorkerStarted(worker="vision", source="hub"))

    def _vision_lost(self, reason: str) -> None:
        self._bus.fire(WorkerLost(worker="vision", reason=reason, source="hub"))
        self._entities.vision_lost()
        self._looking.lost(reason)
        for waiting in self._pictures.values():
            if not waiting.done():
                waiting.set_exception(NotReady("the vision worker is being restarted"))

    def _from_ingest(self, message: ingest.FromIngest) -> None:
        match message:
            case ingest.Online():
                facts = {
                    "codec": message.codec, "width": message.width, "height": message.height,
                }  # fmt: skip
                self._entities.online(message.camera, facts)
            case ingest.Offline():
                self._entities.offline(message.camera, message.reason)
            case ingest.Note():
                logs.relay(_log, message.level, message.text)
            case ingest.Beat():
                self.beats["ingest"] = message

    def _from_vision(self, message: vision.FromVision) -> None:
        match message:
            case vision.Happened():
                self._entities.happened(message.event)
            case vision.Occupancy():
                held, crowded = message.zones, message.crowded
                self._entities.occupancy(message.camera, held, crowded, moving=message.moving)
            case vision.Picture():
                self._answer(message)
            case vision.DetectorLoaded():
                self._looking.loaded(message.detector, message.text)
            case vision.DetectorFailed():
                self._looking.failed(message.detector, message.reason)
            case vision.Note():
                logs.relay(_log, message.level, message.text)
            case vision.Beat():
                self.beats["vision"] = message
                self._looking.beat(message)

    def _answer(self, message: vision.Picture) -> None:
        waiting = self._pictures.get(message.request)
        if waiting is None or waiting.done():
            return
        if message.jpeg is None:
            waiting.set_exception(NotReady(message.reason))
        else:
            waiting.set_result(message.jpeg)


class LatestPictures:
    """What the context offers as ``pictures``."""

    def __init__(self, workers: Workers, cameras: Mapping[str, object]) -> None:
        self._workers = workers
        self._cameras = cameras

    async def latest(self, camera: str, *, boxes: bool = True) -> bytes:
        self._known(camera)
        return await self._workers.picture(camera, boxes=boxes)

    async def motion(self, camera: str) -> bytes:
        self._known(camera)
        return await self._workers.picture(camera, boxes=False, motion=True)

    def _known(self, camera: str) -> None:
        if camera not in self._cameras:
            raise Invalid(f"there is no camera '{camera}'")


def _sockets() -> Path:
    """Return a folder for sockets, made when they start: who only looks leaves nothing behind."""
    folder = tempfile.gettempdir()
    if len(os.fsencode(folder)) > _LONGEST:
        folder = "/tmp"  # noqa: S108 - the folder in it is made by us or not at all
    return Path(folder) / f"watchpost-{secrets.token_hex(8)}"
