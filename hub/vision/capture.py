"""Which frames are worth training a detector with: doubtful, disputed, or simply some.

A detector learns most from what it was not sure of. A second one is asked only by a rule that
wants it, about the same parts of the frame, after all who have a camera to watch.
"""

from collections import deque
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final, Protocol

import numpy as np
from numpy.typing import NDArray

from hub.api import Box, Detection
from hub.vision.facts import Look, Priority, Track
from hub.vision.geometry import area, shared
from hub.vision.inference import Answer, Sight
from hub.vision.plan import CapturePlan, CaptureRule

Pixels = NDArray[np.uint8]

_SAME: Final = 0.5  # overlap (IoU) of what two detectors saw that is one thing
_SURE: Final = 0.5  # least score of something that the other must have seen as well
_FAINT: Final = 0.2  # and its least score there to count as seen
_WAITING: Final = 4  # frames that may wait for a second opinion; each holds its pixels


class Shown(Protocol):
    """A frame, as far as it matters here."""

    @property
    def captured(self) -> float:
        """When it was taken, in seconds since 1970."""

    @property
    def width(self) -> int: ...

    @property
    def height(self) -> int: ...

    def whole(self, limit: int) -> Pixels:
        """Return all of it in colours (BGR), at most ``limit`` pixels wide."""


class Second(Protocol):
    """Another detector, as one camera sees it."""

    def look(self, sight: Sight, done: Callable[[Answer], None]) -> None:
        """Look at parts of a frame; ``done`` is called once, from any thread."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Catch:
    """A frame that a rule wants, with what was seen in it; ``other`` by a second detector."""

    rule: CaptureRule
    frame: Shown
    seen: tuple[Detection, ...]
    tracks: tuple[Track, ...]
    other: tuple[Detection, ...] = ()


class Captures:
    """One camera's rules."""

    def __init__(self, plan: CapturePlan) -> None:
        self.plan = plan
        self._others: Mapping[str, Second] = {}
        self._last: dict[int, float] = {}  # by rule, in the camera's own seconds
        self._answers: deque[tuple[Catch, Answer]] = deque()
        self._asked = 0

    def replan(self, plan: CapturePlan) -> None:
        """Follow other rules; those that stay keep their pace."""
        if plan.rules != self.plan.rules:
            self._last = {}
        self.plan = plan

    def compare_with(self, others: Mapping[str, Second]) -> None:
        """Use these detectors, by name, for rules that want another opinion."""
        self._others = others
        self._asked = 0

    def look(
        self,
        seen: Sequence[Detection],
        tracks: Sequence[Track],
        frame: Shown,
        now: float,
        sight: Sight | None = None,
    ) -> list[Catch]:
        """Return what is to be kept now: of this frame, or of one that was disputed meanwhile.

        ``sight`` is what the detector was asked, none when it was not, or has not answered.
        """
        caught = [*self._disputed()]  # first, so that the other may be asked anew
        for number, rule in enumerate(self.plan.rules):
            catch = Catch(rule=rule, frame=frame, seen=tuple(seen), tracks=tuple(tracks))
            if not self._due(number, rule, now):
                continue
            if rule.when == "disagree":
                self._ask(number, catch, sight, now)
            elif rule.when == "every" or any(_doubtful(each, rule) for each in seen):
                self._last[number] = now
                caught.append(catch)
        return [*caught, *self._disputed()]

    def _due(self, number: int, rule: CaptureRule, now: float) -> bool:
        pause = rule.every if rule.when == "every" else rule.pause
        last = self._last.get(number)
        return last is None or now - last >= pause

    def _ask(self, number: int, catch: Catch, sight: Sight | None, now: float) -> None:
        other = self._others.get(catch.rule.other or "")
        if other is None or sight is None or self._asked >= _WAITING:
            return
        self._last[number] = now
        self._asked += 1
        quiet = Look(places=sight.look.places, priority=Priority.REFRESH)
        other.look(replace(sight, look=quiet), lambda answer: self._answers.append((catch, answer)))

    def _disputed(self) -> Iterable[Catch]:
        while self._answers:
            catch, answer = self._answers.popleft()
            self._asked = max(0, self._asked - 1)
            if answer is not None and disagree(catch.seen, answer, catch.rule.objects):
                yield replace(catch, other=tuple(answer))


def disagree(
    some: Sequence[Detection], others: Sequence[Detection], objects: Iterable[str]
) -> bool:
    """Say whether one detector is sure of something that the other does not even suspect."""
    labels = frozenset(objects)
    return _missed(some, others, labels) or _missed(others, some, labels)


def _missed(some: Iterable[Detection], others: Sequence[Detection], labels: frozenset[str]) -> bool:
    return any(
        each.score >= _SURE
        and (not labels or each.label in labels)
        and not any(_same(each, other) for other in others)
        for each in some
    )


def _same(one: Detection, other: Detection) -> bool:
    if one.label != other.label or other.score < _FAINT:
        return False
    return _overlap(one.box, other.box) >= _SAME


def _overlap(one: Box, other: Box) -> float:
    both = shared(one, other)
    return both / max(area(one) + area(other) - both, 1e-9)


def _doubtful(seen: Detection, rule: CaptureRule) -> bool:
    low, high = rule.between
    return low <= seen.score <= high and (not rule.objects or seen.label in rule.objects)
