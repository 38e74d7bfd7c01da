"""How well detections fit tracks: by overlap, by height, and by how near they are.

Overlap alone mistakes one person for another who passes behind, so it counts the less the
more the vertical extents differ, after the height-modulated overlap of Hybrid-SORT (Yang et
al., 2024, arXiv:2308.00783). What does not overlap may still be in reach: as far as a thing can
have come since it was last seen, and after a gap only near where it was expected.
"""

from typing import Final

import numpy as np

from hub.vision.geometry import Floats, ious
from hub.vision.kalman import Kalman

_OVERLAP: Final = 0.1  # least overlap (IoU) of a confident detection with what was foretold
_FAINT_OVERLAP: Final = 0.3  # the same for a faint one
_TALL: Final = 1.5  # power of the agreement in height
_MEETS: Final = 0.1  # what overlapping at all is worth beside mere nearness
_NEAR: Final = 0.3  # what being exactly in place is worth without any overlap
_STRIDE: Final = 0.8  # seconds in which a thing may move clear of its last place
_LOOKS: Final = 1.3  # looks in which it may as well, when looks are further apart
_LONGEST: Final = 1.4  # seconds; looks further apart than that only refresh what is known
_GAP: Final = 2.5  # seconds out of sight, after which it is only found by overlap
_FASTEST: Final = 3.0  # of its own size, per second; a runner makes 2
_SLACK: Final = 0.3  # of its own size, by which a foretold place may be wrong anyway
_LOST: Final = (0.2, 0.5)  # sizes, and sizes per second: the same after a gap, less sure by now
_SIDES: Final = 0.7  # natural logarithm; a side that grew more than twofold is no match
_STILL: Final = 1.0  # seconds between sights after which the last place counts as well


def overlaps(known: Kalman, last: Floats, passed: Floats, boxes: Floats) -> Floats:
    """Return the overlap of boxes with where tracks are foretold, or were ``passed`` ago."""
    found = ious(known.sides, boxes)
    old = np.flatnonzero(passed >= _STILL)
    if len(old):
        found[old] = np.maximum(found[old], ious(last[old], boxes))
    return found


def weights(
    known: Kalman, overlap: Floats, boxes: Floats, passed: Floats, step: float, aspect: float
) -> tuple[Floats, Floats]:
    """Return how well tracks and detections fit, for confident ones and for faint ones.

    ``passed`` is how long ago each track was seen, ``step`` how long ago anybody looked.
    """
    fit = overlap * _tall(known.sides, boxes)
    near = _near(known, boxes, passed, step, aspect)
    well: Floats = np.maximum(np.where(overlap >= _OVERLAP, _MEETS + fit, 0.0), _NEAR * near)
    faint: Floats = np.where(overlap >= _FAINT_OVERLAP, fit, 0.0)
    return well, faint


def _tall(sides: Floats, boxes: Floats) -> Floats:
    """Return the overlap of the vertical extents alone."""
    top, bottom = sides[:, None, 1], sides[:, None, 3]
    both = np.minimum(bottom, boxes[None, :, 3]) - np.maximum(top, boxes[None, :, 1])
    all_of = np.maximum(bottom, boxes[None, :, 3]) - np.minimum(top, boxes[None, :, 1])
    found: Floats = np.clip(both / np.maximum(all_of, 1e-9), 0.0, 1.0) ** _TALL
    return found


def _near(known: Kalman, boxes: Floats, passed: Floats, step: float, aspect: float) -> Floats:
    """Weigh boxes by how near they are to where tracks are foretold; 0 is out of reach."""
    sides, size = known.sides, known.sizes(aspect)[:, None]
    off = ((boxes[:, :2] + boxes[:, 2:])[None] - (sides[:, :2] + sides[:, 2:])[:, None]) / 2
    away = np.hypot(off[..., 0] * aspect, off[..., 1]) / size
    ago = passed[:, None]
    walking = ago <= max(_STRIDE, min(_LOOKS * step, _LONGEST))
    reach = np.where(walking, _FASTEST * ago, _LOST[0] + _LOST[1] * ago)
    limit = _SLACK + np.minimum(3 * known.spread()[:, 1:] / size, reach)
    edges = np.log(np.maximum(sides[:, 2:] - sides[:, :2], 1e-4))[:, None]
    grown = np.abs(np.log(np.maximum(boxes[:, 2:] - boxes[:, :2], 1e-4))[None] - edges).max(2)
    fits = (grown < _SIDES) & (walking | (ago <= _GAP))
    weight: Floats = np.where(fits, np.maximum(1 - away / limit, 0.0), 0.0)
    return weight


def returned(last: Floats, boxes: Floats, passed: Floats, aspect: float) -> Floats:
    """Weigh boxes by how near they are to where tracks were ``passed`` seconds ago.

    For tracks of before a restart, that nobody could look at since: they went on as they could,
    and grew as what walks in from a border does.
    """
    before, after = last[:, 2:] - last[:, :2], boxes[:, 2:] - boxes[:, :2]
    size = np.maximum(_size(before, aspect)[:, None], _size(after, aspect)[None])
    off = ((boxes[:, :2] + boxes[:, 2:])[None] - (last[:, :2] + last[:, 2:])[:, None]) / 2
    away = np.hypot(off[..., 0] * aspect, off[..., 1]) / size
    grown = np.abs(
        np.log(np.maximum(after, 1e-4))[None] - np.log(np.maximum(before, 1e-4))[:, None]
    )
    reach = _SLACK + _FASTEST * passed[:, None]
    weight: Floats = _NEAR * np.maximum(1 - away / reach, 0.0) * (grown.max(2) < 2 * _SIDES)
    return weight


def _size(edges: Floats, aspect: float) -> Floats:
    """Return the mean side of boxes, in heights of the frame."""
    found: Floats = np.sqrt(np.maximum(edges.prod(1) * aspect, 1e-9))
    return found
