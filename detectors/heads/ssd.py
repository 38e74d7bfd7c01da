"""What an SSD of the Open Model Zoo says: a list that OpenVINO's ``DetectionOutput`` made.

A row is the number of the picture, the class, its score, then left, top, right and bottom as
fractions of the input; after the last box the picture is -1. Boxes that overlap are gone already.
Liu et al., SSD: Single Shot MultiBox Detector, arXiv:1512.02325; OpenVINO, DetectionOutput-8.
"""

from typing import ClassVar

import numpy as np

from detectors.heads.found import Found, best, real
from detectors.heads.head import ANY, NONE, Head, Outputs, Shapes, alike, only, single
from detectors.heads.scaling import to_pixels
from hub.api import ModelInput

_NUMBERS = 7  # picture, class, score, left, top, right, bottom


class Ssd(Head):
    """Reads lists whose class 0 is the background, which has no label."""

    NAME: ClassVar = "ssd"
    FORM: ClassVar = "one output [1, 1, boxes, 7]"
    INPUT: ClassVar = ModelInput(width=300, height=300, fit="stretch")
    FIRST: ClassVar = 1

    @classmethod
    def classes(cls, shapes: Shapes, width: int, height: int) -> range:
        return ANY if alike(only(shapes), 1, 1, None, _NUMBERS) else NONE

    def fits(self, shapes: Shapes) -> str | None:
        why = super().fits(shapes)
        if why is None and self.wanted.assumed:
            return f"{self.NAME} cannot tell its classes there: list them under 'labels'"
        return why

    def read(self, outputs: Outputs) -> Found:
        rows = single(outputs)[0]
        rows = rows[rows[:, 0] == 0]
        classes = rows[:, 1] - self.FIRST
        rows = rows[(classes >= 0) & (classes < len(self.labels))]
        rows = rows[best(rows[:, 2], self.wanted.min_score)]
        return real(
            Found(
                boxes=to_pixels(rows[:, 3:7], self.wanted),
                scores=rows[:, 2],
                classes=(rows[:, 1] - self.FIRST).astype(np.intp),
            )
        )


class SsdFromZero(Ssd):
    """Reads lists without a background, such as those of person-detection-0200."""

    NAME: ClassVar = "ssd_from_zero"
    FIRST: ClassVar = 0
    GUESSED: ClassVar = False
