"""The latest tracks and review items, put together as events tell of them.

Bounded: who wants to know more asks the journal. After a start the journal's latest events
say again what was known.
"""

from collections import OrderedDict
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Final, Protocol, TypeVar

import msgspec
from msgspec.structs import replace

from hub.api import (
    ActionCall,
    Answer,
    Bus,
    Event,
    Invalid,
    ObjectAppeared,
    ObjectAttributed,
    ObjectLeft,
    ObjectPictured,
    ReviewEnded,
    ReviewStarted,
    ReviewUpdated,
    SeenReview,
    SeenTrack,
    ZoneEntered,
)

KEPT: Final = 1000  # tracks, and as many items; some 1 MB
_TracksTell = ObjectAppeared | ZoneEntered | ObjectPictured | ObjectAttributed | ObjectLeft
_ReviewsTell = ReviewStarted | ReviewUpdated | ReviewEnded
TYPES: Final = (
    ObjectAppeared,
    ZoneEntered,
    ObjectPictured,
    ObjectAttributed,
    ObjectLeft,
    ReviewStarted,
    ReviewUpdated,
    ReviewEnded,
)
"""The events it is put together from."""
RESTORED: Final = 5000  # events that are read again at a start


class _OfCamera(Protocol):
    @property
    def camera(self) -> str: ...


O = TypeVar("O", bound=_OfCamera)  # noqa: E741 - an object of a camera


class RecentlySeen:
    """Implements ``hub.api.Seen`` from what a bus brings."""

    def __init__(self, bus: Bus) -> None:
        self._bus = bus
        self._tracks: OrderedDict[str, SeenTrack] = OrderedDict()
        self._reviews: OrderedDict[str, SeenReview] = OrderedDict()
        for each in TYPES:
            bus.listen(each, self._happened)

    def restore(self, rows: Iterable[bytes]) -> None:
        """Take stored events, oldest first; what was not over is taken as over by then."""
        for row in rows:
            self._happened(msgspec.json.decode(row, type=_TracksTell | _ReviewsTell))
        for track in self._tracks.values():
            if track.ended is None:
                self._tracks[track.id] = replace(track, ended=track.started)
        for review in self._reviews.values():
            if review.ended is None:
                self._reviews[review.id] = replace(review, ended=review.started)

    def tracks(
        self,
        *,
        camera: str = "",
        object: str = "",  # noqa: A002 - as it is called in events
        limit: int = 100,
    ) -> Sequence[SeenTrack]:
        """Return the newest tracks, of one camera or of one kind of object when named."""
        some = _of(camera, self._tracks.values())
        return [each for each in some if object in {"", each.object}][:limit]

    def track(self, name: str) -> SeenTrack | None:
        """Return a track by its id, or none when it is not known, or not any more."""
        return self._tracks.get(name)

    def reviews(
        self, *, camera: str = "", severity: str = "", limit: int = 100
    ) -> Sequence[SeenReview]:
        """Return the newest review items, of one camera or severity when named."""
        some = _of(camera, self._reviews.values())
        return [each for each in some if severity in {"", each.severity}][:limit]

    async def attach(self, call: ActionCall) -> Answer:
        """Handle ``object.attach``: tell all who listen, and keep it with the track."""
        name, camera = str(call.data["track"]), str(call.data["camera"])
        attributes = call.data["attributes"]
        known = self._tracks.get(name)
        if known is None or known.camera != camera or not isinstance(attributes, dict):
            raise Invalid(f"camera '{camera}' has no recent track '{name}'")
        event = ObjectAttributed(
            camera=camera,
            track=name,
            attributes=attributes,
            by=str(call.data["by"]),
            source="hub",
            cause=call.cause,
        )
        self._bus.fire(event)
        return None

    def _happened(self, event: Event) -> None:
        if isinstance(event, _ReviewsTell):
            self._reviews[event.review] = _review(event)
            _bound(self._reviews)
        elif isinstance(event, ObjectAppeared):
            self._tracks[event.track] = _begun(event)
            _bound(self._tracks)
        elif isinstance(event, _TracksTell) and (known := self._tracks.get(event.track)):
            self._tracks[event.track] = _changed(known, event)


def _begun(event: ObjectAppeared) -> SeenTrack:
    return SeenTrack(
        id=event.track,
        camera=event.camera,
        object=event.object,
        score=event.score,
        started=event.captured,
    )


def _changed(known: SeenTrack, event: _TracksTell) -> SeenTrack:
    match event:
        case ZoneEntered():
            zones = known.zones if event.zone in known.zones else (*known.zones, event.zone)
            return replace(known, zones=zones, score=max(known.score, event.score))
        case ObjectPictured():
            return replace(
                known,
                score=max(known.score, event.score),
                picture=Path(event.picture),
                annotated=Path(event.annotated),
                thumbnail=Path(event.thumbnail),
            )
        case ObjectAttributed():
            return replace(known, attributes={**known.attributes, **event.attributes})
        case ObjectLeft():
            return replace(known, ended=event.captured, score=max(known.score, event.score))
    return known


def _review(event: _ReviewsTell) -> SeenReview:
    return SeenReview(
        id=event.review,
        camera=event.camera,
        severity=event.severity,
        started=event.started,
        ended=event.ended if isinstance(event, ReviewEnded) else None,
        objects=event.objects,
        zones=event.zones,
        tracks=event.tracks,
    )


def _of(camera: str, known: Iterable[O]) -> list[O]:
    return [each for each in reversed([*known]) if camera in {"", each.camera}]


def _bound(known: OrderedDict[str, SeenTrack] | OrderedDict[str, SeenReview]) -> None:
    """Forget the oldest, first of those that are over: what is still there may be asked for."""
    while len(known) > KEPT:
        over = (name for name, each in known.items() if each.ended is not None)
        del known[next(over, next(iter(known)))]
