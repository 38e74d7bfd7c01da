"""Boxes in parts of the input made boxes in its pixels."""

import numpy as np

from detectors.heads.found import Floats
from detectors.heads.head import Wanted


def to_pixels(boxes: Floats, wanted: Wanted) -> Floats:
    """Return boxes (corners, in fractions of the input) in pixels."""
    sides = (wanted.width, wanted.height) * 2
    return boxes * np.array(sides, np.float32)


def in_pixels(boxes: Floats, wanted: Wanted) -> Floats:
    """Return boxes in pixels, which they are unless they are said to be fractions."""
    return to_pixels(boxes, wanted) if wanted.fractions else boxes
