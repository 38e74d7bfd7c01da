"""A region drawn into a network's input, as that network was trained to see it."""

import numpy as np
from numpy.typing import NDArray

from detectors.heads.fit import Fit, Spot, spot
from hub.api import ModelInput, Region

Pixels = NDArray[np.uint8]
Floats = NDArray[np.float32]


class Canvas:
    """The input's memory: three planes of numbers.

    Scaling, splitting and converting here costs 0.2 to 0.6 ms; the same put into the network
    (OpenVINO's ``PrePostProcessor``) made an inference 0.8 ms dearer at 416 pixels, 2 at 640.
    """

    def __init__(self, memory: Floats, wanted: ModelInput) -> None:
        """``memory`` has the shape (3, height, width); a transposed view of another will do."""
        self._memory = memory
        self._wanted = wanted
        self._turn = 1 if wanted.colour == "BGR" else -1  # regions are blue, green, red
        std = np.array(wanted.std, np.float32)
        self._factors = (np.float32(wanted.top / 255) / std).astype(np.float32)
        self._offsets = (-np.array(wanted.mean, np.float32) / std).astype(np.float32)
        self._spot = Spot(left=0, top=0, width=0, height=0)
        self._scaled = np.empty((0, 0, 3), np.uint8)
        self._planes: list[Pixels] = []

    def put(self, region: Region) -> Fit:
        """Draw a region and grey around it."""
        import cv2

        picture = np.frombuffer(region.pixels, np.uint8).reshape(region.height, region.width, 3)
        high, wide = self._memory.shape[1:]
        at = spot(self._wanted, (wide, high), (region.width, region.height))
        if at != self._spot:
            self._clear(at)
        if picture.shape != self._scaled.shape:
            cv2.resize(picture, (at.width, at.height), self._scaled, interpolation=cv2.INTER_LINEAR)
            picture = self._scaled
        cv2.split(picture, self._planes)
        self._write(at)
        return Fit(width=at.width, height=at.height, left=at.left, top=at.top, place=region.place)

    def _write(self, at: Spot) -> None:
        rows = slice(at.top, at.top + at.height)
        columns = slice(at.left, at.left + at.width)
        planes = self._planes[:: self._turn]
        for plane, space, factor, offset in zip(
            planes, self._memory[:, rows, columns], self._factors, self._offsets, strict=True
        ):
            np.multiply(plane, factor, out=space)
            if offset:
                np.add(space, offset, out=space)

    def _clear(self, at: Spot) -> None:
        grey = self._wanted.pad * self._factors + self._offsets
        self._memory[:] = grey[:, None, None]
        self._spot = at
        self._scaled = np.empty((at.height, at.width, 3), np.uint8)
        self._planes = [np.empty((at.height, at.width), np.uint8) for _ in self._memory]
