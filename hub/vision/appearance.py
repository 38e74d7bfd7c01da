"""What tracks look like, asked only where places do not tell them apart.

When two who cross could each be either, or somebody comes out after a gap, a network that tells
persons apart (re-identification) is shown the few boxes in doubt. What a track looks like is
learnt while it is alone, seldom, so that all of it costs little: as in DeepSORT (Wojke et al.,
2017, arXiv:1703.07402), but where that asks for every box of every frame.
"""

from collections.abc import Callable, Iterable, Sequence
from typing import Final

import numpy as np

from hub.api import Box
from hub.vision.assignment import Pair
from hub.vision.followed import Followed, Sightings
from hub.vision.geometry import Floats, ious

Likeness = Callable[[Sequence[Box]], Sequence[Sequence[float]] | Floats | None]
"""Returns a row of numbers for each box of the frame that is looked at, or none when it cannot.

The likelier two things are the same, the smaller the angle between their rows.
"""

_RIVAL: Final = 0.3  # of the best weight: one as good as that may be right instead
_MOST: Final = 8  # boxes shown at a look; each costs some milliseconds
_ALONE: Final = 0.05  # overlap (IoU) with any other detection that leaves a box its own
_AGAIN: Final = 2.0  # seconds between two looks at what a track looks like
_KEEPS: Final = 0.7  # of what is known, when it is seen anew
_SURE: Final = 0.2  # what is left of a weight by complete unlikeness, before the square


class Appearances:
    """What the tracks of one camera look like, by their numbers."""

    def __init__(self) -> None:
        self._known: dict[int, tuple[Floats, float]] = {}

    def weigh(
        self, weights: Floats, tracks: Sequence[Followed], seen: Sightings, likeness: Likeness
    ) -> Floats:
        """Return weights of tracks (rows) and detections, where in doubt by their looks."""
        rows = [row for row, each in enumerate(tracks) if each.number in self._known]
        columns = [int(each) for each in np.flatnonzero(_doubtful(weights)[rows].any(0))][:_MOST]
        if not rows or not columns:
            return weights
        shown = likeness([seen.detections[column].box for column in columns])
        if shown is None:
            return weights
        vectors = _unit(shown)
        known = np.array([self._known[tracks[row].number][0] for row in rows])
        alike = np.maximum(known @ vectors.T, 0.0)
        changed = weights.copy()
        changed[np.ix_(rows, columns)] *= (_SURE + alike) ** 2
        return changed

    def learn(
        self, pairs: Sequence[Pair], tracks: Sequence[Followed], seen: Sightings, likeness: Likeness
    ) -> None:
        """See what believed tracks look like that are alone and were not seen so lately."""
        due = [pair for pair in pairs if tracks[pair[0]].id and self._due(tracks[pair[0]], seen)]
        alone = _alone(seen) if due else ()
        due = [(row, column) for row, column in due if alone[column]][:_MOST]
        if not due:
            return
        shown = likeness([seen.detections[column].box for _, column in due])
        if shown is None:
            return
        for (row, _), vector in zip(due, _unit(shown), strict=True):
            number = tracks[row].number
            before = self._known[number][0] if number in self._known else vector
            mixed = _unit((_KEEPS * before + (1 - _KEEPS) * vector)[None])[0]
            self._known[number] = mixed, seen.now

    def keep(self, tracks: Iterable[Followed]) -> None:
        """Forget all but these."""
        numbers = {each.number for each in tracks}
        self._known = {key: value for key, value in self._known.items() if key in numbers}

    def _due(self, each: Followed, seen: Sightings) -> bool:
        known = self._known.get(each.number)
        return known is None or seen.now - known[1] >= _AGAIN


def _doubtful(weights: Floats) -> Floats:
    """Say which pairs are possible where another track or another detection is as well."""
    possible = weights > 0
    in_row = possible & (weights >= _RIVAL * weights.max(1, keepdims=True, initial=0.0))
    in_column = possible & (weights >= _RIVAL * weights.max(0, keepdims=True, initial=0.0))
    crowded_rows = in_row.sum(1, keepdims=True) > 1
    crowded_columns = in_column.sum(0, keepdims=True) > 1
    found: Floats = possible & (crowded_rows | crowded_columns)
    return found


def _alone(seen: Sightings) -> Sequence[bool]:
    overlap = ious(seen.boxes, seen.boxes)
    np.fill_diagonal(overlap, 0.0)
    alone: list[bool] = (overlap.max(1) < _ALONE).tolist()
    return alone


def _unit(vectors: Sequence[Sequence[float]] | Floats) -> Floats:
    rows = np.asarray(vectors, np.float64)
    found: Floats = rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-9)
    return found
