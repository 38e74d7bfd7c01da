"""What a YuNet says: faces, each with the five points that align it.

For each of three grids (strides 8, 16 and 32 pixels) it gives how likely a cell has a face
(``cls`` and ``obj``, of which the geometric mean counts), the box relative to the cell (``bbox``)
and its right eye, left eye, nose, and right and left corner of the mouth (``kps``).
Wu, Peng and Yu, YuNet: A Tiny Millisecond-level Face Detector, doi:10.1007/s11633-023-1423-y;
decoded as OpenCV's ``FaceDetectorYN`` does.
"""

from typing import ClassVar

import numpy as np

from detectors.heads.found import Floats, Found, best, corners, distinct
from detectors.heads.grids import STRIDES, grid
from detectors.heads.head import NONE, Head, Outputs, Shapes, Wanted, alike, exactly
from hub.api import ModelInput

_KINDS = {"cls": 1, "obj": 1, "bbox": 4, "kps": 10}  # numbers for each cell
_POINTS = 5


class Yunet(Head):
    """Reads the twelve outputs of YuNet, as of 2023."""

    NAME: ClassVar = "yunet"
    FORM: ClassVar = "12 outputs, cls_8 to kps_32"
    INPUT: ClassVar = ModelInput(width=640, height=640, multiple=32, pad=0)
    LABELS: ClassVar = ("face",)

    def __init__(self, wanted: Wanted) -> None:
        super().__init__(wanted)
        self._cells, self._strides = grid(wanted.width, wanted.height)

    @classmethod
    def classes(cls, shapes: Shapes, width: int, height: int) -> range:
        fits = len(shapes) == len(_KINDS) * len(STRIDES) and all(
            alike(
                shapes.get(f"{kind}_{stride}", ()),
                1, (width // stride) * (height // stride), numbers,
            )
            for kind, numbers in _KINDS.items()
            for stride in STRIDES
        )  # fmt: skip
        return exactly(1) if fits else NONE

    def read(self, outputs: Outputs) -> Found:
        likely, there = _all(outputs, "cls")[:, 0], _all(outputs, "obj")[:, 0]
        scores = np.sqrt(np.clip(likely, 0, 1) * np.clip(there, 0, 1))
        top = best(scores, self.wanted.min_score)
        cells, strides = self._cells[top], self._strides[top]
        found = Found(
            boxes=_boxes(_all(outputs, "bbox")[top], cells, strides),
            scores=scores[top],
            classes=np.zeros(len(top), np.intp),
            points=_points(_all(outputs, "kps")[top], cells, strides),
        )
        return distinct(found, self.wanted.iou)


def _all(outputs: Outputs, kind: str) -> Floats:
    return np.concatenate([outputs[f"{kind}_{stride}"][0] for stride in STRIDES])


def _boxes(said: Floats, cells: Floats, strides: Floats) -> Floats:
    with np.errstate(over="ignore"):  # such a box is infinite, and goes
        size = np.exp(said[:, 2:4]) * strides
    return corners(np.concatenate(((said[:, 0:2] + cells) * strides, size), axis=1))


def _points(said: Floats, cells: Floats, strides: Floats) -> Floats:
    return (said.reshape(len(said), _POINTS, 2) + cells[:, None]) * strides[:, None]
