"""What an Ultra-Light face detector says: boxes decoded, overlaps not yet gone.

It has the scores of each prior, background first, and the corners of its box in fractions.
Linzaer, Ultra-Light-Fast-Generic-Face-Detector-1MB (2019), ``vision/ssd/predictor.py``.
"""

from typing import ClassVar

from detectors.heads.detr import MOST, names
from detectors.heads.found import Found, best, distinct
from detectors.heads.head import NONE, Head, Outputs, Shapes, exactly
from detectors.heads.scaling import to_pixels
from hub.api import ModelInput


class Ultraface(Head):
    """Reads ``scores`` and ``boxes`` of more priors than a DETR has queries."""

    NAME: ClassVar = "ultraface"
    FORM: ClassVar = "two outputs, [1, priors, 1 + classes] and [1, priors, 4]"
    INPUT: ClassVar = ModelInput(
        width=320,
        height=240,
        colour="RGB",
        fit="stretch",
        mean=(127.0, 127.0, 127.0),
        std=(128.0, 128.0, 128.0),
    )
    LABELS: ClassVar = ("face",)

    @classmethod
    def classes(cls, shapes: Shapes, width: int, height: int) -> range:
        try:
            of_boxes, of_scores = names(shapes)
        except LookupError:
            return NONE
        priors, numbers = shapes[of_scores][1:]
        fits = priors == shapes[of_boxes][1] and priors > MOST
        return exactly(numbers - 1) if fits else NONE

    def read(self, outputs: Outputs) -> Found:
        of_boxes, of_scores = names({name: each.shape for name, each in outputs.items()})
        chances = outputs[of_scores][0][:, 1:]
        scores = chances.max(axis=1)
        top = best(scores, self.wanted.min_score)
        boxes = to_pixels(outputs[of_boxes][0][top], self.wanted)
        found = Found(boxes=boxes, scores=scores[top], classes=chances[top].argmax(axis=1))
        return distinct(found, self.wanted.iou)
