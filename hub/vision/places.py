"""Where the points that count are, and how much they tremble."""

import math
from collections.abc import Callable, Sequence
from typing import Final

import numpy as np
from msgspec import Struct

from hub.api import Box
from hub.vision.facts import Track
from hub.vision.geometry import Floats

# What is presumed of a thing's trembling until enough was seen of it, and never less than.
_PRESUMED: Final = (0.005, 0.015)  # of the frame's height, and of the box's
_LEAST: Final = (0.003, 0.008)
_BELIEF: Final = 6  # looks that the presumption is worth
_MEASURED: Final = 8  # looks after which what was measured stands for itself
_MEMORY: Final = 250  # looks
_OUTLIER: Final = 5.0  # times the trembling; more is a turn, or another thing
_SWAY: Final = 0.55  # seconds; a box that a filter smooths sways rather than trembles
_UNEVEN: Final = 1.5  # times between two gaps of looks; more tells nothing of trembling

_POINTS: Final[dict[str, Callable[[Floats], Floats]]] = {
    "foot": lambda box: np.stack([(box[:, 0] + box[:, 2]) / 2, box[:, 3]], -1),
    "centre": lambda box: np.stack([(box[:, 0] + box[:, 2]) / 2, (box[:, 1] + box[:, 3]) / 2], -1),
    "top": lambda box: np.stack([(box[:, 0] + box[:, 2]) / 2, box[:, 1]], -1),
    "left": lambda box: np.stack([box[:, 0], (box[:, 1] + box[:, 3]) / 2], -1),
    "right": lambda box: np.stack([box[:, 2], (box[:, 1] + box[:, 3]) / 2], -1),
}


class Tremble(Struct, kw_only=True):
    """How much one thing's foot point trembles: its last two places, and a variance.

    Places nearer in time than ``apart`` seconds are passed over.
    """

    x: float
    y: float
    at: float
    apart: float = 0.0
    gap: float = 0.0
    across: float = 0.0  # from the place before, in heights of the frame
    down: float = 0.0
    looks: int = 0
    square: float = 0.0

    def see(self, x: float, y: float, at: float, presumed: float) -> None:
        """Take another place; what does not go on as before is trembling, or a turn."""
        gap, across, down = at - self.at, x - self.x, y - self.y
        if gap <= self.apart:
            return
        if 0.0 < self.gap <= _UNEVEN * gap and gap <= _UNEVEN * self.gap:
            # A second difference of even noise has six times its variance, in either direction.
            square = ((across - self.across) ** 2 + (down - self.down) ** 2) / 12
            known = self.variance(presumed)
            self.looks = min(self.looks + 1, _MEMORY)
            self.square += (min(square, _OUTLIER**2 * known) - self.square) / self.looks
        self.x, self.y, self.at, self.gap = x, y, at, gap
        self.across, self.down = across, down

    def variance(self, presumed: float) -> float:
        """Return the variance by what was seen and what was presumed."""
        total = self.square * self.looks + presumed**2 * _BELIEF
        return total / (self.looks + _BELIEF)

    @property
    def measured(self) -> float:
        """Its deviation as far as it was seen; nought before enough was."""
        return math.sqrt(self.square) if self.looks >= _MEASURED else 0.0


class Sway(Struct, kw_only=True):
    """One thing's trembling from look to look, and its swaying, which is slower."""

    fast: Tremble
    slow: Tremble

    def see(self, x: float, y: float, at: float, presumed: float) -> float:
        """Take another place; returns the deviation."""
        self.fast.see(x, y, at, presumed)
        self.slow.see(x, y, at, presumed)
        return math.sqrt(max(self.fast.variance(presumed), self.slow.variance(presumed)))


class Sight:
    """The tracks that a look found, their points, and how much each trembles.

    Lengths are in heights of the frame.
    """

    def __init__(self, tracks: Sequence[Track], boxes: Floats, aspect: float) -> None:
        self.tracks = tracks
        self.aspect = aspect
        self.trembles: list[float] = []
        self.measured: list[float] = []
        self._boxes = boxes

    def tremble(self, row: int, presumed: float) -> float:
        """Return what a track trembles by at an edge where more than ``presumed`` is not likely.

        What was measured of it is believed all the same.
        """
        return min(self.trembles[row], max(presumed, self.measured[row]))

    def points(self, anchor: str) -> Floats:
        """Return the point that counts of each, as x and y; N rows."""
        return _POINTS[anchor](self._boxes) * (self.aspect, 1.0)


class Places:
    """The places of all tracks, look by look."""

    def __init__(self) -> None:
        self._known: dict[int, Sway] = {}

    def remember(self) -> dict[int, Sway]:
        """Return what another start needs to go on from here: values of this very moment."""
        return self._known

    def recall(self, memory: dict[int, Sway], later: float) -> None:
        """Take up what was remembered, with all its times so many seconds later."""
        self._known = memory
        for each in memory.values():
            each.fast.at += later
            each.slow.at += later

    def look(self, live: Sequence[Track], aspect: float) -> Sight:
        """Return what is seen now; who is out of sight may be anywhere."""
        seen = [each for each in live if each.seen]
        sides = np.array([_sides(each.box) for each in seen]).reshape(-1, 4).clip(0.0, 1.0)
        look = Sight(seen, sides, aspect)
        for track, (x, y) in zip(seen, look.points("foot").tolist(), strict=True):
            tall = track.box.bottom - track.box.top
            presumed = max(_PRESUMED[0], _PRESUMED[1] * tall)
            known = self._known.get(track.number)
            if known is None:
                fast = Tremble(x=x, y=y, at=track.last)
                slow = Tremble(x=x, y=y, at=track.last, apart=_SWAY)
                known = self._known[track.number] = Sway(fast=fast, slow=slow)
            deviation = known.see(x, y, track.last, presumed)
            look.trembles.append(max(deviation, _LEAST[0], _LEAST[1] * tall))
            look.measured.append(max(known.fast.measured, known.slow.measured))
        self._forget(live)
        return look

    def _forget(self, live: Sequence[Track]) -> None:
        if len(self._known) > len(live):
            alive = {each.number for each in live}
            self._known = {key: each for key, each in self._known.items() if key in alive}


def _sides(box: Box) -> tuple[float, float, float, float]:
    return box.left, box.top, box.right, box.bottom
