"""One camera's pictures, one after the other: background, blobs, people."""

from collections.abc import Callable
from typing import Final

import cv2  # noqa: TID253 - imported in a worker only
import numpy as np
from numpy.typing import NDArray

from detectors.builtin.background import Area, Background
from detectors.builtin.blobs import Blob, blobs
from detectors.builtin.movers import Movers, score, upright
from hub.api import Box, Detection, Options, Region

Picture = NDArray[np.uint8]

WIDTH: Final = 320  # pixels: what is larger is made smaller, which also takes noise out
_MARGIN: Final = 3  # pixels around somebody that are not learned either
_STIR: Final = 14  # grey levels, above the noise of a picture made smaller
_DOUBT: Final = 3  # pictures without any change, after which somebody may be a trace
_STIRRED: Final = 4  # pixels


class Sight:
    """What the detector remembers of one camera."""

    def __init__(self, options: Options) -> None:
        self._options = options
        self._movers = Movers(options["hold"])
        self._background: Background | None = None
        self._last: Picture = np.zeros((0, 0, 3), np.uint8)

    def look(self, region: Region) -> list[Detection]:
        """Return the people in the next picture, as parts of the region."""
        picture = _small(region)
        mask = self._foreground(picture)
        if self._background is None or mask is None:
            self._movers.forget()
            return []
        tall = picture.shape[0]
        least, most = self._options["min_height"], self._options["max_height"]
        found = [each for each in blobs(mask) if upright(each, tall, least, most)]
        self._movers.follow(found, self._stirred(picture))
        self._drop_traces(self._background, picture, mask)
        self._background.learn(picture, mask, [_area(each) for each in self._movers.held()])
        return [
            Detection(label="person", score=score(each), box=_box(each.blob, picture.shape))
            for each in self._movers.people()
        ]

    def _foreground(self, picture: Picture) -> Picture | None:
        if self._background is None or picture.shape != self._last.shape:
            self._background = Background(picture, self._options["threshold"])
            self._last = picture
            return None
        return self._background.foreground(picture)

    def _drop_traces(self, background: Background, picture: Picture, mask: Picture) -> None:
        for each in self._movers.people():
            area = _area(each.blob)
            if each.frozen >= _DOUBT and background.is_trace(picture, mask, area):
                background.adopt(picture, area)
                self._movers.drop(each)

    def _stirred(self, picture: Picture) -> Callable[[Blob], bool]:
        """Return what tells whether anything within a blob changed since the last picture."""
        change = cv2.absdiff(picture, self._last)
        self._last = picture
        return lambda blob: bool((change[_area(blob)].max(axis=2) > _STIR).sum() >= _STIRRED)


def _area(blob: Blob) -> Area:
    return (
        slice(max(0, blob.top - _MARGIN), blob.bottom + _MARGIN),
        slice(max(0, blob.left - _MARGIN), blob.right + _MARGIN),
    )


def _small(region: Region) -> Picture:
    shape = (region.height, region.width, 3)
    picture = np.frombuffer(region.pixels, np.uint8).reshape(shape)
    if region.width <= WIDTH:
        return picture
    size = (WIDTH, max(1, round(region.height * WIDTH / region.width)))
    return np.asarray(cv2.resize(picture, size, interpolation=cv2.INTER_AREA), np.uint8)


def _box(blob: Blob, shape: tuple[int, ...]) -> Box:
    tall, wide = shape[:2]
    return Box(blob.left / wide, blob.top / tall, blob.right / wide, blob.bottom / tall)
