"""What the stages hand each other, so that none of them need know another: values only."""

from dataclasses import dataclass
from enum import Enum, IntEnum, auto

from msgspec import Struct

from hub.api import Box


class Track(Struct, frozen=True, kw_only=True, gc=False):
    """One thing that is followed from frame to frame.

    ``number`` tells it from all others of its camera; ``id`` is its name for the world,
    empty until it is confirmed. ``score`` is the best it had; ``seen`` says whether the
    latest look found it, and ``last`` when one last did, in the camera's own seconds, as
    ``born``; ``box`` is from then.
    """

    number: int
    id: str
    label: str
    score: float
    box: Box
    seen: bool
    born: float
    last: float

    @property
    def confirmed(self) -> bool:
        """Whether it was seen well enough, and long enough, to be believed."""
        return bool(self.id)


@dataclass(frozen=True, slots=True, kw_only=True)
class Tracks:
    """Every track that lives, and those that just ended."""

    live: tuple[Track, ...] = ()
    ended: tuple[Track, ...] = ()


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


class Change(Enum):
    """What happened at a zone."""

    ENTERED = auto()
    LEFT = auto()
    CLEARED = auto()


@dataclass(frozen=True, slots=True, kw_only=True)
class ZoneChange:
    """A change at a zone; ``count`` is how many things of that label are in it afterwards."""

    kind: Change
    zone: str
    track: Track | None = None
    count: int = 0
    seconds: float = 0.0
