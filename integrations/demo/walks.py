"""Who walks through the yard, when, and along which way: a pure function of the seed.

Time is cut into slots, and each slot's visitor is drawn from a random generator of its own,
so any moment can be asked for without living through those before it.
"""

import math
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate, pairwise
from random import Random
from typing import Final

from integrations.demo.perspective import Ground

# A visitor steps on the doorstep every 15 to 20 s: often enough for somebody who watches.
VISIT_EVERY: Final = 18.5  # seconds
PASS_EVERY: Final = 31.0  # seconds
# The longest way through the picture, with the stay at the door.
_LONGEST: Final = 50.0  # seconds
# Detectors that learn a background get to see the yard empty before anybody comes.
_FIRST: Final = 1.2  # seconds
_TURN: Final = 0.5  # seconds for turning round at the door

DOOR: Final[Ground] = (1.8, 7.35)
_DRIVE: Final[Ground] = (-5.9, 6.2)
_FORK: Final[Ground] = (-1.15, 6.75)
_LANE: Final[Ground] = (-2.0, 12.3)
_LANE_LEFT: Final[Ground] = (-11.5, 12.6)
_LANE_HIDDEN: Final[Ground] = (1.0, 12.6)


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """A walker at one moment; ``heading`` is a unit vector, ``walked`` is in metres.

    ``pace`` is 0 when standing and 1 when walking; ``reach`` is how far an arm is lifted.
    """

    at: Ground
    heading: Ground
    walked: float
    pace: float
    reach: float = 0.0


class Way:
    """A line over the ground whose corners are rounded (Chaikin, 1974), measured in metres."""

    def __init__(self, *corners: Ground) -> None:
        self._points = list(corners)
        for _ in range(3):
            cut = [_between(a, b, part) for a, b in pairwise(self._points) for part in (0.25, 0.75)]
            self._points = [self._points[0], *cut[1:-1], self._points[-1]]
        pieces = (math.dist(a, b) for a, b in pairwise(self._points))
        self._marks = [0.0, *accumulate(pieces)]

    @property
    def length(self) -> float:
        """From end to end, in metres."""
        return self._marks[-1]

    @property
    def end(self) -> Ground:
        """Where it leads."""
        return self._points[-1]

    def step(self, walked: float) -> Step:
        """Return where somebody is who has walked so many metres of it."""
        piece = min(bisect_right(self._marks, walked), len(self._marks) - 1)
        a, b = self._points[piece - 1], self._points[piece]
        long = self._marks[piece] - self._marks[piece - 1]
        return Step(
            at=_between(a, b, (walked - self._marks[piece - 1]) / long),
            heading=((b[0] - a[0]) / long, (b[1] - a[1]) / long),
            walked=walked,
            pace=1.0,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Walker:
    """Somebody on a way in, perhaps staying, and then on a way out; times are in seconds."""

    name: str
    begins: float
    speed: float  # metres per second
    way_in: Way
    stays: float = 0.0
    way_out: Way | None = None

    @property
    def arrives(self) -> float:
        """When the way in ends."""
        return self.begins + self.way_in.length / self.speed

    @property
    def ends(self) -> float:
        """When the walker is gone."""
        out = self.way_out.length if self.way_out else 0.0
        return self.arrives + self.stays + out / self.speed

    def at(self, time: float) -> Step | None:
        """Return where the walker is, or none when not in the yard."""
        if not self.begins <= time < self.ends:
            return None
        stood = time - self.arrives
        if stood < 0 or self.way_out is None:
            return self.way_in.step((time - self.begins) * self.speed)
        if stood < self.stays:
            return self._standing(stood, self.way_out.step(0.0).heading)
        return self.way_out.step((stood - self.stays) * self.speed)

    def _standing(self, stood: float, out: Ground) -> Step:
        """Return somebody who faces the door, rings, waits, and turns round to go."""
        turned = _smooth((stood - self.stays + _TURN) / _TURN)
        away = math.atan2(out[1], out[0]) % math.tau
        angle = math.pi / 2 * (1 - turned) + away * turned
        x, depth = self.way_in.end
        return Step(
            at=(x + 0.025 * math.sin(1.7 * stood) * math.sin(0.6 * stood), depth),
            heading=(math.cos(angle), math.sin(angle)),
            walked=0.0,
            pace=0.0,
            reach=math.sin(math.pi * min(1.0, max(0.0, (stood - 0.5) / 1.6))),
        )


def walkers(seed: int, time: float) -> Iterator[Walker]:
    """Yield everybody who is in the yard at a time, in seconds since the scene began."""
    for every, make in ((VISIT_EVERY, _visitor), (PASS_EVERY, _passer)):
        newest = int((time + every) // every)
        for slot in range(max(0, newest - int(_LONGEST / every) - 1), newest + 1):
            walker = make(seed, slot)
            if walker.begins <= time < walker.ends:
                yield walker


@lru_cache(maxsize=64)
def _visitor(seed: int, slot: int) -> Walker:
    luck = Random(f"visitor {seed} {slot}")  # noqa: S311 - a drawing, not a secret
    first = slot == 0
    from_drive = slot % 3 != 1
    step = (DOOR[0] + luck.uniform(-0.3, 0.25), DOOR[1] + luck.uniform(-0.12, 0.12))
    near = (_DRIVE, (-3.2, 6.35), (_FORK[0], _FORK[1] - 0.15), (0.8, 7.1), step)
    far = (_LANE_HIDDEN, _LANE, (-1.5, 9.3), (-0.7, 7.2), (0.8, 7.25), step)
    way_in = Way(*(near if from_drive else far))
    back = luck.random() < 0.7  # noqa: PLR2004 - most go as they came
    way_out = Way(*reversed(near if back == from_drive else far))
    speed = 1.5 if first else luck.uniform(1.3, 1.6)
    # Slots are met at the door, however long the way to it is.
    met = slot * VISIT_EVERY + luck.uniform(-0.8, 0.8) + 6.5
    return Walker(
        name=f"visitor-{slot}",
        begins=_FIRST if first else met - way_in.length / speed,
        speed=speed,
        way_in=way_in,
        stays=luck.uniform(3.2, 5.0),
        way_out=way_out,
    )


@lru_cache(maxsize=64)
def _passer(seed: int, slot: int) -> Walker:
    luck = Random(f"passer {seed} {slot}")  # noqa: S311 - a drawing, not a secret
    lane = luck.choice((-0.35, 0.45))
    way = [(x, depth + lane) for x, depth in (_LANE_LEFT, _LANE_HIDDEN)]
    leftwards = luck.random() < 0.5  # noqa: PLR2004 - a coin
    return Walker(
        name=f"passer-{slot}",
        begins=slot * PASS_EVERY + luck.uniform(2.0, 8.0),
        speed=luck.uniform(1.0, 1.5),
        way_in=Way(*(reversed(way) if leftwards else way)),
    )


def _between(a: Ground, b: Ground, part: float) -> Ground:
    return (a[0] + (b[0] - a[0]) * part, a[1] + (b[1] - a[1]) * part)


def _smooth(part: float) -> float:
    part = min(1.0, max(0.0, part))
    return part * part * (3 - 2 * part)
