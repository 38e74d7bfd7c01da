"""A region made to fit the network's input, and boxes brought back from there.

The picture keeps its shape and sits in the top left corner, as YOLOX was trained.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from hub.api import Box, Region

Pixels = NDArray[np.uint8]


@dataclass(frozen=True, slots=True, kw_only=True)
class Fit:
    """Where a region lies in the input: ``width`` by ``height`` pixels from the top left."""

    width: int
    height: int
    place: Box

    def back(self, left: float, top: float, right: float, bottom: float) -> Box | None:
        """Return a box of input pixels in fractions of the whole frame.

        What sticks out of the region is cut off; none is left of a box that lies outside.
        """
        left, right = _within(left, self.width), _within(right, self.width)
        top, bottom = _within(top, self.height), _within(bottom, self.height)
        if left >= right or top >= bottom:
            return None
        wide = self.place.right - self.place.left
        high = self.place.bottom - self.place.top
        return Box(
            self.place.left + left * wide,
            self.place.top + top * high,
            self.place.left + right * wide,
            self.place.top + bottom * high,
        )


class Canvas:
    """The input's memory; a region is scaled right into it, without another copy."""

    def __init__(self, memory: Pixels, pad: int) -> None:
        self._memory = memory  # height, width, 3
        self._pad = pad
        self._shape = (0, 0)

    def put(self, region: Region) -> Fit:
        """Draw a region and grey around it."""
        import cv2

        picture = np.frombuffer(region.pixels, np.uint8).reshape(region.height, region.width, 3)
        height, width = self._shape_of(region)
        if (height, width) != self._shape:
            self._memory[:] = self._pad
            self._shape = (height, width)
        space = self._memory[:height, :width]
        if (height, width) == picture.shape[:2]:
            space[:] = picture
        else:
            cv2.resize(picture, (width, height), dst=space, interpolation=cv2.INTER_LINEAR)
        return Fit(width=width, height=height, place=region.place)

    def _shape_of(self, region: Region) -> tuple[int, int]:
        high, wide = self._memory.shape[:2]
        scale = min(high / region.height, wide / region.width)
        return (
            max(1, min(high, round(region.height * scale))),
            max(1, min(wide, round(region.width * scale))),
        )


def _within(value: float, size: int) -> float:
    return min(max(value / size, 0.0), 1.0)
