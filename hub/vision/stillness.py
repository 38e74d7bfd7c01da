"""Tells which boxes stand still, however much they tremble.

Every box has an anchor: where it was when it last had moved. What stays near its anchor for
long enough is still; what is still has moved only when it has been away for a while.
"""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from hub.vision.geometry import Floats
from hub.vision.kalman import size_of

Bools = NDArray[np.bool_]

_AWAY: Final = 0.3  # of its own size; a detector's box trembles by less than a tenth
_GROWN: Final = 0.25  # natural logarithm of both edges: it came nearer, or went back
_HOLD: Final = 1.0  # seconds that a still thing must be away before it has moved


class Stillness:
    """Rows are boxes in the order they were added, as in the filter; sides as in ``Box``."""

    def __init__(self, after: float) -> None:
        self.after = after
        self.anchor: Floats = np.empty((0, 4))
        self.since: Floats = np.empty(0)  # when it came to its anchor
        self.still: Bools = np.empty(0, bool)
        self._away: Floats = np.empty(0)  # since when it has been off it; NaN when it is not

    def add(self, sides: Floats, since: Floats, still: Bools) -> None:
        """Begin to watch more boxes."""
        self.anchor = np.concatenate([self.anchor, sides])
        self.since = np.concatenate([self.since, since])
        self.still = np.concatenate([self.still, still])
        self._away = np.concatenate([self._away, np.full(len(sides), np.nan)])

    def keep(self, rows: list[int]) -> None:
        """Forget all boxes but these."""
        self.anchor, self.since = self.anchor[rows], self.since[rows]
        self.still, self._away = self.still[rows], self._away[rows]

    def quiet(self, rows: list[int]) -> list[int]:
        """Return those of some boxes that are still and in their places."""
        at = np.array(rows, np.intp)
        found: list[int] = at[self.still[at] & np.isnan(self._away[at])].tolist()
        return found

    def see(self, rows: list[int], sides: Floats, now: float, aspect: float) -> None:
        """Take where some boxes are now."""
        off = moved(self.anchor[rows], sides, aspect)
        away = np.where(off, np.fmin(self._away[rows], now), np.nan)
        gone = off & (~self.still[rows] | (now - away >= _HOLD))
        at = np.array(rows, np.intp)[gone]
        self.anchor[at], self.since[at] = sides[gone], now
        self._away[rows] = np.where(gone, np.nan, away)
        self.still[rows] = ~gone & (self.still[rows] | (now - self.since[rows] >= self.after))


def moved(anchors: Floats, sides: Floats, aspect: float) -> Bools:
    """Say which boxes are elsewhere than their anchors, or of another size.

    Where a passer-by hides one side of a thing, the other has not moved, and nor has it.
    """
    low, high = sides[:, :2] - anchors[:, :2], sides[:, 2:] - anchors[:, 2:]
    less = np.where(np.abs(low) < np.abs(high), low, high) * (low * high > 0)
    far = np.hypot(less[:, 0] * aspect, less[:, 1]) > _AWAY * size_of(anchors, aspect)
    edges, before = sides[:, 2:] - sides[:, :2], anchors[:, 2:] - anchors[:, :2]
    grown = np.log(np.maximum(edges, 1e-4) / np.maximum(before, 1e-4))
    other: Bools = (np.abs(grown).min(1) > _GROWN) & (grown.prod(1) > 0)
    found: Bools = far | other
    return found
