"""Whether a pipeline's events say what happened: visits, persons, exits and line counts.

A truth gives times within a few frames of what an eye saw, so edges are compared with a
tolerance. Track names mean nothing; who is there when, and where they go, is all that counts.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from hub.api import Box, LineCrossed, ObjectAppeared, ObjectLeft
from hub.api.vision import VisionEvent

_ONE_VISIT: Final = 2.0  # seconds without anybody that still belong to one visit
# So near its edge somebody was last seen who left over it; a step further nobody saw them.
_EDGE: Final = 0.15  # of the picture

Counts = Mapping[str, int]
Span = tuple[float, float]
"""From and to, in seconds from the recording's start."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """Somebody is there for a while; whether an ``optional`` one is seen does not matter."""

    span: Span
    persons: int = 1
    exits: Counts = field(default_factory=dict)
    optional: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Truth:
    """What really happened in a recording with ``fps`` frames a second.

    ``lines`` are counts by line and direction, such as ``gate in``.
    """

    fps: float
    visits: Sequence[Visit] = ()
    lines: Counts = field(default_factory=dict)
    object: str = "person"


@dataclass(frozen=True, slots=True, kw_only=True)
class Presence:
    """One track: when it was there, and over which side it left, if over any."""

    track: str
    span: Span
    side: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """A true visit beside what was seen of it; ``span`` is none when nothing was."""

    visit: Visit
    span: Span | None
    persons: int
    exits: Counts


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """How the events of one recording compare with its truth.

    ``groups`` is how many visits were seen, ``tracks`` how many persons, ``extra`` how many
    more tracks there were than persons. ``false`` is for how many seconds more were seen than
    there were, ``longest`` the longest such time. ``lines`` holds (true, counted) by line.
    """

    seen: Sequence[Seen]
    groups: int
    persons: int
    tracks: int
    extra: int
    false: float
    longest: float
    lines: Mapping[str, tuple[int, int]]


def presences(events: Iterable[VisionEvent], kind: str, start: datetime) -> list[Presence]:
    """Return the tracks of one kind of object, in the order in which they came.

    Times count from ``start``. A track that never left (the events were cut short) is not
    among them.
    """
    came: dict[str, ObjectAppeared] = {}
    found = []
    for each in events:
        if isinstance(each, ObjectAppeared) and each.object == kind:
            came[each.track] = each
        if isinstance(each, ObjectLeft) and each.track in came:
            found.append(_presence(came.pop(each.track), each, start))
    return sorted(found, key=lambda each: (each.span, each.track))


def _presence(came: ObjectAppeared, left: ObjectLeft, start: datetime) -> Presence:
    end = ((left.last_seen or left.captured) - start).total_seconds()
    there = left.last_seen == left.captured  # until the recording ended
    where = "" if there else side(came.box, left.box)
    return Presence(track=left.track, span=(end - left.seconds, end), side=where)


def side(first: Box, last: Box) -> str:
    """Return the side of the picture over which a track left, or nothing when it was inside.

    Of the sides that the last box is near, it is the one towards which the track had moved
    most: somebody who leaves to the left in front of a camera touches the bottom as well.
    """
    moved = {
        "left": first.left - last.left,
        "right": last.right - first.right,
        "top": first.top - last.top,
        "bottom": last.bottom - first.bottom,
    }
    room = {
        "left": last.left,
        "right": 1 - last.right,
        "top": last.top,
        "bottom": 1 - last.bottom,
    }
    near = [each for each in room if room[each] <= _EDGE]
    return max(near, key=lambda each: (moved[each], -room[each]), default="")


def score(
    truth: Truth, events: Sequence[VisionEvent], start: datetime, tolerance: float = 5.0
) -> Score:
    """Compare events with a truth; ``tolerance`` is in frames."""
    there = presences(events, truth.object, start)
    groups = _groups([each.span for each in there])
    spans = _matched(truth.visits, groups)
    owned = _owned(truth.visits, there)
    seen = [
        _seen(visit, span, some)
        for visit, span, some in zip(truth.visits, spans, owned, strict=True)
    ]
    needed = [each for each in truth.visits if not each.optional]
    false = _excess(truth.visits, there, tolerance / truth.fps)
    return Score(
        seen=seen,
        groups=len(groups) - sum(each.visit.optional and each.span is not None for each in seen),
        persons=sum(each.persons for each in needed),
        tracks=len(there) - sum(each.persons for each in seen if each.visit.optional),
        extra=_extra(seen, len(there)),
        false=sum(end - begin for begin, end in false),
        longest=max((end - begin for begin, end in false), default=0.0),
        lines=_lines(truth, events),
    )


def _extra(seen: Iterable[Seen], tracks: int) -> int:
    """Return how many tracks there were that nobody needed, lost ones not made up for."""
    used = sum(
        each.persons if each.visit.optional else min(each.persons, each.visit.persons)
        for each in seen
    )
    return tracks - used


def _seen(visit: Visit, span: Span | None, some: Sequence[Presence]) -> Seen:
    sides = Counter(each.side for each in some if each.side)
    return Seen(visit=visit, span=span, persons=len(some), exits=dict(sorted(sides.items())))


def _groups(spans: Iterable[Span]) -> list[Span]:
    found: list[Span] = []
    for begin, end in sorted(spans):
        if found and begin - found[-1][1] <= _ONE_VISIT:
            found[-1] = (found[-1][0], max(found[-1][1], end))
        else:
            found.append((begin, end))
    return found


def _matched(visits: Sequence[Visit], groups: Sequence[Span]) -> list[Span | None]:
    """Return which group is which visit: the one that shares most time, each used once."""
    pairs = sorted(
        (-_shared(visit.span, group), row, column)
        for row, visit in enumerate(visits)
        for column, group in enumerate(groups)
        if _shared(visit.span, group) > 0
    )
    found: dict[int, int] = {}
    for _, row, column in pairs:
        if row not in found and column not in found.values():
            found[row] = column
    return [groups[found[row]] if row in found else None for row in range(len(visits))]


def _owned(visits: Sequence[Visit], there: Iterable[Presence]) -> list[list[Presence]]:
    """Return the tracks of each visit: those that share more time with it than with another."""
    owned: list[list[Presence]] = [[] for _ in visits]
    for each in there:
        shares = [_shared(visit.span, each.span) for visit in visits]
        if shares and max(shares) > 0:
            owned[shares.index(max(shares))].append(each)
    return owned


def _shared(one: Span, other: Span) -> float:
    return min(one[1], other[1]) - max(one[0], other[0])


def _excess(visits: Iterable[Visit], there: Iterable[Presence], slack: float) -> list[Span]:
    """Return when more were seen than there were, as times that do not touch."""
    steps = [(each.span[0], 1) for each in there] + [(each.span[1], -1) for each in there]
    for each in visits:
        begin, end = each.span
        steps += [(begin - slack, -each.persons), (end + slack, each.persons)]
    return _above(steps)


def _above(steps: Iterable[tuple[float, int]]) -> list[Span]:
    """Return when a sum of steps is above nought."""
    found: list[Span] = []
    level, since = 0, 0.0
    for at, step in sorted(steps):
        before, level = level, level + step
        if before <= 0 < level:
            since = at
        elif level <= 0 < before and at > since:
            found.append((since, at))
    return found


def _lines(truth: Truth, events: Iterable[VisionEvent]) -> dict[str, tuple[int, int]]:
    counted = Counter(
        f"{each.line} {each.direction}"
        for each in events
        if isinstance(each, LineCrossed) and each.object == truth.object
    )
    return {name: (count, counted[name]) for name, count in sorted(truth.lines.items())}
