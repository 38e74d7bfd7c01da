"""What the hub and a vision worker say to each other."""

from msgspec import Struct

from hub.api.events import VisionEvent

Point = tuple[float, float]


class ZonePlan(Struct, frozen=True, kw_only=True):
    """A polygon in fractions of the picture; hysteresis in seconds; no objects means any."""

    name: str
    polygon: tuple[Point, ...]
    objects: tuple[str, ...] = ()
    enter_after: float = 0.4
    leave_after: float = 2.0


class MotionPlan(Struct, frozen=True, kw_only=True):
    """How motion is found.

    ``threshold`` is the grey-level difference that counts (of 255), ``area`` the smallest blob
    as a fraction of the picture, ``settle`` how long stillness must last before motion ended,
    in seconds; ``mask`` lists polygons that are not looked at.
    """

    threshold: int = 20
    area: float = 0.0008
    settle: float = 3.0
    mask: tuple[tuple[Point, ...], ...] = ()


class CameraPlan(Struct, frozen=True, kw_only=True):
    """A camera to watch. ``detector`` is none when only motion is wanted."""

    name: str
    fps: float = 5.0
    detector: str | None = None
    objects: tuple[str, ...] = ("person",)
    min_score: float = 0.5
    motion: MotionPlan = MotionPlan()
    zones: tuple[ZonePlan, ...] = ()


class DetectorPlan(Struct, frozen=True, kw_only=True):
    """A detector to load: which plugin's, and its prepared options."""

    name: str
    plugin: str
    key: str
    options: dict[str, object] = {}


class Plan(Struct, frozen=True, tag="plan"):
    """Watch exactly these cameras with exactly these detectors; keep what is unchanged."""

    cameras: tuple[CameraPlan, ...]
    detectors: tuple[DetectorPlan, ...] = ()


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
