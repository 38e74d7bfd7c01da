"""Cameras: the hub's own options of each, beside those of its platform."""

import contextlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import voluptuous as vol

from hub.api import Camera, KnownCamera, Path, entity_word
from hub.settings import foreign
from hub.settings.checking import Asked, Checking, by_name
from hub.settings.model import (
    CameraSettings,
    CaptureRuleSettings,
    CaptureSettings,
    CrowdSettings,
    DetectSettings,
    FilterSettings,
    GroundSettings,
    LineSettings,
    MotionSettings,
    PicturesSettings,
    Point,
    ReviewRuleSettings,
    ReviewSettings,
    ZoneSettings,
)
from hub.settings.parts import Part, drop, good_name, platform
from hub.settings.sections import CAMERA, DETECT, LINE, ZONE

_COMMON = tuple(str(key.schema) for key in CAMERA)
_NAMED = {"zones": ZONE, "lines": LINE}
_SENSITIVITY = {"low": (30, 0.002), "normal": (20, 0.0008), "high": (12, 0.0004)}
"""Grey levels of 255 and part of the picture that count as movement."""


@dataclass(slots=True, kw_only=True)
class CameraPart(Part[Camera]):
    """A camera on its way.

    ``written`` is all that stands in the file, ``declared`` zones and lines by name, also wrong
    ones.
    """

    written: Mapping[str, Any] = field(default_factory=dict)
    common: dict[str, Any] = field(default_factory=dict)
    zones: dict[str, dict[str, Any]] = field(default_factory=dict)
    lines: dict[str, dict[str, Any]] = field(default_factory=dict)
    declared: frozenset[str] = frozenset()
    declared_lines: frozenset[str] = frozenset()

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
        lines = self.declared_lines if declared else frozenset(self.lines)
        crowds = frozenset(name for name, zone in self.zones.items() if zone.get("crowd"))
        objects = frozenset(self.objects)
        return KnownCamera(zones=zones, lines=lines, crowds=crowds, objects=objects)


def others(camera: CameraPart) -> Iterator[tuple[Path, str]]:
    """Yield the detectors that capture rules name, each with its path from the camera on."""
    capture = camera.written.get("capture")
    written = capture.get("rules") if isinstance(capture, Mapping) else None
    for index, rule in enumerate(written if isinstance(written, list) else [written]):
        name = rule.get("with") if isinstance(rule, Mapping) else None
        if isinstance(name, str):
            place = (index,) if isinstance(written, list) else ()
            yield ("capture", "rules", *place, "with"), name


def texts(value: object) -> Iterator[tuple[int, str]]:
    """Yield the texts in a list, or a bare one, each with its index."""
    for index, each in enumerate(value if isinstance(value, list) else [value]):
        if isinstance(each, str):
            yield index, each


def entities(name: str, camera: KnownCamera) -> Iterator[str]:
    """Yield the entities that a camera has."""
    yield f"camera.{name}"
    yield f"binary_sensor.{name}_motion"
    yield f"sensor.{name}_review"
    for zone in camera.zones:
        yield f"binary_sensor.{name}_{zone}_occupied"
        yield from (f"sensor.{name}_{zone}_{kind}" for kind in ("entered_today", "dwell"))
        for each in camera.objects:
            yield f"sensor.{name}_{zone}_{entity_word(each)}_count"
    for zone in camera.crowds:
        yield f"binary_sensor.{name}_{zone}_crowded"
    for line in camera.lines:
        yield from (f"sensor.{name}_{line}_{kind}" for kind in ("in_today", "out_today"))


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
    part.zones, part.declared = _read_named(checking, "zones", "polygon", part)
    part.lines, part.declared_lines = _read_named(checking, "lines", "points", part)
    _tell_apart(checking, part)
    common = {key: each for key, each in value.items() if key in _COMMON and key not in _NAMED}
    for key in ("detect", "motion", "review", "capture", "pictures"):
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
    apart = {"platform", *_NAMED}
    return {key: each for key, each in CAMERA.items() if key.schema not in apart}


def _read_named(
    checking: Checking, section: str, main: str, part: CameraPart
) -> tuple[dict[str, dict[str, Any]], frozenset[str]]:
    """Return the zones or lines that are right, and the names of all that are written."""
    value, path, noun = part.written.get(section), (*part.path, section), section.removesuffix("s")
    found: dict[str, dict[str, Any]] = {}
    if value is None:
        return found, frozenset()
    if not isinstance(value, Mapping):
        words = f"expected {section} by name, each with a '{main}'"
        checking.error(path, words, by_name(value))
        checking.leave_out(f"{section} of {part.what}")
        return found, frozenset()
    for name, each in value.items():
        what = f"{noun} '{name}' of {part.what}"
        asked = Asked(value=each, path=(*path, name), what=what)
        right = good_name(checking, name, asked.path)
        options = checking.validate(_NAMED[section], asked)
        if options is None or not right:
            checking.leave_out(what)
        else:
            found[name] = options
    return found, frozenset(value)


