"""Light on a place leaves its texture; things do not.

A lamp, a cloud, a beam multiplies what was there, and softly: the logarithm of the ratio to the
background is smooth. The outline of a thing is a leap in it, whatever its colour.
"""

from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

Pixels = NDArray[np.uint8]

_OCTAVE: Final = 40.0  # steps for a doubling of the light
_BLACK: Final = 16.0  # grey levels; keeps noise in the dark from being large ratios
_LOGARITHM: Final = np.round(
    (_OCTAVE * np.log2((np.arange(256) + _BLACK) / _BLACK)).clip(0, 255)
).astype(np.uint8)
_EVEN: Final = 128.0  # the same light; three octaves less or more are as good as all
_SOFT: Final = (13, 13)  # pixels of half a picture; light changes over more than that
_LEAP: Final = 7.0  # steps (an eighth): noise makes fewer, an outline more
_FILL: Final = np.ones((7, 7), np.uint8)  # an outline's surroundings are the thing's, too
_DETAIL: Final = (9, 9)  # pixels; texture is what is smaller


def things(small: Pixels, usual: Pixels) -> Pixels:
    """Return not nought where a picture differs from the background by more than light."""
    ratio = cv2.addWeighted(_logarithm(small), 1.0, _logarithm(usual), -1.0, _EVEN)
    away = cv2.absdiff(ratio, cv2.blur(ratio, _SOFT))
    _, leaps = cv2.threshold(away, _LEAP, 255, cv2.THRESH_BINARY)
    size = (small.shape[1], small.shape[0])
    found = cv2.resize(cv2.dilate(leaps, _FILL), size, interpolation=cv2.INTER_LINEAR)
    return np.asarray(found, np.uint8)


def alike(small: Pixels, usual: Pixels, where: Pixels | None = None) -> float:
    """Return how much of the texture is the same (correlation): 1 all, about 0 none.

    ``where`` is not nought in the pixels that count; none means all.
    """
    one, other = _detail(small), _detail(usual)
    if where is not None:
        size = (one.shape[1], one.shape[0])
        chosen = cv2.resize(where, size, interpolation=cv2.INTER_NEAREST) > 0
        one, other = one[chosen], other[chosen]
    together = float((one * other).sum())
    return together / float(np.sqrt((one * one).sum() * (other * other).sum()) + 1.0)


def _half(picture: Pixels) -> Pixels:
    size = (max(1, picture.shape[1] // 2), max(1, picture.shape[0] // 2))
    return np.asarray(cv2.resize(picture, size, interpolation=cv2.INTER_AREA), np.uint8)


def _logarithm(picture: Pixels) -> Pixels:
    return np.asarray(cv2.LUT(_half(picture), _LOGARITHM), np.uint8)


def _detail(picture: Pixels) -> NDArray[np.float32]:
    half = _half(picture).astype(np.float32)
    return np.asarray(half - cv2.blur(half, _DETAIL), np.float32)
