"""HOTA: how well things are found and how well they are told apart, in equal parts.

After Luiten et al. (2021, doi:10.1007/s11263-020-01375-2). It is the mean over nineteen least
overlaps, from 0.05 to 0.95. At each, boxes are matched so that pairs whose tracks agree over
the whole sequence come first.
"""

from typing import Final

import numpy as np
from msgspec import Struct

from hub.vision.assignment import best_pairs
from hub.vision.geometry import Floats
from hub.vision.scoring.matching import ROUNDING, Frame, Ints, Sequence

_ALPHAS: Final = tuple(number / 20 for number in range(1, 20))


class Hota(Struct, frozen=True, kw_only=True):
    """Detection (``deta``), association (``assa``) and place (``loca``) for themselves."""

    hota: float
    deta: float
    assa: float
    loca: float


def hota(sequence: Sequence) -> Hota:
    """Measure over all least overlaps."""
    agree = _agreement(sequence)
    pairs = [_pairs(frame, agree) for frame in sequence.frames]
    at = np.array([_at(sequence, pairs, alpha) for alpha in _ALPHAS])
    deta, assa, loca = at.T
    return Hota(
        hota=float(np.sqrt(deta * assa).mean()),
        deta=float(deta.mean()),
        assa=float(assa.mean()),
        loca=float(loca.mean()),
    )


def _agreement(sequence: Sequence) -> Floats:
    """Return how much of their lives each true thing and each track may have in common."""
    common = np.zeros((len(sequence.true), len(sequence.found)))
    for frame in sequence.frames:
        overlap = frame.overlap
        rivals = overlap.sum(0)[None, :] + overlap.sum(1)[:, None] - overlap
        part = np.divide(overlap, rivals, out=np.zeros_like(overlap), where=rivals > ROUNDING)
        common[np.ix_(frame.true, frame.found)] += part
    both: Floats = sequence.true[:, None] + sequence.found[None, :] - common
    found: Floats = common / np.maximum(both, 1.0)
    return found


def _pairs(frame: Frame, agree: Floats) -> tuple[Floats, Ints]:
    """Return the overlaps of a frame's matches, and their true things and tracks."""
    weights = agree[np.ix_(frame.true, frame.found)] * frame.overlap
    matched = np.array(best_pairs(weights), np.intp).reshape(-1, 2)
    rows, columns = matched[:, 0], matched[:, 1]
    numbers = np.stack([frame.true[rows], frame.found[columns]], axis=1)
    return frame.overlap[rows, columns], numbers


def _at(
    sequence: Sequence, pairs: list[tuple[Floats, Ints]], alpha: float
) -> tuple[float, float, float]:
    """Return detection, association and place at one least overlap."""
    common = np.zeros((len(sequence.true), len(sequence.found)))
    overlaps = 0.0
    for overlap, numbers in pairs:
        enough = overlap >= alpha - ROUNDING
        common[tuple(numbers[enough].T)] += 1
        overlaps += float(overlap[enough].sum())
    right = float(common.sum())
    all_boxes = float(sequence.true.sum() + sequence.found.sum()) - right
    both = sequence.true[:, None] + sequence.found[None, :] - common
    told = common * common / np.maximum(both, 1.0)
    place = overlaps / right if right else 1.0
    return right / max(all_boxes, 1.0), float(told.sum()) / max(right, 1.0), place
