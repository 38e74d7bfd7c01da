"""What a place usually looks like, and how much each part of it trembles.

A running average is the background, as it is everywhere (running averages for subtraction:
Piccardi, 2004). Two things keep what is no movement out of the difference: a pixel is compared
with the range of its neighbours, so that a camera that shakes by a pixel shows no edges; and a
second running average of the difference itself makes leaves, rain and a sensor's noise expect
more before they count.
"""

from collections.abc import Iterable
from math import exp
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from hub.api import Box
from hub.vision.geometry import grow

Pixels = NDArray[np.uint8]
Floats = NDArray[np.float32]

_LEARN: Final = 5.0  # seconds until a change is two thirds background; a parked car takes ~15 s
_TREMBLE: Final = 15.0  # seconds the same for how much a pixel trembles; a passer-by adds little
_CALM: Final = 30  # looks; so many calm ones are taken to have been before the first
_LIT: Final = 0.1  # of what is only lit otherwise, at each look
_MOST: Final = 30.0  # grey levels of difference; more says no more about trembling
_EXPECT: Final = 2.5  # times what it usually differs a pixel must differ; normal noise: 2 sigma
_GRID: Final = np.s_[6::12, 6::12]  # pixels enough to tell the light of a picture by
_BLACK: Final = np.float32(8)  # grey levels; keeps ratios of dark pixels apart from noise
_GAINS: Final = (0.6, 1.7)  # more than that between two looks is no exposure
_AROUND: Final = 0.06  # of the picture, around what moves: it may be there now
_SLOPES: Final = (0.2, 5.0)
_NEAR: Final = np.ones((3, 3), np.uint8)


class Background:
    """The background of one camera's small luma pictures, all of one size."""

    def __init__(self, first: Pixels) -> None:
        self._mean: Floats = first.astype(np.float32)
        self._tremble: Floats = np.zeros_like(self._mean)
        self._looks = 0
        self.shape = first.shape

    def gain(self, small: Pixels) -> float:
        """Return how much brighter a picture is than the background; 1 is the same."""
        ratios = ((small[_GRID] + _BLACK) / (self._mean[_GRID] + _BLACK)).ravel()
        middle = ratios.size // 2
        median = float(np.partition(ratios, middle)[middle]) if ratios.size else 1.0
        return min(max(median, _GAINS[0]), _GAINS[1])

    def usual(self, gain: float) -> Pixels:
        """Return the background in that light."""
        return np.asarray(cv2.convertScaleAbs(self._mean, alpha=gain), np.uint8)

    def apart(self, small: Pixels, usual: Pixels) -> Pixels:
        """Return by how many grey levels each pixel is out of its neighbours' range."""
        high, low = cv2.dilate(usual, _NEAR), cv2.erode(usual, _NEAR)
        above, below = cv2.subtract(small, high), cv2.subtract(low, small)
        return np.asarray(cv2.add(above, below), np.uint8)

    def changed(self, apart: Pixels, threshold: float) -> Pixels:
        """Return 255 where a difference is more than the threshold and what is expected there."""
        expected = cv2.convertScaleAbs(self._tremble, alpha=_EXPECT, beta=threshold)
        return np.asarray(cv2.compare(apart, expected, cv2.CMP_GT), np.uint8)

    def learn(self, small: Pixels, apart: Pixels, lit: Pixels | None, passed: float) -> None:
        """Follow a picture, ``passed`` seconds after the last; ``lit`` is where only light is."""
        self._looks += 1
        pace = max(1 - exp(-passed / _TREMBLE), 1 / (self._looks + _CALM))
        calm = None if lit is None else cv2.bitwise_not(lit)
        cv2.accumulateWeighted(
            cv2.threshold(apart, _MOST, 0, cv2.THRESH_TRUNC)[1], self._tremble, pace, mask=calm
        )
        pace = max(1 - exp(-passed / _LEARN), 1 / (self._looks + 1))
        cv2.accumulateWeighted(small, self._mean, pace)
        if lit is not None:
            cv2.accumulateWeighted(small, self._mean, _LIT, mask=lit)

    def relight(self, small: Pixels, moving: Iterable[Box]) -> None:
        """Take a picture in another light for the background, but for where something moves.

        There the old one is kept in the new greys (the line that fits all pixels best).
        """
        old, new = self._mean[_GRID].ravel(), small[_GRID].ravel().astype(np.float32)
        kept = self._mean
        if old.size:
            slope = float(((old - old.mean()) * (new - new.mean())).mean() / max(1.0, old.var()))
            kept = (kept - old.mean()) * np.clip(slope, *_SLOPES) + new.mean()
        self._mean = small.astype(np.float32)
        for box in moving:
            place = pixels(grow(box, _AROUND, _AROUND), self.shape)
            self._mean[place] = kept[place]


def pixels(box: Box, shape: tuple[int, ...]) -> tuple[slice, slice]:
    """Return where a box lies in a picture of that many rows and columns."""
    rows, columns = shape
    return (
        slice(int(box.top * rows), int(box.bottom * rows) + 1),
        slice(int(box.left * columns), int(box.right * columns) + 1),
    )
