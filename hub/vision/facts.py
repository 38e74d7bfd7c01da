"""What the stages hand each other, so that none of them need know another: values only."""

from dataclasses import dataclass
from enum import Enum, IntEnum, auto

from msgspec import Struct

from hub.api import Box

Shown = tuple[float, float]
"""When a picture is shown (``pts``, seconds), and when it was captured (since 1970)."""


class Track(Struct, frozen=True, kw_only=True, gc=False):
    """One thing that is followed from frame to frame.

    ``number`` tells it from all others of its camera; ``id`` is its name for the world,
    empty until it is confirmed. ``score`` is the best it had; ``seen`` says whether the
    latest look found it, and ``last`` when one last did, in the camera's own seconds, as
    ``born``; ``box`` is from then. ``velocity`` is that of its middle, across and down, in
    fractions of the frame per second. ``still`` says that it has stood for the camera's
    ``stationary_after``, since ``stood``.
    """

    number: int
    id: str
    label: str
    score: float
    box: Box
    seen: bool
    born: float
    last: float
    velocity: tuple[float, float] = (0.0, 0.0)
    still: bool = False
    stood: float = 0.0

    @property
    def confirmed(self) -> bool:
        """Whether it was seen well enough, and long enough, to be believed."""
        return bool(self.id)


@dataclass(frozen=True, slots=True, kw_only=True)
class Tracks:
    """Every track that lives, and those that just ended."""

    live: tuple[Track, ...] = ()
    ended: tuple[Track, ...] = ()

    @property
    def still(self) -> tuple[Track, ...]:
        """Those that stand still."""
        return tuple(each for each in self.live if each.still)

    @property
    def moving(self) -> tuple[Track, ...]:
        """Those that do not stand still, or not for long enough yet."""
        return tuple(each for each in self.live if not each.still)


class TrackMemory(Struct, frozen=True, kw_only=True):
    """A track as it is kept for the next start; ``sides`` and ``speed`` are its filter's.

    ``anchor`` is the place it was measured against: how far it has moved since ``stood``.
    """

    track: Track
    sides: tuple[float, float, float, float]
    speed: tuple[float, float, float, float]
    anchor: tuple[float, float, float, float]
    strong: int


class TrackerMemory(Struct, frozen=True, kw_only=True):
    """What a tracker knew at ``now``, by its own clock; plain values that msgspec can write.

    ``aspect`` is the frame's width over its height; ``births`` and ``names`` are how many
    tracks it had begun and named.
    """

    now: float = 0.0
    aspect: float = 1.0
    births: int = 0
    names: int = 0
    tracks: tuple[TrackMemory, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Motion:
    """Where a frame differs from what was there before.

    ``moving`` holds until stillness has lasted; ``seconds`` is for how long it has been so.
    """

    boxes: tuple[Box, ...] = ()
    moving: bool = False
    seconds: float = 0.0


class Priority(IntEnum):
    """Why a detector is to look; what is lower goes first."""

    NEW = 0
    """Something moves where nothing is followed yet."""
    ACTIVE = 1
    """Something that is followed may have gone on."""
    REFRESH = 2
    """Nothing happened; only what is known is looked at again."""


@dataclass(frozen=True, slots=True)
class Look:
    """Which parts of a frame a detector is to see, and why; no places means none."""

    places: tuple[Box, ...] = ()
    priority: Priority = Priority.REFRESH

    def __bool__(self) -> bool:
        return bool(self.places)


class Pace(Struct, frozen=True, kw_only=True, gc=False):
    """How fast a track is over the ground, in metres per second; none where it is not known.

    ``total`` and ``looks`` are the sum and the number of its speeds so far, ``most`` the highest.
    """

    now: float | None = None
    total: float = 0.0
    looks: int = 0
    most: float = 0.0


class Change(Enum):
    """What happened at a zone."""

    ENTERED = auto()
    LEFT = auto()
    CLEARED = auto()
    LOITERING = auto()
    CROWDED = auto()
    DISPERSED = auto()


@dataclass(frozen=True, slots=True, kw_only=True)
class ZoneChange:
    """A change at a zone; ``count`` is how many things of that label are in it afterwards.

    Of a crowd, it is how many of any label. ``speed`` is the mean of who left.
    """

    kind: Change
    zone: str
    track: Track | None = None
    count: int = 0
    seconds: float = 0.0
    speed: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LineChange:
    """A track that went over a line; ``inwards`` is from its left to its right."""

    line: str
    track: Track
    inwards: bool
    speed: float | None = None
