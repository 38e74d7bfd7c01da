"""A configuration that has been understood: frozen, typed, complete with defaults."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import tzinfo
from pathlib import Path

from hub.api import Component, Known, Location, Options, Problem

Point = tuple[float, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class HubSettings:
    """The ``hub`` section. ``data`` is an absolute folder, ``location`` none if it is not said."""

    name: str
    zone: tzinfo
    data: Path
    log_level: str
    location: Location | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ComponentSettings:
    """A detector, notifier or service: whose class it is, and the options it shall have."""

    name: str
    plugin: str
    key: str
    component: type[Component]
    options: Options


@dataclass(frozen=True, slots=True, kw_only=True)
class CrowdSettings:
    """So many objects, together for so many seconds, are a crowd."""

    count: int
    seconds: float


@dataclass(frozen=True, slots=True, kw_only=True)
class ZoneSettings:
    """A surface in fractions of the picture; hysteresis in seconds; no objects means any."""

    polygon: tuple[Point, ...]
    objects: tuple[str, ...] = ()
    enter_after: float = 0.4
    leave_after: float = 2.0
    anchor: str = "foot"
    loiter_after: float | None = None
    crowd: CrowdSettings | None = None
    min_score: float = 0.0
    min_area: float = 0.0
    max_area: float = 1.0
    priority: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class LineSettings:
    """A line in fractions of the picture that objects may cross; no objects means any."""

    points: tuple[Point, ...]
    objects: tuple[str, ...] = ()
    anchor: str = "foot"
    min_score: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class GroundSettings:
    """Four corners of a rectangle on the ground, and its width and depth in metres."""

    points: tuple[Point, ...]
    size: tuple[float, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewRuleSettings:
    """Objects and zones that belong to a review item; none means any."""

    objects: tuple[str, ...] = ()
    zones: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewSettings:
    """What makes a review item, and its padding in seconds."""

    enabled: bool = True
    alerts: tuple[ReviewRuleSettings, ...] = (ReviewRuleSettings(objects=("person", "car")),)
    detections: tuple[ReviewRuleSettings, ...] = (ReviewRuleSettings(),)
    before: float = 5.0
    after: float = 10.0


@dataclass(frozen=True, slots=True, kw_only=True)
class CaptureRuleSettings:
    """When a frame is kept for training: ``when`` is ``score``, ``disagree`` or ``every``.

    ``other`` is the detector that is asked as well; ``every`` and ``pause`` are in seconds.
    """

    when: str
    between: tuple[float, float] = (0.3, 0.6)
    objects: tuple[str, ...] = ()
    other: str | None = None
    every: float = 600.0
    pause: float = 10.0


@dataclass(frozen=True, slots=True, kw_only=True)
class CaptureSettings:
    """Frames that are kept for training; ``keep`` is in bytes."""

    keep: int = 10**9
    rules: tuple[CaptureRuleSettings, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PicturesSettings:
    """Whether the best pictures of tracks are stored, and for how many seconds."""

    enabled: bool = True
    keep: float = 30 * 86_400.0


@dataclass(frozen=True, slots=True, kw_only=True)
class FilterSettings:
    """What a detection of an object must be like to count; fractions of the picture."""

    min_score: float = 0.0
    min_area: float = 0.0
    max_area: float = 1.0
    min_ratio: float = 0.0
    max_ratio: float = 1e9
    mask: tuple[tuple[Point, ...], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class MotionSettings:
    """How motion is found: grey levels of 255, a fraction of the picture, seconds."""

    threshold: int = 20
    area: float = 0.0008
    settle: float = 3.0
    mask: tuple[tuple[Point, ...], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class DetectSettings:
    """What is looked for, how often and by whom; ``detector`` is a key of the detectors."""

    enabled: bool = True
    fps: float = 5.0
    objects: tuple[str, ...] = ("person",)
    min_score: float = 0.5
    detector: str | None = None
    hwaccel: str = "auto"
    idle: str = "all"
    regions: str = "auto"
    tiles: tuple[int, int] = (2, 2)
    interest: tuple[Point, ...] = ()
    filters: Mapping[str, FilterSettings] = field(default_factory=dict)
    stationary_after: float = 10.0
    first: str | None = None
    appearance: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CameraSettings:
    """A camera: its platform's own ``options``, and what the hub does with its pictures."""

    name: str
    title: str
    plugin: str
    key: str
    component: type[Component]
    options: Options
    detect: DetectSettings
    motion: MotionSettings
    zones: Mapping[str, ZoneSettings]
    lines: Mapping[str, LineSettings] = field(default_factory=dict)
    ground: GroundSettings | None = None
    review: ReviewSettings = field(default_factory=ReviewSettings)
    capture: CaptureSettings = field(default_factory=CaptureSettings)
    pictures: PicturesSettings = field(default_factory=PicturesSettings)


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What is right in a configuration, what is wrong with the rest, and what that leaves out.

    ``problems`` and ``warnings`` all have a place and hold no secret. ``left_out`` has a line
    per part that had to go, such as ``camera 'porch'``. ``secrets`` is for redaction.
    """

    folder: Path
    hub: HubSettings
    cameras: Mapping[str, CameraSettings] = field(default_factory=dict)
    detectors: Mapping[str, ComponentSettings] = field(default_factory=dict)
    notifiers: Mapping[str, ComponentSettings] = field(default_factory=dict)
    services: Mapping[str, ComponentSettings] = field(default_factory=dict)
    known: Known = field(default_factory=Known)
    problems: tuple[Problem, ...] = ()
    warnings: tuple[Problem, ...] = ()
    left_out: tuple[str, ...] = ()
    secrets: frozenset[str] = field(default=frozenset(), repr=False)
    files: tuple[Path, ...] = ()
