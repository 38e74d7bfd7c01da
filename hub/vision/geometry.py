"""Where things are in a picture, free of pixels: boxes and polygons in fractions of the frame."""

from collections.abc import Sequence
from itertools import pairwise
from typing import Final

import numpy as np
from numpy.typing import NDArray

from hub.api import Box

Floats = NDArray[np.float64]
WHOLE: Final = Box(0.0, 0.0, 1.0, 1.0)
_EDGE: Final = 1e-9  # a point this near a polygon's edge lies on it; far below a pixel


def sides_of(box: Box) -> tuple[float, float, float, float]:
    """Return a box's left, top, right and bottom."""
    return box.left, box.top, box.right, box.bottom


def rounded(box: Box, digits: int = 4) -> Box:
    """Return a box as it is told: a ten-thousandth of the frame is finer than a pixel."""
    return Box(*(round(each, digits) for each in sides_of(box)))


def area(box: Box) -> float:
    """Return the part of the frame that a box covers."""
    return max(0.0, box.right - box.left) * max(0.0, box.bottom - box.top)


def clamp(box: Box) -> Box:
    """Return the part of a box that lies in the frame."""
    left, top = min(1.0, max(0.0, box.left)), min(1.0, max(0.0, box.top))
    return Box(left, top, max(left, min(1.0, box.right)), max(top, min(1.0, box.bottom)))


def grow(box: Box, across: float, down: float) -> Box:
    """Return a box with a margin left and right, and above and below; within the frame."""
    return clamp(Box(box.left - across, box.top - down, box.right + across, box.bottom + down))


def union(one: Box, other: Box) -> Box:
    """Return the smallest box around two."""
    return Box(
        min(one.left, other.left),
        min(one.top, other.top),
        max(one.right, other.right),
        max(one.bottom, other.bottom),
    )


def shared(one: Box, other: Box) -> float:
    """Return the area two boxes have in common."""
    across = min(one.right, other.right) - max(one.left, other.left)
    down = min(one.bottom, other.bottom) - max(one.top, other.top)
    return across * down if across > 0 and down > 0 else 0.0


def covered(box: Box, by: Sequence[Box]) -> float:
    """Return the part of a box that lies in the one of others that has most of it."""
    inside = clamp(box)
    size = area(inside)
    if size <= 0.0:
        return 1.0  # nothing of it is in the frame, and all of that has been looked at
    return max((shared(inside, each) for each in by), default=0.0) / size


def cut(box: Box, bounds: Box) -> Box | None:
    """Return the part of a box that lies within others' bounds, or none."""
    inside = Box(
        max(box.left, bounds.left),
        max(box.top, bounds.top),
        min(box.right, bounds.right),
        min(box.bottom, bounds.bottom),
    )
    return inside if inside.left < inside.right and inside.top < inside.bottom else None


def around(points: Sequence[tuple[float, float]]) -> Box:
    """Return the smallest box around points."""
    across, down = [x for x, _ in points], [y for _, y in points]
    return Box(min(across), min(down), max(across), max(down))


def touch(one: Box, other: Box) -> bool:
    """Say whether two boxes meet, edges included."""
    return (
        one.left <= other.right
        and other.left <= one.right
        and one.top <= other.bottom
        and other.top <= one.bottom
    )


def merged(boxes: Sequence[Box]) -> list[Box]:
    """Return boxes that no longer meet, each around those it took up."""
    found: list[Box] = []
    for each in boxes:
        box = each
        while near := next((other for other in found if touch(box, other)), None):
            found.remove(near)
            box = union(box, near)
        found.append(box)
    return found


def foot(box: Box) -> tuple[float, float]:
    """Return where an object stands: the middle of its lower edge, within the frame."""
    inside = clamp(box)
    return (inside.left + inside.right) / 2, inside.bottom


def contains(polygon: Sequence[tuple[float, float]], x: float, y: float) -> bool:
    """Say whether a point lies in a polygon; its edges belong to it (even-odd rule)."""
    inside = False
    for (x1, y1), (x2, y2) in pairwise([*polygon, polygon[0]]):
        cross = (x2 - x1) * (y - y1) - (y2 - y1) * (x - x1)
        if abs(cross) <= _EDGE and _between(x1, x, x2) and _between(y1, y, y2):
            return True
        if (y1 > y) != (y2 > y) and x < x1 + (y - y1) * (x2 - x1) / (y2 - y1):
            inside = not inside
    return inside


def ious(some: Floats, others: Floats) -> Floats:
    """Return intersection over union of each of N boxes with each of M; rows of four sides."""
    low = np.maximum(some[:, None, :2], others[None, :, :2])
    high = np.minimum(some[:, None, 2:], others[None, :, 2:])
    sides = np.maximum(high - low, 0.0)
    both = sides[..., 0] * sides[..., 1]
    sizes = (some[:, 2:] - some[:, :2]).prod(1)[:, None]
    other_sizes = (others[:, 2:] - others[:, :2]).prod(1)[None, :]
    found: Floats = both / np.maximum(sizes + other_sizes - both, 1e-12)
    return found


def parts(some: Floats, others: Floats) -> Floats:
    """Return how much of each box lies in others, each in its own; rows of four sides, or one."""
    sides = np.maximum(
        np.minimum(some[..., 2:], others[..., 2:]) - np.maximum(some[..., :2], others[..., :2]), 0.0
    )
    sizes = (some[..., 2:] - some[..., :2]).prod(-1)
    found: Floats = sides.prod(-1) / np.maximum(sizes, 1e-12)
    return found


def _between(one: float, value: float, other: float) -> bool:
    return min(one, other) - _EDGE <= value <= max(one, other) + _EDGE
