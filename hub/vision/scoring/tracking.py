"""Follows given detections with our own tracker, as a camera's pipeline would."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import pairwise
from math import gcd
from typing import Final

import numpy as np
from msgspec import Struct
from msgspec.structs import replace

from hub.api import Box, Detection
from hub.vision.facts import Track
from hub.vision.scoring.mot_format import Row, Rows
from hub.vision.tracker import Tracker

_LABEL: Final = "object"
_LIKELY: Final = 0.9  # the score of all detections of a detector that gives them none
_SPREAD: Final = (5, 95)  # percentiles: beyond them scores of any scale are outliers
_FROM, _TO = 0.25, 0.95  # where those come to lie
_FEWEST: Final = 5  # frames
_GAP: Final = 0.4  # seconds between two sights of a track; longer ones are left open


class Area(Struct, frozen=True, kw_only=True):
    """A rectangle in pixels that is taken for the frame."""

    left: float = 0.0
    top: float = 0.0
    right: float
    bottom: float

    @property
    def aspect(self) -> float:
        """Width over height."""
        return (self.right - self.left) / (self.bottom - self.top)


def around(rows: Rows, width: float = 1.0, height: float = 1.0) -> Area:
    """Return the picture of this size and whatever of the boxes lies outside it.

    MOTChallenge's boxes go on beyond the picture's edges, where a camera's are cut.
    """
    return Area(
        left=min((0.0, *(each.left for each in rows))),
        top=min((0.0, *(each.top for each in rows))),
        right=max((width, *(each.right for each in rows))),
        bottom=max((height, *(each.bottom for each in rows))),
    )


def kept(rows: Rows, every: int) -> Rows:
    """Return every so-manieth frame's boxes, from the first frame on."""
    return tuple(each for each in rows if (each.frame - 1) % every == 0)


def stride(rows: Rows) -> int:
    """Return how far apart the frames of a file are: 5 where it holds every fifth alone.

    A frame that is not in it was then not looked at; otherwise nothing was there. A few frames
    may be so far apart by chance, and tell nothing.
    """
    frames = sorted({each.frame for each in rows})
    if len(frames) < _FEWEST:
        return 1
    return gcd(*(after - before for before, after in pairwise(frames)))


def on_beat(rows: Rows, truth: Rows) -> Rows:
    """Return the boxes of those frames of which a truth tells that leaves others out."""
    step = stride(truth)
    return tuple(each for each in rows if (each.frame - truth[0].frame) % step == 0)


def follow(
    detections: Rows, area: Area, fps: float, min_score: float, *, beat: int = 1, told: int = 1
) -> Rows:
    """Return a track's box wherever one was seen, also before it was believed in.

    ``beat`` is how many frames the looks are apart, ``told`` how many those that are scored.
    """
    tracker = Tracker(str, min_score)
    looks = list(_looks(tracker, _scored(detections), area, fps, beat))
    believed = {each.number for _, live in looks for each in live if each.confirmed}
    rows = [
        _row(frame, each, area)
        for frame, live in looks
        for each in live
        if each.seen and each.number in believed
    ]
    return tuple(_filled(rows, max(_GAP * fps, beat), gcd(beat, told)))


def _filled(rows: Sequence[Row], longest: float, step: int) -> Iterator[Row]:
    """Yield boxes, and those that lie between two sights of a track, on a straight line.

    Between them the track was there, as zones count it (ByteTrack's evaluation does the same).
    ``longest`` is in frames.
    """
    last = dict[int, Row]()
    for row in rows:
        before = last.get(row.id, row)
        if row.frame - before.frame <= longest:
            for frame in range(before.frame + step, row.frame, step):
                yield _between(before, row, frame)
        yield row
        last[row.id] = row


def _between(one: Row, other: Row, frame: int) -> Row:
    part = (frame - one.frame) / (other.frame - one.frame)
    return replace(
        one,
        frame=frame,
        left=one.left + (other.left - one.left) * part,
        top=one.top + (other.top - one.top) * part,
        right=one.right + (other.right - one.right) * part,
        bottom=one.bottom + (other.bottom - one.bottom) * part,
    )


def _looks(
    tracker: Tracker, detections: Rows, area: Area, fps: float, beat: int
) -> Iterator[tuple[int, tuple[Track, ...]]]:
    frames = defaultdict[int, list[Detection]](list)
    for each in detections:
        frames[each.frame].append(_detection(each, area))
    first = min(frames, default=1)
    for frame in range(first, max(frames, default=0) + 1, beat):
        seen = frames.get(frame, [])
        yield frame, tracker.update(seen, (frame - first) / fps, area.aspect).live


def _scored(detections: Rows) -> Rows:
    """Return detections whose scores lie between 0 and 1, whatever the detector's scale was."""
    scores = np.array([each.score for each in detections])
    if not len(scores) or (scores.min() >= 0 and scores.max() <= 1 and scores.min() < scores.max()):
        return detections
    low, high = np.percentile(scores, _SPREAD)
    if low == high:
        mapped = np.full(len(scores), _LIKELY)
    else:
        mapped = _FROM + (_TO - _FROM) * np.clip((scores - low) / (high - low), 0.0, 1.0)
    return tuple(
        replace(each, score=score) for each, score in zip(detections, mapped.tolist(), strict=True)
    )


def _detection(row: Row, area: Area) -> Detection:
    wide, high = area.right - area.left, area.bottom - area.top
    box = Box(
        (row.left - area.left) / wide,
        (row.top - area.top) / high,
        (row.right - area.left) / wide,
        (row.bottom - area.top) / high,
    )
    return Detection(label=_LABEL, score=row.score, box=box)


def _row(frame: int, track: Track, area: Area) -> Row:
    wide, high = area.right - area.left, area.bottom - area.top
    return Row(
        frame=frame,
        id=track.number,
        left=area.left + track.box.left * wide,
        top=area.top + track.box.top * high,
        right=area.left + track.box.right * wide,
        bottom=area.top + track.box.bottom * high,
        score=track.score,
    )
