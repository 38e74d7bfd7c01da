"""One detector for all cameras of a worker, asked by a thread of its own.

A camera has one question under way and at most one waiting; a newer one takes the place of
that, and what it replaced is answered with nothing. The regions of a question are submitted one
after another, and between two of them one that matters more may go first. How many are under
way at once is the detector's to say: it blocks the thread while it has enough.
"""

from collections.abc import Callable
from dataclasses import replace
from threading import Condition, Thread
from time import monotonic
from typing import Final

from hub.api import Detector
from hub.vision.budget import Meter, Reason
from hub.vision.inference import Answer, Asked, Question, Sight, why
from hub.vision.messages import Budget
from hub.vision.queueing import Line, Waiting

_HANGS: Final = 10.0  # seconds without an answer after which a live detector has failed
_BLIND: Final = 20  # questions in a row that it could not look at, after which it has failed
_LOST: Final = 60.0  # seconds after which one question's answer never comes, whatever others do


class Desk:
    """One detector's queue.

    ``failed`` is called, from any thread, with the reason when the detector raises or hangs, or
    says again and again that it could not look: a graphics card may be lost without a word.
    """

    def __init__(self, detector: Detector, failed: Callable[[str], None]) -> None:
        self.detector = detector
        self.meter = Meter()
        self._failed = failed
        self._line = Line()
        self._doubted: float | None = None
        self._blind = 0  # questions in a row that it could not look at
        self._busy: dict[str, float] = {}  # cameras whose question is under way, since when
        self._going: list[Asked] = []  # questions with regions left; the last goes first
        self._changed = Condition()
        self._open = True
        self._thread = Thread(target=self._serve, name="detector", daemon=True)
        self._thread.start()

    @property
    def budget(self) -> Budget:
        """What it did of late."""
        return self.meter.budget(len(self._line))

    def ask(self, question: Question) -> None:
        """Put a question; an older one of this camera that still waits is answered with none."""
        with self._changed:
            dropped = [(question, Reason.FAILED)]
            if self._open:
                dropped = self._line.put(question, monotonic())
                self._changed.notify()
        for each, reason in dropped:
            self.meter.dropped(each.camera, reason)
            each.done(None)

    def check(self) -> None:
        """Report a detector that has not answered for too long."""
        now = monotonic()
        with self._changed:
            oldest = min(self._busy.values(), default=now)
        late = now - max(oldest, self.meter.answered) > _HANGS or now - oldest > _LOST
        doubted, self._doubted = self._doubted, oldest if late else None
        # Not at the first look: perhaps the machine slept, and the answer comes any moment.
        if late and doubted == oldest:
            self._failed(f"it has not answered for {_HANGS:.0f} s")

    def close(self) -> None:
        """Answer what waits with none, let the detector finish what it has, and let it go."""
        with self._changed:
            self._open = False
            waiting = self._line.clear()
            self._changed.notify()
        for each in waiting:
            self.meter.dropped(each.camera, Reason.FAILED)
            each.done(None)
        self._thread.join(_HANGS)
        self.detector.close()

    def _serve(self) -> None:
        while (asked := self._next()) is not None:
            try:
                more = asked.step(self.detector, self.meter)
            except Exception as error:  # noqa: BLE001 - a detector is a plugin's code
                self._broken(asked.question, error)
                more = False
            if not more:
                self._going.remove(asked)

    def _broken(self, question: Question, error: Exception) -> None:
        self.meter.failed()
        question.done(None)
        self._failed(why(error))

    def _next(self) -> Asked | None:
        """Return the question of which a region is to be submitted; none when all is over."""
        with self._changed:
            while self._open or self._going:
                now = monotonic()
                first = self._line.first(self._busy, now)
                if self._going and not (first and _goes_before(first, self._going[-1])):
                    return self._going[-1]
                if first is not None:
                    return self._begin(first, now)
                self._changed.wait()
        return None

    def _begin(self, first: Waiting, now: float) -> Asked:
        self._line.take(first)
        self._busy[first.question.camera] = now
        self.meter.waited(now - first.asked)
        self._going.append(Asked(self._counted(first.question)))
        return self._going[-1]

    def _counted(self, question: Question) -> Question:
        return replace(question, done=lambda answer: self._done(question, answer))

    def _done(self, question: Question, answer: Answer) -> None:
        with self._changed:
            self._busy.pop(question.camera, None)
            self._blind = self._blind + 1 if answer is None else 0
            lost = self._blind == _BLIND
            self._changed.notify()
        if answer is None:
            self.meter.dropped(question.camera, Reason.FAILED)
        question.done(answer)
        if lost:
            self._failed(f"it could not look {_BLIND} times in a row")


def _goes_before(waiting: Waiting, going: Asked) -> bool:
    return waiting.question.priority < going.question.priority


class Queued:
    """A detector as a live camera sees it: behind a desk, answering later or not at all."""

    def __init__(self, desk: Desk, camera: str, woken: Callable[[], None]) -> None:
        self.size = desk.detector.size
        self.whole_frames = desk.detector.whole_frames
        self.asked = self.spared = 0
        self._desk = desk
        self._camera = camera
        self._woken = woken

    def look(self, sight: Sight, done: Callable[[Answer], None]) -> None:
        """Ask; ``woken`` is called after ``done``, from whatever thread that was."""

        def answered(answer: Answer) -> None:
            done(answer)
            self._woken()

        regions = sight.regions(self.size)
        self.asked += len(regions)
        self._desk.ask(
            Question(
                camera=self._camera,
                regions=regions,
                done=answered,
                priority=sight.look.priority,
            )
        )
