"""All measures of a sequence together."""

from msgspec import Struct

from hub.vision.scoring.clear import Clear, clear
from hub.vision.scoring.hota import Hota, hota
from hub.vision.scoring.identity import Identity, identity
from hub.vision.scoring.matching import lay
from hub.vision.scoring.mot_format import Rows


class Scores(Struct, frozen=True, kw_only=True):
    """What was scored, and how well it did."""

    frames: int
    objects: int
    tracks: int
    true_boxes: int
    track_boxes: int
    clear: Clear
    identity: Identity
    hota: Hota


def score(truth: Rows, tracks: Rows, iou: float = 0.5) -> Scores:
    """Score tracks; ``iou`` is the least overlap for all measures but HOTA, which takes many."""
    sequence = lay(truth, tracks, iou)
    return Scores(
        frames=len({each.frame for each in (*truth, *tracks)}),
        objects=len(sequence.true),
        tracks=len(sequence.found),
        true_boxes=int(sequence.true.sum()),
        track_boxes=int(sequence.found.sum()),
        clear=clear(sequence, iou),
        identity=identity(sequence, iou),
        hota=hota(sequence),
    )
