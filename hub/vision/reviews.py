"""What is worth a look afterwards: activity on a camera, gathered into one item per burst.

A track is activity while it is seen, moves, and fits a rule. One that stands still for the
camera's ``stationary_after`` is none: neither a parked car nor somebody on a bench keeps an
item open for the night; both are again as soon as they move.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final, TypedDict

from msgspec import Struct

from hub.api import ReviewEnded, ReviewStarted, ReviewUpdated
from hub.vision.facts import Change, Track, Tracks, ZoneChange
from hub.vision.moments import moment
from hub.vision.plan import ReviewPlan, ReviewRule

Told = ReviewStarted | ReviewUpdated | ReviewEnded

ALERT: Final = "alert"
DETECTION: Final = "detection"
# A busy street would make one item of a day; of this length somebody can still look through it.
LONGEST: Final = 1800.0  # seconds
# An event that named each of a crowd would grow without bound; the first are enough to show it.
_NAMED: Final = 50  # tracks
# Sums of floating-point times may fall short of a limit by rounding alone.
_ROUNDING: Final = 1e-6  # seconds


class OpenReview(Struct, frozen=True, kw_only=True):
    """An item that was open when its worker ended; times are seconds since 1970."""

    review: str
    severity: str
    started: float
    begun: float
    active: float
    objects: tuple[str, ...] = ()
    zones: tuple[str, ...] = ()
    tracks: tuple[str, ...] = ()


class ReviewsMemory(Struct, frozen=True, kw_only=True):
    """What another start needs: the open item, and by number of a track the zones it is in."""

    item: OpenReview | None = None
    inside: dict[int, tuple[str, ...]] = {}


@dataclass(slots=True, kw_only=True)
class _Item:
    """An open item. ``begun`` and ``active`` are in the camera's own seconds."""

    review: str
    severity: str
    started: float  # since 1970, padding included
    begun: float
    active: float
    objects: list[str] = field(default_factory=list)
    zones: list[str] = field(default_factory=list)
    tracks: list[str] = field(default_factory=list)

    @property
    def size(self) -> tuple[str, int, int, int]:
        """What has to differ before it is worth telling of it again."""
        return self.severity, len(self.objects), len(self.zones), len(self.tracks)


