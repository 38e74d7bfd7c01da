"""The plain values that cross between the hub, its workers and plugins."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

from msgspec import Struct

_LONGEST: Final = 48  # characters; with a camera's and a zone's name it still fits an entity's


def entity_word(label: str) -> str:
    """Return how an object's label stands in an entity's name: ``traffic_light``.

    Detectors name things as they like; entities have small letters, digits and underscores.
    """
    return re.sub(r"[^a-z0-9]+", "_", label.lower())[:_LONGEST]


class Box(Struct, frozen=True, array_like=True, gc=False):
    """A rectangle in fractions of the frame: 0 is left or top, 1 is right or bottom."""

    left: float
    top: float
    right: float
    bottom: float


class Detection(Struct, frozen=True, kw_only=True, gc=False):
    """Something a detector saw in one frame; ``score`` is 0..1, ``box`` is of the whole frame."""

    label: str
    score: float
    box: Box


class Location(Struct, frozen=True):
    """Where home is: degrees north and east, metres above the sea."""

    latitude: float
    longitude: float
    elevation: float = 0.0


class State(Struct, frozen=True, kw_only=True):
    """What an entity is right now.

    ``changed`` is when ``state`` last became something else; ``updated`` is when
    either the state or an attribute did. Attribute values are plain (JSON) values.
    """

    entity: str
    state: str
    attributes: Mapping[str, object] = {}
    changed: datetime
    updated: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """What a notifier is asked to bring to somebody."""

    text: str
    title: str = ""
    image: Path | None = None
    data: Mapping[str, object] | None = None
