"""Tracks that stand still, apart from those that move: they cost nothing until something is near.

They are neither foretold nor matched with all the rest. A detection in a parked thing's place
is that thing, also after minutes, or when somebody before it hides a part. It takes several
looks at its place, seconds apart, that find nothing there, and nobody before it, to say that
it has left.
"""

from collections.abc import Callable, Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from hub.vision.assignment import best_pairs
from hub.vision.facts import Track
from hub.vision.followed import Followed, Sightings, shown
from hub.vision.geometry import Floats, ious, parts
from hub.vision.stillness import moved

Bools = NDArray[np.bool_]

_PLACE: Final = 0.5  # overlap (IoU) with its place of a detection that is it
_INSIDE: Final = 0.7  # of a detection that shows a part of it
_STIRS: Final = 0.3  # overlap (IoU) of one that may be it, going away
_COVERED: Final = 0.5  # of its place, for a look to have taken it in
_HIDDEN: Final = 0.4  # of its place, for something before it to hide it
_MISSES: Final = 3  # looks that did not find it, until it has left
_APART: Final = 2.0  # seconds between two that count
_CHECK: Final = 0.5  # seconds between two looks for what is missing
_STAND: Final = [0.0, 0.0]  # its velocity


class Parking:
    """The parked tracks of one camera. Rows are in the order in which they came."""

    def __init__(self) -> None:
        self.followed: list[Followed] = []
        self.sides: Floats = np.empty((0, 4))
        self.anchor: Floats = np.empty((0, 4))
        self.since: Floats = np.empty(0)
        self._checked = 0.0
        self._shown: tuple[Track, ...] | None = ()

    def add(
        self, followed: Sequence[Followed], sides: Floats, anchor: Floats, since: Floats
    ) -> None:
        """Park tracks that have come to stand."""
        self.followed += followed
        self.sides = np.concatenate([self.sides, sides])
        self.anchor = np.concatenate([self.anchor, anchor])
        self.since = np.concatenate([self.since, since])
        self._shown = None

    def keep(self, rows: Sequence[int]) -> None:
        """Let all go but these."""
        at = list(rows)
        self.followed = [self.followed[row] for row in at]
        self.sides, self.anchor, self.since = self.sides[at], self.anchor[at], self.since[at]
        self._shown = None

    @property
    def tracks(self) -> tuple[Track, ...]:
        """The tracks as others see them; made anew only when something changed."""
        if self._shown is None:
            self._shown = tuple(
                shown(each, _STAND, still=True, stood=stood)
                for each, stood in zip(self.followed, self.since.tolist(), strict=True)
            )
        return self._shown

    def claim(self, seen: Sightings, rivals: Callable[[], Floats]) -> tuple[set[int], list[int]]:
        """Take the detections of parked things; return their numbers, and the rows that stir.

        ``rivals`` tells how well each detection fits something that moves (IoU): what fits that
        better is not ours.
        """
        overlap = ious(self.sides, seen.boxes)
        if not overlap.any():
            return set(), []
        overlap *= _same(self.followed, seen) & (overlap > rivals())
        found = best_pairs(np.where(overlap >= _PLACE, overlap, 0.0))
        rows, columns = [row for row, _ in found], [column for _, column in found]
        stirred = moved(self.anchor[rows], seen.boxes[columns], seen.aspect).tolist()
        taken = {c for c, off in zip(columns, stirred, strict=True) if not off}
        for row, column in found:
            if column in taken:
                self._see(row, seen.detections[column].score, seen.now)
        overlap[rows] = 0.0
        overlap[:, columns] = 0.0
        parted, awake = self._touched(overlap, seen)
        awake += [row for row, off in zip(rows, stirred, strict=True) if off]
        return taken | parted, sorted(awake)

    def _touched(self, overlap: Floats, seen: Sightings) -> tuple[set[int], list[int]]:
        """Tell parts of things that were not found whole from things that are going away."""
        taken, awake = set[int](), list[int]()
        for row in np.flatnonzero(overlap.any(axis=1)).tolist():
            inside = parts(seen.boxes, self.sides[row]) * (overlap[row] > 0)
            column = int(inside.argmax())
            if inside[column] >= _INSIDE and column not in taken:
                taken.add(column)
                self._see(row, 0.0, seen.now)
            elif overlap[row].max() >= _STIRS:
                awake.append(row)
        return taken, awake

    def covers(self, label: str, box: Floats, least: float) -> bool:
        """Say whether one of this label overlaps a box by so much (IoU)."""
        near = np.flatnonzero(ious(box[None], self.sides)[0] >= least).tolist()
        return any(self.followed[row].label == label for row in near)

    def miss(self, now: float, looked: Floats, moving: Floats) -> list[int]:
        """Count looks that did not find a thing; return the rows of those that have left.

        ``looked`` are the parts of the frame that were looked at, ``moving`` the boxes of what
        moves and may hide something.
        """
        if now - self._checked < _CHECK:
            return []
        self._checked = now
        absent = [row for row, each in enumerate(self.followed) if each.last < now]
        if not absent:
            return []
        places = self.sides[absent].clip(0.0, 1.0)
        plain = _most(places, looked) >= _COVERED
        plain &= _most(places, moving) < _HIDDEN
        return [
            row for row, clear in zip(absent, plain, strict=True) if clear and self._gone(row, now)
        ]

    def _gone(self, row: int, now: float) -> bool:
        each = self.followed[row]
        if each.missed is None:
            each.missed, self._shown = now, None
        elif now - each.counted < _APART:
            return False
        each.misses, each.counted = each.misses + 1, now
        return each.misses >= _MISSES

    def _see(self, row: int, score: float, now: float) -> None:
        each = self.followed[row]
        each.last, each.missed, each.misses = now, None, 0
        each.score = max(each.score, score)
        self._shown = None


def _same(followed: Sequence[Followed], seen: Sightings) -> Bools:
    have = np.array([each.label for each in followed])
    come = np.array([each.label for each in seen.detections])
    found: Bools = have[:, None] == come[None, :]
    return found


def _most(places: Floats, others: Floats) -> Floats:
    """Return the part of each place that lies in the one of others that has most of it."""
    if not len(others):
        return np.zeros(len(places))
    found: Floats = parts(places[:, None], others[None]).max(1)
    return found
