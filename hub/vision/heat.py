"""Where a camera saw motion in the last hours: a coarse map, to help to draw masks."""

from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

Pixels = NDArray[np.uint8]
Floats = NDArray[np.float32]

COLUMNS: Final = 64
ROWS: Final = 36
_HALF: Final = 6 * 3600.0  # seconds until motion counts half; a night's is gone by evening
_STEP: Final = 60.0  # seconds between fading; so little changes meanwhile
_LONGEST: Final = 2.0  # seconds that one frame may stand for


class Heat:
    """Seconds of motion in each cell, fading."""

    def __init__(self) -> None:
        self._cells: Floats = np.zeros((ROWS, COLUMNS), np.float32)
        self._now = 0.0
        self._faded = 0.0

    @property
    def cells(self) -> Floats:
        """Seconds of motion, row by row from the top."""
        return self._cells.copy()

    def remember(self) -> bytes:
        """Return the map as half floats, row by row: what another start can ``recall``."""
        return self._cells.astype(np.float16).tobytes()

    def recall(self, memory: bytes, gap: float) -> None:
        """Go on with the map of another start, which ended so many seconds ago."""
        if len(memory) == 2 * self._cells.size:  # or it is of another version
            cells = np.frombuffer(memory, np.float16).astype(np.float32)
            self._cells = cells.reshape(ROWS, COLUMNS) * np.float32(0.5 ** (gap / _HALF))

    def add(self, moved: Pixels | None, now: float) -> None:
        """Take a frame: ``moved`` is not nought where it moved, none where nothing did."""
        passed, self._now = min(max(0.0, now - self._now), _LONGEST), now
        if now - self._faded >= _STEP:
            self._cells *= np.float32(0.5 ** ((now - self._faded) / _HALF))
            self._faded = now
        if moved is not None:
            part = cv2.resize(moved, (COLUMNS, ROWS), interpolation=cv2.INTER_AREA)
            self._cells += part * np.float32(passed / 255)
