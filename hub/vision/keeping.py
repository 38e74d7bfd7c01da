"""What is stored of what a camera sees: the best pictures of tracks, and frames to train with.

Whoever stores them does it elsewhere, and soon; here is only decided what is worth it.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Final

from hub.api import Detection
from hub.vision.asking import Glance
from hub.vision.best import Best, Shot
from hub.vision.capture import Captures, Catch, Second
from hub.vision.facts import Track
from hub.vision.plan import CameraPlan

Keep = Callable[[Shot, float], bool]
"""Stores a picture, soon, for so many seconds; false when it cannot."""

Catching = Callable[[Catch, str, int], bool]
"""Stores a captured frame, soon: what a model saw in it, and how many bytes may be kept."""

FLOOR: Final = 0.1  # scores below this are noise even to the tracker's second round


class Keeping:
    """One camera's pictures. Nothing is stored until there is somebody who does it."""

    def __init__(self, plan: CameraPlan) -> None:
        self._plan = plan
        self._best = Best()
        self._captures = Captures(plan.capture)
        self._keep: Keep | None = None
        self._catch: Catching | None = None

    def keep_with(self, keep: Keep | None) -> None:
        """Have the best pictures of tracks stored from now on, or none."""
        self._keep = keep

    def catch_with(self, catch: Catching | None) -> None:
        """Have the frames that capture rules want stored from now on, or none."""
        self._catch = catch

    def compare_with(self, others: Mapping[str, Second]) -> None:
        """Use these detectors, by name, where a capture rule wants another opinion."""
        self._captures.compare_with(others)

    def replan(self, plan: CameraPlan) -> None:
        """Follow a changed plan."""
        self._plan = plan
        self._captures.replan(plan.capture)

    def look(self, glance: Glance, live: Sequence[Track], wanted: Sequence[Detection]) -> None:
        """Take a frame in which a detector saw what is ``wanted``; ``live`` is who is there."""
        if self._keep is not None and self._plan.pictures.enabled:
            self._store(self._best.look(live, wanted, glance.frame, glance.now))

    def end(self, ended: Iterable[Track], now: float) -> None:
        """Store what still waited of tracks that are over."""
        self._store(self._best.end(ended, now))

    def capture(self, glance: Glance, live: Sequence[Track]) -> None:
        """Take a frame, answered or not, for the capture rules."""
        if self._catch is None or not self._plan.capture.rules:
            return
        seen = [each for each in glance.answer or () if each.score >= FLOOR]
        sight = glance.sight if glance.answer is not None else None
        for each in self._captures.look(seen, live, glance.frame, glance.now, sight):
            self._catch(each, self._plan.detector or "", self._plan.capture.keep)

    def _store(self, shots: Iterable[Shot]) -> None:
        for each in shots:
            if self._keep is not None and not self._keep(each, self._plan.pictures.keep):
                self._best.lost(each)
