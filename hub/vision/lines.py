"""Who went over which line, and which way.

What counts is that the way of a point went over the line itself, however far it went between
two looks; not over where the line would go on. Ways back take that back. A crossing counts once
the point is further beyond the line than its trembling explains (see ``edges``).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from msgspec import Struct

from hub.vision.edges import Paths, Run
from hub.vision.facts import LineChange, Pace, Track, Tracks
from hub.vision.places import Places, Sight, Sway
from hub.vision.plan import LinePlan

_CLEAR: Final = 3.0  # times the trembling: that far before a line is before it
_USUAL: Final = 16 / 9  # a frame's width over its height, until one is known


class Passage(Struct, kw_only=True):
    """Where one track is with one line.

    ``over`` is how often it went over the line from left to right, less the ways back, since
    the last that counted. ``across`` says that it walked over it as it was last seen.
    """

    over: int = 0
    across: bool = False
    run: Run


class LinesMemory(Struct, kw_only=True):
    """Who is where with every line, by its name and place, and the track's number.

    ``last`` is where each track was last seen, by the point that counts, in fractions of the
    frame; ``places`` how much each trembles.
    """

    lines: dict[str, dict[int, Passage]] = {}
    last: dict[str, dict[int, tuple[float, float]]] = {}
    places: dict[int, Sway] = {}


class Line:
    """One line and who went over it."""

    def __init__(self, plan: LinePlan) -> None:
        self.plan = plan
        self.passages: dict[int, Passage] = {}

    def follow(self, sight: Sight, row: int, over: int, away: float) -> Passage | None:
        """Take how a track went; returns its passage if it has crossed the line by now."""
        track, tremble = sight.tracks[row], sight.trembles[row]
        measured = sight.measured[row]
        passage = self.passages.get(track.number)
        if passage is None:
            if over == 0:
                return None
            passage = self.passages[track.number] = Passage(run=Run())
        passage.over += over
        if passage.over == 0:
            passage.run.fail(track.last)
            return None
        passage.run.go_on(away, tremble, track.last, sight.worth(row, away))
        return passage if self.counts(track) and passage.run.believed(tremble, measured) else None

    def end(self, number: int) -> Passage | None:
        """Forget a track; returns its passage if it went out of sight while it crossed."""
        passage = self.passages.pop(number, None)
        return passage if passage and passage.over and passage.across else None

    def counts(self, track: Track) -> bool:
        """Say whether a track is such as this line is for."""
        plan = self.plan
        wanted = not plan.objects or track.label in plan.objects
        return wanted and track.confirmed and track.score >= plan.min_score


@dataclass(slots=True)
class _Group:
    """The lines with one anchor, and where each track's point was last."""

    anchor: str
    lines: list[Line]
    last: dict[int, tuple[float, float]]
    aspect: float = 0.0
    paths: Paths | None = None

    def measure(self, sight: Sight) -> tuple[list[list[int]], list[list[float]]]:
        """Return how often each track went over each line, and how far it is from it."""
        if self.paths is None or self.aspect != sight.aspect:
            self.aspect = sight.aspect
            self.paths = Paths([each.plan.points for each in self.lines], sight.aspect)
        scale = (sight.aspect, 1.0)
        points = sight.points(self.anchor)
        places = list(map(tuple, (points / scale).tolist()))
        numbers = [each.number for each in sight.tracks]
        known = zip(numbers, places, strict=True)
        before = np.array([self.last.get(number, place) for number, place in known]) * scale
        self.last.update(zip(numbers, places, strict=True))
        # The same product as last time, or what did not move would have moved by a rounding.
        after = np.array(places) * scale
        return self.paths.crossed(before, after), self.paths.distances(after)

    def walks_over(self, sight: Sight, row: int, column: int) -> int:
        """Return how often a track goes over a line, as it walks, from clearly before it."""
        way = sight.ways[row]
        if way is None or self.paths is None:
            return 0
        after = sight.points(self.anchor)[row : row + 1]
        before = after - way
        clear = self.paths.distances(before)[0][column] >= _CLEAR * sight.trembles[row]
        return self.paths.crossed(before, after)[0][column] if clear else 0


class Lines:
    """All lines of a camera."""

    def __init__(self, plans: Sequence[LinePlan]) -> None:
        self._lines = [Line(each) for each in plans]
        self._places = Places()
        self._groups: list[_Group] = []
        self._group({})

    def replan(self, plans: Sequence[LinePlan]) -> None:
        """Take other lines; those that are the same go on."""
        known = {each.plan: each for each in self._lines}
        self._lines = [known.get(each) or Line(each) for each in plans]
        self._group({each.anchor: each.last for each in self._groups})

    def remember(self) -> LinesMemory:
        """Return what another start needs to go on from here: values of this very moment."""
        return LinesMemory(
            lines={_place(each.plan): each.passages for each in self._lines},
            last={each.anchor: each.last for each in self._groups},
            places=self._places.remember(),
        )

    def recall(self, memory: LinesMemory, later: float) -> None:
        """Take up what was remembered, with all its times so many seconds later."""
        self._places.recall(memory.places, later)
        self._group(memory.last)
        for line in self._lines:
            line.passages = memory.lines.get(_place(line.plan), {})
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
        changes = []
        if sight.tracks:
            changes = [each for group in self._groups for each in _crossed(group, sight, paces)]
        changes += self._ended(tracks.ended, paces)
        self._forget({each.number for each in tracks.live})
        return changes

    def _ended(
        self, ended: Sequence[Track], paces: Mapping[int, Pace] | None
    ) -> Iterable[LineChange]:
        for track in ended:
            for line in self._lines:
                passage = line.end(track.number)
                if passage is not None and line.counts(track):
                    yield _change(line, track, passage, paces)

    def _group(self, last: Mapping[str, dict[int, tuple[float, float]]]) -> None:
        self._groups = [
            _Group(
                anchor,
                [each for each in self._lines if each.plan.anchor == anchor],
                last.get(anchor, {}),
            )
            for anchor in dict.fromkeys(each.plan.anchor for each in self._lines)
        ]

    def _forget(self, alive: set[int]) -> None:
        """Let go of tracks that are over."""
        for group in self._groups:
            if group.last.keys() - alive:
                group.last = {key: each for key, each in group.last.items() if key in alive}
        for line in self._lines:
            for number in line.passages.keys() - alive:
                del line.passages[number]


def _place(plan: LinePlan) -> str:
    """Return a line's name and where it is: one that was moved has not been crossed before."""
    return f"{plan.name} {plan.anchor} {plan.points}"


def _crossed(group: _Group, sight: Sight, paces: Mapping[int, Pace] | None) -> Iterable[LineChange]:
    over, away = group.measure(sight)
    for row, track in enumerate(sight.tracks):
        for column, line in enumerate(group.lines):
            passage = line.follow(sight, row, over[row][column], away[row][column])
            if passage is not None:
                yield _change(line, track, passage, paces)
                passage.over, passage.run = 0, passage.run.end()
            elif (begun := line.passages.get(track.number)) and begun.over:
                begun.across = group.walks_over(sight, row, column) * begun.over > 0


def _change(
    line: Line, track: Track, passage: Passage, paces: Mapping[int, Pace] | None
) -> LineChange:
    pace = paces.get(track.number) if paces else None
    return LineChange(
        line=line.plan.name,
        track=track,
        inwards=passage.over > 0,
        speed=pace.now if pace else None,
    )
