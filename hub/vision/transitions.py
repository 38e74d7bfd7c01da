"""Turns what changed into the events the hub is told of."""

from datetime import UTC, datetime

from hub.api import (
    Box,
    MotionEnded,
    MotionStarted,
    ObjectAppeared,
    ObjectLeft,
    ZoneCleared,
    ZoneEntered,
    ZoneLeft,
)
from hub.api.vision import VisionEvent
from hub.vision.facts import Change, Motion, Track, Tracks, ZoneChange


class Transitions:
    """What one camera has made known so far."""

    def __init__(self, camera: str) -> None:
        self._camera = camera
        self._announced: set[int] = set()
        self._moving = False

    def motion(self, motion: Motion, captured: float) -> list[VisionEvent]:
        """Return what to tell about movement in a frame taken at ``captured`` (since 1970)."""
        if motion.moving == self._moving:
            return []
        self._moving, when = motion.moving, _time(captured)
        if motion.moving:
            return [MotionStarted(camera=self._camera, captured=when)]
        seconds = round(motion.seconds, 3)
        return [MotionEnded(camera=self._camera, captured=when, seconds=seconds)]

    def objects(
        self, tracks: Tracks, zones: list[ZoneChange], captured: float
    ) -> list[VisionEvent]:
        """Return what to tell about tracks and zones: who came, what zones saw, who went."""
        when = _time(captured)
        new = [
            each for each in tracks.live if each.confirmed and each.number not in self._announced
        ]
        gone = [each for each in tracks.ended if each.number in self._announced]
        self._announced.update(each.number for each in new)
        self._announced.difference_update(each.number for each in gone)
        return [
            *(self._appeared(each, when) for each in new),
            *(self._zone(each, when) for each in zones),
            *(self._left(each, when) for each in gone),
        ]

    def _appeared(self, track: Track, when: datetime) -> ObjectAppeared:
        return ObjectAppeared(
            camera=self._camera,
            object=track.label,
            track=track.id,
            score=round(track.score, 3),
            box=_rounded(track.box),
            captured=when,
        )

    def _left(self, track: Track, when: datetime) -> ObjectLeft:
        return ObjectLeft(
            camera=self._camera,
            object=track.label,
            track=track.id,
            score=round(track.score, 3),
            box=_rounded(track.box),
            captured=when,
            seconds=round(track.last - track.born, 3),
        )

    def _zone(self, change: ZoneChange, when: datetime) -> VisionEvent:
        seconds = round(change.seconds, 3)
        if change.track is None:
            return ZoneCleared(
                camera=self._camera, zone=change.zone, captured=when, seconds=seconds
            )
        entered = ZoneEntered(
            camera=self._camera,
            zone=change.zone,
            object=change.track.label,
            track=change.track.id,
            score=round(change.track.score, 3),
            box=_rounded(change.track.box),
            captured=when,
            count=change.count,
        )
        if change.kind is Change.ENTERED:
            return entered
        return ZoneLeft(
            camera=entered.camera,
            zone=entered.zone,
            object=entered.object,
            track=entered.track,
            score=entered.score,
            box=entered.box,
            captured=when,
            count=change.count,
            seconds=seconds,
        )


def _time(captured: float) -> datetime:
    return datetime.fromtimestamp(round(captured, 6), UTC)


def _rounded(box: Box) -> Box:
    """Return a box to a ten-thousandth of the frame, finer than a pixel of what a detector gets."""
    return Box(round(box.left, 4), round(box.top, 4), round(box.right, 4), round(box.bottom, 4))
