"""Follows things from look to look, so that one person is one person.

After ByteTrack (Zhang et al., 2022, arXiv:2110.06864): confident detections are matched
first, then faint ones with the tracks still unmatched, which carries a track through
occlusion. Places are foretold by a Kalman filter of constant velocity as in SORT (Bewley
et al., 2016, arXiv:1602.00763), in seconds instead of frames, so that 2 and 15 looks a
second and gaps between them behave alike. What stands still is parked, and costs nothing.
"""

from collections.abc import Callable, Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from hub.api import Box, Detection
from hub.vision.appearance import Appearances, Likeness
from hub.vision.assignment import Pair, best_pairs
from hub.vision.association import overlaps, returned, weights
from hub.vision.facts import Track, TrackerMemory, TrackMemory, Tracks
from hub.vision.followed import Followed, Sightings, later, resumed, shown
from hub.vision.geometry import WHOLE, Floats, clamp, covered, ious, sides_of
from hub.vision.kalman import Kalman
from hub.vision.parking import Parking
from hub.vision.stillness import Stillness

Bools = NDArray[np.bool_]

_LOST: Final = 2.1  # seconds a track is kept after the first look that missed it
_UNSURE: Final = 0.7  # seconds the same for one not confirmed yet, or, where looks are further
_UNSURE_LOOKS: Final = 1.5  # apart, so many looks,
_UNSURE_MOST: Final = 1.6  # but no more than these seconds
_CONFIRM: Final = 0.3  # seconds a thing must have been there before it is believed
_STRONG: Final = 2  # looks at which it must have scored ``min_score``
_HIGH: Final = 0.6  # of ``min_score``: what is matched first and may begin a track
_FAINT_TRUST: Final = 0.5  # how much a fainter detection counts
_DOUBLED: Final = 0.65  # a detection that covers a matched one so far is the same thing
_COVERED: Final = 0.5  # of a track's place: a look at less of it says nothing of it
_RESTART: Final = 10.0  # seconds between two starts over which a moving thing is remembered
_PARKED: Final = 600.0  # seconds the same for what stood still


