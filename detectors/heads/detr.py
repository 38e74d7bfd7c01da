"""What a DETR says: a few hundred queries, each a box or nothing.

Boxes are centre and size in fractions of the input; the last of the classes means nothing.
Carion et al., End-to-End Object Detection with Transformers, arXiv:2005.12872.
"""

from typing import ClassVar

import numpy as np

from detectors.heads.found import Floats, Found, best, corners, real
from detectors.heads.head import NONE, Head, Outputs, Shapes, alike, exactly
from detectors.heads.scaling import to_pixels
from hub.api import ModelInput

# DETR asks 100 times, RT-DETR 300, others up to 900; grids of other networks have more cells.
MOST = 1000  # queries
_BOX = 4  # centre x, centre y, width, height
_NAMED = ("box", "det")  # in the names of outputs that are boxes


class Detr(Head):
    """Reads the exports of DETR and Conditional DETR: ``logits`` and ``pred_boxes``."""

    NAME: ClassVar = "detr"
    FORM: ClassVar = "two outputs, [1, queries, classes + 1] and [1, queries, 4]"
    INPUT: ClassVar = ModelInput(
        width=800,
        height=800,
        multiple=32,
        colour="RGB",
        top=1.0,
        fit="stretch",
        mean=(0.485, 0.456, 0.406),
        std=(0.229, 0.224, 0.225),
    )

    @classmethod
    def classes(cls, shapes: Shapes, width: int, height: int) -> range:
        count = logits(shapes)
        return exactly(count - 1) if count else NONE

    def read(self, outputs: Outputs) -> Found:
        of_boxes, of_logits = names({name: each.shape for name, each in outputs.items()})
        said = outputs[of_logits][0]
        raised = np.exp(said - said.max(axis=1, keepdims=True))
        chances = raised / raised.sum(axis=1, keepdims=True)
        return chosen(self, chances[:, :-1], outputs[of_boxes][0])


def chosen(head: Head, chances: Floats, boxes: Floats) -> Found:
    """Return the queries with a likely class; a DETR says nothing twice."""
    scores = chances.max(axis=1)
    top = best(scores, head.wanted.min_score)
    return real(
        Found(
            boxes=to_pixels(corners(boxes[top]), head.wanted),
            scores=scores[top],
            classes=chances[top].argmax(axis=1),
        )
    )


def logits(shapes: Shapes) -> int:
    """Return how many numbers a query has for its classes; 0 when these are no such outputs."""
    try:
        of_boxes, of_logits = names(shapes)
    except LookupError:
        return 0
    queries, numbers = shapes[of_logits][1:]
    fits = queries == shapes[of_boxes][1] and 0 < queries <= MOST
    return numbers if fits else 0


def names(shapes: Shapes) -> tuple[str, str]:
    """Return which output is boxes and which is classes; raises ``LookupError`` if none are."""
    three = [name for name, shape in shapes.items() if alike(shape, 1, None, None)]
    fours = [name for name in three if shapes[name][2] == _BOX]
    named = [name for name in fours if any(word in name.lower() for word in _NAMED)]
    if len(shapes) != 2 or len(three) != 2 or not fours:  # noqa: PLR2004 - boxes and classes
        raise LookupError
    of_boxes = (named or fours)[0]
    return of_boxes, next(name for name in three if name != of_boxes)
