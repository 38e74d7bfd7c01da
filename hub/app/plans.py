"""From settings to what the workers are told."""

from collections.abc import Iterable, Mapping

from hub.ingest import messages as ingest
from hub.settings import (
    CameraSettings,
    DetectSettings,
    LineSettings,
    ReviewSettings,
    ZoneSettings,
)
from hub.vision import plan as vision


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
    firsts: Mapping[str, str],
) -> vision.Plan:
    """Return what the vision worker is to look at.

    ``chosen`` is each camera's detector, ``firsts`` the one that is asked before it.
    """
    return vision.Plan(
        cameras=tuple(
            camera_plan(camera, chosen.get(camera.name), firsts.get(camera.name))
            for camera in cameras
            if camera.detect.enabled
        ),
        detectors=tuple(detectors),
    )


def camera_plan(
    camera: CameraSettings, detector: str | None, first: str | None = None
) -> vision.CameraPlan:
    """Return how one camera is looked at."""
    detect = camera.detect
    return vision.CameraPlan(
        name=camera.name,
        fps=detect.fps,
        detector=detector,
        objects=tuple(detect.objects),
        min_score=detect.min_score,
        hwaccel=detect.hwaccel,
        idle=detect.idle,
        stationary_after=detect.stationary_after,
        first=first,
        appearance=detect.appearance,
        regions=vision.RegionPlan(
            mode=detect.regions, tiles=detect.tiles, interest=_points(detect.interest)
        ),
        filters=tuple(_filters(detect)),
        motion=vision.MotionPlan(
            threshold=camera.motion.threshold,
            area=camera.motion.area,
            settle=camera.motion.settle,
            mask=tuple(_points(each) for each in camera.motion.mask),
        ),
        zones=tuple(_zone(name, zone) for name, zone in camera.zones.items()),
        lines=tuple(_line(name, line) for name, line in camera.lines.items()),
        ground=_ground(camera),
        review=_review(camera.review),
        capture=_capture(camera),
        pictures=vision.PicturesPlan(enabled=camera.pictures.enabled, keep=camera.pictures.keep),
    )


def _filters(detect: DetectSettings) -> Iterable[vision.FilterPlan]:
    for name, each in detect.filters.items():
        yield vision.FilterPlan(
            object=name,
            min_score=each.min_score,
            min_area=each.min_area,
            max_area=each.max_area,
            min_ratio=each.min_ratio,
            max_ratio=each.max_ratio,
            mask=tuple(_points(polygon) for polygon in each.mask),
        )


def _zone(name: str, zone: ZoneSettings) -> vision.ZonePlan:
    crowd = zone.crowd
    return vision.ZonePlan(
        name=name,
        polygon=_points(zone.polygon),
        objects=tuple(zone.objects),
        enter_after=zone.enter_after,
        leave_after=zone.leave_after,
        anchor=zone.anchor,
        loiter_after=zone.loiter_after,
        crowd=vision.CrowdPlan(count=crowd.count, seconds=crowd.seconds) if crowd else None,
        min_score=zone.min_score,
        min_area=zone.min_area,
        max_area=zone.max_area,
        priority=zone.priority,
    )


def _line(name: str, line: LineSettings) -> vision.LinePlan:
    return vision.LinePlan(
        name=name,
        points=_points(line.points),
        objects=tuple(line.objects),
        anchor=line.anchor,
        min_score=line.min_score,
    )


def _ground(camera: CameraSettings) -> vision.GroundPlan | None:
    if camera.ground is None:
        return None
    one, two, three, four = camera.ground.points
    width, depth = camera.ground.size
    return vision.GroundPlan(points=(one, two, three, four), width=width, depth=depth)


def _review(review: ReviewSettings) -> vision.ReviewPlan | None:
    if not review.enabled:
        return None
    rules = [
        tuple(vision.ReviewRule(objects=each.objects, zones=each.zones) for each in some)
        for some in (review.alerts, review.detections)
    ]
    return vision.ReviewPlan(
        alerts=rules[0], detections=rules[1], before=review.before, after=review.after
    )


def _capture(camera: CameraSettings) -> vision.CapturePlan:
    capture, usual = camera.capture, tuple(camera.detect.objects)
    rules = (
        vision.CaptureRule(
            when=each.when,
            between=each.between,
            objects=each.objects or usual,
            other=each.other,
            every=each.every,
            pause=each.pause,
        )
        for each in capture.rules
    )
    return vision.CapturePlan(rules=tuple(rules), keep=capture.keep)


def _points(polygon: Iterable[Iterable[float]]) -> tuple[vision.Point, ...]:
    return tuple((x, y) for x, y in polygon)
