"""Asks detectors, which may answer from any thread, without ever waiting for a slow one.

A camera has one question under way and at most one waiting; a newer one takes the place of
that, and what it replaced is answered with nothing. A recording waits for each answer instead.
"""

import logging
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from threading import Condition, Event, Lock, Thread
from time import monotonic
from typing import Final

from hub.api import Box, Detection, Detector, HubError, Region
from hub.vision.geometry import area, shared

_log = logging.getLogger(__name__)

Answer = Sequence[Detection] | None
"""What was seen, or none when nobody looked."""

_SAME: Final = 0.6  # overlap (IoU) of two boxes of one label that are one thing
_WITHIN: Final = 0.85  # part of a box cut by a region's edge that another covers
_CUT: Final = 0.01  # of the region: a box ending this near its edge may go on beyond it
_PATIENCE: Final = 30.0  # seconds a recording waits for one answer
_HANGS: Final = 10.0  # seconds without an answer after which a live detector has failed


@dataclass(frozen=True, kw_only=True)
class Question:
    """Regions of one frame for a detector. ``done`` is called once, from any thread.

    An ``urgent`` one (something moves) goes before those that only refresh what is known.
    """

    camera: str
    regions: Sequence[Region]
    done: Callable[[Answer], None]
    urgent: bool = True


class Asked:
    """Gathers the answers for one question's regions and gives them on when all are there."""

    def __init__(self, question: Question) -> None:
        self._question = question
        self._left = len(question.regions)
        self._found: list[tuple[Region, Sequence[Detection]]] = []
        self._lock = Lock()

    def submit(self, detector: Detector) -> None:
        """Hand every region to the detector; what it raises passes through."""
        for region in self._question.regions:
            detector.submit(region, self._question.camera, self._taker(region))

    def _taker(self, region: Region) -> Callable[[Sequence[Detection]], None]:
        def take(detections: Sequence[Detection]) -> None:
            with self._lock:
                self._found.append((region, tuple(detections)))
                self._left -= 1
                if self._left:
                    return
            self._question.done(together(self._found))

        return take


class Desk:
    """One detector's queue, shared by the cameras of a worker; a thread of its own submits.

    ``failed`` is called, from any thread, with the reason when the detector raises or hangs.
    """

    def __init__(self, detector: Detector, failed: Callable[[str], None]) -> None:
        self.detector = detector
        self._failed = failed
        self._waiting: dict[str, Question] = {}
        self._doubted: float | None = None
        self._busy: dict[str, float] = {}  # cameras whose question is under way, since when
        self._changed = Condition()
        self._open = True
        self._thread = Thread(target=self._serve, name="detector", daemon=True)
        self._thread.start()

    def ask(self, question: Question) -> None:
        """Put a question; an older one of this camera that still waits is answered with none."""
        with self._changed:
            replaced: Question | None = question
            if self._open:
                replaced = self._waiting.pop(question.camera, None)
                self._waiting[question.camera] = question
                self._changed.notify()
        if replaced is not None:
            replaced.done(None)

    def check(self) -> None:
        """Report a detector that has not answered for too long."""
        with self._changed:
            oldest = min(self._busy.values(), default=monotonic())
        late = monotonic() - oldest > _HANGS
        doubted, self._doubted = self._doubted, oldest if late else None
        # Not at the first look: perhaps the machine slept, and the answer comes any moment.
        if late and doubted == oldest:
            self._failed(f"it has not answered for {_HANGS:.0f} s")

    def close(self) -> None:
        """Answer what waits with none, let the detector finish what it has, and let it go."""
        with self._changed:
            self._open = False
            waiting, self._waiting = self._waiting, {}
            self._changed.notify()
        for each in waiting.values():
            each.done(None)
        self._thread.join(_HANGS)
        self.detector.close()

    def _serve(self) -> None:
        while question := self._next():
            try:
                Asked(self._counted(question)).submit(self.detector)
            except Exception as error:  # noqa: BLE001 - a detector is a plugin's code
                self._done(question, None)
                self._failed(why(error))

    def _next(self) -> Question | None:
        with self._changed:
            while self._open:
                free = [each for name, each in self._waiting.items() if name not in self._busy]
                if free:
                    chosen = next((each for each in free if each.urgent), free[0])
                    del self._waiting[chosen.camera]
                    self._busy[chosen.camera] = monotonic()
                    return chosen
                self._changed.wait()
        return None

    def _counted(self, question: Question) -> Question:
        return replace(question, done=lambda answer: self._done(question, answer))

    def _done(self, question: Question, answer: Answer) -> None:
        with self._changed:
            self._busy.pop(question.camera, None)
            self._changed.notify()
        question.done(answer)


def why(error: Exception) -> str:
    """Return what a detector raised in words; what is not ours is told with its traceback."""
    if isinstance(error, HubError):
        return str(error)
    _log.error("A detector's own error", exc_info=error)
    return f"{type(error).__name__}: {error}"


class Queued:
    """A detector as a live camera sees it: behind a desk, answering later or not at all."""

    def __init__(self, desk: Desk, camera: str, woken: Callable[[], None]) -> None:
        self.size = desk.detector.size
        self.whole_frames = desk.detector.whole_frames
        self._desk = desk
        self._camera = camera
        self._woken = woken

    def look(
        self, regions: Sequence[Region], done: Callable[[Answer], None], *, urgent: bool = True
    ) -> None:
        """Ask; ``woken`` is called after ``done``, from whatever thread that was."""

        def answered(answer: Answer) -> None:
            done(answer)
            self._woken()

        self._desk.ask(Question(camera=self._camera, regions=regions, done=answered, urgent=urgent))


class Waited:
    """A detector as a recording sees it: nothing goes on before it has answered."""

    def __init__(self, detector: Detector, camera: str) -> None:
        self.size = detector.size
        self.whole_frames = detector.whole_frames
        self._detector = detector
        self._camera = camera

    def look(
        self, regions: Sequence[Region], done: Callable[[Answer], None], *, urgent: bool = True
    ) -> None:
        """Ask and wait; raises ``TimeoutError`` when no answer comes."""
        answered = Event()

        def take(answer: Answer) -> None:
            done(answer)
            answered.set()

        Asked(Question(camera=self._camera, regions=regions, done=take)).submit(self._detector)
        if not answered.wait(_PATIENCE):
            raise TimeoutError(f"the detector gave no answer for {_PATIENCE:.0f} s")


def together(found: Iterable[tuple[Region, Sequence[Detection]]]) -> list[Detection]:
    """Return what several regions of a frame show, each thing once, best first.

    The order does not depend on which region was answered first.
    """
    seen = [
        (_cut(each.box, region.place), each, region.place)
        for region, some in found
        for each in some
    ]
    seen.sort(key=lambda sight: (sight[0], *_order(sight[1])))
    kept: list[tuple[Detection, Box]] = []
    for cut, each, place in seen:
        if not any(place != there and _same(each, other, cut=cut) for other, there in kept):
            kept.append((each, place))
    return sorted((each for each, _ in kept), key=_order)


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
