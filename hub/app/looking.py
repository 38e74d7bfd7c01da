"""Who looks at the cameras: what is heard of the detectors, and what follows from it.

One that fails is replaced by the builtin detector at once, and loaded again after a while
beside it; only when it has answered do its cameras go back to it.
"""

import logging
from collections.abc import Callable
from typing import Final

from msgspec.structs import replace

from hub.api import Clock, Context, Paths, States
from hub.app import plans
from hub.app.budgets import DetectorEntities
from hub.app.crashes import MOST, WITHIN, Crashes
from hub.app.detectors import Detectors
from hub.app.entities import CameraEntities
from hub.app.retries import Retries
from hub.settings import Settings
from hub.vision.messages import Beat
from hub.vision.plan import DetectorPlan, Plan

# A model that somebody fetches meanwhile is used within this time; a mirror is not hammered.
RETRY: Final = 60.0  # seconds
_log = logging.getLogger("hub.detectors")


class Looking:
    """The detectors of a running hub."""

    def __init__(
        self,
        settings: Settings,
        clock: Clock,
        states: States,
        cameras: CameraEntities,
        paths: Paths,
    ) -> None:
        self.detectors = Detectors(settings.detectors)
        self._settings = settings
        self._clock = clock
        self._cameras = cameras
        self._paths = paths
        self._entities = DetectorEntities(states, clock)
        self._crashes = Crashes()
        self._retries = Retries()
        self._watch: Callable[[Plan], None] = lambda _: None
        self._begun = False

    async def prepare(
        self, watch: Callable[[Plan], None], context: Callable[[str], Context]
    ) -> None:
        """Tell ``watch`` who looks, and go on trying for what cannot be had yet.

        Motion and pictures wait for none of it.
        """
        self._watch, self._begun = watch, True
        self._tell()
        while await self.detectors.prepare(self._settings.cameras, context):
            self._tell()
            await self._clock.sleep(RETRY)
        self._tell()

    def started(self) -> None:
        """Take note of a new vision worker."""
        self._crashes.started()
        if self._begun:
            self._crashes.planned(each.name for each in self._plans())

    def lost(self, reason: str) -> None:
        """Take note of the vision worker's end."""
        self._entities.lost()
        self._cameras.shed(frozenset())
        trying = self.detectors.trying
        for name in self._crashes.lost(reason, self._clock.monotonic(), trying):
            _log.debug("Detector %s was at work when the vision worker %s", name, reason)
            words = (
                f"the vision worker crashed {MOST} times within {WITHIN / 60:.0f} minutes while"
                " it was loaded or at work; try another model or device, or update its driver"
            )
            self._failed(name, words, self._retries.after_crashes(name))

    def loaded(self, name: str, text: str) -> None:
        """Take note of a detector that is ready."""
        self._crashes.loaded(name)
        _log.info("Detector %s: %s", name, text)
        if self.detectors.works(name):
            self._retries.works(name, self._clock.monotonic())
            self._tell()

    def failed(self, name: str, reason: str) -> None:
        """Replace a detector that could not be loaded, raised, or hangs."""
        self._crashes.failed(name)
        now = self._clock.monotonic()
        self._failed(name, reason, self._retries.after_failure(name, now))

    def beat(self, beat: Beat) -> None:
        """Take note of what the worker did."""
        self._crashes.beat(beat)
        self._entities.beat(beat)
        self._cameras.shed(frozenset(beat.shed))

    def _failed(self, name: str, reason: str, wait: float) -> None:
        if self.detectors.failed(name, reason):
            self._tell()
            self._clock.call_later(wait, lambda: self._try(name))

    def _try(self, name: str) -> None:
        if self.detectors.try_again(name):
            _log.debug("Detector %s is tried again", name)
            self._tell()

    def _plans(self) -> list[DetectorPlan]:
        return self.detectors.plans(self._settings.cameras)

    def _tell(self) -> None:
        cameras, detectors = self._settings.cameras, self._plans()
        self._crashes.planned(each.name for each in detectors)
        chosen, firsts = self.detectors.chosen(cameras), self.detectors.firsts(cameras)
        self._watch(
            replace(
                plans.watch(cameras.values(), chosen, detectors, firsts),
                media=str(self._paths.media),
                memory=str(self._paths.data / "vision"),
                zone=str(self._settings.hub.zone),
            )
        )
