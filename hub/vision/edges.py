"""On which side of a zone's edge or of a line things are, and whether that can be believed.

A box trembles, and with it the point that counts. So how deep a point is on the other side is
added up, look by look, above what its own trembling makes: a one-sided cumulative sum (Page,
1954, Biometrika 41), which takes a walker at once and forgets a trembling point. A look counts
for as much as it says that the one before did not (see ``places``). Lengths are in heights of
the frame, so that both directions count alike.
"""

from collections.abc import Sequence
from typing import Final

import numpy as np
from msgspec import Struct

from hub.vision.geometry import Floats

_BORDER: Final = 0.005  # of the frame; nobody draws the last pixel
_ON: Final = 1e-9  # a point this near an edge lies on it; far below a pixel
_GRID: Final = 24  # points along each side from which a polygon's depth is found
_THIN: Final = 1 / 16  # of a polygon's depth: trembling presumed in a thin one, at most

_ENOUGH: Final = 8.0  # times the trembling: by chance once in ten million looks
_RETURNS: Final = 2.0  # times what earlier runs came to that returned
_MOST: Final = 32.0  # times the trembling: enough whatever returned before
_HALF: Final = 30.0  # seconds in which what returned counts half
_LONG: Final = 3.0  # seconds of standing on the other side, however near the edge
_LOOKS: Final = 24  # looks of the same; by chance one in ten million
_DEEP: Final = 1.5  # times the trembling that was seen, on the mean; by chance it is 0.8
_LONGER: Final = 3.0  # times as long as anything that returned
_LONGEST: Final = 12.0  # seconds that are long whatever returned before


class Run(Struct, kw_only=True):
    """A stay on the other side that is not believed yet; ``since`` is none when there is none.

    ``depths`` is the depth added up, ``score`` what of it is more than trembling. ``tried`` and
    ``held`` are the best score and the longest time, in seconds, of runs that came to nothing,
    as of ``failed``.
    """

    since: float | None = None
    looks: float = 0.0
    score: float = 0.0
    depths: float = 0.0
    last: float = 0.0
    tried: float = 0.0
    held: float = 0.0
    failed: float = 0.0

    def go_on(self, depth: float, tremble: float, at: float, worth: float = 1.0) -> float:
        """Take a look that found it ``depth`` inside the other side; returns since when it is.

        ``worth`` is how much the look says that the one before did not say.
        """
        if self.since is None:
            self.since, self.looks, self.score, self.depths = at, 0.0, 0.0, 0.0
        if at > self.last or not self.looks:  # and not the same sight once more
            self.looks += worth
            self.depths += depth * worth
            self.score += max(0.0, depth - tremble) * worth
            self.last = at
        return self.since

    def fail(self, at: float) -> None:
        """Take that it is back: it trembled, or its visit was too short to count."""
        if self.since is None:
            return
        fade = 0.5 ** ((at - self.failed) / _HALF) if at > self.failed else 1.0
        self.tried = max(self.tried * fade, self.score)
        self.held = max(self.held * fade, at - self.since)
        self.failed, self.since = at, None

    def end(self) -> "Run":
        """Return what comes after it was believed; going back at once must be as clear as this."""
        return Run(tried=max(self.tried, self.score), held=self.held, failed=self.failed)

    def believed(self, tremble: float, measured: float = 0.0) -> bool:
        """Say whether the run has gone deep enough, or lasted long enough, to be true.

        ``measured`` is what trembling was seen.
        """
        if self.since is None:
            return False
        if self.score >= max(_ENOUGH * tremble, min(_RETURNS * self.tried, _MOST * tremble)):
            return True
        lasted = self.last - self.since
        long = max(_LONG, min(_LONGER * self.held, _LONGEST))
        deep = self.depths >= _DEEP * measured * self.looks or lasted >= _LONGEST
        return self.looks >= _LOOKS and lasted >= long and deep

    def shift(self, seconds: float) -> None:
        """Go over to another clock."""
        self.since = None if self.since is None else self.since + seconds
        self.last += seconds
        self.failed += seconds


def widened(polygon: Sequence[tuple[float, float]]) -> list[tuple[float, float]]:
    """Return a polygon that goes on beyond the frame where it ends at the frame's border.

    Feet that the border cuts off are seen at the border itself, and are as deep inside as can be.
    """
    found = []
    for before, here, after in zip(
        [polygon[-1], *polygon[:-1]], polygon, [*polygon[1:], polygon[0]], strict=True
    ):
        came, goes = _same_border(before, here), _same_border(here, after)
        out = (here[0] + _outward(here[0]), here[1] + _outward(here[1]))
        if not (came and goes):
            found += [out, here] if came else [here, out] if goes else [here]
        else:
            found.append(out)
    return found


