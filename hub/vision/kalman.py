"""Where a box will be: its four sides move at constant velocity, each for itself.

One filter holds all boxes of a camera, because numpy's price is per call, not per row. A
side's state is its place and speed, with their covariance (two by two, written out). All
noise is in the box's own size, the root of its area, so near and far things behave alike.
"""

from math import exp
from typing import Final

import numpy as np

from hub.vision.geometry import Floats

_SPEED: Final = 1.5  # sizes per second that something new may be doing; a walker does 1.3
_PUSH: Final = 2.0  # sizes per second squared; people start, stop and turn within a second
_SIGHT: Final = 0.06  # sizes; by how much a detector's sides tremble
_GROWTH: Final = 0.5  # seconds; a box does not go on growing for long
_LEAP: Final = 1.5  # standard deviations
_LONGEST: Final = 2.0  # seconds that a speed is believed without a sight


class Kalman:
    """The filter. Rows are boxes in the order they were added; sides as in ``Box``."""

    def __init__(self) -> None:
        self.sides: Floats = np.empty((0, 4))
        self._speed: Floats = np.empty((0, 4))
        self._place: Floats = np.empty((0, 4))  # variance of the place
        self._mixed: Floats = np.empty((0, 4))  # covariance of place and speed
        self._rate: Floats = np.empty((0, 4))  # variance of the speed

    def __len__(self) -> int:
        return len(self.sides)

    @property
    def speed(self) -> Floats:
        """How fast each side moves, in fractions of the frame per second."""
        return self._speed

    def sizes(self, aspect: float) -> Floats:
        """Return each box's size, the root of its area, in heights of the frame."""
        return size_of(self.sides, aspect)

    def spread(self) -> Floats:
        """Return the standard deviation of each box's place, across and down."""
        found: Floats = np.sqrt((self._place[:, :2] + self._place[:, 2:]) / 2)
        return found

    def predict(self, seconds: float, aspect: float) -> None:
        """Move every box on in time."""
        passed = min(max(seconds, 0.0), _LONGEST)
        push = (self._scale(self.sides, aspect) * _PUSH) ** 2
        self.sides = self.sides + self._speed * passed
        self._slow_growth(passed)
        self._place += passed * (2 * self._mixed + passed * self._rate) + push * passed**4 / 4
        self._mixed += passed * self._rate + push * passed**3 / 2
        self._rate += push * passed**2

    def correct(self, rows: list[int], seen: Floats, trust: Floats, aspect: float) -> None:
        """Take what was seen of some boxes; a ``trust`` below 1 counts less."""
        noise = (self._scale(seen, aspect) * _SIGHT / trust[:, None]) ** 2
        off = seen - self.sides[rows]
        place, mixed = self._place[rows], self._mixed[rows]
        gain, turn = place / (place + noise), mixed / (place + noise)
        self.sides[rows] += gain * off
        # A side that leaps (a leg hidden by a passer-by) has moved, but gained no such speed.
        likely = _LEAP * np.sqrt(place + noise)
        self._speed[rows] += turn * np.clip(off, -likely, likely)
        self._rate[rows] -= turn * mixed
        self._mixed[rows] = (1 - gain) * mixed
        self._place[rows] = (1 - gain) * place

    def add(self, seen: Floats, aspect: float) -> None:
        """Begin to follow more boxes, of unknown speed."""
        scale = self._scale(seen, aspect)
        self.sides = np.concatenate([self.sides, seen])
        self._speed = np.concatenate([self._speed, np.zeros_like(seen)])
        self._place = np.concatenate([self._place, (scale * _SIGHT) ** 2])
        self._mixed = np.concatenate([self._mixed, np.zeros_like(seen)])
        self._rate = np.concatenate([self._rate, (scale * _SPEED) ** 2])

    def push(self, speed: Floats) -> None:
        """Say how fast the boxes that were added last move already."""
        self._speed[len(self._speed) - len(speed) :] = speed

    def keep(self, rows: list[int]) -> None:
        """Forget all boxes but these."""
        self.sides, self._speed = self.sides[rows], self._speed[rows]
        self._place, self._mixed, self._rate = (
            self._place[rows],
            self._mixed[rows],
            self._rate[rows],
        )

    def coast(self, rows: list[int]) -> None:
        """Let boxes that are out of sight keep their size and only move on.

        Whatever hides a thing first hides one side of it, so the slower of two sides is right.
        """
        low, high = self._speed[rows, :2], self._speed[rows, 2:]
        slower = np.where(np.abs(low) < np.abs(high), low, high) * (low * high > 0)
        self._speed[rows] = np.concatenate([slower, slower], axis=1)

    def _slow_growth(self, passed: float) -> None:
        low, high = self._speed[:, :2], self._speed[:, 2:]
        middle, growth = (low + high) / 2, (high - low) / 2 * exp(-passed / _GROWTH)
        self._speed = np.concatenate([middle - growth, middle + growth], axis=1)

    @staticmethod
    def _scale(sides: Floats, aspect: float) -> Floats:
        size = size_of(sides, aspect)[:, None]
        return np.concatenate([size / aspect, size, size / aspect, size], axis=1)


def size_of(sides: Floats, aspect: float) -> Floats:
    """Return the root of each box's area, in heights of the frame."""
    edges = np.maximum(sides[:, 2:] - sides[:, :2], 1e-4)
    found: Floats = np.sqrt(edges[:, 0] * edges[:, 1] * aspect)
    return found
