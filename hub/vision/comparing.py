"""What differs between two lists of events of one recording.

Track names differ from run to run and times by a frame or two, so events are the same when they
tell the same of the same thing, at nearly the same time and place.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from math import hypot
from typing import Final

from hub.api import Box
from hub.api.vision import VisionEvent

Kind = tuple[object, ...]

# Two settings look at different frames, and confirm a second earlier or later.
NEAR: Final = 2.0  # seconds
CLOSE: Final = 0.4  # of the picture, from middle to middle; who runs crosses it in 2 s
# What an event is about; not: which track, how sure, how long, how many.
_ABOUT: Final = ("camera", "zone", "line", "object", "direction", "severity")


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """Events in both lists, as pairs, and those in one alone; each in order of time."""

    same: Sequence[tuple[VisionEvent, VisionEvent]]
    only_a: Sequence[VisionEvent]
    only_b: Sequence[VisionEvent]

    def counts(self) -> dict[str, tuple[int, int, int]]:
        """Return how many of each type are in A, in B, and in both."""
        same = Counter(one.type for one, _ in self.same)
        alone_a = Counter(each.type for each in self.only_a)
        alone_b = Counter(each.type for each in self.only_b)
        return {
            kind: (same[kind] + alone_a[kind], same[kind] + alone_b[kind], same[kind])
            for kind in sorted({*same, *alone_a, *alone_b})
        }


def compare(a: Sequence[VisionEvent], b: Sequence[VisionEvent]) -> Comparison:
    """Pair events of two runs: of all that fit, the nearest first."""
    kinds: dict[Kind, list[int]] = defaultdict(list)
    for column, each in enumerate(b):
        kinds[_kind(each)].append(column)
    fitting = sorted(
        (apart, row, column)
        for row, each in enumerate(a)
        for column, apart in _fitting(each, b, kinds[_kind(each)])
    )
    pairs: dict[int, int] = {}
    taken: set[int] = set()
    for _, row, column in fitting:
        if row not in pairs and column not in taken:
            pairs[row] = column
            taken.add(column)
    return Comparison(
        same=[(a[row], b[pairs[row]]) for row in sorted(pairs)],
        only_a=[each for row, each in enumerate(a) if row not in pairs],
        only_b=[each for column, each in enumerate(b) if column not in taken],
    )


def _kind(event: VisionEvent) -> Kind:
    return (event.type, *(getattr(event, name, None) for name in _ABOUT))


def _fitting(
    event: VisionEvent, others: Sequence[VisionEvent], columns: Iterable[int]
) -> Iterator[tuple[int, float]]:
    """Yield which others may be this event, and how far each is from it."""
    for column in columns:
        other = others[column]
        late = abs((event.captured - other.captured).total_seconds()) / NEAR
        away = _away(getattr(event, "box", None), getattr(other, "box", None)) / CLOSE
        if late <= 1 and away <= 1:
            yield column, late + away


def _away(one: Box | None, other: Box | None) -> float:
    if one is None or other is None:
        return 0.0
    across = (one.left + one.right - other.left - other.right) / 2
    down = (one.top + one.bottom - other.top - other.bottom) / 2
    return hypot(across, down)
