"""Paint for the yard: shapes given in metres or pixels, and the luck that varies them."""

from collections.abc import Iterable, Sequence
from random import Random
from typing import Final

import cv2  # noqa: TID253 - imported in a worker only
import numpy as np
from numpy.typing import NDArray

from integrations.demo.perspective import Ground, View

Picture = NDArray[np.uint8]
Colour = tuple[int, int, int]
"""Blue, green, red."""

_SHIFT: Final = 4  # bits of a pixel's fraction in OpenCV's drawing


class Brush:
    """A canvas seen through a view, and what is drawn on it."""

    def __init__(self, view: View, seed: int) -> None:
        self.view = view
        self.canvas: Picture = np.zeros((view.height, view.width, 3), np.uint8)
        self.luck = Random(f"yard {seed}")  # noqa: S311 - a drawing, not a secret
        self.grain = np.random.default_rng(seed)

    def polygon(self, outline: Iterable[tuple[float, float]], colour: Colour) -> None:
        """Fill a polygon given in pixels."""
        points = np.round(np.array(list(outline)) * (1 << _SHIFT)).astype(np.int32)
        cv2.fillPoly(self.canvas, [points], colour, cv2.LINE_AA, _SHIFT)

    def line(
        self, a: tuple[float, float], b: tuple[float, float], colour: Colour, wide: float = 1.0
    ) -> None:
        """Draw a line; ``wide`` is in pixels of a picture 360 high."""
        ends = [(round(x * (1 << _SHIFT)), round(y * (1 << _SHIFT))) for x, y in (a, b)]
        thick = max(1, round(wide * self.view.height / 360))
        cv2.line(self.canvas, ends[0], ends[1], colour, thick, cv2.LINE_AA, _SHIFT)

    def dot(self, at: tuple[float, float, float], radius: float, colour: Colour) -> None:
        """Draw a ball at a point of the yard (right, up, away); all in metres."""
        x, y = self.view.pixel(*at)
        around = max(0.6, radius * self.view.scale(at[2])) * (1 << _SHIFT)
        centre = (round(x * (1 << _SHIFT)), round(y * (1 << _SHIFT)))
        cv2.circle(self.canvas, centre, round(around), colour, -1, cv2.LINE_AA, _SHIFT)

    def ground(self, corners: Iterable[Ground], colour: Colour, up: float = 0.0) -> None:
        """Fill a polygon that lies flat, ``up`` metres above the ground."""
        self.polygon([self.view.pixel(x, up, depth) for x, depth in corners], colour)

    def wall(self, sides: tuple[float, float, float, float], depth: float, colour: Colour) -> None:
        """Fill an upright rectangle that faces the camera: left, right, low, high in metres."""
        left, right, low, high = sides
        corners = ((left, low), (right, low), (right, high), (left, high))
        self.polygon([self.view.pixel(x, up, depth) for x, up in corners], colour)


def toned(colour: Colour, tone: float) -> Colour:
    """Return a colour made lighter or darker."""
    blue, green, red = (min(255, max(0, round(each * tone))) for each in colour)
    return (blue, green, red)


def dimmed(picture: Picture, left: Sequence[float]) -> Picture:
    """Return a picture with a part of its blue, green and red left, or of its only channel."""
    scale = np.array([*left, 1.0, 1.0, 1.0][:4])
    return np.asarray(cv2.multiply(picture, scale), np.uint8)


def blurred(picture: Picture, size: float) -> Picture:
    """Return a picture softened over about ``size`` pixels."""
    odd = max(1, round(size)) | 1
    return np.asarray(cv2.GaussianBlur(picture, (odd, odd), 0), np.uint8)
