"""Cutting a frame up for a detector: squares around boxes, or tiles that overlap.

All in whole pairs of pixels, for colours come in pairs; all within ``bounds``, which is the
frame or the part of it that is of interest.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from math import ceil, floor
from typing import Final

from hub.api import Box
from hub.vision.geometry import area, merged, union

_NEARLY_ALL: Final = 0.8  # of the bounds' shorter side; a larger square is everything
_OVERLAP: Final = 0.15  # of a tile; a person on a seam is whole in one of two
_HAIR: Final = 1e-6  # pixels


@dataclass(frozen=True, slots=True)
class Cutter:
    """Cuts frames of one size, in pixels, for a detector of another; both width and height."""

    frame: tuple[int, int]
    detector: tuple[int, int]
    bounds: Box

    @property
    def fits(self) -> tuple[float, float]:
        """How many times the detector's size the bounds are, across and down."""
        wide, high = self.frame
        across = (self.bounds.right - self.bounds.left) * wide / self.detector[0]
        return across, (self.bounds.bottom - self.bounds.top) * high / self.detector[1]

    def around(self, boxes: Sequence[Box], most: int) -> tuple[Box, ...]:
        """Return at most so many squares that hold all boxes; those that meet are joined."""
        squares = self._squares(boxes)
        while len(squares) > most:
            nearest = min(combinations(squares, 2), key=lambda pair: area(union(*pair)))
            others = [each for each in squares if each not in nearest]
            squares = self._squares([*others, union(*nearest)])
        return tuple(squares)

    def tiles(self, columns: int, rows: int) -> tuple[Box, ...]:
        """Return overlapping tiles that cover the bounds, row by row."""
        wide, high = self.frame
        across = _steps(self.bounds.left * wide, self.bounds.right * wide, wide, columns)
        down = _steps(self.bounds.top * high, self.bounds.bottom * high, high, rows)
        return tuple(
            Box(left / wide, top / high, right / wide, bottom / high)
            for top, bottom in down
            for left, right in across
        )

    def _squares(self, boxes: Sequence[Box]) -> list[Box]:
        squares = [self._square(each) for each in merged(boxes)]
        while len(joined := merged(squares)) < len(squares):
            squares = [self._square(each) for each in joined]
        return squares

    def _square(self, box: Box) -> Box:
        """Return a square around a box, at least the detector's size: pixel for pixel then."""
        wide, high = self.frame
        around = self.bounds
        side = 2 * ceil(
            max(
                (box.right - box.left) * wide - _HAIR,
                (box.bottom - box.top) * high - _HAIR,
                *map(float, self.detector),
            )
            / 2
        )
        room = (around.right - around.left) * wide, (around.bottom - around.top) * high
        if side >= _NEARLY_ALL * min(room):
            return around
        left = _placed((box.left + box.right) / 2 * wide, side, around.left * wide, room[0])
        top = _placed((box.top + box.bottom) / 2 * high, side, around.top * high, room[1])
        return Box(left / wide, top / high, (left + side) / wide, (top + side) / high)


def _placed(middle: float, side: int, start: float, room: float) -> int:
    """Return where a square begins, in whole pairs, so that it ends before the room does."""
    first, last = 2 * ceil((start - _HAIR) / 2), 2 * floor((start + room - side + _HAIR) / 2)
    return max(first, min(last, 2 * round((middle - side / 2) / 2)))


def _steps(start: float, end: float, limit: int, count: int) -> list[tuple[int, int]]:
    """Return the spans of so many tiles from start to end; each overlaps the next."""
    side = (end - start) / (count - (count - 1) * _OVERLAP)
    spans = []
    for number in range(count):
        begin = start + number * side * (1 - _OVERLAP)
        left = 2 * floor((begin + _HAIR) / 2)
        right = 2 * ceil((begin + side - _HAIR) / 2)
        spans.append((left, min(limit, right)))
    return spans
