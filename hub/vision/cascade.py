"""A cheap detector that looks first, and saves the full one where it is sure.

A small net fed with a tight crop follows somebody who is near and large as well as a large net,
at a fraction of the cost; but that it finds nothing means nothing, and it knows a few things
only. So it never begins a track: it may only go on with those that the full detector has seen,
for a moment, one for one, and with nothing else about. Everything else is the full one's.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from math import ceil
from typing import Final

from hub.api import Box, Detection, Detector
from hub.vision.facts import Look, Priority, Track
from hub.vision.geometry import area, clamp, grow, merged, shared, touch, union
from hub.vision.inference import Answer, Eyes, Sight

_TRUST: Final = 2.0  # seconds after a full look in which the first detector may stand in for it
_MOST: Final = 2  # crops of one frame; more cost as much as a full look
# Of a box's own size, on each side: it has moved, and a net wants surroundings.
_MARGIN: Final = 0.2
_FILLS: Final = 0.4  # least height of a thing in its crop; smaller ones are not found
_COVERED: Final = 0.5  # of what moves is to be in the crop, or somebody else may be there
_SAME: Final = 0.4  # least overlap (IoU) of what is found with where it was foretold
_MISSES: Final = 6  # times in a row that it was not sure; then here it is no good for now
_REST: Final = 3.0  # seconds for which it is not asked then
_STRANGER: Final = 0.5  # of ``min_score``: from here on, what is nobody's may be somebody new


class Cascade:
    """Two detectors as one camera sees them; itself eyes for a pipeline."""

    def __init__(self, first: Eyes, full: Eyes, labels: Iterable[str], min_score: float) -> None:
        self.size = full.size
        self.whole_frames = full.whole_frames
        self.asked = 0  # regions that the full detector got
        self.spared = 0  # looks that it did not have to take
        self._first = first
        self._full = full
        self._labels = frozenset(labels)
        self._min_score = min_score
        self._confirmed: float | None = None  # when the full detector last answered
        self._misses = 0
        self._rested: float | None = None  # when the first detector may be asked again

    def look(self, sight: Sight, done: Callable[[Answer], None]) -> None:
        """Ask the first detector where it may be trusted, and the full one otherwise."""
        followed = self._followed(sight)
        crops = _crops(sight, followed) if followed else ()
        if not crops:
            self._look_fully(sight, done)
            return

        def judge(answer: Answer) -> None:
            sure = self._sure(answer, followed, sight.now)
            self._learn(sight.now, missed=sure is None)
            if sure is None:
                self._look_fully(sight, done)
            else:
                done(sure)

        self._first.look(replace(sight, look=Look(crops, sight.look.priority)), judge)

    def _learn(self, now: float, *, missed: bool) -> None:
        """Leave it alone for a while where it is never sure: what is there is too small for it."""
        self._misses = self._misses + 1 if missed else 0
        self.spared += not missed
        if self._misses >= _MISSES:
            self._misses, self._rested = 0, now + _REST

    def _look_fully(self, sight: Sight, done: Callable[[Answer], None]) -> None:
        def confirmed(answer: Answer) -> None:
            if answer is not None:
                self._confirmed = sight.now
            done(answer)

        self.asked += len(sight.look.places)
        self._full.look(sight, confirmed)

    def _followed(self, sight: Sight) -> Sequence[Track]:
        """Return the tracks that the first detector may go on with; none where it may not look."""
        fresh = self._confirmed is not None and sight.now - self._confirmed < _TRUST
        rests = self._rested is not None and sight.now < self._rested
        if rests or not fresh or sight.look.priority is Priority.NEW:
            return ()
        tracks = [
            each
            for each in sight.tracks.live
            if any(touch(each.box, place) for place in sight.look.places)
        ]
        known = all(each.confirmed and each.seen and each.label in self._labels for each in tracks)
        return tracks if known else ()

    def _sure(
        self, answer: Answer, followed: Sequence[Track], now: float
    ) -> Sequence[Detection] | None:
        """Return what is found of those followed if it is all of them and nobody else."""
        found = [each for each in answer or () if each.score >= _STRANGER * self._min_score]
        if len(found) != len(followed):
            return None
        left = list(followed)
        for each in found:
            near = max(left, key=lambda track: _overlap(each.box, _foretold(track, now)))
            same = _overlap(each.box, _foretold(near, now)) >= _SAME and near.label == each.label
            if not same or each.score < self._min_score:
                return None
            left.remove(near)
        return found


def unsuited(first: Detector, full: Detector, objects: Sequence[str]) -> str:
    """Return in words why a detector cannot be asked before another; nothing if it can."""
    if first.whole_frames or full.whole_frames:
        return "one of the two wants whole pictures"
    if unknown := sorted(set(objects or full.labels) - set(first.labels)):
        return f"it does not know '{unknown[0]}'"
    return ""


def _crops(sight: Sight, followed: Sequence[Track]) -> tuple[Box, ...]:
    """Return tight squares around what is followed and moves; none if one would not be tight."""
    boxes = [_around(sight, each) for each in followed]
    squares = [_square(each, sight.size) for each in merged(boxes)]
    if len(squares) > _MOST:
        return ()
    for moving in sight.motion.boxes:
        if max(shared(moving, square) for square in squares) < _COVERED * area(moving):
            return ()
    tight = all(_is_tight(each.box, squares) for each in followed)
    return tuple(squares) if tight else ()


def _is_tight(box: Box, squares: Sequence[Box]) -> bool:
    square = max(squares, key=lambda each: shared(each, box))
    return box.bottom - box.top >= _FILLS * (square.bottom - square.top)


def _around(sight: Sight, track: Track) -> Box:
    """Return where a track is now, with what moves of it."""
    box = _foretold(track, sight.now)
    for each in sight.motion.boxes:
        if shared(each, track.box) > _COVERED * area(each):
            box = union(box, each)
    across, down = box.right - box.left, box.bottom - box.top
    return grow(box, _MARGIN * across, _MARGIN * down)


def _foretold(track: Track, now: float) -> Box:
    seconds = max(0.0, now - track.last)
    across, down = track.velocity[0] * seconds, track.velocity[1] * seconds
    box = track.box
    return clamp(Box(box.left + across, box.top + down, box.right + across, box.bottom + down))


def _square(box: Box, frame: tuple[int, int]) -> Box:
    """Return the square of whole pairs of pixels around a box, shifted into the frame."""
    wide, high = frame
    side = max((box.right - box.left) * wide, (box.bottom - box.top) * high)
    side = min(2 * ceil(side / 2), wide, high)
    left = _placed((box.left + box.right) / 2 * wide, side, wide)
    top = _placed((box.top + box.bottom) / 2 * high, side, high)
    return Box(left / wide, top / high, (left + side) / wide, (top + side) / high)


def _placed(middle: float, side: float, limit: int) -> float:
    return min(max(0.0, middle - side / 2), limit - side)


def _overlap(one: Box, other: Box) -> float:
    both = shared(one, other)
    return both / max(area(one) + area(other) - both, 1e-12)
