"""Who is in which zone, and since when.

A box trembles, and with it the foot point at a zone's edge; so a change counts only after
it has held for the zone's ``enter_after`` or ``leave_after``. Both are measured in the
camera's own seconds, from the first look that showed the change.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from hub.vision.facts import Change, Track, Tracks, ZoneChange
from hub.vision.geometry import contains, foot
from hub.vision.plan import ZonePlan

# Sums of floating-point times may fall short of a limit by rounding alone.
_ROUNDING = 1e-6  # seconds


@dataclass(slots=True)
class _Presence:
    """One track as seen by one zone."""

    track: Track
    inside: bool = False  # what was last made known
    differs: float | None = None  # since when the foot point has said otherwise
    entered: float = 0.0


class Zone:
    """One zone's visitors."""

    def __init__(self, plan: ZonePlan) -> None:
        self.plan = plan
        self._present: dict[int, _Presence] = {}
        self._occupied = 0.0

    @property
    def occupied(self) -> bool:
        """Whether anything is in it."""
        return any(each.inside for each in self._present.values())

    def update(self, tracks: Tracks, now: float) -> Iterable[ZoneChange]:
        """Yield what changed now that the tracks are where they are."""
        for each in tracks.live:
            if not self.plan.objects or each.label in self.plan.objects:
                yield from self._follow(each, now)
        for each in tracks.ended:
            yield from self._end(each)
        self._forget(tracks)

    def _follow(self, track: Track, now: float) -> Iterable[ZoneChange]:
        presence = self._present.setdefault(track.number, _Presence(track))
        presence.track = track
        if not track.seen:
            return  # out of sight: it may be anywhere, so nothing is concluded
        if contains(self.plan.polygon, *foot(track.box)) == presence.inside:
            presence.differs = None
            return
        presence.differs = track.last if presence.differs is None else presence.differs
        hold = self.plan.leave_after if presence.inside else self.plan.enter_after
        if track.confirmed and now - presence.differs >= hold - _ROUNDING:
            yield from self._leave(presence) if presence.inside else self._enter(presence)

    def _end(self, track: Track) -> Iterable[ZoneChange]:
        presence = self._present.get(track.number)
        if presence is None or not presence.inside:
            return
        presence.track = track
        presence.differs = track.last if presence.differs is None else presence.differs
        yield from self._leave(presence)

    def _enter(self, presence: _Presence) -> Iterable[ZoneChange]:
        if not self.occupied:
            self._occupied = presence.differs or 0.0
        presence.inside, presence.entered, presence.differs = True, presence.differs or 0.0, None
        track = presence.track
        yield ZoneChange(
            kind=Change.ENTERED, zone=self.plan.name, track=track, count=self._count(track.label)
        )

    def _leave(self, presence: _Presence) -> Iterable[ZoneChange]:
        left = presence.differs or 0.0
        presence.inside, presence.differs = False, None
        track = presence.track
        yield ZoneChange(
            kind=Change.LEFT,
            zone=self.plan.name,
            track=track,
            count=self._count(track.label),
            seconds=left - presence.entered,
        )
        if not self.occupied:
            seconds = left - self._occupied
            yield ZoneChange(kind=Change.CLEARED, zone=self.plan.name, seconds=seconds)

    def _count(self, label: str) -> int:
        return sum(each.inside and each.track.label == label for each in self._present.values())

    def _forget(self, tracks: Tracks) -> None:
        alive = {each.number for each in tracks.live}
        for number in [each for each in self._present if each not in alive]:
            del self._present[number]


class Zones:
    """All zones of a camera."""

    def __init__(self, plans: Sequence[ZonePlan]) -> None:
        self._zones = [Zone(each) for each in plans]

    @property
    def occupied(self) -> frozenset[str]:
        """The names of the zones that something is in."""
        return frozenset(each.plan.name for each in self._zones if each.occupied)

    def replan(self, plans: Sequence[ZonePlan]) -> None:
        """Take other zones; who is in one that keeps its name stays in it until it leaves."""
        known = {each.plan.name: each for each in self._zones}
        self._zones = [known.get(each.name) or Zone(each) for each in plans]
        for zone, plan in zip(self._zones, plans, strict=True):
            zone.plan = plan

    def update(self, tracks: Tracks, now: float) -> list[ZoneChange]:
        """Return what changed now (the camera's own seconds) that the tracks are where they are."""
        return [change for zone in self._zones for change in zone.update(tracks, now)]
