"""What templates ask about cameras' zones and people; what they read is followed."""

from collections.abc import Mapping
from typing import Any, Final

from automations.templates.entities import states
from automations.templates.rendering import context
from hub.api import KnownCamera, did_you_mean, entity_word


def zones(camera: str) -> list[str]:
    """Return the zones of a camera, by name."""
    return sorted(_camera(camera).zones)


def count(camera: str, zone: str, object: str | None = None) -> int:  # noqa: A002 - as in YAML
    """Return how many objects are in a camera's zone now, of one kind or of all."""
    known = _camera(camera)
    _named("zone", zone, known.zones)
    if object is not None:
        _named("object", object, known.objects)
    wanted = known.objects if object is None else (object,)
    read = (states(f"sensor.{camera}_{zone}_{entity_word(each)}_count") for each in wanted)
    return sum(int(each) for each in read if each.isdecimal())


def persons_in(room: str) -> list[str]:
    """Return the names of the people in a room, such as ``['anna']``."""
    return [each.object_id for each in states.person if each.state == room]


def _camera(name: str) -> KnownCamera:
    cameras = context().known.cameras
    _named("camera", name, cameras)
    return cameras[name]


def _named(kind: str, name: str, known: Any) -> None:
    if name not in known:
        raise ValueError(f"there is no {kind} '{name}'. {did_you_mean(name, known)}".rstrip(". "))


FUNCTIONS: Final[Mapping[str, Any]] = {"zones": zones, "count": count, "persons_in": persons_in}