class Tracker:
    """The tracks of one camera."""

    def __init__(
        self, name: Callable[[int], str], min_score: float, stationary_after: float = 10.0
    ) -> None:
        self.min_score = min_score
        self._name = name
        self._births = self._names = 0
        self._followed: list[Followed] = []
        self._filter = Kalman()
        self._stillness = Stillness(stationary_after)
        self._parking = Parking()
        self._appearances = Appearances()
        self._now = 0.0
        self._step = 0.0  # seconds between the latest two looks
        self._aspect = 1.0

    @property
    def tracks(self) -> Tracks:
        """The tracks as the last look left them."""
        return Tracks(live=(*self._shown(), *self._parking.tracks))

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
        likeness: Likeness | None = None,
    ) -> Tracks:
        """Take what a look at ``now`` (seconds) found; ``aspect`` is the frame's width/height.

        ``looked`` are the parts of the frame that were looked at: what is elsewhere was not
        missed. ``likeness``, if there is any, is asked where places do not tell things apart.
        ``ended`` holds only tracks that had been confirmed.
        """
        self._step, self._now, self._aspect = now - self._now, now, aspect
        if self._followed:
            self._filter.predict(self._step, aspect)
        boxes = np.array([sides_of(each.box) for each in detections]).reshape(-1, 4)
        seen = Sightings(detections=detections, boxes=boxes, now=now, aspect=aspect)
        if self._parking.followed and detections:
            seen = self._unpark(seen)
        high = np.array([each.score for each in seen.detections]) >= _HIGH * self.min_score
        pairs = self._pair(seen, high, likeness)
        self._correct(pairs, seen, high)
        if likeness is not None and pairs:
            self._appearances.learn(pairs, self._followed, seen, likeness)
        self._miss({row for row, _ in pairs}, looked)
        self._begin(pairs, seen, high)
        ended = self._sweep()
        if self._parking.followed:
            ended += self._left(looked)
        self._park([row for row, each in enumerate(self._followed) if each.last == now])
        return Tracks(live=self.tracks.live, ended=tuple(ended))

    def finish(self) -> Tracks:
        """End every track: the stream is over."""
        ended = tuple(each for each in self.tracks.live if each.id)
        self._followed.clear()
        self._filter, self._stillness = Kalman(), Stillness(self.stationary_after)
        self._parking = Parking()
        return Tracks(ended=ended)

    def remember(self) -> TrackerMemory:
        """Return what another start needs to go on from here."""
        parked = self._parking
        return TrackerMemory(
            now=self._now,
            aspect=self._aspect,
            births=self._births,
            names=self._names,
            tracks=(
                *_memories(
                    self._shown(),
                    self._followed,
                    self._filter.sides,
                    self._filter.speed,
                    self._stillness.anchor,
                ),
                *_memories(
                    parked.tracks,
                    parked.followed,
                    parked.sides,
                    np.zeros_like(parked.sides),
                    parked.anchor,
                ),
            ),
        )

    def recall(self, memory: TrackerMemory, gap: float, now: float = 0.0) -> Tracks:
        """Go on, at ``now``, from what was remembered ``gap`` seconds before.

        Only a tracker that follows nothing yet may. What moved and was last seen too long ago
        has ended, as of then; what stood still may still be there.
        """
        kept, ended = list[TrackMemory](), list[Track]()
        for each in memory.tracks:
            then = later(each, now - gap - memory.now)
            limit = _PARKED if then.track.still else _RESTART
            if then.track.id and now - then.track.last <= limit:
                kept.append(then)
            elif then.track.id:
                ended.append(then.track)
        self._births, self._names = memory.births, memory.names
        self._now, self._aspect = now, memory.aspect
        self._resume(kept)
        self._filter.predict(gap, self._aspect)
        self._park(list(range(len(kept))))
        return Tracks(live=self.tracks.live, ended=tuple(ended))

    def _resume(self, kept: Sequence[TrackMemory]) -> None:
        if not kept:
            return
        tracks = [each.track for each in kept]
        self._filter.add(np.array([each.sides for each in kept]), self._aspect)
        self._filter.push(np.array([each.speed for each in kept]))
        self._stillness.add(
            np.array([each.anchor for each in kept]),
            np.array([each.stood for each in tracks]),
            np.array([each.still for each in tracks]),
        )
        self._followed += [resumed(each) for each in kept]

    def _shown(self) -> tuple[Track, ...]:
        speed = self._filter.speed
        velocities = ((speed[:, :2] + speed[:, 2:]) / 2).tolist()
        still, since = self._stillness.still.tolist(), self._stillness.since.tolist()
        return tuple(
            shown(each, velocity, still=quiet, stood=stood)
            for each, velocity, quiet, stood in zip(
                self._followed, velocities, still, since, strict=True
            )
        )

    def _unpark(self, seen: Sightings) -> Sightings:
        """Give parked things what is theirs, and follow those that stir."""
        taken, awake = self._parking.claim(seen, lambda: self._fits(seen))
        if awake:
            parked = self._parking
            self._followed += [parked.followed[row] for row in awake]
            self._filter.add(parked.sides[awake], self._aspect)
            self._stillness.add(
                parked.anchor[awake], parked.since[awake], np.ones(len(awake), bool)
            )
            parked.keep([row for row in range(len(parked.followed)) if row not in set(awake)])
        return seen.but(taken)

    def _fits(self, seen: Sightings) -> Floats:
        """Return how well each detection fits something that moves (IoU)."""
        if not self._followed:
            return np.zeros(len(seen.boxes))
        same = _same_label(self._followed, seen.detections)
        best: Floats = (same * ious(self._filter.sides, seen.boxes)).max(0)
        return best

    def _park(self, rows: list[int]) -> None:
        """Set apart what has come to stand, of these rows."""
        quiet = [row for row in self._stillness.quiet(rows) if self._followed[row].id]
        if not quiet:
            return
        self._parking.add(
            [self._followed[row] for row in quiet],
            self._filter.sides[quiet],
            self._stillness.anchor[quiet],
            self._stillness.since[quiet],
        )
        gone = set(quiet)
        self._keep([row for row in range(len(self._followed)) if row not in gone])

    def _left(self, looked: Sequence[Box]) -> list[Track]:
        """Return what is not in its place any more."""
        moving = [sides_of(each.box) for each in self._followed if each.id and each.missed is None]
        gone = self._parking.miss(
            self._now,
            np.array([sides_of(each) for each in looked]).reshape(-1, 4),
            np.array(moving).reshape(-1, 4),
        )
        if not gone:
            return []
        ended = [self._parking.tracks[row] for row in gone]
        self._parking.keep(
            [row for row in range(len(self._parking.followed)) if row not in set(gone)]
        )
        return ended

    def _pair(self, seen: Sightings, high: Bools, likeness: Likeness | None) -> list[Pair]:
        """Match in rounds: sure tracks with high scores, then low ones, then the unsure."""
        if not self._followed or not len(seen.boxes):
            return []
        sure = np.array([bool(each.id) for each in self._followed])
        well, faint = self._weights(seen)
        if likeness is not None:
            well = self._appearances.weigh(well, self._followed, seen, likeness)
        rows, columns = np.ones_like(sure), np.ones_like(high)  # those not taken yet
        found: list[Pair] = []
        for weight, of_rows, of_columns in (
            (well, sure, high),
            (faint, sure, ~high),
            (well, ~sure, high),
            (faint, ~sure, ~high),
        ):
            at, of = np.flatnonzero(rows & of_rows), np.flatnonzero(columns & of_columns)
            if not len(at) or not len(of):
                continue
            for row, column in best_pairs(weight[np.ix_(at, of)]):
                found.append((int(at[row]), int(of[column])))
                rows[at[row]] = columns[of[column]] = False
        return found

    def _weights(self, seen: Sightings) -> tuple[Floats, Floats]:
        last = np.array([sides_of(each.box) for each in self._followed])
        passed = self._now - np.array([each.last for each in self._followed])
        overlap = overlaps(self._filter, last, passed, seen.boxes)
        well, faint = weights(self._filter, overlap, seen.boxes, passed, self._step, self._aspect)
        again = np.array([each.resumed for each in self._followed])
        if again.any():
            back = returned(last, seen.boxes, passed, self._aspect)
            well = np.maximum(well, back * again[:, None])
        same = _same_label(self._followed, seen.detections)
        return same * well, same * faint

    def _correct(self, pairs: list[Pair], seen: Sightings, high: Bools) -> None:
        if not pairs:
            return
        rows, columns = [row for row, _ in pairs], [column for _, column in pairs]
        trust = np.where(high[columns], 1.0, _FAINT_TRUST)
        self._filter.correct(rows, seen.boxes[columns], trust, self._aspect)
        self._stillness.see(rows, self._filter.sides[rows], self._now, self._aspect)
        places = self._filter.sides[rows].clip(0.0, 1.0).tolist()
        for (row, column), place in zip(pairs, places, strict=True):
            each, score = self._followed[row], seen.detections[column].score
            each.box, each.last, each.missed = Box(*place), self._now, None
            each.resumed = False
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
        foretold = Box(*self._filter.sides[row].clip(0.0, 1.0).tolist())
        return any(
            covered(each, looked) >= _COVERED for each in (self._followed[row].box, foretold)
        )

    def _begin(self, pairs: list[Pair], seen: Sightings, high: Bools) -> None:
        taken = {column for _, column in pairs}
        free = [c for c in np.flatnonzero(high).tolist() if c not in taken]
        known = [self._followed[row] for row, _ in pairs]
        new: list[int] = []
        for column in sorted(free, key=lambda c: -seen.detections[c].score):
            if not self._doubled(seen.detections[column].label, seen.boxes[column], known):
                new.append(column)
                known.append(self._born(seen.detections[column]))
        if new:
            self._filter.add(seen.boxes[new], self._aspect)
            since, still = np.full(len(new), self._now), np.zeros(len(new), bool)
            self._stillness.add(seen.boxes[new], since, still)
            self._followed += known[-len(new) :]

    def _born(self, seen: Detection) -> Followed:
        self._births += 1
        return Followed(
            number=self._births,
            label=seen.label,
            score=seen.score,
            box=clamp(seen.box),
            born=self._now,
            last=self._now,
            strong=int(seen.score >= self.min_score),
        )

    def _doubled(self, label: str, box: Floats, known: Sequence[Followed]) -> bool:
        others = [sides_of(each.box) for each in known if each.label == label]
        if others and bool(ious(box[None], np.array(others)).max() >= _DOUBLED):
            return True
        return bool(self._parking.followed) and self._parking.covers(label, box, _DOUBLED)

    def _sweep(self) -> list[Track]:
        """End what has been lost for too long; return what of it had been believed."""
        rows = [row for row, each in enumerate(self._followed) if not self._over(each)]
        if len(rows) == len(self._followed):
            return []
        ended = [
            each
            for each, row in zip(self._shown(), self._followed, strict=True)
            if row.id and self._over(row)
        ]
        self._keep(rows)
        return ended

    def _keep(self, rows: list[int]) -> None:
        self._filter.keep(rows)
        self._stillness.keep(rows)
        self._followed = [self._followed[row] for row in rows]
        self._appearances.keep((*self._followed, *self._parking.followed))

    def _over(self, each: Followed) -> bool:
        unsure = max(_UNSURE, min(_UNSURE_LOOKS * self._step, _UNSURE_MOST))
        limit = _LOST if each.id else unsure
        return each.missed is not None and self._now - each.missed >= limit


def _same_label(tracks: Sequence[Followed], detections: Sequence[Detection]) -> Floats:
    """Return 1 where a track and a detection have one label, else 0."""
    numbers = {label: number for number, label in enumerate({each.label for each in tracks})}
    have = np.array([numbers[each.label] for each in tracks])
    come = np.array([numbers.get(each.label, -1) for each in detections])
    same: Floats = (have[:, None] == come[None, :]).astype(np.float64)
    return same


def _memories(
    tracks: Sequence[Track],
    followed: Sequence[Followed],
    sides: Floats,
    speed: Floats,
    anchor: Floats,
) -> list[TrackMemory]:
    return [
        TrackMemory(
            track=track, sides=tuple(place), speed=tuple(fast), anchor=tuple(at), strong=each.strong
        )
        for track, each, place, fast, at in zip(
            tracks, followed, sides.tolist(), speed.tolist(), anchor.tolist(), strict=True
        )
    ]
