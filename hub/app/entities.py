"""What cameras and workers report, as events on the bus and states of entities.

A state changes together with its event and names it as its cause: an automation that hears of
somebody entering a zone finds them counted.
"""

import logging
from collections.abc import Iterable, Mapping

from msgspec.structs import replace

from hub.api import (
    CameraOffline,
    CameraOnline,
    MotionEnded,
    MotionStarted,
    States,
    ZoneCleared,
    ZoneEntered,
    ZoneLeft,
    entity_word,
)
from hub.api.events import VisionEvent
from hub.bus import EventBus
from hub.core.redaction import redactor
from hub.settings import CameraSettings

_log = logging.getLogger("hub.cameras")

UNAVAILABLE = "unavailable"


class CameraEntities:
    """The entities of every configured camera."""

    def __init__(
        self, cameras: Mapping[str, CameraSettings], bus: EventBus, states: States
    ) -> None:
        self._cameras = cameras
        self._bus = bus
        self._states = states

    def begin(self) -> None:
        """Make every entity, with nothing known yet."""
        for camera in self._cameras.values():
            self._states.set(f"camera.{camera.name}", "unknown", self._attributes(camera))
        self.vision_lost()

    def vision_lost(self) -> None:
        """Nobody looks for now: what was seen is not known any more."""
        for camera in self._cameras.values():
            self._looking(camera, UNAVAILABLE, UNAVAILABLE)

    def vision_started(self) -> None:
        """Somebody looks again, and has seen nothing yet."""
        for camera in self._cameras.values():
            if camera.detect.enabled:
                self._looking(camera, "off", "0")

    def online(self, name: str, facts: Mapping[str, object]) -> None:
        """Packets arrive from a camera."""
        if not (camera := self._cameras.get(name)):
            return
        _log.info("Camera %s is online", name)
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
        _log.warning("Camera %s is offline: %s", name, reason)
        event = CameraOffline(camera=name, reason=reason, source="ingest")
        with self._bus.together():
            self._bus.fire(event)
            attributes = {**self._attributes(camera), "reason": reason}
            self._states.set(f"camera.{name}", "offline", attributes, cause=event.sequence)

    def ingest_lost(self) -> None:
        """No camera is held for now; each will say when it is back."""
        for name in self._cameras:
            if (now := self._states.get(f"camera.{name}")) and now.state == "online":
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
        match event:
            case MotionStarted() | MotionEnded():
                moving = "on" if isinstance(event, MotionStarted) else "off"
                entity = f"binary_sensor.{event.camera}_motion"
                self._states.set(entity, moving, self._kind("motion"), cause=event.sequence)
            case ZoneEntered() | ZoneLeft():
                self._count(event)
            case ZoneCleared():
                entity = f"binary_sensor.{event.camera}_{event.zone}_occupied"
                self._states.set(entity, "off", self._kind("occupancy"), cause=event.sequence)

    def _count(self, event: ZoneEntered | ZoneLeft) -> None:
        if isinstance(event, ZoneEntered):
            occupied = f"binary_sensor.{event.camera}_{event.zone}_occupied"
            self._states.set(occupied, "on", self._kind("occupancy"), cause=event.sequence)
        thing = entity_word(event.object)
        counted = f"sensor.{event.camera}_{event.zone}_{thing}_count"
        self._states.set(counted, str(event.count), cause=event.sequence)

    def _looking(self, camera: CameraSettings, binary: str, count: str) -> None:
        self._states.set(f"binary_sensor.{camera.name}_motion", binary, self._kind("motion"))
        for zone, objects in _counted(camera):
            occupied = f"binary_sensor.{camera.name}_{zone}_occupied"
            self._states.set(occupied, binary, self._kind("occupancy"))
            for each in objects:
                self._states.set(f"sensor.{camera.name}_{zone}_{each}_count", count)

    @staticmethod
    def _kind(device_class: str) -> Mapping[str, object]:
        return {"device_class": device_class}

    @staticmethod
    def _attributes(camera: CameraSettings) -> dict[str, object]:
        return {
            "friendly_name": camera.title,
            "platform": camera.key,
            "zones": sorted(camera.zones),
        }


def _counted(camera: CameraSettings) -> Iterable[tuple[str, Iterable[str]]]:
    for name, zone in camera.zones.items():
        objects = zone.objects or camera.detect.objects
        yield name, [entity_word(each) for each in objects]
