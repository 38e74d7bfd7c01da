"""What exists, and what is checked against it before anything runs."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path as Folder
from typing import Any, ClassVar

from hub.api.actions import ActionSpec
from hub.api.events import Event
from hub.api.problems import Problem
from hub.api.schema import Schema
from hub.api.values import Location


class Described:
    """Something named in YAML that has options.

    ``KEY`` is the word in YAML; ``SCHEMA`` holds a description for each key.
    """

    KEY: ClassVar[str]
    SCHEMA: ClassVar[Schema] = {}

    @classmethod
    def check(cls, options: Any, known: "Known") -> Iterable[Problem]:
        """Return what the schema alone cannot see, such as a camera that nobody configured.

        ``options`` has passed ``SCHEMA``; each problem's path starts at these options.
        """
        return ()


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownCamera:
    """A camera's zones and lines, which zones may be crowded, and the objects it looks for."""

    zones: frozenset[str] = frozenset()
    lines: frozenset[str] = frozenset()
    crowds: frozenset[str] = frozenset()
    objects: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """Every name the configuration and the installed plugins offer.

    ``folder`` is the configuration's, in which relative paths begin. ``entities`` may hold
    patterns (``sensor.tiny_*``) where a plugin makes entities as it runs. ``models`` are the
    detectors' models that can be fetched, ``plugins`` all installed ones, ``loaded`` those the
    configuration uses. ``location`` is where home is, if that was said.
    """

    folder: Folder | None = None
    cameras: Mapping[str, KnownCamera] = field(default_factory=dict)
    entities: frozenset[str] = frozenset()
    actions: Mapping[str, ActionSpec] = field(default_factory=dict)
    events: Mapping[str, type[Event]] = field(default_factory=dict)
    triggers: Mapping[str, type[Described]] = field(default_factory=dict)
    conditions: Mapping[str, type[Described]] = field(default_factory=dict)
    models: frozenset[str] = frozenset()
    plugins: frozenset[str] = frozenset()
    loaded: frozenset[str] = frozenset()
    location: Location | None = None
