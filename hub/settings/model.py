"""A configuration that has been understood: frozen, typed, complete with defaults."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import tzinfo
from pathlib import Path

from hub.api import Component, Known, Options, Problem

Point = tuple[float, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class HubSettings:
    """The ``hub`` section. ``data`` is an absolute folder."""

    name: str
    zone: tzinfo
    data: Path
    log_level: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ComponentSettings:
    """A detector, notifier or service: whose class it is, and the options it shall have."""

    name: str
    plugin: str
    key: str
    component: type[Component]
    options: Options


@dataclass(frozen=True, slots=True, kw_only=True)
class ZoneSettings:
    """A surface in fractions of the picture; hysteresis in seconds; no objects means any."""

    polygon: tuple[Point, ...]
    objects: tuple[str, ...] = ()
    enter_after: float = 0.4
    leave_after: float = 2.0


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
