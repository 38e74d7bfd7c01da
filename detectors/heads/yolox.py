"""What a YOLOX network says, as boxes.

Its output has a row for each cell of three grids (strides 8, 16 and 32 pixels, row after row):
centre and size relative to the cell, a score that anything is there, and one for each class.
Ge et al., YOLOX: Exceeding YOLO Series in 2021, arXiv:2107.08430.
"""

from typing import ClassVar

import numpy as np

from detectors.heads.found import Floats, Found, Integers, best, corners, distinct
from detectors.heads.grids import cells_of, grid
from detectors.heads.head import NONE, Head, Outputs, Shapes, Wanted, alike, exactly, only, single
from hub.api import ModelInput

_FIXED = 5  # numbers before the classes: x, y, width, height, objectness


class Yolox(Head):
    """Reads what YOLOX's own export gives, not yet decoded."""

    NAME: ClassVar = "yolox"
    FORM: ClassVar = "one output of a row for each cell with 5 + classes numbers"
    INPUT: ClassVar = ModelInput(width=416, height=416, multiple=32)

    def __init__(self, wanted: Wanted) -> None:
        super().__init__(wanted)
        self._cells, self._strides = grid(wanted.width, wanted.height)

    @classmethod
    def classes(cls, shapes: Shapes, width: int, height: int) -> range:
        shape = only(shapes)
        fits = alike(shape, 1, cells_of(width, height), None)
        return exactly(shape[2] - _FIXED) if fits else NONE

    def read(self, outputs: Outputs) -> Found:
        output, least = single(outputs), self.wanted.min_score
        likely = np.flatnonzero(output[:, 4] >= least)  # a class score is at most 1
        rows = output[likely]
        classes = rows[:, _FIXED:].argmax(axis=1)
        scores = rows[:, 4] * rows[np.arange(len(rows)), _FIXED + classes]
        top = best(scores, least)
        boxes = self._boxes(rows[top], likely[top])
        return distinct(
            Found(boxes=boxes, scores=scores[top], classes=classes[top]), self.wanted.iou
        )

    def _boxes(self, rows: Floats, at: Integers) -> Floats:
        strides = self._strides[at]
        centre = (rows[:, 0:2] + self._cells[at]) * strides
        with np.errstate(over="ignore"):  # such a box is infinite, and goes
            size = np.exp(rows[:, 2:4]) * strides
        return corners(np.concatenate((centre, size), axis=1))
