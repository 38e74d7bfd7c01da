"""Rules for review and capture, as they will run."""

from hub.app.plans import camera_plan
from hub.settings import CameraSettings
from hub.settings.model import CaptureRuleSettings, ReviewRuleSettings
from hub.vision.plan import CapturePlan, CaptureRule
from tests.hub.settings.conftest import Desk

_CAMERA = """
    cameras:
      porch:
        platform: lens
        source: x
        detect: {objects: [person]}
        zones: {door: {polygon: [[0, 0], [1, 1], [0, 1]]}}
"""


def porch(desk: Desk, more: str = "") -> CameraSettings:
    settings = desk.open(_CAMERA + more)
    assert desk.lines(settings) == []
    return settings.cameras["porch"]


def test_without_a_word_persons_and_cars_are_alerts_and_all_else_is_a_detection(
    desk: Desk,
) -> None:
    review = porch(desk).review
    assert review.enabled
    assert review.alerts == (ReviewRuleSettings(objects=("person", "car")),)
    assert review.detections == (ReviewRuleSettings(),)
    assert (review.before, review.after) == (5.0, 10.0)


def test_a_rule_may_stand_alone_or_in_a_list(desk: Desk) -> None:
    review = porch(
        desk,
        """
        review:
          alerts: {objects: person, zones: door}
          detections: [{objects: [person]}, {zones: [door]}]
          after: 1m
        """,
    ).review
    assert review.alerts == (ReviewRuleSettings(objects=("person",), zones=("door",)),)
    assert [each.objects for each in review.detections] == [("person",), ()]
    assert review.after == 60.0


def test_a_camera_that_is_not_reviewed_has_no_plan_for_it(desk: Desk) -> None:
    camera = porch(desk, "        review: {enabled: false}\n")
    assert camera_plan(camera, None).review is None


def test_best_pictures_are_stored_for_a_month_unless_told_otherwise(desk: Desk) -> None:
    usual = camera_plan(porch(desk), None).pictures
    assert (usual.enabled, usual.keep) == (True, 30 * 86_400)
    told = camera_plan(porch(desk, "        pictures: {enabled: false, keep: 7d}\n"), None).pictures
    assert (told.enabled, told.keep) == (False, 7 * 86_400)


def test_nothing_is_captured_unless_asked_for(desk: Desk) -> None:
    camera = porch(desk)
    assert (camera.capture.rules, camera.capture.keep) == ((), 10**9)
    assert camera_plan(camera, None).capture == CapturePlan()


def test_capture_rules_are_of_the_cameras_objects_unless_they_name_some(desk: Desk) -> None:
    camera = porch(
        desk,
        """
        capture:
          keep: 1.5GB
          rules:
            - {when: score, between: [0.2, 0.4], objects: person}
            - {when: disagree, with: eye, pause: 1m}
            - {when: every, every: 1h}
        """,
    )
    assert camera.capture.rules[0] == CaptureRuleSettings(
        when="score", between=(0.2, 0.4), objects=("person",)
    )
    plan = camera_plan(camera, None).capture
    assert plan.keep == 1_500_000_000
    assert plan.rules == (
        CaptureRule(when="score", between=(0.2, 0.4), objects=("person",)),
        CaptureRule(when="disagree", objects=("person",), other="eye", pause=60.0),
        CaptureRule(when="every", objects=("person",), every=3600.0),
    )


def test_a_detector_that_is_only_compared_with_has_its_entities(desk: Desk) -> None:
    settings = desk.open(
        _CAMERA
        + """
        capture: {rules: {when: disagree, with: second}}
    detectors:
      first: {platform: eye}
      second: {platform: eye}
      third: {platform: eye}
    """
    )
    assert desk.lines(settings) == []
    known = settings.known.entities
    assert "sensor.detector_first_inference_ms" in known
    assert "sensor.detector_second_inference_ms" in known
    assert "sensor.detector_third_inference_ms" not in known
