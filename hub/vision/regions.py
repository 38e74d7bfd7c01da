"""Which parts of a frame are worth a detector's time; usually none.

A detector sees best when an object is large in what it is given, so in large frames it
gets squares cut around what moves. In small frames, or when much moves, it gets all.
"""

from collections.abc import Sequence
from math import ceil
from typing import Final

from hub.api import Box
from hub.vision.facts import Look, Motion, Priority, Tracks
from hub.vision.geometry import WHOLE, grow, merged, touch

_BEGIN: Final = 1.0  # seconds after the start in which every frame is looked at whole
_IDLE: Final = 10.0  # seconds between looks at a picture in which nothing is known to be
_STOPPED: Final = 0.7  # seconds to go on looking: what stopped to move may as well have gone
_REFRESH: Final = 1.5  # seconds between looks at things that stand still
_PARKED: Final = 5.0  # seconds between looks once they have stood for ``_STOOD``
_STOOD: Final = 20.0  # seconds
_SMALL: Final = 2.0  # a frame at most so many times the detector's size is given whole
_MOST: Final = 4  # regions of one frame; each costs a whole inference
_MARGIN: Final = 0.15  # of a box's own size, on each side
_NEARLY_ALL: Final = 0.8  # of the frame's shorter side; a larger square is the frame


class Regions:
    """Plans looks for one camera; remembers when it last looked."""

    def __init__(self, size: tuple[int, int], *, whole_frames: bool) -> None:
        self._size = size
        self._always = whole_frames
        self._begun: float | None = None
        self._looked = -_IDLE
        self._looked_whole = -_IDLE
        self._moved = 0.0

    def restart(self) -> None:
        """Look at everything for a moment: the stream begins, and may show something new."""
        self._begun = None

    def plan(self, frame: tuple[int, int], motion: Motion, tracks: Tracks, now: float) -> Look:
        """Return what to look at in a frame of this width and height; nothing means do not."""
        self._begun = now if self._begun is None else self._begun
        if motion.boxes:
            self._moved = now
        if not self._due(motion, tracks, now):
            return Look()
        regions = self._choose(frame, motion, tracks, now)
        self._looked = now
        if regions == (WHOLE,):
            self._looked_whole = now
        return Look(regions, _why(motion, tracks))

    def _due(self, motion: Motion, tracks: Tracks, now: float) -> bool:
        if self._always or motion.boxes or now - (self._begun or 0.0) < _BEGIN:
            return True
        if any(not (each.confirmed and each.seen) for each in tracks.live):
            return True
        passed = now - self._looked
        if tracks.live and now - self._moved < _STOPPED:
            return True
        if tracks.live:
            return passed >= (_PARKED if now - self._moved > _STOOD else _REFRESH)
        return passed >= _IDLE

    def _choose(
        self, frame: tuple[int, int], motion: Motion, tracks: Tracks, now: float
    ) -> tuple[Box, ...]:
        wide, high = frame
        small = wide <= _SMALL * self._size[0] and high <= _SMALL * self._size[1]
        if self._always or small or now - self._looked_whole >= _IDLE:
            return (WHOLE,)
        wanted = [*motion.boxes, *(each.box for each in tracks.live)]
        squares = self._squares([_padded(each) for each in wanted], frame)
        if not squares or len(squares) > _MOST or any(each == WHOLE for each in squares):
            return (WHOLE,)
        return tuple(squares)

    def _squares(self, boxes: Sequence[Box], frame: tuple[int, int]) -> list[Box]:
        """Return squares around boxes; those that meet are joined, and squared again."""
        squares = [self._square(each, frame) for each in merged(boxes)]
        while len(joined := merged(squares)) < len(squares):
            squares = [self._square(each, frame) for each in joined]
        return squares

    def _square(self, box: Box, frame: tuple[int, int]) -> Box:
        """Return a square in whole pairs of pixels around a box, at least the detector's size."""
        wide, high = frame
        side = max(
            (box.right - box.left) * wide, (box.bottom - box.top) * high, *map(float, self._size)
        )
        side = 2 * ceil(side / 2)
        if side >= _NEARLY_ALL * min(wide, high):
            return WHOLE
        left = _placed((box.left + box.right) / 2 * wide, side, wide)
        top = _placed((box.top + box.bottom) / 2 * high, side, high)
        return Box(left / wide, top / high, (left + side) / wide, (top + side) / high)


def _why(motion: Motion, tracks: Tracks) -> Priority:
    if any(not any(touch(box, each.box) for each in tracks.live) for box in motion.boxes):
        return Priority.NEW
    unsure = any(not (each.confirmed and each.seen) for each in tracks.live)
    return Priority.ACTIVE if motion.boxes or unsure else Priority.REFRESH


def _padded(box: Box) -> Box:
    return grow(box, (box.right - box.left) * _MARGIN, (box.bottom - box.top) * _MARGIN)


def _placed(middle: float, side: int, limit: int) -> int:
    return min(max(0, 2 * round((middle - side / 2) / 2)), limit - side)
