"""Follows things from look to look, so that one person is one person.

After ByteTrack (Zhang et al., 2022, arXiv:2110.06864): confident detections are matched
first, then faint ones with the tracks still unmatched, which carries a track through
occlusion. Places are foretold by a Kalman filter of constant velocity as in SORT (Bewley
et al., 2016, arXiv:1602.00763), in seconds instead of frames, so that 2 and 15 looks a
second and gaps between them behave alike.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from msgspec.structs import replace
from numpy.typing import NDArray

from hub.api import Box, Detection
from hub.vision.assignment import Pair, best_pairs
from hub.vision.facts import Track, TrackerMemory, TrackMemory, Tracks
from hub.vision.geometry import WHOLE, Floats, clamp, covered, ious
from hub.vision.kalman import Kalman
from hub.vision.stillness import Stillness

Bools = NDArray[np.bool_]
Ints = NDArray[np.intp]

_LOST: Final = 2.0  # seconds a track is kept after the first look that missed it
_UNSURE: Final = 0.7  # seconds the same for one not confirmed yet
_CONFIRM: Final = 0.3  # seconds a thing must have been there before it is believed
_STRONG: Final = 2  # looks at which it must have scored ``min_score``
_HIGH: Final = 0.6  # of ``min_score``: what is matched first and may begin a track
_FAINT_TRUST: Final = 0.5  # how much a fainter detection counts
_OVERLAP: Final = 0.1  # least overlap (IoU) of a confident detection with what was foretold
_FAINT_OVERLAP: Final = 0.3  # the same for a faint one
_DOUBLED: Final = 0.65  # a detection that covers a matched one so far is the same thing
_STRIDE: Final = 0.8  # seconds in which a thing may move clear of its last place
_FASTEST: Final = 3.0  # of its own size, per second; a runner makes 2
_SLACK: Final = 0.3  # of its own size, by which a foretold place may be wrong anyway
_SIDES: Final = 0.7  # natural logarithm; a side that grew more than twofold is no match
_STILL: Final = 1.0  # seconds between sights after which the last place counts as well
_COVERED: Final = 0.5  # of a track's place: a look at less of it says nothing of it
_RESTART: Final = 5.0  # seconds between two starts over which a moving thing is remembered
_PARKED: Final = 600.0  # seconds the same for what stood still


@dataclass(slots=True, kw_only=True)
class _Followed:
    """What a track has besides its place and speed."""

    number: int
    label: str
    score: float
    box: Box
    born: float
    last: float
    strong: int
    id: str = ""  # empty until it is confirmed
    missed: float | None = None  # when a look first missed it


class Tracker:
    """The tracks of one camera."""

    def __init__(
        self, name: Callable[[int], str], min_score: float, stationary_after: float = 10.0
    ) -> None:
        self.min_score = min_score
        self._name = name
        self._births = self._names = 0
        self._followed: list[_Followed] = []
        self._filter = Kalman()
        self._stillness = Stillness(stationary_after)
        self._now = 0.0
        self._aspect = 1.0

    @property
    def tracks(self) -> Tracks:
        """The tracks as the last look left them."""
        return Tracks(live=self._shown())

    @property
    def stationary_after(self) -> float:
        """After how many seconds in its place a thing is still."""
        return self._stillness.after

    @stationary_after.setter
    def stationary_after(self, seconds: float) -> None:
        self._stillness.after = seconds

    def update(
        self,
        detections: Sequence[Detection],
        now: float,
        aspect: float,
        looked: Sequence[Box] = (WHOLE,),
    ) -> Tracks:
        """Take what a look at ``now`` (seconds) found; ``aspect`` is the frame's width/height.

        ``looked`` are the parts of the frame that were looked at: what is elsewhere was not
        missed. ``ended`` holds only tracks that had been confirmed.
        """
        passed, self._now, self._aspect = now - self._now, now, aspect
        self._filter.predict(passed, aspect)
        boxes = np.array([_sides(each.box) for each in detections]).reshape(-1, 4)
        high = np.array([each.score for each in detections]) >= _HIGH * self.min_score
        pairs = self._pair(detections, boxes, high)
        self._correct(pairs, detections, boxes, high)
        self._miss({row for row, _ in pairs}, looked)
        self._begin(pairs, detections, boxes, high)
        return self._sweep()

    def finish(self) -> Tracks:
        """End every track: the stream is over."""
        ended = tuple(each for each in self._shown() if each.id)
        self._followed.clear()
        self._filter, self._stillness = Kalman(), Stillness(self.stationary_after)
        return Tracks(ended=ended)

    def remember(self) -> TrackerMemory:
        """Return what another start needs to go on from here."""
        sides, speed = self._filter.sides.tolist(), self._filter.speed.tolist()
        anchors = self._stillness.anchor.tolist()
        tracks = tuple(
            TrackMemory(
                track=track,
                sides=tuple(sides[row]),
                speed=tuple(speed[row]),
                anchor=tuple(anchors[row]),
                strong=self._followed[row].strong,
            )
            for row, track in enumerate(self._shown())
        )
        return TrackerMemory(
            now=self._now,
            aspect=self._aspect,
            births=self._births,
            names=self._names,
            tracks=tracks,
        )

    def recall(self, memory: TrackerMemory, gap: float, now: float = 0.0) -> Tracks:
        """Go on, at ``now``, from what was remembered ``gap`` seconds before.

        Only a tracker that follows nothing yet may. What moved and was last seen too long ago
        has ended, as of then; what stood still may still be there.
        """
        ago = now - gap - memory.now
        kept, ended = list[TrackMemory](), list[Track]()
        for each in memory.tracks:
            then = _later(each, ago)
            limit = _PARKED if then.track.still else _RESTART
            if then.track.id and now - then.track.last <= limit:
                kept.append(then)
            elif then.track.id:
                ended.append(then.track)
        self._births, self._names = memory.births, memory.names
        self._now, self._aspect = now, memory.aspect
        self._resume(kept, gap)
        return Tracks(live=self._shown(), ended=tuple(ended))

    def _resume(self, kept: Sequence[TrackMemory], gap: float) -> None:
        if not kept:
            return
        sides = np.array([each.sides for each in kept])
        tracks = [each.track for each in kept]
        self._filter.add(sides, self._aspect)
        self._filter.push(np.array([each.speed for each in kept]))
        self._filter.predict(gap, self._aspect)
        self._stillness.add(
            np.array([each.anchor for each in kept]),
            np.array([each.stood for each in tracks]),
            np.array([each.still for each in tracks]),
        )
        self._followed += [_resumed(each) for each in kept]

    def _shown(self) -> tuple[Track, ...]:
        speed = self._filter.speed
        velocities = ((speed[:, :2] + speed[:, 2:]) / 2).tolist()
        still, since = self._stillness.still.tolist(), self._stillness.since.tolist()
        return tuple(
            _shown(each, (velocity[0], velocity[1]), still=quiet, stood=stood)
            for each, velocity, quiet, stood in zip(
                self._followed, velocities, still, since, strict=True
            )
        )

    def _pair(self, detections: Sequence[Detection], boxes: Floats, high: Bools) -> list[Pair]:
        """Match in rounds: sure tracks with high scores, then low ones, then the unsure."""
        if not self._followed or not detections:
            return []
        sure = np.array([bool(each.id) for each in self._followed])
        same = _same_label(self._followed, detections)
        overlap = same * self._overlaps(boxes)
        well, faint = overlap * (overlap >= _OVERLAP), overlap * (overlap >= _FAINT_OVERLAP)
        rows, columns = np.ones_like(sure), np.ones_like(high)  # those not taken yet
        found: list[Pair] = []
        for weight, of_rows, of_columns in (
            (well, sure, high),
            (faint, sure, ~high),
            (None, sure, high),
            (well, ~sure, high),
            (faint, ~sure, ~high),
            (None, ~sure, high),
        ):
            at, of = np.flatnonzero(rows & of_rows), np.flatnonzero(columns & of_columns)
            if not len(at) or not len(of):
                continue
            cut = np.ix_(at, of)
            part = same[cut] * self._near(at, boxes[of]) if weight is None else weight[cut]
            for row, column in best_pairs(part):
                found.append((int(at[row]), int(of[column])))
                rows[at[row]] = columns[of[column]] = False
        return found

    def _overlaps(self, boxes: Floats) -> Floats:
        overlap = ious(self._filter.sides, boxes)
        old = [row for row, each in enumerate(self._followed) if self._now - each.last >= _STILL]
        if old:
            places = np.array([_sides(self._followed[row].box) for row in old])
            overlap[old] = np.maximum(overlap[old], ious(places, boxes))
        return overlap

    def _near(self, rows: Ints, boxes: Floats) -> Floats:
        """Weigh boxes by how near they are to where tracks are foretold; 0 is out of reach."""
        sides, size = self._filter.sides[rows], self._filter.sizes(self._aspect)[rows, None]
        passed = self._now - np.array([self._followed[row].last for row in rows])[:, None]
        middles, ends = sides[:, :2] + sides[:, 2:], boxes[:, :2] + boxes[:, 2:]
        off = (ends[None] - middles[:, None]) / 2
        away = np.hypot(off[..., 0] * self._aspect, off[..., 1]) / size
        doubt = 3 * self._filter.spread()[rows, 1:] / size
        limit = _SLACK + np.minimum(doubt, _FASTEST * passed)
        edges = np.log(np.maximum(sides[:, 2:] - sides[:, :2], 1e-4))[:, None]
        grown = np.abs(np.log(np.maximum(boxes[:, 2:] - boxes[:, :2], 1e-4))[None] - edges).max(2)
        weight: Floats = (1 - away / limit) * (grown < _SIDES) * (passed <= _STRIDE)
        return weight

    def _correct(
        self, pairs: list[Pair], detections: Sequence[Detection], boxes: Floats, high: Bools
    ) -> None:
        if not pairs:
            return
        rows, columns = [row for row, _ in pairs], [column for _, column in pairs]
        trust = np.where(high[columns], 1.0, _FAINT_TRUST)
        self._filter.correct(rows, boxes[columns], trust, self._aspect)
        self._stillness.see(rows, self._filter.sides[rows], self._now, self._aspect)
        places = self._filter.sides[rows].clip(0.0, 1.0).tolist()
        for (row, column), sides in zip(pairs, places, strict=True):
            each, score = self._followed[row], detections[column].score
            each.box, each.last, each.missed = Box(*sides), self._now, None
            each.score = max(each.score, score)
            each.strong += score >= self.min_score
            if not each.id and each.strong >= _STRONG and self._now - each.born >= _CONFIRM:
                self._names += 1
                each.id = self._name(self._names)

    def _miss(self, seen: set[int], looked: Sequence[Box]) -> None:
        lost = [row for row, each in enumerate(self._followed) if row not in seen]
        if lost and WHOLE not in looked:
            lost = [row for row in lost if self._covered(row, looked)]
        fresh = [row for row in lost if self._followed[row].missed is None]
        if fresh:
            self._filter.coast(fresh)
        for row in fresh:
            self._followed[row].missed = self._now

    def _covered(self, row: int, looked: Sequence[Box]) -> bool:
        """Say whether a look took in where a track was, or where it should be by now."""
        sides = self._filter.sides[row].clip(0.0, 1.0).tolist()
        return any(
            covered(each, looked) >= _COVERED for each in (self._followed[row].box, Box(*sides))
        )

    def _begin(
        self, pairs: list[Pair], detections: Sequence[Detection], boxes: Floats, high: Bools
    ) -> None:
        taken = {column for _, column in pairs}
        free = [c for c in np.flatnonzero(high).tolist() if c not in taken]
        known = [self._followed[row] for row, _ in pairs]
        new: list[int] = []
        for column in sorted(free, key=lambda c: -detections[c].score):
            if not _doubled(detections[column].label, boxes[column], known):
                new.append(column)
                known.append(self._born(detections[column]))
        if new:
            self._filter.add(boxes[new], self._aspect)
            since, still = np.full(len(new), self._now), np.zeros(len(new), bool)
            self._stillness.add(boxes[new], since, still)
            self._followed += known[-len(new) :]

    def _born(self, seen: Detection) -> _Followed:
        self._births += 1
        return _Followed(
            number=self._births,
            label=seen.label,
            score=seen.score,
            box=clamp(seen.box),
            born=self._now,
            last=self._now,
            strong=int(seen.score >= self.min_score),
        )

    def _sweep(self) -> Tracks:
        shown = self._shown()
        over = [self._over(each) for each in self._followed]
        if not any(over):
            return Tracks(live=shown)
        rows = [row for row, gone in enumerate(over) if not gone]
        self._filter.keep(rows)
        self._stillness.keep(rows)
        self._followed = [self._followed[row] for row in rows]
        ended = tuple(each for each, gone in zip(shown, over, strict=True) if gone and each.id)
        return Tracks(live=tuple(shown[row] for row in rows), ended=ended)

    def _over(self, each: _Followed) -> bool:
        limit = _LOST if each.id else _UNSURE
        return each.missed is not None and self._now - each.missed >= limit


def _same_label(tracks: Sequence[_Followed], detections: Sequence[Detection]) -> Floats:
    """Return 1 where a track and a detection have one label, else 0."""
    numbers = {label: number for number, label in enumerate({each.label for each in tracks})}
    have = np.array([numbers[each.label] for each in tracks])
    come = np.array([numbers.get(each.label, -1) for each in detections])
    same: Floats = (have[:, None] == come[None, :]).astype(np.float64)
    return same


def _doubled(label: str, box: Floats, known: Sequence[_Followed]) -> bool:
    others = [_sides(each.box) for each in known if each.label == label]
    return bool(others) and bool(ious(box[None], np.array(others)).max() >= _DOUBLED)


def _shown(each: _Followed, velocity: tuple[float, float], *, still: bool, stood: float) -> Track:
    return Track(
        number=each.number,
        id=each.id,
        label=each.label,
        score=each.score,
        box=each.box,
        seen=each.missed is None,
        born=each.born,
        last=each.last,
        velocity=velocity,
        still=still,
        stood=stood,
    )


def _later(each: TrackMemory, seconds: float) -> TrackMemory:
    """Return a memory by a clock that shows so much more."""
    track = each.track
    return replace(
        each,
        track=replace(
            track,
            born=track.born + seconds,
            last=track.last + seconds,
            stood=track.stood + seconds,
        ),
    )


def _resumed(each: TrackMemory) -> _Followed:
    track = each.track
    return _Followed(
        number=track.number,
        label=track.label,
        score=track.score,
        box=track.box,
        born=track.born,
        last=track.last,
        strong=each.strong,
        id=track.id,
    )


def _sides(box: Box) -> tuple[float, float, float, float]:
    return box.left, box.top, box.right, box.bottom
