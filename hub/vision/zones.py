"""All zones of a camera: where everybody is in them, measured at once.

Where zones overlap, an object is only in those of the highest priority that are for it: they are
cut out of the others.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from msgspec import Struct

from hub.vision.edges import Surfaces
from hub.vision.facts import Pace, Track, Tracks, ZoneChange
from hub.vision.geometry import Floats
from hub.vision.places import Places, Sight, Sway
from hub.vision.plan import CrowdPlan, ZonePlan
from hub.vision.presences import Depth, Zone, ZoneMemory

USUAL: Final = 16 / 9
"""A frame's width over its height, until one is known."""


class ZonesMemory(Struct, kw_only=True):
    """What is known of all zones, by name, and how much tracks tremble, by number."""

    zones: dict[str, ZoneMemory] = {}
    places: dict[int, Sway] = {}


@dataclass(slots=True)
class _Measures:
    """The polygons of all zones with one anchor, and their places among all zones."""

    anchor: str
    columns: list[int]
    surfaces: Surfaces


class Zones:
    """All zones of a camera."""

    def __init__(self, plans: Sequence[ZonePlan]) -> None:
        self._zones: list[Zone] = []
        self._places = Places()
        self._measures: list[_Measures] = []
        self._aspect = 0.0  # none of the measures is good for
        self._ranked = False
        self._take(plans)

    @property
    def occupied(self) -> frozenset[str]:
        """The names of the zones that something is in."""
        return frozenset(each.plan.name for each in self._zones if each.inside)

    @property
    def counts(self) -> dict[str, dict[str, int]]:
        """How many of each label are in each zone."""
        found: dict[str, dict[str, int]] = {}
        for zone in self._zones:
            held = found.setdefault(zone.plan.name, {})
            for each in zone.inside:
                held[each.track.label] = held.get(each.track.label, 0) + 1
        return found

    @property
    def crowded(self) -> frozenset[str]:
        """The names of the zones that a crowd is in."""
        return frozenset(each.plan.name for each in self._zones if each.memory.crowd.told)

    def remember(self) -> ZonesMemory:
        """Return what another start needs to go on from here: values of this very moment."""
        zones = {each.plan.name: each.memory for each in self._zones}
        return ZonesMemory(zones=zones, places=self._places.remember())

    def recall(self, memory: ZonesMemory, later: float) -> list[ZoneChange]:
        """Take up what was remembered, with all its times so many seconds later.

        Returns what another plan changes: who was in a zone that is gone meanwhile, or that is
        not for them any more, has left it.
        """
        self._places.recall(memory.places, later)
        ours, changes = {each.plan.name: each for each in self._zones}, list[ZoneChange]()
        for name, known in memory.zones.items():
            known.shift(later)
            if (zone := ours.get(name)) is None:
                changes += _gone(name, known).close()
                continue
            zone.memory = known
            for each in zone.inside:
                if zone.plan.objects and each.track.label not in zone.plan.objects:
                    changes += zone.end(each.track)
        return changes

    def replan(self, plans: Sequence[ZonePlan]) -> list[ZoneChange]:
        """Take other zones; who is in one that keeps its name stays in it until it leaves.

        Returns what that changes: who was in a zone that is gone, or that is not for them any
        more, has left it.
        """
        names = {each.name for each in plans}
        gone = [each for each in self._zones if each.plan.name not in names]
        changes = [change for zone in gone for change in zone.close()]
        before = {each.plan.name: each.plan for each in self._zones}
        self._take(plans)
        for zone in self._zones:
            if before.get(zone.plan.name) not in (None, zone.plan):
                changes += zone.readmit()
        return changes

    def update(
        self,
        tracks: Tracks,
        now: float,
        aspect: float = USUAL,
        paces: Mapping[int, Pace] | None = None,
    ) -> list[ZoneChange]:
        """Return what changed now (the camera's own seconds) that the tracks are where they are.

        ``aspect`` is the frame's width over its height, ``paces`` the speeds that are known.
        """
        changes: list[ZoneChange] = []
        if not self._zones:
            return changes
        sight = self._places.look(tracks.live, aspect)
        depths, trembles = self._measure(sight)
        highest: dict[int, int] = {}  # of the zones that a track is in, by its number
        for column, zone in enumerate(self._zones):
            for row, track in enumerate(sight.tracks):
                depth = depths[row][column]
                if depth <= 0.0 and not zone.knows(track.number):
                    continue
                pace = paces.get(track.number) if paces else None
                at = Depth(
                    track=track,
                    inside=depth > 0.0,
                    away=abs(depth),
                    tremble=sight.tremble(row, trembles[column]),
                    measured=sight.measured[row],
                    worth=sight.worth(row, abs(depth)),
                    pace=pace.now if pace else None,
                    barred=highest.get(track.number, zone.plan.priority) > zone.plan.priority,
                )
                changes += zone.follow(at, now)
                if zone.contains(track.number):
                    highest.setdefault(track.number, zone.plan.priority)
            for each in tracks.ended:
                changes += zone.end(each)
            changes += zone.conclude(tracks, now)
        return changes

    def _take(self, plans: Sequence[ZonePlan]) -> None:
        """Make the zones of a plan, those of a higher priority first."""
        known = {each.plan.name: each.memory for each in self._zones}
        order = sorted(plans, key=lambda each: -each.priority)
        self._zones = [Zone(each, known.get(each.name)) for each in order]
        self._ranked = len({each.priority for each in plans}) > 1
        self._aspect = 0.0

    def _measure(self, sight: Sight) -> tuple[list[list[float]], list[float]]:
        """Return how deep each track is in each zone, and how much may tremble at its edge."""
        if sight.aspect != self._aspect:
            self._survey(sight.aspect)
        depths = np.empty((len(sight.tracks), len(self._zones)))
        trembles = [0.0] * len(self._zones)
        for each in self._measures:
            depths[:, each.columns] = each.surfaces.depths(sight.points(each.anchor))
            for column, tremble in zip(each.columns, each.surfaces.trembles, strict=True):
                trembles[column] = tremble
        if self._ranked:
            self._rank(depths, sight.tracks)
        return depths.tolist(), trembles

    def _rank(self, depths: Floats, tracks: Sequence[Track]) -> None:
        """Take out of each zone what zones of a higher priority cover of it."""
        covers = [
            np.where([each.counts(t) or each.contains(t.number) for t in tracks], column, -np.inf)
            for each, column in zip(self._zones, depths.copy().T, strict=True)
        ]
        for column, zone in enumerate(self._zones):
            for higher, cover in zip(self._zones[:column], covers, strict=False):
                if higher.plan.priority > zone.plan.priority:
                    np.minimum(depths[:, column], -cover, out=depths[:, column])

    def _survey(self, aspect: float) -> None:
        """Lay out the polygons for frames of an aspect, those with the same anchor together."""
        self._aspect, self._measures = aspect, []
        for anchor in dict.fromkeys(each.plan.anchor for each in self._zones):
            columns = [n for n, each in enumerate(self._zones) if each.plan.anchor == anchor]
            polygons = [self._zones[column].plan.polygon for column in columns]
            self._measures.append(_Measures(anchor, columns, Surfaces(polygons, aspect)))


def _gone(name: str, memory: ZoneMemory) -> Zone:
    """Return a zone that is in no plan any more; a crowd in it is one until nobody is left."""
    crowd = CrowdPlan(count=1, seconds=0.0) if memory.crowd.told else None
    return Zone(ZonePlan(name=name, polygon=(), crowd=crowd), memory)
