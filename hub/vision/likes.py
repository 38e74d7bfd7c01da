"""A detector that tells things apart, as a camera's thread asks it."""

from collections.abc import Callable, Sequence
from typing import Protocol

import numpy as np

from hub.api import Box, Detector, Invalid, Region
from hub.vision.geometry import Floats, clamp
from hub.vision.inference import why


class Picture(Protocol):
    """A frame that parts can be cut out of."""

    def region(self, place: Box, limit: tuple[int, int]) -> Region:
        """Cut a part out in colours, made smaller to fit ``limit``."""


class Likes:
    """Answers at once, or with none; ``failed`` is then told why."""

    def __init__(self, detector: Detector, failed: Callable[[str], None]) -> None:
        self._detector = detector
        self._failed = failed

    def on(self, frame: Picture) -> Callable[[Sequence[Box]], Floats | None]:
        """Return what tells how things look in a frame, by their boxes."""

        def look(boxes: Sequence[Box]) -> Floats | None:
            regions = [frame.region(clamp(each), self._detector.size) for each in boxes]
            try:
                return _rows(self._detector.likeness(regions), len(boxes))
            except Exception as error:  # noqa: BLE001 - a detector is a plugin's code
                self._failed(why(error))
                return None

        return look


def _rows(likeness: Sequence[Sequence[float]], wanted: int) -> Floats:
    """Return a row of finite numbers for each box; raises ``Invalid`` for anything else."""
    rows = np.array(likeness, np.float64)
    if rows.ndim != 2 or len(rows) != wanted or not np.isfinite(rows).all():  # noqa: PLR2004
        raise Invalid("what it says of how things look makes no sense")
    return rows
