"""Lays tracks beside a truth, frame by frame."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from hub.vision.assignment import best_pairs
from hub.vision.geometry import Floats, ious
from hub.vision.scoring.mot_format import Row, Rows

Ints = NDArray[np.intp]

ROUNDING = float(np.finfo(np.float64).eps)  # an overlap this little too small is enough


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """Which true things and which tracks are in a frame, by number, and how they overlap."""

    true: Ints
    found: Ints
    overlap: Floats  # IoU; a row for each true thing, a column for each track


@dataclass(frozen=True, slots=True, kw_only=True)
class Sequence:
    """All frames in which there is anything, in order, and how many boxes each thing has."""

    frames: tuple[Frame, ...]
    true: Ints
    found: Ints


def lay(truth: Rows, tracks: Rows, iou: float) -> Sequence:
    """Lay tracks beside a truth; those on what is doubtful, by this overlap, are left out."""
    true_rows, found_rows = _by_frame(truth), _by_frame(tracks)
    true_ids, found_ids = dict[int, int](), dict[int, int]()
    frames = [
        _frame(true_rows[at], found_rows[at], iou, true_ids, found_ids)
        for at in sorted(true_rows.keys() | found_rows.keys())
    ]
    return Sequence(
        frames=tuple(frames),
        true=_counts((each.true for each in frames), len(true_ids)),
        found=_counts((each.found for each in frames), len(found_ids)),
    )


def _frame(
    true: list[Row], found: list[Row], iou: float, true_ids: dict[int, int], ids: dict[int, int]
) -> Frame:
    overlap = ious(_boxes(true), _boxes(found))
    good = _undoubted(true, overlap, iou)
    rows = [row for row, each in enumerate(true) if each.counts]
    return Frame(
        true=_numbers((true[row] for row in rows), true_ids),
        found=_numbers((found[column] for column in good), ids),
        overlap=overlap[np.ix_(rows, good)],
    )


def _undoubted(true: list[Row], overlap: Floats, iou: float) -> list[int]:
    columns = range(overlap.shape[1])
    doubtful = {row for row, each in enumerate(true) if each.doubtful}
    if not doubtful:
        return list(columns)
    near = np.where(overlap >= iou - ROUNDING, overlap, 0.0)
    out = {column for row, column in best_pairs(near) if row in doubtful}
    return [column for column in columns if column not in out]


def _by_frame(rows: Rows) -> defaultdict[int, list[Row]]:
    found = defaultdict[int, list[Row]](list)
    for each in rows:
        found[each.frame].append(each)
    return found


def _boxes(rows: list[Row]) -> Floats:
    sides = [(each.left, each.top, each.right, each.bottom) for each in rows]
    return np.array(sides, np.float64).reshape(-1, 4)


def _numbers(rows: Iterable[Row], known: dict[int, int]) -> Ints:
    return np.array([known.setdefault(each.id, len(known)) for each in rows], np.intp)


def _counts(numbers: Iterable[Ints], things: int) -> Ints:
    counted = np.zeros(things, np.intp)
    for each in numbers:
        counted[each] += 1
    return counted
