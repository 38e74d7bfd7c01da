"""What the hub wants a vision worker to do: cameras, and how each is looked at."""

from msgspec import Struct

Point = tuple[float, float]


class CrowdPlan(Struct, frozen=True, kw_only=True):
    """So many objects, together for so many seconds, are a crowd."""

    count: int
    seconds: float


class ZonePlan(Struct, frozen=True, kw_only=True):
    """A polygon in fractions of the picture; hysteresis in seconds; no objects means any.

    ``anchor`` is the point of a box that counts; areas are fractions of the picture. Where zones
    overlap, an object is only in those of the highest ``priority``.
    """

    name: str
    polygon: tuple[Point, ...]
    objects: tuple[str, ...] = ()
    enter_after: float = 0.4
    leave_after: float = 2.0
    anchor: str = "foot"
    loiter_after: float | None = None
    crowd: CrowdPlan | None = None
    min_score: float = 0.0
    min_area: float = 0.0
    max_area: float = 1.0
    priority: int = 0


class LinePlan(Struct, frozen=True, kw_only=True):
    """A line of two or more points in fractions of the picture; no objects means any."""

    name: str
    points: tuple[Point, ...]
    objects: tuple[str, ...] = ()
    anchor: str = "foot"
    min_score: float = 0.0


class GroundPlan(Struct, frozen=True, kw_only=True):
    """A rectangle on the ground as the picture shows it, and its size in metres.

    ``points`` are its four corners in order; from the first to the second it is ``width``
    metres, from the second to the third ``depth``.
    """

    points: tuple[Point, Point, Point, Point]
    width: float
    depth: float


class FilterPlan(Struct, frozen=True, kw_only=True):
    """What a detection of one object must be like to count.

    Areas are fractions of the picture, ratios are width over height in pixels; in none of the
    ``mask`` polygons may its foot be.
    """

    object: str
    min_score: float = 0.0
    min_area: float = 0.0
    max_area: float = 1.0
    min_ratio: float = 0.0
    max_ratio: float = 1e9
    mask: tuple[tuple[Point, ...], ...] = ()


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


class RegionPlan(Struct, frozen=True, kw_only=True):
    """Which parts of a frame a detector gets.

    ``mode`` is ``auto`` (around what moves), ``whole`` (all of every frame) or ``tiles`` (all
    of it, cut into columns and rows). Nothing outside ``interest`` is looked at.
    """

    mode: str = "auto"
    tiles: tuple[int, int] = (2, 2)
    interest: tuple[Point, ...] = ()


class ReviewRule(Struct, frozen=True, kw_only=True):
    """Activity that makes a review item: of these objects, in these zones; none means any."""

    objects: tuple[str, ...] = ()
    zones: tuple[str, ...] = ()


class ReviewPlan(Struct, frozen=True, kw_only=True):
    """What makes a review item an alert or a detection, and its padding in seconds."""

    alerts: tuple[ReviewRule, ...] = (ReviewRule(objects=("person", "car")),)
    detections: tuple[ReviewRule, ...] = (ReviewRule(),)
    before: float = 5.0
    after: float = 10.0


class CaptureRule(Struct, frozen=True, kw_only=True):
    """When a frame is kept for training.

    ``when`` is ``score`` (a detection's is ``between``), ``disagree`` (``other``, a detector,
    sees something else) or ``every`` (so many seconds). ``pause`` is the least time between two.
    """

    when: str
    between: tuple[float, float] = (0.3, 0.6)
    objects: tuple[str, ...] = ()
    other: str | None = None
    every: float = 600.0
    pause: float = 10.0


class CapturePlan(Struct, frozen=True, kw_only=True):
    """Frames that are kept for training, and at most how many bytes of them."""

    rules: tuple[CaptureRule, ...] = ()
    keep: int = 10**9


class PicturesPlan(Struct, frozen=True, kw_only=True):
    """Whether the best pictures of tracks are stored, and for how many seconds."""

    enabled: bool = True
    keep: float = 30 * 86_400.0


class CameraPlan(Struct, frozen=True, kw_only=True):
    """A camera to watch. ``detector`` is none when only motion is wanted.

    ``hwaccel`` is who decodes; ``idle`` is ``all`` or ``keyframes``: what is decoded while
    nothing happens. ``stationary_after`` is in seconds. ``first`` is a cheap detector that is
    asked before ``detector``; ``appearance`` is one that tells persons apart.
    """

    name: str
    fps: float = 5.0
    detector: str | None = None
    objects: tuple[str, ...] = ("person",)
    min_score: float = 0.5
    hwaccel: str = "auto"
    idle: str = "all"
    stationary_after: float = 10.0
    first: str | None = None
    appearance: str | None = None
    regions: RegionPlan = RegionPlan()
    filters: tuple[FilterPlan, ...] = ()
    motion: MotionPlan = MotionPlan()
    zones: tuple[ZonePlan, ...] = ()
    lines: tuple[LinePlan, ...] = ()
    ground: GroundPlan | None = None
    review: ReviewPlan | None = None
    capture: CapturePlan = CapturePlan()
    pictures: PicturesPlan = PicturesPlan()


class DetectorPlan(Struct, frozen=True, kw_only=True):
    """A detector to load: which plugin's, and its prepared options."""

    name: str
    plugin: str
    key: str
    options: dict[str, object] = {}


class Plan(Struct, frozen=True, tag="plan", kw_only=True):
    """Watch exactly these cameras with exactly these detectors; keep what is unchanged.

    Pictures go below ``media``, and what must outlive a worker below ``memory``: absolute
    paths of folders, empty for nowhere. Folders of a day are those of the time ``zone``.
    """

    cameras: tuple[CameraPlan, ...]
    detectors: tuple[DetectorPlan, ...] = ()
    media: str = ""
    memory: str = ""
    zone: str = "UTC"
