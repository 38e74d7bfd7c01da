"""Boxes found by a network, and which of many that overlap stay."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Integers = NDArray[np.intp]

# More than a crowd has; it bounds the work on a frame of noise.
_MOST = 300  # boxes


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """Boxes in pixels of the input (left, top, right, bottom; n rows), best first.

    ``scores`` and ``classes`` have n numbers; ``points`` are landmarks where the network gives
    some: n rows of k pairs (x, y), in pixels.
    """

    boxes: Floats
    scores: Floats
    classes: Integers
    points: Floats | None = None

    def only(self, rows: Integers) -> "Found":
        """Return some of them, in this order."""
        return Found(
            boxes=self.boxes[rows],
            scores=self.scores[rows],
            classes=self.classes[rows],
            points=None if self.points is None else self.points[rows],
        )


def best(scores: Floats, least: float) -> Integers:
    """Return where the scores of at least ``least`` are, best first, and no more than a crowd."""
    likely = np.flatnonzero(scores >= least)
    return likely[np.argsort(-scores[likely], kind="stable")][:_MOST]


def corners(centred: Floats) -> Floats:
    """Return boxes of centre x, centre y, width and height as their corners."""
    half = centred[:, 2:4] / 2
    return np.concatenate((centred[:, 0:2] - half, centred[:, 0:2] + half), axis=1)


def real(found: Found) -> Found:
    """Return those that are boxes: a broken network may give sides that are no numbers."""
    sound = np.isfinite(found.boxes).all(axis=1)
    return found if sound.all() else found.only(np.flatnonzero(sound))


def distinct(found: Found, iou: float) -> Found:
    """Return what is left when of two boxes of a kind that overlap the better stays."""
    found = real(found)
    return found.only(suppress(found.boxes, found.classes, iou))


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
