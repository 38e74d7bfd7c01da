"""Where a picture differs from what was there before: cheap enough for every frame.

A running average of a small luma image is the background; what differs from it by more
than a threshold, over more than a few pixels, moves. A lamp that goes on changes most of
the picture at once: that is a new background, not a flood of motion.
"""

from collections.abc import Sequence
from math import exp
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from hub.api import Box
from hub.vision.facts import Motion
from hub.vision.geometry import grow, merged
from hub.vision.plan import MotionPlan

Pixels = NDArray[np.uint8]

_WIDE: Final = 320  # pixels; smaller loses a person at the far end of a yard, larger only costs
_LEARN: Final = 6.0  # seconds until a change is two thirds background; a parked car takes ~15 s
_FLOOD: Final = 0.4  # part of the picture; more than this is light, not movement
_RELEARN: Final = 1.0  # seconds that cameras take to settle their exposure after it
_RELEARN_FAST: Final = 0.25  # seconds; how fast the background follows meanwhile
_AT_ONCE: Final = 0.2  # part of the picture: so much is believed without a second frame
_JOIN: Final = 0.02  # of the picture: pieces nearer than this belong together
_MOST: Final = 8  # boxes handed on; more pieces than that are joined into one


class MotionFinder:
    """Finds what moves, frame by frame, and says when movement began and ended."""

    def __init__(self, plan: MotionPlan) -> None:
        self._plan = plan
        self._size = (0, 0)
        self._mean = np.empty((0, 0), np.float32)
        self._shown: Pixels | None = None
        self._relearn_until = 0.0
        self._now = 0.0
        self._seen_before = False
        self._since = 0.0
        self._last = 0.0
        self._moving = False

    def look(self, luma: Pixels, now: float) -> Motion:
        """Compare a frame (height by width, any size) with those before; ``now`` in seconds."""
        passed, self._now = now - self._now, now
        small = self._smaller(luma)
        boxes = self._boxes(small, now) if self._known(small) else []
        self._learn(small, passed)
        return self._settled(boxes, now)

    def silence(self, now: float) -> Motion:
        """No more frames come for now: what moved has ended."""
        self._now = max(now, self._last + self._plan.settle)
        return self._settled([], self._now)

    def _smaller(self, luma: Pixels) -> Pixels:
        rows, columns = luma.shape
        width = min(_WIDE, columns)
        size = (width, max(1, round(rows * width / columns)))
        return np.asarray(cv2.resize(luma, size, interpolation=cv2.INTER_AREA), np.uint8)

    def _known(self, small: Pixels) -> bool:
        if small.shape == self._mean.shape:
            return True
        self._mean = small.astype(np.float32)
        rows, columns = small.shape
        self._kernel = np.ones((3, 3), np.uint8)
        self._smallest = max(4, round(self._plan.area * rows * columns))
        self._shown = _looked_at(self._plan.mask, small.shape)
        self._pixels = rows * columns if self._shown is None else cv2.countNonZero(self._shown)
        return False

    def _boxes(self, small: Pixels, now: float) -> list[Box]:
        different = cv2.absdiff(small, cv2.convertScaleAbs(self._mean))
        _, different = cv2.threshold(different, self._plan.threshold, 255, cv2.THRESH_BINARY)
        if self._shown is not None:
            cv2.bitwise_and(different, self._shown, dst=different)
        changed = cv2.countNonZero(different)
        if changed > _FLOOD * self._pixels:
            self._relearn_until = now + _RELEARN
        if now < self._relearn_until or changed < self._smallest // 2:
            return []
        return self._pieces(np.asarray(cv2.dilate(different, self._kernel), np.uint8))

    def _pieces(self, different: Pixels) -> list[Box]:
        rows, columns = different.shape
        count, _, found, _ = cv2.connectedComponentsWithStats(different, connectivity=8)
        pieces = [
            grow(
                Box(x / columns, y / rows, (x + width) / columns, (y + height) / rows), _JOIN, _JOIN
            )
            for x, y, width, height, size in found[1:count].tolist()
            if size >= self._smallest
        ]
        boxes = merged(pieces)
        return boxes if len(boxes) <= _MOST else [_around(boxes)]

    def _learn(self, small: Pixels, passed: float) -> None:
        pace = _RELEARN_FAST if self._now < self._relearn_until else _LEARN
        cv2.accumulateWeighted(small, self._mean, 1.0 - exp(-max(passed, 0.0) / pace))

    def _settled(self, boxes: list[Box], now: float) -> Motion:
        large = sum((b.right - b.left) * (b.bottom - b.top) for b in boxes) > _AT_ONCE
        if boxes and not self._moving and (self._seen_before or large):
            self._moving, self._since = True, now
        self._seen_before = bool(boxes)
        if boxes:
            self._last = now
        if self._moving and now - self._last >= self._plan.settle:
            self._moving = False
            return Motion(seconds=self._last - self._since)
        return Motion(boxes=tuple(boxes), moving=self._moving, seconds=now - self._since)


def _looked_at(
    mask: Sequence[Sequence[tuple[float, float]]], shape: tuple[int, ...]
) -> Pixels | None:
    if not mask:
        return None
    shown = np.full(shape, 255, np.uint8)
    size = np.array([shape[1], shape[0]])
    for polygon in mask:
        cv2.fillPoly(shown, [np.round(np.array(polygon) * size).astype(np.int32)], (0.0,))
    return shown


def _around(boxes: Sequence[Box]) -> Box:
    return Box(
        min(each.left for each in boxes),
        min(each.top for each in boxes),
        max(each.right for each in boxes),
        max(each.bottom for each in boxes),
    )
