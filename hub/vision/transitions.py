"""Turns what changed into the events the hub is told of."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from hub.api import (
    LineCrossed,
    MotionEnded,
    MotionStarted,
    ObjectAppeared,
    ObjectLeft,
    ObjectMoved,
    ObjectStationary,
    ZoneCleared,
    ZoneCrowded,
    ZoneDispersed,
    ZoneEntered,
    ZoneLeft,
    ZoneLoitering,
)
from hub.api.vision import VisionEvent
from hub.vision.facts import Change, LineChange, Motion, Pace, Track, Tracks, ZoneChange
from hub.vision.geometry import rounded
from hub.vision.moments import moment


class Transitions:
    """What one camera has made known so far."""

    def __init__(self, camera: str) -> None:
        self._camera = camera
        self._announced: set[int] = set()
        self._still: dict[int, float] = {}  # tracks told as stationary, and since when
        self._moving = False

    def motion(self, motion: Motion, captured: float) -> list[VisionEvent]:
        """Return what to tell about movement in a frame taken at ``captured`` (since 1970)."""
        if motion.moving == self._moving:
            return []
        self._moving, when = motion.moving, moment(captured)
        if motion.moving:
            return [MotionStarted(camera=self._camera, captured=when)]
        seconds = round(motion.seconds, 3)
        return [MotionEnded(camera=self._camera, captured=when, seconds=seconds)]

    @property
    def moving(self) -> bool:
        """Whether movement has begun and not ended."""
        return self._moving

    def resume(self, tracks: Tracks, *, moving: bool = False) -> None:
        """Take tracks that were made known before a restart as known, and what moved as moving."""
        self._moving = moving
        known = [each for each in (*tracks.live, *tracks.ended) if each.confirmed]
        self._announced.update(each.number for each in known)
        self._still.update((each.number, each.stood) for each in known if each.still)

    def objects(
        self,
        tracks: Tracks,
        changes: Sequence[ZoneChange | LineChange],
        captured: float,
        now: float | None = None,
        paces: Mapping[int, Pace] | None = None,
    ) -> list[VisionEvent]:
        """Return what to tell about tracks: who came, what zones and lines saw, who went.

        ``now`` is the frame's time in the camera's own seconds, ``paces`` how fast each is.
        """
        when = moment(captured)
        new = [
            each for each in tracks.live if each.confirmed and each.number not in self._announced
        ]
        gone = [each for each in tracks.ended if each.number in self._announced]
        self._announced.update(each.number for each in new)
        events = [
            *(self._appeared(each, when) for each in new),
            *self._stood(tracks, when),
            *(self._change(each, when) for each in changes),
            *(self._left(each, captured, now, (paces or {}).get(each.number)) for each in gone),
        ]
        for each in gone:
            self._announced.discard(each.number)
            self._still.pop(each.number, None)
        return events

    def _stood(self, tracks: Tracks, when: datetime) -> Iterator[VisionEvent]:
        """Yield which tracks came to stand, and which moved on."""
        for each in tracks.live:
            since = self._still.get(each.number)
            if each.still and since is None and each.number in self._announced:
                self._still[each.number] = each.stood
                yield self._stationary(each, when)
            elif since is not None and not each.still:
                del self._still[each.number]
                yield self._moved(each, when, since)

    def _stationary(self, track: Track, when: datetime) -> ObjectStationary:
        return ObjectStationary(
            camera=self._camera,
            **_who(track),
            captured=when,
            seconds=round(track.last - track.stood, 3),
        )

    def _moved(self, track: Track, when: datetime, since: float) -> ObjectMoved:
        return ObjectMoved(
            camera=self._camera,
            **_who(track),
            captured=when,
            seconds=round(track.stood - since, 3),
        )

    def _appeared(self, track: Track, when: datetime) -> ObjectAppeared:
        return ObjectAppeared(camera=self._camera, captured=when, **_who(track))

    def _left(
        self, track: Track, captured: float, now: float | None, pace: Pace | None
    ) -> ObjectLeft:
        seen = None if now is None else moment(captured - (now - track.last))
        return ObjectLeft(
            camera=self._camera,
            **_who(track),
            captured=moment(captured),
            seconds=round(track.last - track.born, 3),
            last_seen=seen,
            speed=_speed(pace.total / pace.looks) if pace and pace.looks else None,
            top_speed=_speed(pace.most) if pace and pace.looks else None,
        )

    def _change(self, change: ZoneChange | LineChange, when: datetime) -> VisionEvent:
        if isinstance(change, LineChange):
            return self._crossed(change, when)
        place = {"camera": self._camera, "zone": change.zone, "captured": when}
        return _visit(change, change.track, place) if change.track else _gathering(change, place)

    def _crossed(self, change: LineChange, when: datetime) -> LineCrossed:
        return LineCrossed(
            camera=self._camera,
            line=change.line,
            captured=when,
            direction="in" if change.inwards else "out",
            speed=_speed(change.speed),
            **_who(change.track),
        )


def _visit(change: ZoneChange, track: Track, place: dict[str, Any]) -> VisionEvent:
    seconds, who = round(change.seconds, 3), _who(track)
    if change.kind is Change.LOITERING:
        return ZoneLoitering(**place, **who, seconds=seconds)
    if change.kind is Change.ENTERED:
        return ZoneEntered(**place, **who, count=change.count)
    speed = _speed(change.speed)
    return ZoneLeft(**place, **who, count=change.count, seconds=seconds, speed=speed)


def _gathering(change: ZoneChange, place: dict[str, Any]) -> VisionEvent:
    seconds = round(change.seconds, 3)
    if change.kind is Change.CROWDED:
        return ZoneCrowded(**place, count=change.count)
    if change.kind is Change.DISPERSED:
        return ZoneDispersed(**place, count=change.count, seconds=seconds)
    return ZoneCleared(**place, seconds=seconds)


def _who(track: Track) -> dict[str, Any]:
    return {
        "object": track.label,
        "track": track.id,
        "score": round(track.score, 3),
        "box": rounded(track.box),
    }


def _speed(speed: float | None) -> float | None:
    return None if speed is None else round(speed, 2)
