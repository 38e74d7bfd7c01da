"""The cells that a network without anchors looks from: three grids, finest first."""

import numpy as np

from detectors.heads.found import Floats

STRIDES = (8, 16, 32)  # pixels


def grid(width: int, height: int) -> tuple[Floats, Floats]:
    """Return each row's cell (x, y) and stride, for an input of this size in pixels."""
    cells, strides = [], []
    for stride in STRIDES:
        y, x = np.mgrid[0 : height // stride, 0 : width // stride]
        cells.append(np.stack((x.ravel(), y.ravel()), axis=1))
        strides.append(np.full((x.size, 1), stride))
    return np.concatenate(cells).astype(np.float32), np.concatenate(strides).astype(np.float32)


def cells_of(width: int, height: int, strides: tuple[int, ...] = STRIDES) -> int:
    """Return how many cells the grids of an input of this size have."""
    return sum((width // each) * (height // each) for each in strides)
