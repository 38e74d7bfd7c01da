"""How fast things go over the ground, from a rectangle on it whose size is known.

Four points and where they lie on the ground give the homography between the two planes exactly
(Hartley and Zisserman, Multiple View Geometry, 4.1). A foot trembles, so a speed is that of the
straight way that fits about a second of looks best.
"""

from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np

from hub.vision.facts import Pace, Tracks
from hub.vision.geometry import Floats, foot
from hub.vision.plan import GroundPlan, Point

_SKY: Final = 1e-9  # depth of what is at the horizon or above it
_SPAN: Final = 1.0  # seconds that a speed is measured over
_LOOKS: Final = 3  # at least, also where they are rarer than that
_OLDEST: Final = 2.0  # seconds
_SHORTEST: Final = 0.25  # seconds; less is trembling and no speed


class Ground:
    """The plane that things stand on."""

    def __init__(self, plan: GroundPlan) -> None:
        wide, deep = plan.width, plan.depth
        self._matrix = _homography(plan.points, ((0, 0), (wide, 0), (wide, deep), (0, deep)))
        middle = np.mean(plan.points, axis=0)
        self._front = np.sign(self._matrix[2] @ (*middle, 1.0))

    def place(self, x: float, y: float) -> tuple[float, float] | None:
        """Return where on the ground, in metres, a point of the picture is; none is the sky."""
        across, down, depth = (self._matrix @ (x, y, 1.0)).tolist()
        if depth * self._front <= _SKY:
            return None
        return across / depth, down / depth


@dataclass(slots=True)
class _Way:
    """Where one thing was lately, and what its speeds come to."""

    steps: deque[tuple[float, float, float]] = field(default_factory=deque)
    now: float | None = None
    total: float = 0.0
    looks: int = 0
    most: float = 0.0


class Speeds:
    """The speeds of all tracks of a camera; nothing where its ground is not known."""

    def __init__(self, plan: GroundPlan | None) -> None:
        self._ground = Ground(plan) if plan is not None else None
        self._ways: dict[int, _Way] = {}

    def update(self, tracks: Tracks) -> Mapping[int, Pace]:
        """Return how fast each track is, or was, by its number."""
        if self._ground is None:
            return {}
        ended = {each.number: self._ways.get(each.number) or _Way() for each in tracks.ended}
        self._ways = {each.number: self._ways.get(each.number) or _Way() for each in tracks.live}
        for each in tracks.live:
            if each.seen and (place := self._ground.place(*foot(each.box))) is not None:
                _step(self._ways[each.number], each.last, place)
        return {number: _pace(way) for number, way in (self._ways | ended).items()}


def _step(way: _Way, at: float, place: tuple[float, float]) -> None:
    if way.steps and at <= way.steps[-1][0]:
        return
    way.steps.append((at, *place))
    while way.steps[0][0] < at - _OLDEST or (
        len(way.steps) > _LOOKS and way.steps[0][0] < at - _SPAN - 1e-6
    ):
        way.steps.popleft()
    way.now = _speed(way.steps)
    if way.now is not None:
        way.total += way.now
        way.looks += 1
        way.most = max(way.most, way.now)


def _speed(steps: Sequence[tuple[float, float, float]]) -> float | None:
    """Return the slope of the best straight way (least squares), in metres per second."""
    if len(steps) < _LOOKS or steps[-1][0] - steps[0][0] < _SHORTEST:
        return None
    count = len(steps)
    middle = sum(each[0] for each in steps) / count
    spread = sum((each[0] - middle) ** 2 for each in steps)
    across = sum((each[0] - middle) * each[1] for each in steps) / spread
    down = sum((each[0] - middle) * each[2] for each in steps) / spread
    return float((across**2 + down**2) ** 0.5)


def _pace(way: _Way) -> Pace:
    return Pace(now=way.now, total=way.total, looks=way.looks, most=way.most)


def _homography(some: Sequence[Point], others: Sequence[Point]) -> Floats:
    """Return the 3x3 matrix that brings four points onto four others."""
    rows: list[tuple[float, ...]] = []
    right: list[float] = []
    for (x, y), (u, v) in zip(some, others, strict=True):
        rows.append((x, y, 1, 0, 0, 0, -u * x, -u * y))
        rows.append((0, 0, 0, x, y, 1, -v * x, -v * y))
        right += [u, v]
    solved = np.linalg.solve(np.array(rows, np.float64), np.array(right, np.float64))
    found: Floats = np.append(solved, 1.0).reshape(3, 3)
    return found
