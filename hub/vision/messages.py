"""What the hub and a vision worker say to each other."""

from msgspec import Struct

from hub.api.vision import VisionEvent
from hub.vision.plan import Plan


class PictureWanted(Struct, frozen=True, tag="picture_wanted"):
    """Answer with the camera's latest frame as JPEG."""

    request: int
    camera: str
    boxes: bool


class Happened(Struct, frozen=True, tag="happened"):
    """A fact for the bus, not stamped yet."""

    event: VisionEvent


class Picture(Struct, frozen=True, tag="picture"):
    """A JPEG, or none with the reason."""

    request: int
    jpeg: bytes | None
    reason: str = ""


class DetectorLoaded(Struct, frozen=True, tag="detector_loaded"):
    """A detector is ready to look."""

    detector: str
    text: str


class DetectorFailed(Struct, frozen=True, tag="detector_failed"):
    """A detector could not be loaded or stopped working; the hub chooses another."""

    detector: str
    reason: str


class Beat(Struct, frozen=True, tag="beat"):
    """The worker lives; sent every second. Counters per camera since the start."""

    frames: dict[str, int]
    inferences: dict[str, int]
    dropped: dict[str, int]


class Note(Struct, frozen=True, tag="note"):
    """A line for the hub's log; ``level`` is logging's."""

    level: int
    text: str


FromHub = Plan | PictureWanted
FromVision = Happened | Picture | DetectorLoaded | DetectorFailed | Beat | Note