class Reviews:
    """One camera's items. ``run`` makes their names differ between starts of a worker."""

    def __init__(self, camera: str, plan: ReviewPlan | None, run: str = "") -> None:
        self.plan = plan
        self._camera = camera
        self._prefix = f"{camera}-{run}r"
        self._number = 0
        self._inside: dict[int, set[str]] = {}
        self._open: _Item | None = None
        self._left: OpenReview | None = None

    def update(
        self, tracks: Tracks, changes: Iterable[ZoneChange], now: float, captured: float
    ) -> list[Told]:
        """Return what to tell of items, now that tracks and zones are as they are."""
        self._place(tracks, changes)
        told = self._resumed(now, captured)
        if self.plan is None:
            return [*told, *self._end(now, captured)]
        if self._open is not None and now - self._open.active >= self.plan.after - _ROUNDING:
            told += self._end(now, captured)
        fitting = [(each, rank) for each in tracks.live if (rank := self._rank(each))]
        told += self._take(self.plan, fitting, now, captured)
        if self._open is not None and now - self._open.begun >= LONGEST:
            told += self._split(fitting, now, captured)
        return told

    def finish(self, now: float, captured: float) -> list[Told]:
        """Return the end of what is open, for no frames come any more."""
        return [*self._resumed(now, captured), *self._end(now, captured)]

    def remember(self, now: float, captured: float) -> ReviewsMemory:
        """Return what another start needs to go on."""
        inside = {number: tuple(sorted(zones)) for number, zones in self._inside.items() if zones}
        return ReviewsMemory(item=self._kept(now, captured), inside=inside)

    def recall(self, memory: ReviewsMemory) -> None:
        """Go on with what another start left, from the next frame on."""
        self._left = memory.item
        self._inside = {number: set(zones) for number, zones in memory.inside.items()}

    def _kept(self, now: float, captured: float) -> OpenReview | None:
        item = self._open
        if item is None:
            return self._left
        return OpenReview(
            review=item.review,
            severity=item.severity,
            started=item.started,
            begun=captured - (now - item.begun),
            active=captured - (now - item.active),
            objects=tuple(item.objects),
            zones=tuple(item.zones),
            tracks=tuple(item.tracks),
        )

    def _resumed(self, now: float, captured: float) -> list[Told]:
        left, self._left = self._left, None
        if left is None or self._open is not None:
            return []
        self._open = _Item(
            review=left.review,
            severity=left.severity,
            started=left.started,
            begun=now - max(0.0, captured - left.begun),
            active=now - max(0.0, captured - left.active),
            objects=list(left.objects),
            zones=list(left.zones),
            tracks=list(left.tracks),
        )
        return [self._updated(self._open, captured)]

    def _place(self, tracks: Tracks, changes: Iterable[ZoneChange]) -> None:
        """Follow who is in which zone."""
        for each in changes:
            if each.track is None:
                continue
            if each.kind is Change.ENTERED:
                self._inside.setdefault(each.track.number, set()).add(each.zone)
            elif each.kind is Change.LEFT:
                self._inside.get(each.track.number, set()).discard(each.zone)
        alive = {each.number for each in tracks.live}
        for number in [each for each in self._inside if each not in alive]:
            del self._inside[number]

    def _rank(self, track: Track) -> str:
        """Return which kind of item a track's activity makes, empty for none."""
        if self.plan is None or not track.confirmed or track.still:
            return ""
        if self._fits(track, self.plan.alerts):
            return ALERT
        return DETECTION if self._fits(track, self.plan.detections) else ""

    def _fits(self, track: Track, rules: Iterable[ReviewRule]) -> bool:
        inside = self._inside.get(track.number, set())
        return any(
            (not each.objects or track.label in each.objects)
            and (not each.zones or not inside.isdisjoint(each.zones))
            for each in rules
        )

    def _take(
        self,
        plan: ReviewPlan,
        fitting: Sequence[tuple[Track, str]],
        now: float,
        captured: float,
    ) -> list[Told]:
        active = max((each.last for each, _ in fitting), default=None)
        if active is None or now - active >= plan.after:
            return []
        if self._open is None:
            self._open = self._new(now, captured - plan.before)
            self._open.active = active
            self._add(self._open, fitting)
            return [ReviewStarted(**self._facts(self._open, captured))]
        before = self._open.size
        self._open.active = max(self._open.active, active)
        self._add(self._open, fitting)
        return [self._updated(self._open, captured)] if self._open.size != before else []

    def _new(self, now: float, started: float) -> _Item:
        self._number += 1
        name = f"{self._prefix}{self._number}"
        return _Item(review=name, severity=DETECTION, started=started, begun=now, active=now)

    def _add(self, item: _Item, fitting: Sequence[tuple[Track, str]]) -> None:
        for track, rank in fitting:
            if rank == ALERT:
                item.severity = ALERT
            _join(item.objects, track.label)
            for zone in sorted(self._inside.get(track.number, ())):
                _join(item.zones, zone)
            if len(item.tracks) < _NAMED:
                _join(item.tracks, track.id)

    def _split(
        self, fitting: Sequence[tuple[Track, str]], now: float, captured: float
    ) -> list[Told]:
        """End an item that is long enough, and go on with another from the same moment."""
        if self._open is None:
            return []
        ended = ReviewEnded(**self._facts(self._open, captured), ended=moment(captured))
        active, self._open = self._open.active, None
        if not fitting:
            return [ended]
        self._open = self._new(now, captured)
        self._open.active = active
        self._add(self._open, fitting)
        return [ended, ReviewStarted(**self._facts(self._open, captured))]

    def _end(self, now: float, captured: float) -> list[Told]:
        item, self._open = self._open, None
        if item is None:
            return []
        padding = self.plan.after if self.plan else 0.0
        ended = captured - (now - item.active) + padding
        return [ReviewEnded(**self._facts(item, captured), ended=moment(ended))]

    def _updated(self, item: _Item, captured: float) -> ReviewUpdated:
        return ReviewUpdated(**self._facts(item, captured))

    def _facts(self, item: _Item, captured: float) -> "_Facts":
        return {
            "camera": self._camera,
            "review": item.review,
            "severity": item.severity,
            "captured": moment(captured),
            "started": moment(item.started),
            "objects": tuple(item.objects),
            "zones": tuple(item.zones),
            "tracks": tuple(item.tracks),
        }


class _Facts(TypedDict):
    camera: str
    review: str
    severity: str
    captured: datetime
    started: datetime
    objects: tuple[str, ...]
    zones: tuple[str, ...]
    tracks: tuple[str, ...]


def _join(known: list[str], new: str) -> None:
    if new not in known:
        known.append(new)
