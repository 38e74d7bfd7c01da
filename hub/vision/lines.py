"""Who went over which line, and which way.

What counts is that the way of a point went over the line itself, however far it went between
two looks; not over where the line would go on. Ways back take that back. A crossing counts once
the point is further beyond the line than its trembling explains (see ``edges``).
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

import numpy as np
from msgspec import Struct

from hub.vision.edges import Path, Run
from hub.vision.facts import LineChange, Pace, Track, Tracks
from hub.vision.geometry import Floats
from hub.vision.places import Places, Sight, Sway
from hub.vision.plan import LinePlan

_USUAL: Final = 16 / 9  # a frame's width over its height, until one is known


class Passage(Struct, kw_only=True):
    """Where one track is with one line.

    ``x`` and ``y`` are where it was last seen, in fractions of the frame; ``over`` is how often
    it went over the line from left to right, less the ways back, since the last that counted.
    """

    x: float
    y: float
    over: int = 0
    run: Run


class LinesMemory(Struct, kw_only=True):
    """Who is where with every line, by its name, and how much tracks tremble, by number."""

    lines: dict[str, dict[int, Passage]] = {}
    places: dict[int, Sway] = {}


class Line:
    """One line and who is near it."""

    def __init__(self, plan: LinePlan, memory: dict[int, Passage] | None = None) -> None:
        self.plan = plan
        self.passages = memory or {}
        self._path = Path(plan.points, 1.0)
        self._aspect = 1.0

    def update(self, sight: Sight, paces: Mapping[int, Pace]) -> Iterable[LineChange]:
        """Yield who has crossed it by now."""
        if not sight.tracks:
            return
        if sight.aspect != self._aspect:
            self._aspect, self._path = sight.aspect, Path(self.plan.points, sight.aspect)
        points = sight.points(self.plan.anchor)
        before = self._before(sight, points)
        over = self._path.crossed(before, points)
        away = self._path.distances(points)
        places = (points / (sight.aspect, 1.0)).tolist()
        for row, track in enumerate(sight.tracks):
            passage = self.passages[track.number]
            (passage.x, passage.y), passage.over = places[row], passage.over + over[row]
            if passage.over == 0:
                passage.run.fail(track.last)
                continue
            tremble = sight.trembles[row]
            passage.run.go_on(away[row], tremble, track.last)
            if self._counts(track) and passage.run.believed(tremble):
                yield self._crossed(passage, track, paces.get(track.number))

    def forget(self, alive: set[int]) -> None:
        """Let go of tracks that are over."""
        if self.passages.keys() - alive:
            self.passages = {key: each for key, each in self.passages.items() if key in alive}

    def _before(self, sight: Sight, points: Floats) -> Floats:
        """Return where each was before; who is new was where they are."""
        found = []
        for track, (x, y) in zip(sight.tracks, points.tolist(), strict=True):
            known = self.passages.get(track.number)
            if known is None:
                known = Passage(x=x / sight.aspect, y=y, run=Run())
                self.passages[track.number] = known
            found.append((known.x * sight.aspect, known.y))
        return np.array(found)

    def _counts(self, track: Track) -> bool:
        plan = self.plan
        wanted = not plan.objects or track.label in plan.objects
        return wanted and track.confirmed and track.score >= plan.min_score

    def _crossed(self, passage: Passage, track: Track, pace: Pace | None) -> LineChange:
        inwards = passage.over > 0
        passage.over, passage.run = 0, passage.run.end()
        return LineChange(
            line=self.plan.name, track=track, inwards=inwards, speed=pace.now if pace else None
        )


class Lines:
    """All lines of a camera."""

    def __init__(self, plans: Sequence[LinePlan]) -> None:
        self._lines = [Line(each) for each in plans]
        self._places = Places()

    def replan(self, plans: Sequence[LinePlan]) -> None:
        """Take other lines; those that are the same go on."""
        known = {each.plan: each for each in self._lines}
        self._lines = [known.get(each) or Line(each) for each in plans]

    def remember(self) -> LinesMemory:
        """Return what another start needs to go on from here: values of this very moment."""
        lines = {each.plan.name: each.passages for each in self._lines}
        return LinesMemory(lines=lines, places=self._places.remember())

    def recall(self, memory: LinesMemory, later: float) -> None:
        """Take up what was remembered, with all its times so many seconds later."""
        self._places.recall(memory.places, later)
        for line in self._lines:
            line.passages = memory.lines.get(line.plan.name, {})
            for each in line.passages.values():
                each.run.shift(later)

    def update(
        self, tracks: Tracks, aspect: float = _USUAL, paces: Mapping[int, Pace] | None = None
    ) -> list[LineChange]:
        """Return who has crossed a line, now that the tracks are where they are.

        ``aspect`` is the frame's width over its height, ``paces`` the speeds that are known.
        """
        if not self._lines:
            return []
        sight = self._places.look(tracks.live, aspect)
        alive = {each.number for each in tracks.live}
        changes = [change for line in self._lines for change in line.update(sight, paces or {})]
        for line in self._lines:
            line.forget(alive)
        return changes
