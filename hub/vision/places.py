"""Where the points that count are, and how much they tremble."""

import math
from collections.abc import Callable, Sequence
from typing import Final

import numpy as np
from msgspec import Struct

from hub.vision.facts import Track
from hub.vision.geometry import Floats, area, sides_of

# What is presumed of a thing's trembling until enough was seen of it, and never less than.
_PRESUMED: Final = (0.005, 0.015)  # of the frame's height, and of the box's
_LEAST: Final = (0.003, 0.008)
_BELIEF: Final = 6  # looks that the presumption is worth
_MEASURED: Final = 8  # looks after which what was measured stands for itself
_MEMORY: Final = 250  # looks
_OUTLIER: Final = 5.0  # times the trembling; more is a turn, or another thing
_SWAY: Final = 0.55  # seconds; a box that a filter smooths sways rather than trembles
_ROUNDING: Final = 1e-6  # seconds
_FREE: Final = 0.25  # seconds after which a smoothed box's error is another; see ``kalman``
_PARKED: Final = 5.0  # times the trembling: how deep what is parked must be to count
_AWAY: Final = 0.3  # of its size; what is still has not gone further
_FOUND: Final = 0.25  # of a look: what is found again may be something beside it
_WALKING: Final = 2.0  # looks that one at somebody who walks is worth
_WALKS: Final = 8.0  # times the trembling; who has come further within a second walks
_UNEVEN: Final = 3.0  # times between two gaps of looks; more tells nothing of trembling

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
            # What goes on from two places of even noise errs by so many times its variance.
            part = gap / self.gap
            times = 2 * (1 + (1 + part) ** 2 + part**2)
            square = ((across - part * self.across) ** 2 + (down - part * self.down) ** 2) / times
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
    """One thing's trembling from look to look, and its swaying, which is slower.

    ``last`` is when it was seen. Parked things are not followed: their boxes are what they were
    when they last stirred, so the place where one first came to stand, ``rest`` (four sides), is
    its place until it has moved on; ``stood`` is since when it stands there.
    """

    fast: Tremble
    slow: Tremble
    last: float
    hidden: bool = False
    rest: tuple[float, float, float, float] | None = None
    stood: float = 0.0

    def parks(self, track: Track) -> tuple[float, float, float, float] | None:
        """Return the sides of what is parked; none for what is followed."""
        if not track.still or any(track.velocity):
            return None
        if self.rest is None or abs(self.stood - track.stood) > _ROUNDING:
            self.rest, self.stood = sides_of(track.box), track.stood
        return self.rest

    def see(self, x: float, y: float, at: float, presumed: float) -> None:
        """Take another place."""
        self.fast.see(x, y, at, presumed)
        self.slow.see(x, y, at, presumed)

    def deviation(self, presumed: float) -> float:
        """Return the deviation of its point by what was seen and presumed."""
        return math.sqrt(max(self.fast.variance(presumed), self.slow.variance(presumed)))

    def way(self, x: float, y: float, tremble: float) -> tuple[float, float] | None:
        """Return how far it has come within the last second or so; none if it does not walk."""
        slow = self.slow
        across, down = x - slow.x + slow.across, y - slow.y + slow.down
        walks = not self.hidden and math.hypot(across, down) >= _WALKS * tremble
        return (across, down) if walks else None

    def worth(self, at: float) -> float:
        """Return how much a look at what does not walk says that the last one did not, up to 1.

        Errors of a smoothed box last, so looks soon after each other err alike.
        """
        if self.hidden:
            return _FOUND
        return min(1.0, (at - self.last) / _FREE) if at > self.last else 1.0


class Sight:
    """The tracks that a look found, their points, and how much each trembles.

    Lengths are in heights of the frame.
    """

    def __init__(self, tracks: Sequence[Track], boxes: Floats, aspect: float) -> None:
        self.tracks = tracks
        self.aspect = aspect
        self.trembles: list[float] = []
        self.measured: list[float] = []
        self.ways: list[tuple[float, float] | None] = []  # of those that walk: how they came
        self.worths: list[float] = []  # how much each look proves
        self.leasts: list[float] = []  # how far from an edge that begins
        self._boxes = boxes

    def tremble(self, row: int, presumed: float) -> float:
        """Return what a track trembles by at an edge where more than ``presumed`` is not likely.

        What was measured of it is believed all the same.
        """
        return min(self.trembles[row], max(presumed, self.measured[row]))

    def worth(self, row: int, away: float) -> float:
        """Return how much a track's being ``away`` from an edge proves, up to 1."""
        return self.worths[row] if away >= self.leasts[row] else 0.0

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
            each.last, each.stood = each.last + later, each.stood + later

    def look(self, live: Sequence[Track], aspect: float) -> Sight:
        """Return what is seen now; who is out of sight may be anywhere."""
        seen = [each for each in live if each.seen]
        parked = [self._parked(each) for each in seen]
        sides = [rest or sides_of(each.box) for each, rest in zip(seen, parked, strict=True)]
        look = Sight(seen, np.array(sides).reshape(-1, 4).clip(0.0, 1.0), aspect)
        points = look.points("foot").tolist()
        for track, (x, y), rest in zip(seen, points, parked, strict=True):
            tall = track.box.bottom - track.box.top
            presumed = max(_PRESUMED[0], _PRESUMED[1] * tall)
            known = self._known.get(track.number)
            if known is None:
                fast = Tremble(x=x, y=y, at=track.last)
                slow = Tremble(x=x, y=y, at=track.last, apart=_SWAY)
                known = Sway(fast=fast, slow=slow, last=-math.inf)
                self._known[track.number] = known
            if rest is None:
                known.see(x, y, track.last, presumed)
            tremble = max(known.deviation(presumed), _LEAST[0], _LEAST[1] * tall)
            way = known.way(x, y, tremble)
            look.ways.append(way)
            look.worths.append(_WALKING if way else known.worth(track.last))
            look.leasts.append(_least(track, rest, tremble, aspect))
            known.last, known.hidden = track.last, False
            look.trembles.append(tremble)
            look.measured.append(max(known.fast.measured, known.slow.measured))
        for each in live:
            if not each.seen and (known := self._known.get(each.number)):
                known.hidden = True
        self._forget(live)
        return look

    def _parked(self, track: Track) -> tuple[float, float, float, float] | None:
        known = self._known.get(track.number)
        return known.parks(track) if known else None

    def _forget(self, live: Sequence[Track]) -> None:
        if len(self._known) > len(live):
            alive = {each.number for each in live}
            self._known = {key: each for key, each in self._known.items() if key in alive}


def _least(
    track: Track, rest: tuple[float, float, float, float] | None, tremble: float, aspect: float
) -> float:
    """Return how deep on the other side a thing must be for that to say anything."""
    if not track.still:
        return 0.0
    if rest is not None:
        return _PARKED * tremble
    return _AWAY * math.sqrt(area(track.box) * aspect)
