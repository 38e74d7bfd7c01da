"""From metres in the yard to pixels in the picture, and nothing else.

The camera looks level, from under the eaves: the ground's rows lie below the horizon by
``focal * mounted / depth``, so nearer things are lower and larger.
"""

from dataclasses import dataclass
from typing import Final

MOUNTED: Final = 2.6  # metres above the ground, where one hangs a porch camera
_HORIZON: Final = 0.25  # of the picture's height
_FOCAL: Final = 0.65  # of the picture's width: a lens of 75 degrees

Ground = tuple[float, float]
"""Metres to the right of the camera's axis, and metres away from it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """A picture of some size in pixels; smaller or larger, it shows the same yard."""

    width: int
    height: int

    @property
    def horizon(self) -> float:
        """The row where the ground ends, in pixels."""
        return self.height * _HORIZON

    def scale(self, depth: float) -> float:
        """Return the pixels of one metre at a depth in metres."""
        return self.width * _FOCAL / depth

    def pixel(self, x: float, up: float, depth: float) -> tuple[float, float]:
        """Return where a point of the yard is seen: column and row in pixels."""
        scale = self.scale(depth)
        return self.width / 2 + x * scale, self.horizon + (MOUNTED - up) * scale
