"""Who is in one zone, and since when.

A change counts once it has held for the zone's ``enter_after`` or ``leave_after`` and is more
than trembling (see ``edges``). It is told then, but dated back to the first look that showed it,
so that how long a visit took is exact to the look. All times are the camera's own seconds.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from hub.vision.crowds import Crowd
from hub.vision.edges import Run
from hub.vision.facts import Change, Track, Tracks, ZoneChange
from hub.vision.geometry import area
from hub.vision.plan import CrowdPlan, ZonePlan

# Sums of floating-point times may fall short of a limit by rounding alone.
_ROUNDING: Final = 1e-6  # seconds


@dataclass(slots=True, kw_only=True)
class Depth:
    """How deep inside one zone one track is, and what its point trembles by, at a look."""

    track: Track
    inside: bool
    away: float  # from the edge, in heights of the frame
    tremble: float
    measured: float  # what of it was seen
    worth: float
    pace: float | None
    barred: bool  # it is in a zone of a higher priority


class Presence(Struct, kw_only=True):
    """One track as seen by one zone; ``inside`` is what was last made known."""

    track: Track
    run: Run
    inside: bool = False
    entered: float = 0.0
    loiters: bool = False
    speeds: float = 0.0  # the sum of those inside
    looks: int = 0

    def pass_by(self, at: Depth) -> None:
        """Note how fast it is while it is inside."""
        self.track = at.track
        if at.inside and at.pace is not None:
            self.speeds, self.looks = self.speeds + at.pace, self.looks + 1


class ZoneMemory(Struct, kw_only=True):
    """What a zone knows, as plain values; ``occupied`` is since when somebody is in it."""

    present: dict[int, Presence] = {}
    crowd: Crowd
    occupied: float = 0.0

    def shift(self, seconds: float) -> None:
        """Go over to another clock."""
        for each in self.present.values():
            each.entered += seconds
            born, last = each.track.born + seconds, each.track.last + seconds
            each.track = replace(each.track, born=born, last=last)
            each.run.shift(seconds)
        self.crowd.shift(seconds)
        self.occupied += seconds


class Zone:
    """One zone's visitors."""

    def __init__(self, plan: ZonePlan, memory: ZoneMemory | None = None) -> None:
        self.plan = plan
        self.memory = memory or ZoneMemory(crowd=Crowd())

    @property
    def inside(self) -> list[Presence]:
        """All that are in it."""
        return [each for each in self.memory.present.values() if each.inside]

    def knows(self, number: int) -> bool:
        """Say whether a track was ever in it, if only for a look."""
        return number in self.memory.present

    def contains(self, number: int) -> bool:
        """Say whether a track is in it."""
        return number in self.memory.present and self.memory.present[number].inside

    def counts(self, track: Track) -> bool:
        """Say whether a track is such as this zone is for."""
        plan = self.plan
        return (
            (not plan.objects or track.label in plan.objects)
            and track.score >= plan.min_score
            and plan.min_area <= area(track.box) <= plan.max_area
        )

    def follow(self, at: Depth, now: float) -> Iterable[ZoneChange]:
        """Take where a track was seen."""
        track, presence = at.track, self._presence(at.track)
        run = presence.run
        if at.inside == presence.inside or not (presence.inside or self.counts(track)):
            run.fail(track.last)
            presence.pass_by(at)
            return
        if run.since is None and at.inside:
            presence.speeds, presence.looks = 0.0, 0
        presence.pass_by(at)
        since = run.go_on(at.away, at.tremble, track.last, at.worth)
        if presence.inside:
            if at.barred or self._held(presence, at, now - since, self.plan.leave_after):
                yield from self._leave(presence, since)
        elif not at.barred and self._held(presence, at, now - since, self.plan.enter_after):
            yield from self._enter(presence, since)

    def end(self, track: Track) -> Iterable[ZoneChange]:
        """Take that a track is over: it left when it was last seen, or when it went out."""
        presence = self.memory.present.pop(track.number, None)
        if presence is not None and presence.inside:
            presence.track = track
            since = presence.run.since
            yield from self._leave(presence, track.last if since is None else since)

    def conclude(self, tracks: Tracks, now: float) -> Iterable[ZoneChange]:
        """Take that a look is over: who loiters, and whether there is a crowd."""
        live = {each.number: each for each in tracks.live}
        for number, presence in [*self.memory.present.items()]:
            if number not in live:
                yield from self.end(presence.track)
                continue
            presence.track = live[number]
            yield from self._loiter(presence, now)
        yield from self._crowd(now)

    def close(self) -> Iterable[ZoneChange]:
        """End every visit: the zone is none any more."""
        for presence in [*self.memory.present.values()]:
            yield from self.end(presence.track)

    def readmit(self) -> Iterable[ZoneChange]:
        """Begin anew after another plan; visits of what the zone is not for any more end."""
        for each in [*self.memory.present.values()]:
            each.run = Run()  # what was measured at another edge says nothing of this one
            if self.plan.objects and each.track.label not in self.plan.objects:
                yield from self.end(each.track)

    def _presence(self, track: Track) -> Presence:
        known = self.memory.present.get(track.number)
        if known is None:
            known = self.memory.present[track.number] = Presence(track=track, run=Run())
        return known

    def _held(self, presence: Presence, at: Depth, lasted: float, hold: float) -> bool:
        return (
            at.track.confirmed
            and lasted >= hold - _ROUNDING
            and presence.run.believed(at.tremble, at.measured)
        )

    def _enter(self, presence: Presence, since: float) -> Iterable[ZoneChange]:
        if not self.inside:
            self.memory.occupied = since
        presence.inside, presence.entered, presence.loiters = True, since, False
        presence.run = presence.run.end()
        track = presence.track
        yield ZoneChange(
            kind=Change.ENTERED, zone=self.plan.name, track=track, count=self._count(track.label)
        )

    def _leave(self, presence: Presence, left: float) -> Iterable[ZoneChange]:
        presence.inside, presence.run = False, presence.run.end()
        track = presence.track
        yield ZoneChange(
            kind=Change.LEFT,
            zone=self.plan.name,
            track=track,
            count=self._count(track.label),
            seconds=max(0.0, left - presence.entered),
            speed=presence.speeds / presence.looks if presence.looks else None,
        )
        yield from self._disperse(left, left)
        if not self.inside:
            seconds = max(0.0, left - self.memory.occupied)
            yield ZoneChange(kind=Change.CLEARED, zone=self.plan.name, seconds=seconds)

    def _loiter(self, presence: Presence, now: float) -> Iterable[ZoneChange]:
        after, track = self.plan.loiter_after, presence.track
        if after is None or presence.loiters or not presence.inside:
            return
        # Who is out of sight may have gone; what stands still is not looked at all the time.
        until = now if track.seen or track.still else track.last
        if presence.run.since is not None or until - presence.entered < after - _ROUNDING:
            return
        presence.loiters = True
        seconds = until - presence.entered
        yield ZoneChange(kind=Change.LOITERING, zone=self.plan.name, track=track, seconds=seconds)

    @property
    def _rule(self) -> CrowdPlan | None:
        """What is a crowd; nobody is where one was told and none is asked for any more."""
        if self.plan.crowd is None and self.memory.crowd.told:
            return CrowdPlan(count=len(self.inside) + 1, seconds=0.0)
        return self.plan.crowd

    def _crowd(self, now: float) -> Iterable[ZoneChange]:
        plan, crowd = self._rule, self.memory.crowd
        if plan is None:
            return
        entered = [each.entered for each in self.inside]
        if crowd.gathers(plan, entered, now):
            yield ZoneChange(kind=Change.CROWDED, zone=self.plan.name, count=len(entered))
        yield from self._disperse(now, now)

    def _disperse(self, left: float, now: float) -> Iterable[ZoneChange]:
        plan, count = self._rule, len(self.inside)
        if plan is None:
            return
        seconds = self.memory.crowd.disperses(plan, count, left, now)
        if seconds is not None:
            yield ZoneChange(
                kind=Change.DISPERSED, zone=self.plan.name, count=count, seconds=seconds
            )

    def _count(self, label: str) -> int:
        return sum(each.track.label == label for each in self.inside)
