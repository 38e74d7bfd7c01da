"""The CLEAR MOT measures: what is missed, what is invented, and how often names change.

After Bernardin and Stiefelhagen (2008, doi:10.1155/2008/246309): in each frame a true thing
keeps the track it had in the frame before, and the others are matched by overlap. A switch is
a track other than the last it had, however long ago. Mostly tracked and lost are after Li et
al. (2009): for more than 80%, and for less than 20%, of a thing's life.
"""

from dataclasses import dataclass, field
from typing import Final

import numpy as np
from msgspec import Struct

from hub.vision.assignment import best_pairs
from hub.vision.geometry import Floats
from hub.vision.scoring.matching import ROUNDING, Frame, Ints, Sequence

_STAYS: Final = 1000.0  # outweighs any overlap
_MOSTLY: Final = 0.8  # of its boxes
_HARDLY: Final = 0.2


class Clear(Struct, frozen=True, kw_only=True):
    """``mota`` may be below 0; ``motp`` is the mean overlap (IoU) of what was matched."""

    mota: float
    motp: float
    matches: int
    switches: int
    false_positives: int
    misses: int
    fragments: int
    mostly_tracked: int
    partly_tracked: int
    mostly_lost: int


@dataclass
class _Tally:
    """What was counted so far, and which track each true thing has or had."""

    had: Ints  # the last, whenever that was; -1 before any
    has: Ints  # in the latest frame
    matched: Ints
    begun: Ints  # how often it was found anew
    overlap: float = 0.0
    switches: int = 0
    pairs: list[tuple[int, int]] = field(default_factory=list)


def clear(sequence: Sequence, iou: float) -> Clear:
    """Count by this least overlap."""
    things = len(sequence.true)
    none = np.full(things, -1, np.intp)
    zero = np.zeros(things, np.intp)
    tally = _Tally(had=none, has=none.copy(), matched=zero, begun=zero.copy())
    for frame in sequence.frames:
        if len(frame.true):
            _count(frame, tally, iou)
    matches, true, found = int(tally.matched.sum()), sequence.true.sum(), sequence.found.sum()
    misses, invented = int(true) - matches, int(found) - matches
    part = tally.matched / np.maximum(sequence.true, 1)
    tracked, lost = int((part > _MOSTLY).sum()), int((part < _HARDLY).sum())
    return Clear(
        mota=1 - (misses + invented + tally.switches) / max(int(true), 1),
        motp=tally.overlap / max(matches, 1),
        matches=matches,
        switches=tally.switches,
        false_positives=invented,
        misses=misses,
        fragments=int(np.maximum(tally.begun - 1, 0).sum()),
        mostly_tracked=tracked,
        partly_tracked=things - tracked - lost,
        mostly_lost=lost,
    )


def _count(frame: Frame, tally: _Tally, iou: float) -> None:
    pairs = best_pairs(_weights(frame, tally.has, iou))
    rows = [row for row, _ in pairs]
    columns = [column for _, column in pairs]
    true, found = frame.true[rows], frame.found[columns]
    had = tally.had[true]
    tally.switches += int(((had >= 0) & (had != found)).sum())
    tally.begun[true] += tally.has[true] < 0
    tally.matched[true] += 1
    tally.overlap += float(frame.overlap[rows, columns].sum())
    tally.had[true] = found
    tally.has[:] = -1
    tally.has[true] = found


def _weights(frame: Frame, has: Ints, iou: float) -> Floats:
    stays = has[frame.true][:, None] == frame.found[None, :]
    near = frame.overlap >= iou - ROUNDING
    weights: Floats = np.where(near, frame.overlap + _STAYS * stays, 0.0)
    return weights
