"""Cameras: the hub's own options of each, beside those of its platform."""

import contextlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import voluptuous as vol

from hub.api import Camera, KnownCamera, entity_word
from hub.settings import foreign
from hub.settings.checking import Asked, Checking, by_name
from hub.settings.model import (
    CameraSettings,
    DetectSettings,
    MotionSettings,
    Point,
    ZoneSettings,
)
from hub.settings.parts import Part, drop, good_name, platform
from hub.settings.sections import CAMERA, DETECT, ZONE

_COMMON = tuple(str(key.schema) for key in CAMERA)


@dataclass(slots=True, kw_only=True)
class CameraPart(Part[Camera]):
    """A camera on its way.

    ``written`` is all that stands in the file, ``declared`` zones by name, also wrong ones.
    """

    written: Mapping[str, Any] = field(default_factory=dict)
    common: dict[str, Any] = field(default_factory=dict)
    zones: dict[str, dict[str, Any]] = field(default_factory=dict)
    declared: frozenset[str] = frozenset()

    @property
    def objects(self) -> tuple[str, ...]:
        """What is looked for, as far as it can be read."""
        return tuple(each for _, each in self.wanted)

    @property
    def wanted(self) -> list[tuple[int, str]]:
        """The objects with their index among what is written."""
        detect = self.written.get("detect")
        written = detect.get("objects") if isinstance(detect, Mapping) else None
        return [(0, "person")] if written is None else list(texts(written))

    def wish(self, key: str) -> Any:
        """Return what ``detect`` says of something, the default if it is wrong."""
        detect = self.written.get("detect")
        given = {key: detect[key]} if isinstance(detect, Mapping) and key in detect else {}
        with contextlib.suppress(vol.Invalid):
            return vol.Schema(DETECT)(given).get(key)
        return vol.Schema(DETECT)({}).get(key)

    def known(self, *, declared: bool) -> KnownCamera:
        """Return what others may refer to."""
        zones = self.declared if declared else frozenset(self.zones)
        return KnownCamera(zones=zones, objects=frozenset(self.objects))


def texts(value: object) -> Iterator[tuple[int, str]]:
    """Yield the texts in a list, or a bare one, each with its index."""
    for index, each in enumerate(value if isinstance(value, list) else [value]):
        if isinstance(each, str):
            yield index, each


def entities(name: str, camera: KnownCamera) -> Iterator[str]:
    """Yield the entities that a camera has."""
    yield f"camera.{name}"
    yield f"binary_sensor.{name}_motion"
    for zone in camera.zones:
        yield f"binary_sensor.{name}_{zone}_occupied"
        for each in camera.objects:
            yield f"sensor.{name}_{zone}_{entity_word(each)}_count"


def cameras(checking: Checking) -> dict[str, CameraPart]:
    """Read every camera."""
    found = {}
    written = checking.mapping(("cameras",))
    if isinstance(written.get("platform"), str):
        words = "'platform' is an option of a camera; here stand the cameras' names"
        checking.error(("cameras", "platform"), words, "Indent it below a name.", on_key=True)
        checking.leave_out("section 'cameras'")
        return {}
    for name, value in written.items():
        part = CameraPart(name=name, what=f"camera '{name}'", path=("cameras", name))
        right = good_name(checking, name, part.path)
        if not (_read(checking, value, part) and right) or checking.guessed(part.path):
            drop(checking, part)
        found[name] = part
    return found


def _read(checking: Checking, value: object, part: CameraPart) -> bool:
    if not isinstance(value, Mapping):
        checking.error(part.path, "expected options such as 'platform: rtsp'", on_key=True)
        return False
    part.written = value
    _read_zones(checking, value.get("zones"), part)
    common = {key: each for key, each in value.items() if key in _COMMON and key != "zones"}
    for key in ("detect", "motion"):
        common[key] = {} if common.get(key) is None else common[key]
    part.offer = platform(checking, Camera, value, part.path)
    rest = {key: each for key, each in common.items() if key != "platform"}
    options = checking.validate(_without_platform(), _asked(part, rest))
    part.common = options or {}
    part.valid = _read_own(checking, value, part)
    return options is not None and part.valid


def _read_own(checking: Checking, value: Mapping[str, object], part: CameraPart) -> bool:
    if part.offer is None:
        _report_foreign(checking, value, part)
        return False
    own = {key: each for key, each in value.items() if key not in _COMMON}
    options = checking.validate(part.offer.component.SCHEMA, _asked(part, own, part.offer.plugin))
    part.options = options or {}
    return options is not None


def _report_foreign(checking: Checking, value: Mapping[str, object], part: CameraPart) -> None:
    """Report what no platform has, where it is not known which one is meant."""
    for key in value:
        if key in foreign.CAMERA and key not in _COMMON:
            path, words = (*part.path, key), f"unknown key '{key}'"
            checking.error(path, words, foreign.CAMERA[key], on_key=True)


def _asked(part: CameraPart, value: Mapping[str, object], plugin: str = "") -> Asked:
    also = _COMMON if plugin else ()
    return Asked(value=value, path=part.path, what=part.what, plugin=plugin, also=also)


def _without_platform() -> dict[Any, object]:
    return {key: each for key, each in CAMERA.items() if key.schema not in {"platform", "zones"}}


def _read_zones(checking: Checking, value: object, part: CameraPart) -> None:
    path = (*part.path, "zones")
    if value is None:
        return
    if not isinstance(value, Mapping):
        words = "expected zones by name, each with a 'polygon'"
        checking.error(path, words, by_name(value))
        checking.leave_out(f"zones of {part.what}")
        return
    part.declared = frozenset(value)
    for name, each in value.items():
        what = f"zone '{name}' of {part.what}"
        asked = Asked(value=each, path=(*path, name), what=what)
        right = good_name(checking, name, asked.path)
        zone = checking.validate(ZONE, asked)
        if zone is None or not right:
            checking.leave_out(what)
        else:
            part.zones[name] = zone


def settings(part: CameraPart, detector: str | None) -> CameraSettings:
    """Return a camera as it will run."""
    basis = part.settings()
    detect, motion = part.common["detect"], part.common["motion"]
    return CameraSettings(
        name=part.name,
        title=part.common.get("name") or part.name.replace("_", " ").capitalize(),
        plugin=basis.plugin,
        key=basis.key,
        component=basis.component,
        options=basis.options,
        detect=DetectSettings(
            enabled=detect["enabled"],
            fps=float(detect["fps"]),
            objects=tuple(detect["objects"]),
            min_score=float(detect["min_score"]),
            detector=detector,
        ),
        motion=MotionSettings(
            threshold=motion["threshold"],
            area=float(motion["area"]),
            settle=motion["settle"],
            mask=tuple(_polygon(each) for each in motion["mask"]),
        ),
        zones={name: _zone(each) for name, each in part.zones.items()},
    )


def _zone(zone: Mapping[str, Any]) -> ZoneSettings:
    return ZoneSettings(
        polygon=_polygon(zone["polygon"]),
        objects=tuple(zone.get("objects", ())),
        enter_after=zone["enter_after"],
        leave_after=zone["leave_after"],
    )


def _polygon(points: list[list[float]]) -> tuple[Point, ...]:
    return tuple((x, y) for x, y in points)
