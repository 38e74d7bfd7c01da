"""What a track has besides its place and speed, and how it is shown and remembered."""

from collections.abc import Sequence
from dataclasses import dataclass

from msgspec.structs import replace

from hub.api import Box, Detection
from hub.vision.facts import Track, TrackMemory
from hub.vision.geometry import Floats


@dataclass(slots=True, kw_only=True)
class Followed:
    """A thing that is followed; times are in the camera's own seconds."""

    number: int
    label: str
    score: float
    box: Box
    born: float
    last: float
    strong: int
    id: str = ""  # empty until it is confirmed
    missed: float | None = None  # when a look first missed it
    misses: int = 0  # those that counted, while it is parked
    counted: float = 0.0  # when the latest of them was
    resumed: bool = False  # known from before a restart, and not seen since


@dataclass(frozen=True, slots=True, kw_only=True)
class Sightings:
    """What a look at ``now`` found, and the same boxes as rows of four sides.

    ``aspect`` is the frame's width over its height.
    """

    detections: Sequence[Detection]
    boxes: Floats
    now: float
    aspect: float

    def but(self, columns: set[int]) -> "Sightings":
        """Return all but these."""
        if not columns:
            return self
        left = [column for column in range(len(self.boxes)) if column not in columns]
        return Sightings(
            detections=[self.detections[column] for column in left],
            boxes=self.boxes[left],
            now=self.now,
            aspect=self.aspect,
        )


def shown(each: Followed, velocity: list[float], *, still: bool, stood: float) -> Track:
    """Return a track as others see it."""
    return Track(
        number=each.number,
        id=each.id,
        label=each.label,
        score=each.score,
        box=each.box,
        seen=each.missed is None,
        born=each.born,
        last=each.last,
        velocity=(velocity[0], velocity[1]),
        still=still,
        stood=stood,
    )


def later(each: TrackMemory, seconds: float) -> TrackMemory:
    """Return a memory by a clock that shows so much more."""
    track = each.track
    moved = replace(
        track,
        born=track.born + seconds,
        last=track.last + seconds,
        stood=track.stood + seconds,
    )
    return replace(each, track=moved)


def resumed(each: TrackMemory) -> Followed:
    """Return what is followed on from a memory, as if the last look had seen it."""
    track = each.track
    return Followed(
        number=track.number,
        label=track.label,
        score=track.score,
        box=track.box,
        born=track.born,
        last=track.last,
        strong=each.strong,
        id=track.id,
        resumed=True,
    )
