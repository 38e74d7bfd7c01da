"""Scores tracks against a truth, as the MOTChallenge does."""

from hub.vision.scoring.mot_format import Row, Rows, read_detections, read_tracks, read_truth
from hub.vision.scoring.report import Scores, score
from hub.vision.scoring.seqinfo import SequenceInfo, info_beside
from hub.vision.scoring.tracking import Area, around, follow, kept, on_beat, stride

__all__ = [
    "Area",
    "Row",
    "Rows",
    "Scores",
    "SequenceInfo",
    "around",
    "follow",
    "info_beside",
    "kept",
    "on_beat",
    "read_detections",
    "read_tracks",
    "read_truth",
    "score",
    "stride",
]
