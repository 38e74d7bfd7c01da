"""What a camera sees when nobody is there, learned all the time, and what differs from it.

A running mean per pixel, with how much the pixel usually trembles, as in W4 (Haritaoglu et
al., 2000); shadows are told by their colour, which is the background's, only darker
(Horprasert et al., 1999). Rates count pictures, because pictures come without a time.
"""

from collections.abc import Sequence
from typing import Final

import cv2  # noqa: TID253 - imported in a worker only
import numpy as np
from numpy.typing import NDArray

Picture = NDArray[np.uint8]
Floats = NDArray[np.float32]
Area = tuple[slice, slice]
"""Rows and columns of a picture."""

_RATE: Final = 0.06  # of the picture goes into the mean: at 5 a second it follows within 3 s
_SLOW: Final = 0.012  # the same where something is seen that is nobody: 17 s
_TREMBLE: Final = 3.2  # a pixel differs when it is so many times its usual difference off
_AROUND: Final = 10  # pixels around somebody that tell how the light behind them changes
_FLIP: Final = 0.45  # of all pixels: when so many differ, the light was switched
_DARK, _BRIGHT = 0.5, 0.96  # a shadow leaves so much of the background's brightness
_TRACE: Final = 1.6  # times stronger must the background's edges be than the picture's
_TINGE: Final = 11.0  # grey levels by which a shadow's colour may be off


class Background:
    """The background of one camera; ``threshold`` is the least difference in grey levels."""

    def __init__(self, first: Picture, threshold: int) -> None:
        self._threshold = threshold
        self._begin(first)

    def _begin(self, picture: Picture) -> None:
        self._mean: Floats = picture.astype(np.float32)
        self._tremble: Floats = np.full(picture.shape[:2], 1.0, np.float32)
        self._difference: Picture = np.zeros(picture.shape[:2], np.uint8)
        self._seen = 1

    def foreground(self, picture: Picture) -> Picture | None:
        """Return where the picture shows something (255), or none when the light has flipped.

        After a flip everything is learned anew from this picture.
        """
        mean = cv2.convertScaleAbs(self._mean)
        self._difference = _largest(cv2.absdiff(picture, mean))
        usual = cv2.convertScaleAbs(self._tremble, alpha=_TREMBLE)
        needed = np.maximum(usual, self._threshold)
        mask = np.asarray(cv2.compare(self._difference, needed, cv2.CMP_GT), np.uint8)
        if cv2.countNonZero(mask) > _FLIP * mask.size:
            self._begin(picture)
            return None
        self._without_shadows(picture, mask)
        return mask

    def learn(self, picture: Picture, mask: Picture, somebody: Sequence[Area]) -> None:
        """Take the picture in, but not where somebody is; slowly where something else is seen."""
        self._seen += 1
        rate = max(_RATE, 1 / self._seen)
        nobody = np.full(mask.shape, 255, np.uint8)
        for area in somebody:
            nobody[area] = 0
        empty = np.asarray(cv2.bitwise_and(nobody, cv2.bitwise_not(mask)), np.uint8)
        for area in somebody:
            self._relight(picture, empty, area, rate)
        cv2.accumulateWeighted(picture, self._mean, rate, mask=empty)
        cv2.accumulateWeighted(picture, self._mean, _SLOW, mask=cv2.bitwise_and(nobody, mask))
        cv2.accumulateWeighted(self._difference, self._tremble, _RATE, mask=nobody)

    def is_trace(self, picture: Picture, mask: Picture, area: Area) -> bool:
        """Say whether what is seen there is a trace of somebody whom the background holds.

        Then the outline is an edge of the background, and none of the picture.
        """
        rim = cv2.morphologyEx(mask[area], cv2.MORPH_GRADIENT, np.ones((3, 3), np.uint8))
        there = rim > 0
        now, then = _edges(picture[area]), _edges(cv2.convertScaleAbs(self._mean[area]))
        return bool(then[there].sum() > _TRACE * now[there].sum())

    def adopt(self, picture: Picture, area: Area) -> None:
        """Take the picture for the background there, at once."""
        self._mean[area] = picture[area]

    def _relight(self, picture: Picture, empty: Picture, area: Area, rate: float) -> None:
        """Let the light behind somebody change as it changes around them."""
        rows, columns = area
        around = (
            slice(max(0, rows.start - _AROUND), rows.stop + _AROUND),
            slice(max(0, columns.start - _AROUND), columns.stop + _AROUND),
        )
        now = np.array(cv2.mean(picture[around], mask=empty[around])[:3])
        then = np.array(cv2.mean(self._mean[around], mask=empty[around])[:3])
        if then.min() > 1:
            self._mean[area] *= (1 + rate * (now / then - 1)).astype(np.float32)

    def _without_shadows(self, picture: Picture, mask: Picture) -> None:
        places = np.flatnonzero(mask)
        now = picture.reshape(-1, 3)[places].astype(np.float32)
        then = self._mean.reshape(-1, 3)[places]
        bright = (now * then).sum(axis=1) / np.maximum((then * then).sum(axis=1), 1.0)
        tinge = np.abs(now - then * bright[:, None]).max(axis=1)
        shadow = (bright > _DARK) & (bright < _BRIGHT) & (tinge < _TINGE)
        mask.reshape(-1)[places[shadow]] = 0


def _edges(patch: object) -> Floats:
    grey = cv2.cvtColor(np.asarray(patch, np.uint8), cv2.COLOR_BGR2GRAY)
    across, down = (cv2.Sobel(grey, cv2.CV_32F, dx, 1 - dx) for dx in (1, 0))
    return np.asarray(cv2.magnitude(across, down), np.float32)


def _largest(difference: object) -> Picture:
    blue, green, red = cv2.split(np.asarray(difference, np.uint8))
    return np.asarray(cv2.max(cv2.max(blue, green), red), np.uint8)
