"""What an RT-DETR or one of its relatives says, in each of the three ways it is exported.

Its authors' export has ``labels``, ``boxes`` and ``scores``, boxes as corners in pixels of the
size it is told as ``orig_target_sizes``: that of the input. Others leave ``logits`` and boxes in
fractions, and Ultralytics joins both in one output, boxes first and scores ready.
Zhao et al., DETRs Beat YOLOs on Real-time Object Detection, arXiv:2304.08069.
"""

from typing import ClassVar

import numpy as np

from detectors.heads.detr import MOST, chosen, logits, names
from detectors.heads.found import Found, best, real
from detectors.heads.head import ANY, NONE, Head, Outputs, Shapes, alike, exactly, only, single
from hub.api import ModelInput

_BOX = 4  # centre x, centre y, width, height
_READY = frozenset({"labels", "boxes", "scores"})


class Rtdetr(Head):
    """Reads the exports of RT-DETR, D-FINE, Deformable DETR and RF-DETR: every class for itself."""

    NAME: ClassVar = "rtdetr"
    FORM: ClassVar = (
        "outputs labels, boxes and scores, or [1, queries, classes] and [1, queries, 4],"
        " or [1, queries, 4 + classes]"
    )
    INPUT: ClassVar = ModelInput(
        width=640, height=640, multiple=32, colour="RGB", top=1.0, fit="stretch"
    )

    @classmethod
    def classes(cls, shapes: Shapes, width: int, height: int) -> range:
        if set(shapes) == _READY:
            return ANY if alike(shapes["boxes"], 1, None, _BOX) else NONE
        shape = only(shapes)
        if alike(shape, 1, None, None) and 0 < shape[1] <= MOST:
            return exactly(shape[2] - _BOX)
        return exactly(logits(shapes))

    def read(self, outputs: Outputs) -> Found:
        if set(outputs) == _READY:
            return self._ready(outputs)
        if len(outputs) == 1:
            rows = single(outputs)
            return chosen(self, rows[:, _BOX:], rows[:, :_BOX])
        of_boxes, of_logits = names({name: each.shape for name, each in outputs.items()})
        with np.errstate(over="ignore"):  # 1 / infinity is the 0 it should be
            chances = 1 / (1 + np.exp(-outputs[of_logits][0]))
        return chosen(self, chances, outputs[of_boxes][0])

    def _ready(self, outputs: Outputs) -> Found:
        labels, boxes, scores = (outputs[each][0] for each in ("labels", "boxes", "scores"))
        known = np.flatnonzero((labels >= 0) & (labels < len(self.labels)))
        top = known[best(scores[known], self.wanted.min_score)]
        return real(
            Found(boxes=boxes[top], scores=scores[top], classes=labels[top].astype(np.intp))
        )
