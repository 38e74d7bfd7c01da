"""What cameras and workers report, as events on the bus and states of entities.

A state changes together with its event and names it as its cause: an automation that hears of
somebody entering a zone finds them counted.
"""

import logging
from collections.abc import Collection, Iterable, Mapping

from msgspec.structs import replace

from hub.api import (
    CameraOffline,
    CameraOnline,
    MotionEnded,
    MotionStarted,
    ReviewEnded,
    ReviewStarted,
    ReviewUpdated,
    States,
    ZoneCleared,
    ZoneCrowded,
    ZoneDispersed,
    ZoneEntered,
    ZoneLeft,
    entity_word,
)
from hub.api.vision import VisionEvent
from hub.app.counters import Counters
from hub.bus import EventBus
from hub.core.redaction import redactor
from hub.settings import CameraSettings

_log = logging.getLogger("hub.cameras")

UNAVAILABLE = "unavailable"
IDLE = "idle"
"""The state of a camera's review while nothing is worth a look."""


class CameraEntities:
    """The entities of every configured camera."""

    def __init__(
        self,
        cameras: Mapping[str, CameraSettings],
        bus: EventBus,
        states: States,
        counters: Counters | None = None,
    ) -> None:
        self._cameras = cameras
        self._counters = counters
        self._bus = bus
        self._states = states
        # The log tells that a worker is started anew, and not that of each of its cameras.
        self._without_worker: set[str] = set()
        self._shed: frozenset[str] = frozenset()

    def begin(self) -> None:
        """Make every entity, with nothing known yet."""
        for camera in self._cameras.values():
            self._states.set(f"camera.{camera.name}", "unknown", self._attributes(camera))
        self.vision_lost()
        if self._counters is not None:
            self._counters.begin()

    def vision_lost(self) -> None:
        """Nobody looks for now: what was seen is not known; what was counted today is."""
        for camera in self._cameras.values():
            self._looking(camera, UNAVAILABLE, UNAVAILABLE)
            self._zones(camera, None, ())

    def vision_started(self) -> None:
        """Somebody looks again; who is in zones they say when they know the plan."""
        for camera in self._cameras.values():
            if camera.detect.enabled:
                self._looking(camera, "off", IDLE)

    def occupancy(
        self,
        name: str,
        zones: Mapping[str, Mapping[str, int]],
        crowded: Collection[str],
        *,
        moving: bool = False,
    ) -> None:
        """Take who is in a camera's zones as looking begins, or goes on after a restart."""
        if camera := self._cameras.get(name):
            self._zones(camera, zones, crowded)
            self._motion(camera, _binary(moving))

    def online(self, name: str, facts: Mapping[str, object]) -> None:
        """Packets arrive from a camera."""
        if not (camera := self._cameras.get(name)):
            return
        back = name in self._without_worker
        self._without_worker.discard(name)
        _log.log(logging.DEBUG if back else logging.INFO, "Camera %s is online", name)
        event = CameraOnline(camera=name, source="ingest")
        with self._bus.together():
            self._bus.fire(event)
            attributes = {**self._attributes(camera), **facts}
            self._states.set(f"camera.{name}", "online", attributes, cause=event.sequence)

    def offline(self, name: str, reason: str) -> None:
        """Packets stopped arriving from a camera."""
        if not (camera := self._cameras.get(name)):
            return
        reason = redactor(reason)  # a plugin's own words may hold an address, password and all
        attributes = {**self._attributes(camera), "reason": reason}
        now = self._states.get(f"camera.{name}")
        if now is not None and now.state == "offline":  # a new worker says again what is known
            self._without_worker.discard(name)
            if now.attributes.get("reason") != reason:
                _log.info("Camera %s is still offline: %s", name, reason)
            self._states.set(f"camera.{name}", "offline", attributes)
            return
        told = logging.DEBUG if name in self._without_worker else logging.WARNING
        _log.log(told, "Camera %s is offline: %s", name, reason)
        event = CameraOffline(camera=name, reason=reason, source="ingest")
        with self._bus.together():
            self._bus.fire(event)
            self._states.set(f"camera.{name}", "offline", attributes, cause=event.sequence)

    def shed(self, names: frozenset[str]) -> None:
        """Tell which cameras are not looked at as often as they should be, when that changes."""
        before, self._shed = self._shed, names & self._cameras.keys()
        for name in sorted(self._shed - before):
            _log.warning(
                "Camera %s is not looked at as often as it should be: the detector or the machine"
                " has too much to do. A smaller model, a lower detect.fps or masks for what"
                " always moves help",
                name,
            )
        for name in sorted(before - self._shed):
            _log.info("Camera %s is looked at as often as it should be again", name)
        for name in sorted(before ^ self._shed):
            self._mark(name)

    def _mark(self, name: str) -> None:
        """Have the camera's attributes say whether it is shed."""
        if (now := self._states.get(f"camera.{name}")) is None:
            return
        attributes = {key: each for key, each in now.attributes.items() if key != "shed"}
        more = {"shed": True} if name in self._shed else {}
        self._states.set(f"camera.{name}", now.state, {**attributes, **more})

    def ingest_lost(self) -> None:
        """No camera is held for now; each will say when it is back."""
        for name in self._cameras:
            if (now := self._states.get(f"camera.{name}")) and now.state == "online":
                self._without_worker.add(name)
                self.offline(name, "the worker that holds the cameras is being restarted")

    def happened(self, event: VisionEvent) -> None:
        """Pass on what a vision worker saw."""
        if event.camera not in self._cameras:
            return
        event = replace(event, source="vision")
        with self._bus.together():
            self._bus.fire(event)
            self._follow(event)

    def _follow(self, event: VisionEvent) -> None:
        camera = self._cameras[event.camera]
        if self._counters is not None:
            self._counters.follow(event)
        match event:
            case MotionStarted() | MotionEnded():
                moving = "on" if isinstance(event, MotionStarted) else "off"
                self._motion(camera, moving, event.sequence)
            case ReviewStarted() | ReviewUpdated():
                self._review(camera, event.severity, _facts(event), event.sequence)
            case ReviewEnded():
                self._review(camera, IDLE, {}, event.sequence)
            case _:
                self._gathering(camera, event)

    def _gathering(self, camera: CameraSettings, event: VisionEvent) -> None:
        """Follow who is in a zone now; one of a former plan has no entities any more."""
        if getattr(event, "zone", None) not in camera.zones:
            return
        match event:
            case ZoneEntered():
                self._occupied(camera, event.zone, "on", event.sequence)
                self._count(camera, event.zone, event.object, str(event.count), event.sequence)
            case ZoneLeft():
                self._count(camera, event.zone, event.object, str(event.count), event.sequence)
            case ZoneCleared():
                self._occupied(camera, event.zone, "off", event.sequence)
            case ZoneCrowded() | ZoneDispersed():
                crowded = _binary(isinstance(event, ZoneCrowded))
                self._crowded(camera, event.zone, crowded, event.sequence)

    def _looking(self, camera: CameraSettings, moving: str, review: str) -> None:
        self._motion(camera, moving)
        if camera.review.enabled:
            self._review(camera, review, {})

    def _zones(
        self,
        camera: CameraSettings,
        held: Mapping[str, Mapping[str, int]] | None,
        crowded: Collection[str],
    ) -> None:
        """Set every zone to what is held in it by object; none is what nobody knows."""
        for zone, objects in _counted(camera):
            counts = None if held is None else held.get(zone, {})
            self._occupied(camera, zone, _binary(None if counts is None else any(counts.values())))
            if camera.zones[zone].crowd is not None:
                self._crowded(camera, zone, _binary(None if held is None else zone in crowded))
            for each in objects:
                number = UNAVAILABLE if counts is None else str(counts.get(each, 0))
                self._count(camera, zone, each, number)

    def _motion(self, camera: CameraSettings, state: str, cause: int | None = None) -> None:
        facts = {"friendly_name": f"{camera.title} motion", "device_class": "motion"}
        self._states.set(f"binary_sensor.{camera.name}_motion", state, facts, cause=cause)

    def _review(
        self,
        camera: CameraSettings,
        state: str,
        facts: Mapping[str, object],
        cause: int | None = None,
    ) -> None:
        """Set what is reviewed now: an entity of few words, as Home Assistant's lists are."""
        called = {"friendly_name": f"{camera.title} review", "device_class": "enum"}
        attributes = {**called, "options": [IDLE, "detection", "alert"], **facts}
        self._states.set(f"sensor.{camera.name}_review", state, attributes, cause=cause)

    def _occupied(
        self, camera: CameraSettings, zone: str, state: str, cause: int | None = None
    ) -> None:
        called = f"{camera.title} {_words(zone)} occupied"
        facts = {"friendly_name": called, "device_class": "occupancy"}
        self._states.set(f"binary_sensor.{camera.name}_{zone}_occupied", state, facts, cause=cause)

    def _crowded(
        self, camera: CameraSettings, zone: str, state: str, cause: int | None = None
    ) -> None:
        facts = {"friendly_name": f"{camera.title} {_words(zone)} crowded"}
        self._states.set(f"binary_sensor.{camera.name}_{zone}_crowded", state, facts, cause=cause)

    def _count(
        self, camera: CameraSettings, zone: str, thing: str, count: str, cause: int | None = None
    ) -> None:
        facts = {"friendly_name": f"{camera.title} {_words(zone)} {thing} count"}
        entity = f"sensor.{camera.name}_{zone}_{entity_word(thing)}_count"
        self._states.set(entity, count, facts, cause=cause)

    def _attributes(self, camera: CameraSettings) -> dict[str, object]:
        shed = {"shed": True} if camera.name in self._shed else {}
        return {
            "friendly_name": camera.title,
            "platform": camera.key,
            "zones": sorted(camera.zones),
            "lines": sorted(camera.lines),
            **shed,
        }


def _facts(event: ReviewStarted | ReviewUpdated) -> dict[str, object]:
    return {
        "id": event.review,
        "objects": list(event.objects),
        "zones": list(event.zones),
        "since": event.started.isoformat(),
    }


def _counted(camera: CameraSettings) -> Iterable[tuple[str, Iterable[str]]]:
    for name, zone in camera.zones.items():
        yield name, zone.objects or camera.detect.objects


def _binary(value: bool | None) -> str:
    return UNAVAILABLE if value is None else "on" if value else "off"


def _words(name: str) -> str:
    return name.replace("_", " ")
