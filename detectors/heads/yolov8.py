"""What YOLOv8 and its successors 9, 11 and 12 say: a column for each cell, and no objectness.

A column is centre x, centre y, width and height in pixels, then a score for each class.
Jocher et al., Ultralytics YOLO (2023), ``ultralytics/nn/modules/head.py``; the same layout is
that of YOLOv9 (Wang et al., arXiv:2402.13616) when exported from there.
"""

from typing import ClassVar

from detectors.heads.found import Found, best, corners, distinct
from detectors.heads.grids import STRIDES, cells_of
from detectors.heads.head import NONE, Head, Outputs, Shapes, alike, exactly, only, single
from detectors.heads.scaling import in_pixels
from hub.api import ModelInput

_FIXED = 4  # numbers before the classes: x, y, width, height
_COARSEST = 64  # pixels: the stride that the larger variants add (P6)


class Yolov8(Head):
    """Reads exports of YOLOv8, 9, 11 and 12 without their own suppression."""

    NAME: ClassVar = "yolov8"
    FORM: ClassVar = "one output of 4 + classes rows with a number for each cell"
    INPUT: ClassVar = ModelInput(
        width=640, height=640, multiple=32, colour="RGB", top=1.0, fit="centre"
    )

    @classmethod
    def classes(cls, shapes: Shapes, width: int, height: int) -> range:
        shape = only(shapes)
        fits = any(
            alike(shape, 1, None, cells_of(width, height, strides))
            for strides in (STRIDES, (*STRIDES, _COARSEST))
        )
        return exactly(shape[1] - _FIXED) if fits else NONE

    def read(self, outputs: Outputs) -> Found:
        output = single(outputs)
        scores = output[_FIXED:].max(axis=0)
        top = best(scores, self.wanted.min_score)
        classes = output[_FIXED:, top].argmax(axis=0)
        boxes = in_pixels(corners(output[:_FIXED, top].T), self.wanted)
        return distinct(Found(boxes=boxes, scores=scores[top], classes=classes), self.wanted.iou)
