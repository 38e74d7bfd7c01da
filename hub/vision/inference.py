"""Questions to detectors, which may answer from any thread, and what their answers say together.

A live camera asks at a desk (``hub.vision.desk``); a recording waits here for each answer.
"""

import logging
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from math import isfinite
from threading import Event, Lock
from typing import Final, Protocol

from hub.api import Box, Detection, Detector, HubError, Region
from hub.vision.budget import Inference, Meter
from hub.vision.facts import Look, Motion, Priority, Tracks
from hub.vision.geometry import area, clamp, shared

_log = logging.getLogger(__name__)

Answer = Sequence[Detection] | None
"""What was seen, or none when nobody looked."""

_SAME: Final = 0.6  # overlap (IoU) of two boxes of one label that are one thing
_WITHIN: Final = 0.85  # part of a box cut by a region's edge that another covers
_CUT: Final = 0.01  # of the region: a box ending this near its edge may go on beyond it
_PATIENCE: Final = 30.0  # seconds a recording waits for one answer


@dataclass(frozen=True, kw_only=True)
class Sight:
    """A frame to look at: where and why, and what is known of it.

    ``cut`` takes a place and a width and height, and returns the pixels to fit them; ``now`` is
    the camera's own time in seconds.
    """

    look: Look
    cut: Callable[[Box, tuple[int, int]], Region]
    size: tuple[int, int]
    motion: Motion
    tracks: Tracks
    now: float

    def regions(self, size: tuple[int, int]) -> list[Region]:
        """Return the places' pixels, made to fit a detector's size."""
        return [self.cut(each, size) for each in self.look.places]


class Eyes(Protocol):
    """A detector as one camera sees it.

    It was ``asked`` for so many regions so far; ``spared`` is how many looks another, asked
    before it, took in its place.
    """

    size: tuple[int, int]
    whole_frames: bool
    asked: int
    spared: int

    def look(self, sight: Sight, done: Callable[[Answer], None]) -> None:
        """Look at parts of a frame; ``done`` is called once, from any thread, perhaps at once."""


@dataclass(frozen=True, kw_only=True)
class Question:
    """Regions of one frame for a detector. ``done`` is called once, from any thread."""

    camera: str
    regions: Sequence[Region]
    done: Callable[[Answer], None]
    priority: Priority = Priority.NEW


class Asked:
    """Gathers the answers for one question's regions and gives them on when all are there."""

    def __init__(self, question: Question) -> None:
        self.question = question
        self._submitted = 0
        self._left = len(question.regions)
        self._found: list[tuple[Region, Sequence[Detection]]] = []
        self._blind = False  # whether the detector could not look at one of them
        self._lock = Lock()

    def step(self, detector: Detector, meter: Meter) -> bool:
        """Hand the next region to the detector; says whether any are left. What it raises passes.

        Blocks while the detector's own queue is full.
        """
        region = self.question.regions[self._submitted]
        self._submitted += 1
        inference = meter.began()
        try:
            detector.submit(region, self.question.camera, self._taker(region, inference))
        except BaseException:
            inference.ended()
            raise
        inference.accepted()
        return self._submitted < len(self.question.regions)

    def _taker(self, region: Region, inference: Inference) -> Callable[[Answer], None]:
        def take(detections: Answer) -> None:
            inference.ended()
            with self._lock:
                self._found.append((region, tuple(detections or ())))
                self._blind |= detections is None
                self._left -= 1
                if self._left:
                    return
            self.question.done(None if self._blind else together(self._found))

        return take


def why(error: Exception) -> str:
    """Return what a detector raised in words; what is not ours is told with its traceback."""
    if isinstance(error, HubError):
        return str(error)
    _log.error("A detector's own error", exc_info=error)
    return f"{type(error).__name__}: {error}"


class Waited:
    """A detector as a recording sees it: nothing goes on before it has answered."""

    def __init__(self, detector: Detector, camera: str) -> None:
        self.size = detector.size
        self.whole_frames = detector.whole_frames
        self._detector = detector
        self.asked = self.spared = 0
        self._camera = camera
        self._meter = Meter()

    def look(self, sight: Sight, done: Callable[[Answer], None]) -> None:
        """Ask and wait; raises ``TimeoutError`` when no answer comes."""
        answered = Event()
        given: list[Answer] = []

        def take(answer: Answer) -> None:
            given.append(answer)
            answered.set()

        regions = sight.regions(self.size)
        asked = Asked(Question(camera=self._camera, regions=regions, done=take))
        self.asked += len(regions)
        while asked.step(self._detector, self._meter):
            pass
        if not answered.wait(_PATIENCE):
            raise TimeoutError(f"the detector gave no answer for {_PATIENCE:.0f} s")
        done(given[0])  # in this thread, whoever answered: what is asked next may wait as well


def together(found: Iterable[tuple[Region, Sequence[Detection]]]) -> list[Detection]:
    """Return what several regions of a frame show, each thing once, best first.

    The order does not depend on which region was answered first. What makes no sense was not
    seen: a network that overflows, or a plugin, may answer with boxes that are nowhere.
    """
    seen = [
        (_cut(each.box, region.place), each, region.place)
        for region, some in found
        for each in some
        if _sensible(each)
    ]
    seen.sort(key=lambda sight: (sight[0], *_order(sight[1])))
    kept: list[tuple[Detection, Box]] = []
    for cut, each, place in seen:
        if not any(place != there and _same(each, other, cut=cut) for other, there in kept):
            kept.append((each, place))
    return sorted((each for each, _ in kept), key=_order)


def _sensible(seen: Detection) -> bool:
    box = seen.box
    numbers = (seen.score, box.left, box.top, box.right, box.bottom)
    return bool(seen.label) and all(map(isfinite, numbers)) and area(clamp(box)) > 0.0


def _order(seen: Detection) -> tuple[float, str, float, float]:
    return -seen.score, seen.label, seen.box.left, seen.box.top


def _same(one: Detection, other: Detection, *, cut: bool) -> bool:
    if one.label != other.label:
        return False
    both, size = shared(one.box, other.box), area(one.box)
    if cut and both >= _WITHIN * size:
        return True
    return both >= _SAME * (size + area(other.box) - both)


def _cut(box: Box, place: Box) -> bool:
    """Say whether a box ends at an edge of its region that is not one of the frame's."""
    across, down = _CUT * (place.right - place.left), _CUT * (place.bottom - place.top)
    return (
        (place.left > 0 and box.left - place.left < across)
        or (place.top > 0 and box.top - place.top < down)
        or (place.right < 1 and place.right - box.right < across)
        or (place.bottom < 1 and place.bottom - box.bottom < down)
    )
