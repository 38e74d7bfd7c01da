"""The identity measures: for how much of its life a thing had one name that was its own.

After Ristani et al. (2016, arXiv:1609.01775): each true thing is given at most one track so
that the boxes they have in common are most.
"""

import numpy as np
from msgspec import Struct

from hub.vision.assignment import best_pairs
from hub.vision.scoring.matching import ROUNDING, Sequence


class Identity(Struct, frozen=True, kw_only=True):
    """``idf1`` is of all boxes, ``idp`` of those found, ``idr`` of the true ones."""

    idf1: float
    idp: float
    idr: float


def identity(sequence: Sequence, iou: float) -> Identity:
    """Measure by this least overlap."""
    common = np.zeros((len(sequence.true), len(sequence.found)))
    for frame in sequence.frames:
        rows, columns = np.nonzero(frame.overlap >= iou - ROUNDING)
        common[frame.true[rows], frame.found[columns]] += 1
    right = sum(common[pair] for pair in best_pairs(common))
    true, found = int(sequence.true.sum()), int(sequence.found.sum())
    return Identity(
        idf1=float(2 * right / max(true + found, 1)),
        idp=float(right / max(found, 1)),
        idr=float(right / max(true, 1)),
    )