def _tell_apart(checking: Checking, part: CameraPart) -> None:
    """Leave out lines that are called as a zone: their entities and events read alike."""
    for name in sorted(part.declared & part.declared_lines):
        words = f"a zone of {part.what} is called '{name}' as well"
        checking.error((*part.path, "lines", name), words, "Rename one of them.", on_key=True)
        if part.lines.pop(name, None) is not None:
            checking.leave_out(f"line '{name}' of {part.what}")


def settings(part: CameraPart, detector: str | None) -> CameraSettings:
    """Return a camera as it will run."""
    basis = part.settings()
    return CameraSettings(
        name=part.name,
        title=part.common.get("name") or part.name.replace("_", " ").capitalize(),
        plugin=basis.plugin,
        key=basis.key,
        component=basis.component,
        options=basis.options,
        detect=_detect(part.common["detect"], detector),
        motion=_motion(part.common["motion"]),
        zones={name: _zone(each) for name, each in part.zones.items()},
        lines={name: _line(each) for name, each in part.lines.items()},
        ground=_ground(part.common.get("ground")),
        review=_review(part.common["review"]),
        capture=_capture(part.common["capture"]),
        pictures=PicturesSettings(**part.common["pictures"]),
    )


def _detect(detect: Mapping[str, Any], detector: str | None) -> DetectSettings:
    columns, rows = detect["tiles"]
    return DetectSettings(
        enabled=detect["enabled"],
        fps=float(detect["fps"]),
        objects=tuple(detect["objects"]),
        min_score=float(detect["min_score"]),
        detector=detector,
        hwaccel=detect["hwaccel"],
        idle=detect["idle"],
        regions=detect["regions"],
        tiles=(columns, rows),
        interest=_polygon(detect.get("interest", [])),
        filters={name: _filter(each) for name, each in detect.get("filters", {}).items()},
        stationary_after=detect["stationary_after"],
        first=detect.get("first"),
        appearance=detect.get("appearance"),
    )


def _filter(wanted: Mapping[str, Any]) -> FilterSettings:
    return FilterSettings(
        min_score=float(wanted["min_score"]),
        min_area=float(wanted["min_area"]),
        max_area=float(wanted["max_area"]),
        min_ratio=float(wanted["min_ratio"]),
        max_ratio=float(wanted.get("max_ratio", 1e9)),
        mask=tuple(_polygon(each) for each in wanted["mask"]),
    )


def _motion(motion: Mapping[str, Any]) -> MotionSettings:
    threshold, area = _SENSITIVITY[motion["sensitivity"]]
    return MotionSettings(
        threshold=motion.get("threshold", threshold),
        area=float(motion.get("area", area)),
        settle=motion["settle"],
        mask=tuple(_polygon(each) for each in motion["mask"]),
    )


def _zone(zone: Mapping[str, Any]) -> ZoneSettings:
    crowd = zone.get("crowd")
    return ZoneSettings(
        polygon=_polygon(zone["polygon"]),
        objects=tuple(zone.get("objects", ())),
        enter_after=zone["enter_after"],
        leave_after=zone["leave_after"],
        anchor=zone["anchor"],
        loiter_after=zone.get("loiter_after"),
        crowd=CrowdSettings(count=crowd["count"], seconds=crowd["for"]) if crowd else None,
        min_score=float(zone["min_score"]),
        min_area=float(zone["min_area"]),
        max_area=float(zone["max_area"]),
        priority=zone["priority"],
    )


def _line(line: Mapping[str, Any]) -> LineSettings:
    return LineSettings(
        points=_polygon(line["points"]),
        objects=tuple(line.get("objects", ())),
        anchor=line["anchor"],
        min_score=float(line["min_score"]),
    )


def _ground(ground: Mapping[str, Any] | None) -> GroundSettings | None:
    if ground is None:
        return None
    width, depth = ground["size"]
    return GroundSettings(points=_polygon(ground["points"]), size=(width, depth))


def _review(review: Mapping[str, Any]) -> ReviewSettings:
    return ReviewSettings(
        enabled=review["enabled"],
        alerts=tuple(_rule(each) for each in review["alerts"]),
        detections=tuple(_rule(each) for each in review["detections"]),
        before=review["before"],
        after=review["after"],
    )


def _rule(rule: Mapping[str, Any]) -> ReviewRuleSettings:
    return ReviewRuleSettings(objects=tuple(rule["objects"]), zones=tuple(rule["zones"]))


def _capture(capture: Mapping[str, Any]) -> CaptureSettings:
    rules = (
        CaptureRuleSettings(
            when=each["when"],
            between=(each["between"][0], each["between"][1]),
            objects=tuple(each["objects"]),
            other=each.get("with"),
            every=each["every"],
            pause=each["pause"],
        )
        for each in capture["rules"]
    )
    return CaptureSettings(keep=capture["keep"], rules=tuple(rules))


def _polygon(points: list[list[float]]) -> tuple[Point, ...]:
    return tuple((x, y) for x, y in points)
