"""What a YOLOX network says, as boxes.

Its output has a row for each cell of three grids (strides 8, 16 and 32 pixels, row after row):
centre and size relative to the cell, a score that anything is there, and one for each class.
Ge et al., YOLOX: Exceeding YOLO Series in 2021, arXiv:2107.08430.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Integers = NDArray[np.intp]

STRIDES = (8, 16, 32)  # pixels
_FIXED = 5  # numbers before the classes: x, y, width, height, objectness
# More than a crowd has; it bounds the work on a frame of noise.
_MOST = 300  # boxes


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """Boxes in pixels (left, top, right, bottom; n rows), their scores and class numbers."""

    boxes: Floats
    scores: Floats
    classes: Integers


class Head:
    """Reads outputs of one size."""

    def __init__(self, width: int, height: int, *, min_score: float, iou: float) -> None:
        self._cells, self._strides = grid(width, height)
        self._min_score = min_score
        self._iou = iou

    @property
    def rows(self) -> int:
        """How many rows an output of this size has."""
        return len(self._cells)

    @staticmethod
    def columns(classes: int) -> int:
        """Return how many columns an output for so many classes has."""
        return _FIXED + classes

    def read(self, output: Floats) -> Found:
        """Return what an output of shape ``(rows, 5 + classes)`` holds, best first."""
        likely = np.flatnonzero(output[:, 4] >= self._min_score)  # a class score is at most 1
        rows = output[likely]
        classes = rows[:, _FIXED:].argmax(axis=1)
        scores = rows[:, 4] * rows[np.arange(len(rows)), _FIXED + classes]
        best = np.flatnonzero(scores >= self._min_score)
        best = best[np.argsort(-scores[best], kind="stable")][:_MOST]
        boxes = self._boxes(rows[best], likely[best])
        kept = suppress(boxes, classes[best], self._iou)
        best = best[kept]
        return Found(boxes=boxes[kept], scores=scores[best], classes=classes[best])

    def _boxes(self, rows: Floats, at: Integers) -> Floats:
        strides = self._strides[at]
        centre = (rows[:, 0:2] + self._cells[at]) * strides
        half = np.exp(rows[:, 2:4]) * strides / 2
        return np.concatenate((centre - half, centre + half), axis=1)


def grid(width: int, height: int) -> tuple[Floats, Floats]:
    """Return each row's cell (x, y) and stride, for an input of this size in pixels."""
    cells, strides = [], []
    for stride in STRIDES:
        y, x = np.mgrid[0 : height // stride, 0 : width // stride]
        cells.append(np.stack((x.ravel(), y.ravel()), axis=1))
        strides.append(np.full((x.size, 1), stride))
    return np.concatenate(cells).astype(np.float32), np.concatenate(strides).astype(np.float32)


def suppress(boxes: Floats, classes: Integers, iou: float) -> Integers:
    """Return which boxes stay, of boxes sorted best first.

    A box goes when a better one of its class overlaps it by more than ``iou``.
    """
    areas = (boxes[:, 2] - boxes[:, 0]) * (boxes[:, 3] - boxes[:, 1])
    left = np.arange(len(boxes))
    kept = []
    while left.size:
        best, rest = left[0], left[1:]
        kept.append(best)
        corner = np.maximum(boxes[best, :2], boxes[rest, :2])
        shared = np.clip(np.minimum(boxes[best, 2:], boxes[rest, 2:]) - corner, 0, None)
        common = shared[:, 0] * shared[:, 1]
        overlap = common > iou * (areas[best] + areas[rest] - common)
        left = rest[~(overlap & (classes[rest] == classes[best]))]
    return np.array(kept, dtype=np.intp)
