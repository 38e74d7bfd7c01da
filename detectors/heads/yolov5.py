"""What YOLOv5 and its relatives say: boxes in pixels already, with a score that anything is there.

A row is centre x, centre y, width, height, objectness, then a score for each class. YOLOv5 and
YOLOv7 have three rows (anchors) for each cell, YOLOv6 and a YOLOX exported with its decoding one.
Jocher, YOLOv5 (2020), doi:10.5281/zenodo.3908559, ``export.py`` and ``models/yolo.py``.
"""

from typing import ClassVar

import numpy as np

from detectors.heads.found import Found, best, corners, distinct
from detectors.heads.grids import STRIDES, cells_of
from detectors.heads.head import NONE, Head, Outputs, Shapes, alike, exactly, only, single
from detectors.heads.scaling import in_pixels
from hub.api import ModelInput

_FIXED = 5  # numbers before the classes: x, y, width, height, objectness
_COARSEST = 64  # pixels: the stride that the larger variants add (P6)


class Yolov5(Head):
    """Reads YOLOv5 and YOLOv7 exports."""

    NAME: ClassVar = "yolov5"
    FORM: ClassVar = "one output of three rows for each cell with 5 + classes numbers"
    INPUT: ClassVar = ModelInput(
        width=640, height=640, multiple=32, colour="RGB", top=1.0, fit="centre"
    )
    ANCHORS: ClassVar = 3

    @classmethod
    def classes(cls, shapes: Shapes, width: int, height: int) -> range:
        shape = only(shapes)
        fits = any(
            alike(shape, 1, cls.ANCHORS * cells_of(width, height, strides), None)
            for strides in (STRIDES, (*STRIDES, _COARSEST))
        )
        return exactly(shape[2] - _FIXED) if fits else NONE

    def read(self, outputs: Outputs) -> Found:
        output, least = single(outputs), self.wanted.min_score
        rows = output[output[:, 4] >= least]  # a class score is at most 1
        classes = rows[:, _FIXED:].argmax(axis=1)
        scores = rows[:, 4] * rows[np.arange(len(rows)), _FIXED + classes]
        top = best(scores, least)
        boxes = in_pixels(corners(rows[top, :4]), self.wanted)
        return distinct(
            Found(boxes=boxes, scores=scores[top], classes=classes[top]), self.wanted.iou
        )


class Yolov6(Yolov5):
    """Reads exports with one decoded row for each cell. Those of YOLOX, not decoded, look alike."""

    NAME: ClassVar = "yolov6"
    FORM: ClassVar = "one output of a row for each cell with 5 + classes numbers, in pixels"
    ANCHORS: ClassVar = 1
    GUESSED: ClassVar = False
