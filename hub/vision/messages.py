"""What the hub and a vision worker say to each other."""

from msgspec import Struct

from hub.api.vision import VisionEvent
from hub.vision.plan import Plan


class PictureWanted(Struct, frozen=True, tag="picture_wanted"):
    """Answer with the camera's latest frame as JPEG; ``motion`` is with where it moved lately."""

    request: int
    camera: str
    boxes: bool
    motion: bool = False


class Happened(Struct, frozen=True, tag="happened"):
    """A fact for the bus, not stamped yet."""

    event: VisionEvent


class Occupancy(Struct, frozen=True, tag="occupancy"):
    """Who is in a camera's zones, by zone and object, when looking begins or goes on anew.

    ``moving`` says whether motion has begun that has not ended.
    """

    camera: str
    zones: dict[str, dict[str, int]]
    crowded: tuple[str, ...] = ()
    moving: bool = False


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


class Budget(Struct, frozen=True, kw_only=True):
    """What a detector did in the last ``seconds``, and in its queue, in milliseconds.

    ``questions`` were taken up, and ``rate`` regions a second answered; an inference lasts
    from when the detector took a region until its answer. ``load`` is the part of the time in
    which at least one was under way. ``dropped`` counts by camera and reason, and ``failures``,
    since it was loaded; ``waiting`` questions and ``under_way`` regions are those of now. One that
    is asked first has ``spared`` so many looks to the detectors behind it.
    """

    seconds: float
    questions: int
    rate: float
    queue_ms: float
    queue_p95_ms: float
    inference_ms: float
    inference_p95_ms: float
    load: float
    waiting: int
    under_way: int
    dropped: dict[str, dict[str, int]]
    failures: int
    spared: int = 0


class Beat(Struct, frozen=True, tag="beat"):
    """The worker lives; sent every second. Counters per camera since the start.

    ``frames`` were decoded, and ``looked`` at those of them that were due. ``inferences`` are
    regions the camera's detector got, ``spared`` looks that another, asked first, took for it.
    ``detectors`` are those that are loaded; cameras that are ``shed`` are not looked at as
    often as they should be, because the detector or the machine has too much to do.
    """

    frames: dict[str, int]
    inferences: dict[str, int]
    dropped: dict[str, int]
    detectors: dict[str, Budget] = {}
    looked: dict[str, int] = {}
    spared: dict[str, int] = {}
    shed: tuple[str, ...] = ()


class Note(Struct, frozen=True, tag="note"):
    """A line for the hub's log; ``level`` is logging's."""

    level: int
    text: str


FromHub = Plan | PictureWanted
FromVision = Happened | Occupancy | Picture | DetectorLoaded | DetectorFailed | Beat | Note