class Surfaces:
    """Polygons, measured all at once."""

    def __init__(self, polygons: Sequence[Sequence[tuple[float, float]]], aspect: float) -> None:
        rings = [np.array(widened(each)) * (aspect, 1.0) for each in polygons]
        self._first = np.cumsum([0, *(len(each) for each in rings[:-1])])
        self._from = np.concatenate(rings)
        self._to = np.concatenate([np.roll(each, -1, axis=0) for each in rings])
        self._along = self._to - self._from
        self._square = np.maximum((self._along**2).sum(1), 1e-18)
        deepest = np.maximum(self.depths(_grid(aspect)).max(0), 1e-4)
        self.trembles: list[float] = (deepest * _THIN).tolist()

    def depths(self, points: Floats) -> Floats:
        """Return how deep each of N points lies in each polygon, negative outside; N rows."""
        off = points[:, None] - self._from
        part = ((off * self._along).sum(2) / self._square).clip(0.0, 1.0)
        away = off - part[..., None] * self._along
        near = np.sqrt(np.minimum.reduceat((away**2).sum(2), self._first, axis=1))
        y = points[:, None, 1]
        crosses = (self._from[:, 1] > y) != (self._to[:, 1] > y)
        # To the left of where the edge passes the point's height; signs instead of a division.
        turn = off[..., 1] * self._along[:, 0] - off[..., 0] * self._along[:, 1]
        left = (turn > 0) == (self._along[:, 1] > 0)
        inside = np.logical_xor.reduceat(crosses & left, self._first, axis=1)
        found: Floats = np.where(inside | (near <= _ON), np.maximum(near, _ON), -near)
        return found


class Paths:
    """Lines of one or more pieces, measured all at once."""

    def __init__(self, lines: Sequence[Sequence[tuple[float, float]]], aspect: float) -> None:
        corners = [np.array(each) * (aspect, 1.0) for each in lines]
        self._first = np.cumsum([0, *(len(each) - 1 for each in corners[:-1])])
        self._from = np.concatenate([each[:-1] for each in corners])
        self._to = np.concatenate([each[1:] for each in corners])
        self._along = self._to - self._from
        self._square = np.maximum((self._along**2).sum(1), 1e-18)

    def crossed(self, before: Floats, after: Floats) -> list[list[int]]:
        """Return how often each of N ways goes over each line from left to right, less back.

        Left and right as seen looking along it. A point on the line counts as right of it.
        """
        off = before[:, None] - self._from
        side = _turn(self._along, off) >= 0
        other = _turn(self._along, after[:, None] - self._from) >= 0
        way = (after - before)[:, None]
        start = _turn(way, -off) >= 0
        end = _turn(way, self._to - before[:, None]) >= 0
        meets = (side != other) & (start != end)
        over = meets * np.where(other, 1, -1)
        found: list[list[int]] = np.add.reduceat(over, self._first, axis=1).tolist()
        return found

    def distances(self, points: Floats) -> list[list[float]]:
        """Return how far each of N points is from each line."""
        off = points[:, None] - self._from
        part = ((off * self._along).sum(2) / self._square).clip(0.0, 1.0)
        away = ((off - part[..., None] * self._along) ** 2).sum(2)
        found: list[list[float]] = np.sqrt(np.minimum.reduceat(away, self._first, axis=1)).tolist()
        return found


def _turn(along: Floats, off: Floats) -> Floats:
    """Return what is positive where ``off`` points to the right of ``along``; y goes down."""
    found: Floats = along[..., 0] * off[..., 1] - along[..., 1] * off[..., 0]
    return found


def _grid(aspect: float) -> Floats:
    steps = (np.arange(_GRID) + 0.5) / _GRID
    return np.stack(np.meshgrid(steps * aspect, steps), -1).reshape(-1, 2)


def _outward(value: float) -> float:
    return -1.0 if value <= _BORDER else 1.0 if value >= 1.0 - _BORDER else 0.0


def _same_border(one: tuple[float, float], other: tuple[float, float]) -> bool:
    return any(_outward(a) == _outward(b) != 0.0 for a, b in zip(one, other, strict=True))
