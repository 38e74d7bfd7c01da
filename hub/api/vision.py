"""The facts that a vision worker reports: what moves, who is where, and what is worth a look.

``captured`` is always when the frame was taken, ``score`` the best a track had so far, and
``track`` names it for as long as it is followed.
"""

from datetime import datetime

from hub.api.events import Event
from hub.api.values import Box


class MotionStarted(Event, frozen=True):
    """Something moves in a camera's picture; ``captured`` is when that frame was taken."""

    KEYS = ("camera",)
    camera: str
    captured: datetime


class MotionEnded(Event, frozen=True):
    """Nothing has moved in a camera's picture for a while; ``seconds`` is how long it lasted."""

    KEYS = ("camera",)
    camera: str
    captured: datetime
    seconds: float


class ObjectAppeared(Event, frozen=True):
    """A new track was confirmed; ``track`` names it for as long as it is followed."""

    KEYS = ("camera", "object")
    camera: str
    object: str
    track: str
    score: float
    box: Box
    captured: datetime


class ObjectLeft(Event, frozen=True):
    """A track ended; ``score`` is the best it had, ``seconds`` how long it was followed.

    ``last_seen`` is when ``box`` was seen; it takes a moment until a track is given up.
    ``speed`` is its mean and ``top_speed`` its highest, in metres per second, where the camera's
    ``ground`` is known.
    """

    KEYS = ("camera", "object")
    camera: str
    object: str
    track: str
    score: float
    box: Box
    captured: datetime
    seconds: float
    last_seen: datetime | None = None
    speed: float | None = None
    top_speed: float | None = None


class ObjectStationary(Event, frozen=True):
    """A track has not moved for the camera's ``stationary_after``; ``seconds`` so far."""

    KEYS = ("camera", "object")
    camera: str
    object: str
    track: str
    score: float
    box: Box
    captured: datetime
    seconds: float


class ObjectMoved(Event, frozen=True):
    """A track that was stationary moves again; ``seconds`` is how long it stood."""

    KEYS = ("camera", "object")
    camera: str
    object: str
    track: str
    score: float
    box: Box
    captured: datetime
    seconds: float


class ObjectPictured(Event, frozen=True):
    """The best picture of a track so far has been stored; a later one is better.

    ``picture`` is the path of a clean JPEG, ``annotated`` of one with its box drawn,
    ``thumbnail`` of a small one cut around it. ``box`` and ``captured`` are those of that frame.
    """

    KEYS = ("camera", "object")
    camera: str
    object: str
    track: str
    score: float
    box: Box
    captured: datetime
    picture: str
    annotated: str
    thumbnail: str


class ObjectAttributed(Event, frozen=True):
    """Somebody who looked closer says more of a track: whose face, which plate, what colour."""

    KEYS = ("camera", "track")
    camera: str
    track: str
    attributes: dict[str, str]
    by: str


class ZoneEntered(Event, frozen=True):
    """A track has stood in a zone for its ``enter_after``.

    ``count`` is how many of this object are in the zone now, ``score`` the track's best so far.
    """

    KEYS = ("zone", "camera", "object")
    camera: str
    zone: str
    object: str
    track: str
    score: float
    box: Box
    captured: datetime
    count: int


class ZoneLeft(Event, frozen=True):
    """A track has been out of a zone for its ``leave_after``, or ended.

    ``count`` is how many of this object are still in it, ``seconds`` how long this one was.
    ``speed`` is its mean while it was inside, in metres per second, where the camera's
    ``ground`` is known.
    """

    KEYS = ("zone", "camera", "object")
    camera: str
    zone: str
    object: str
    track: str
    score: float
    box: Box
    captured: datetime
    count: int
    seconds: float
    speed: float | None = None


class ZoneLoitering(Event, frozen=True):
    """A track has been in a zone for its ``loiter_after``; told once per stay.

    ``seconds`` is how long it has been in it by now.
    """

    KEYS = ("zone", "camera", "object")
    camera: str
    zone: str
    object: str
    track: str
    score: float
    box: Box
    captured: datetime
    seconds: float


class ZoneCrowded(Event, frozen=True):
    """As many objects as ``crowd`` names have been in a zone together for its time."""

    KEYS = ("zone", "camera")
    camera: str
    zone: str
    captured: datetime
    count: int


class ZoneDispersed(Event, frozen=True):
    """A crowd in a zone is none any more; ``seconds`` is how long it was one."""

    KEYS = ("zone", "camera")
    camera: str
    zone: str
    captured: datetime
    count: int
    seconds: float


class ZoneCleared(Event, frozen=True):
    """The last object left a zone; ``seconds`` is how long it was occupied."""

    KEYS = ("zone", "camera")
    camera: str
    zone: str
    captured: datetime
    seconds: float


class LineCrossed(Event, frozen=True):
    """A track went over a line; ``direction`` is ``in`` or ``out``.

    Looking along the line from its first point to its last, ``in`` is from the left to the
    right. ``speed`` is in metres per second where the camera's ``ground`` is known.
    """

    KEYS = ("line", "camera", "object")
    camera: str
    line: str
    object: str
    track: str
    score: float
    box: Box
    captured: datetime
    direction: str
    speed: float | None = None


class ReviewStarted(Event, frozen=True):
    """Something worth a look began on a camera: one item, whatever else happens in it.

    ``severity`` is ``alert`` or ``detection``; ``started`` is before ``captured`` by the padding.
    """

    KEYS = ("camera", "severity")
    camera: str
    review: str
    severity: str
    captured: datetime
    started: datetime
    objects: tuple[str, ...] = ()
    zones: tuple[str, ...] = ()
    tracks: tuple[str, ...] = ()


class ReviewUpdated(Event, frozen=True):
    """A review item that goes on holds more: another object or zone, or it became an alert."""

    KEYS = ("camera", "severity")
    camera: str
    review: str
    severity: str
    captured: datetime
    started: datetime
    objects: tuple[str, ...] = ()
    zones: tuple[str, ...] = ()
    tracks: tuple[str, ...] = ()


class ReviewEnded(Event, frozen=True):
    """A review item is over; ``started`` and ``ended`` include the padding."""

    KEYS = ("camera", "severity")
    camera: str
    review: str
    severity: str
    captured: datetime
    started: datetime
    ended: datetime
    objects: tuple[str, ...] = ()
    zones: tuple[str, ...] = ()
    tracks: tuple[str, ...] = ()


VisionEvent = (
    MotionStarted
    | MotionEnded
    | ObjectAppeared
    | ObjectLeft
    | ObjectStationary
    | ObjectMoved
    | ObjectPictured
    | ZoneEntered
    | ZoneLeft
    | ZoneLoitering
    | ZoneCrowded
    | ZoneDispersed
    | ZoneCleared
    | LineCrossed
    | ReviewStarted
    | ReviewUpdated
    | ReviewEnded
)
"""What a vision worker reports."""
