"""Where a region lies in a network's input, and how boxes come back from there."""

from dataclasses import dataclass

from hub.api import Box, ModelInput


@dataclass(frozen=True, slots=True, kw_only=True)
class Fit:
    """A region of ``width`` by ``height`` pixels, ``left`` and ``top`` from the input's corner.

    ``place`` is the region's own place in the frame.
    """

    width: int
    height: int
    place: Box
    left: int = 0
    top: int = 0

    def back(self, left: float, top: float, right: float, bottom: float) -> Box | None:
        """Return a box of input pixels in fractions of the whole frame.

        What sticks out of the region is cut off; none is left of a box that lies outside.
        """
        left, right = _within(left - self.left, self.width), _within(right - self.left, self.width)
        top, bottom = _within(top - self.top, self.height), _within(bottom - self.top, self.height)
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Spot:
    """A part of an input, in pixels."""

    left: int
    top: int
    width: int
    height: int


def spot(wanted: ModelInput, inside: tuple[int, int], region: tuple[int, int]) -> Spot:
    """Return where a region (width, height) goes inside an input of this size."""
    wide, high = inside
    if wanted.fit == "stretch":
        return Spot(left=0, top=0, width=wide, height=high)
    scale = min(wide / region[0], high / region[1])
    width = max(1, min(wide, round(region[0] * scale)))
    height = max(1, min(high, round(region[1] * scale)))
    if wanted.fit == "centre":
        return Spot(left=(wide - width) // 2, top=(high - height) // 2, width=width, height=height)
    return Spot(left=0, top=0, width=width, height=height)


def _within(value: float, size: int) -> float:
    return min(max(value / size, 0.0), 1.0)
