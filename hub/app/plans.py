"""From settings to what the workers are told."""

from collections.abc import Iterable, Mapping

from hub.ingest import messages as ingest
from hub.settings import CameraSettings, ZoneSettings
from hub.vision import messages as vision


def feeds(cameras: Iterable[CameraSettings], vision_socket: str) -> ingest.Plan:
    """Return what the ingest worker is to hold."""
    return ingest.Plan(
        cameras=tuple(
            ingest.CameraFeed(
                name=camera.name,
                plugin=camera.plugin,
                key=camera.key,
                options=dict(camera.options),
                vision=vision_socket if camera.detect.enabled else None,
            )
            for camera in cameras
        )
    )


def watch(
    cameras: Iterable[CameraSettings],
    chosen: Mapping[str, str],
    detectors: Iterable[vision.DetectorPlan],
) -> vision.Plan:
    """Return what the vision worker is to look at; ``chosen`` is each camera's detector."""
    return vision.Plan(
        cameras=tuple(
            camera_plan(camera, chosen.get(camera.name))
            for camera in cameras
            if camera.detect.enabled
        ),
        detectors=tuple(detectors),
    )


def camera_plan(camera: CameraSettings, detector: str | None) -> vision.CameraPlan:
    """Return how one camera is looked at."""
    return vision.CameraPlan(
        name=camera.name,
        fps=camera.detect.fps,
        detector=detector,
        objects=tuple(camera.detect.objects),
        min_score=camera.detect.min_score,
        motion=vision.MotionPlan(
            threshold=camera.motion.threshold,
            area=camera.motion.area,
            settle=camera.motion.settle,
            mask=tuple(_points(each) for each in camera.motion.mask),
        ),
        zones=tuple(_zone(name, zone) for name, zone in camera.zones.items()),
    )


def _zone(name: str, zone: ZoneSettings) -> vision.ZonePlan:
    return vision.ZonePlan(
        name=name,
        polygon=_points(zone.polygon),
        objects=tuple(zone.objects),
        enter_after=zone.enter_after,
        leave_after=zone.leave_after,
    )


def _points(polygon: Iterable[Iterable[float]]) -> tuple[vision.Point, ...]:
    return tuple((x, y) for x, y in polygon)
