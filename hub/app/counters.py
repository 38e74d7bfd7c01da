"""What is counted from midnight to midnight: visits of zones, their length, ways over lines.

The numbers are the states themselves, which outlive the hub. Each says since when it counts
(``last_reset``, as Home Assistant's do), so that one of another day begins anew, also when the
hub was off at midnight. Midnight is the hub's own, by its time zone.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta, tzinfo

from hub.api import Clock, LineCrossed, State, States, ZoneEntered, ZoneLeft
from hub.api.clock import Cancel
from hub.api.vision import VisionEvent
from hub.settings import CameraSettings

Key = tuple[str, str, str]
"""A camera, a zone or line of it, and what is counted there."""


@dataclass(slots=True)
class Tally:
    """One number of today: a count by object, or the seconds of visits."""

    count: int = 0
    objects: dict[str, int] = field(default_factory=dict)
    total: float = 0.0
    last: float = 0.0
    longest: float = 0.0

    def add(self, thing: str) -> None:
        """Count one more."""
        self.count += 1
        self.objects[thing] = self.objects.get(thing, 0) + 1

    def stay(self, seconds: float) -> None:
        """Count a visit that is over."""
        self.count += 1
        self.total, self.last = self.total + seconds, seconds
        self.longest = max(self.longest, seconds)


class Counters:
    """The numbers of today, of every zone and line."""

    def __init__(
        self, cameras: Mapping[str, CameraSettings], states: States, clock: Clock, zone: tzinfo
    ) -> None:
        self._cameras = cameras
        self._states = states
        self._clock = clock
        self._zone = zone
        self._since = midnight(clock.now(), zone)
        self._tallies: dict[Key, Tally] = {}
        self._cancel: Cancel | None = None

    def begin(self) -> None:
        """Go on from what was stored, as far as it is of today."""
        self._since = midnight(self._clock.now(), self._zone)
        for camera in self._cameras.values():
            for what, names in (("zone", camera.zones), ("line", camera.lines)):
                for name in names:
                    for kind in KINDS[what]:
                        self._restore((camera.name, name, kind))
        self._wait()

    def stop(self) -> None:
        """Wait for no midnight any more."""
        if self._cancel is not None:
            self._cancel()

    def follow(self, event: VisionEvent) -> None:
        """Count what a vision worker saw."""
        match event:
            case ZoneEntered():
                self._add((event.camera, event.zone, "entered_today"), event.object, event.sequence)
            case LineCrossed():
                kind = f"{event.direction}_today"
                self._add((event.camera, event.line, kind), event.object, event.sequence)
            case ZoneLeft():
                key = (event.camera, event.zone, "dwell")
                if (tally := self._tally(key)) is not None:
                    tally.stay(event.seconds)
                    self._show(key, event.sequence)

    def _add(self, key: Key, thing: str, cause: int) -> None:
        if (tally := self._tally(key)) is not None:
            tally.add(thing)
            self._show(key, cause)

    def _tally(self, key: Key) -> Tally | None:
        """Return a number of today; none for what a former plan still tells of."""
        if midnight(self._clock.now(), self._zone) != self._since:
            self._reset()  # the timer comes a moment later
        return self._tallies.get(key)

    def _restore(self, key: Key) -> None:
        stored = self._states.get(_entity(key))
        today = stored is not None and _same(stored.attributes.get("last_reset"), self._since)
        self._tallies[key] = _tally(key, stored) if today and stored else Tally()
        self._show(key)

    def _reset(self) -> None:
        self._since = midnight(self._clock.now(), self._zone)
        for key in self._tallies:
            self._tallies[key] = Tally()
            self._show(key)

    def _wait(self) -> None:
        """Begin anew at the next midnight."""
        self._cancel = self._clock.call_at(following(self._since, self._zone), self._midnight)

    def _midnight(self) -> None:
        if midnight(self._clock.now(), self._zone) != self._since:
            self._reset()
        self._wait()

    def _show(self, key: Key, cause: int | None = None) -> None:
        camera, name, kind = key
        tally = self._tallies[key]
        title = self._cameras[camera].title
        facts: dict[str, object] = {
            "friendly_name": f"{title} {name} {kind}".replace("_", " "),
            "last_reset": self._since.astimezone(self._zone).isoformat(),
        }
        if kind == "dwell":
            state = f"{tally.total / tally.count:.1f}" if tally.count else "unknown"
            facts |= {"device_class": "duration", "unit_of_measurement": "s"}
            facts |= {"visits": tally.count, "total": round(tally.total, 3)}
            facts |= {"last": round(tally.last, 3), "longest": round(tally.longest, 3)}
        else:
            state = str(tally.count)
            facts |= {"objects": dict(tally.objects)}
        self._states.set(_entity(key), state, facts, cause=cause)


KINDS: Mapping[str, tuple[str, ...]] = {
    "zone": ("entered_today", "dwell"),
    "line": ("in_today", "out_today"),
}
"""What is counted at a zone and at a line."""


def midnight(now: datetime, zone: tzinfo) -> datetime:
    """Return when the day of a moment began in a time zone, in UTC.

    Where clocks are put forward at midnight, the day begins at that instant.
    """
    day = now.astimezone(zone).date()
    return datetime.combine(day, time.min, zone).astimezone(UTC)


def following(since: datetime, zone: tzinfo) -> datetime:
    """Return the midnight after one; a day may have 23 to 25 hours."""
    day = since.astimezone(zone).date() + timedelta(days=1)
    return datetime.combine(day, time.min, zone).astimezone(UTC)


def _entity(key: Key) -> str:
    return f"sensor.{'_'.join(key)}"


def _same(stored: object, since: datetime) -> bool:
    try:
        return isinstance(stored, str) and datetime.fromisoformat(stored) == since
    except (ValueError, TypeError):  # nonsense, or a time without a zone
        return False


def _tally(key: Key, stored: State) -> Tally:
    """Read a number as it was shown; what cannot be read counts nothing."""
    known = stored.attributes
    if key[2] == "dwell":
        return Tally(
            count=int(_number(known.get("visits"))),
            total=_number(known.get("total")),
            last=_number(known.get("last")),
            longest=_number(known.get("longest")),
        )
    objects = known.get("objects")
    pairs = objects.items() if isinstance(objects, Mapping) else ()
    return Tally(
        count=int(stored.state) if stored.state.isdecimal() else 0,
        objects={str(name): int(_number(count)) for name, count in pairs},
    )


def _number(value: object) -> float:
    return max(0.0, float(value)) if isinstance(value, int | float) else 0.0
