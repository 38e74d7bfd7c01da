"""What a YOLO that ends in a list says: YOLOv10, YOLO26, or any exported with its suppression.

A row is left, top, right, bottom in pixels, score and class; what is left over is zeros.
Wang et al., YOLOv10: Real-Time End-to-End Object Detection, arXiv:2405.14458.
"""

from typing import ClassVar

import numpy as np

from detectors.heads.found import Found, best, real
from detectors.heads.head import ANY, NONE, Head, Outputs, Shapes, alike, only, single
from detectors.heads.scaling import in_pixels
from hub.api import ModelInput

_NUMBERS = 6  # left, top, right, bottom, score, class
# Exports give 300 rows unless told another round number; a grid never has one below 2,100.
_ROUND, _MOST = 100, 1000  # rows


class Yolov10(Head):
    """Reads a list of boxes, of which none needs to be suppressed."""

    NAME: ClassVar = "yolov10"
    FORM: ClassVar = "one output of 300 rows with 6 numbers"
    INPUT: ClassVar = ModelInput(
        width=640, height=640, multiple=32, colour="RGB", top=1.0, fit="centre"
    )

    @classmethod
    def classes(cls, shapes: Shapes, width: int, height: int) -> range:
        shape = only(shapes)
        fits = alike(shape, 1, None, _NUMBERS)
        return ANY if fits and shape[1] <= _MOST and shape[1] % _ROUND == 0 else NONE

    def read(self, outputs: Outputs) -> Found:
        output = single(outputs)
        output = output[(output[:, 5] >= 0) & (output[:, 5] < len(self.labels))]
        top = output[best(output[:, 4], self.wanted.min_score)]
        boxes = in_pixels(top[:, :4], self.wanted)
        return real(Found(boxes=boxes, scores=top[:, 4], classes=top[:, 5].astype(np.intp)))
