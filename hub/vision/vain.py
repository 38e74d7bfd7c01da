"""Where motion was looked at again and again and nothing was there: leaves, flags, water.

A coarse grid counts the looks in vain. A box of motion is dull when all of it has been looked at
that often: then it is looked at more and more rarely, but never less than every two seconds. As
soon as it reaches beyond, or somebody is followed there, it is looked at as anything else.
"""

from collections.abc import Iterable, Sequence
from math import ceil
from typing import Final

import numpy as np
from numpy.typing import NDArray

from hub.api import Box
from hub.vision.geometry import touch

_ROWS: Final = 9
_COLUMNS: Final = 16
_OFTEN: Final = 10.0  # looks; two seconds at five a second, in which a person is found
_DOUBLED: Final = 4.0  # further looks after which the wait is twice as long
_SHORT: Final = 0.4  # seconds between looks at first
_LONG: Final = 2.0  # seconds; who comes out of a bush is told no later than that
_FORGET: Final = 60.0  # seconds until half of it is forgotten


class Vain:
    """Counts looks in vain for one camera."""

    def __init__(self) -> None:
        self._counts: NDArray[np.float64] = np.zeros((_ROWS, _COLUMNS))
        self._now = 0.0
        self._looked = float("-inf")

    def due(self, boxes: Sequence[Box], now: float) -> bool:
        """Say whether any of these boxes of motion is to be looked at now."""
        self._forget(now)
        if not boxes:
            return False
        least = min(float(self._counts[_cells(each)].min()) for each in boxes)
        if least < _OFTEN:
            return True
        return now - self._looked >= min(_LONG, _SHORT * 2 ** ((least - _OFTEN) / _DOUBLED)) - 1e-6

    def looked(self, boxes: Iterable[Box], known: Sequence[Box], now: float) -> None:
        """Note a look at boxes of motion; ``known`` are those of what is followed."""
        self._looked = now
        for each in boxes:
            if not any(touch(each, other) for other in known):
                self._counts[_cells(each)] += 1.0
        for each in known:
            self._counts[_cells(each)] = 0.0

    def _forget(self, now: float) -> None:
        self._counts *= 0.5 ** ((now - self._now) / _FORGET)
        self._now = now


def _cells(box: Box) -> tuple[slice, slice]:
    top, left = int(box.top * _ROWS), int(box.left * _COLUMNS)
    return (
        slice(min(top, _ROWS - 1), max(top + 1, ceil(box.bottom * _ROWS))),
        slice(min(left, _COLUMNS - 1), max(left + 1, ceil(box.right * _COLUMNS))),
    )
