"""When the detector a camera asks for cannot be had, another one looks."""

import logging
from collections.abc import Callable, Sequence
from dataclasses import replace

import pytest

from hub.api import Context, Detection, Detector, NotReady, Options, Region
from hub.app.detectors import Detectors
from hub.app.plans import watch
from hub.settings import ComponentSettings, DetectSettings
from hub.testing import TestHub
from tests.hub.app.test_entities import PORCH


class Fine(Detector):
    """A detector that has what it needs."""

    KEY = "fine"

    @classmethod
    async def prepare(cls, options: Options, context: Context) -> Options:
        return {**options, "path": "/models/fine"}

    @property
    def labels(self) -> Sequence[str]:
        return ["person"]

    @property
    def size(self) -> tuple[int, int]:
        return 320, 320

    def load(self) -> None:
        return

    def submit(
        self, region: Region, camera: str, done: Callable[[Sequence[Detection]], None]
    ) -> None:
        done([])


class Away(Fine):
    """A detector whose model cannot be had."""

    KEY = "away"

    @classmethod
    async def prepare(cls, options: Options, context: Context) -> Options:
        raise NotReady("the model could not be downloaded")


def part(name: str, component: type[Detector]) -> ComponentSettings:
    return ComponentSettings(name=name, plugin=name, key=name, component=component, options={})


CAMERAS = {
    "porch": replace(PORCH, detect=DetectSettings(detector="fine")),
    "yard": replace(PORCH, name="yard", detect=DetectSettings(detector="away")),
    "shed": replace(PORCH, name="shed", detect=DetectSettings(enabled=False, detector="fine")),
}


def prepared() -> Detectors:
    parts = {"fine": Fine, "away": Away, "builtin": Fine}
    detectors = Detectors({name: part(name, kind) for name, kind in parts.items()})
    with TestHub() as hub:
        hub.run(detectors.prepare(CAMERAS, hub.context))
    return detectors


def test_a_detector_that_cannot_be_prepared_is_replaced_and_said_once(
    caplog: pytest.LogCaptureFixture,
) -> None:
    with caplog.at_level(logging.WARNING):
        detectors = prepared()

    assert detectors.chosen(CAMERAS)["porch"] == "fine"
    assert detectors.chosen(CAMERAS)["yard"] == "builtin"
    assert [r.message for r in caplog.records if "could not be downloaded" in r.message] == [
        caplog.records[0].message
    ]


def test_a_detector_whose_model_arrives_later_is_used_then(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    detectors = prepared()
    before = detectors.chosen(CAMERAS)["yard"]
    monkeypatch.setattr(Away, "prepare", Fine.prepare)
    with TestHub() as hub, caplog.at_level(logging.INFO):
        again = hub.run(detectors.prepare(CAMERAS, hub.context))

    assert (before, detectors.chosen(CAMERAS)["yard"], again) == ("builtin", "away", False)
    assert [each.message for each in caplog.records if "needs now" in each.message] == [
        "Detector away has what it needs now"
    ]


def test_the_worker_gets_prepared_options() -> None:
    plans = {each.name: each for each in prepared().plans(CAMERAS)}

    assert plans["fine"].options == {"path": "/models/fine"}
    assert set(plans) == {"fine", "builtin"}


def test_a_detector_that_fails_in_the_worker_is_replaced() -> None:
    detectors = prepared()
    news = [detectors.failed("fine", "no such device"), detectors.failed("fine", "again")]

    assert news == [True, False]
    assert set(detectors.chosen(CAMERAS).values()) == {"builtin"}


def test_when_the_fallback_fails_too_only_motion_is_seen_and_that_is_said(
    caplog: pytest.LogCaptureFixture,
) -> None:
    detectors = prepared()
    detectors.failed("builtin", "it broke")

    assert detectors.chosen(CAMERAS) == {"porch": "fine", "shed": "fine"}
    assert "Only motion is seen" in caplog.text


def test_a_camera_that_does_not_detect_is_not_watched() -> None:
    detectors = prepared()
    chosen, firsts = detectors.chosen(CAMERAS), detectors.firsts(CAMERAS)
    plan = watch(CAMERAS.values(), chosen, detectors.plans(CAMERAS), firsts)

    assert [(each.name, each.detector) for each in plan.cameras] == [
        ("porch", "fine"), ("yard", "builtin"),
    ]  # fmt: skip


class Buggy(Fine):
    """A detector whose own code fails."""

    KEY = "buggy"

    @classmethod
    async def prepare(cls, options: Options, context: Context) -> Options:
        raise KeyError("a bug of its own")


def test_a_detector_with_a_bug_takes_no_other_down(caplog: pytest.LogCaptureFixture) -> None:
    cameras = {"porch": replace(PORCH, detect=DetectSettings(detector="buggy"))}
    parts = {"buggy": Buggy, "builtin": Fine}
    detectors = Detectors({name: part(name, kind) for name, kind in parts.items()})
    with TestHub() as hub:
        again = hub.run(detectors.prepare(cameras, hub.context))

    assert (detectors.chosen(cameras), again) == ({"porch": "builtin"}, False)
    assert "Detector buggy cannot run: its plugin failed (KeyError)" in caplog.text


def test_a_detector_that_is_tried_again_is_loaded_while_another_looks(
    caplog: pytest.LogCaptureFixture,
) -> None:
    detectors = prepared()
    with caplog.at_level(logging.INFO):
        caplog.clear()
        detectors.failed("fine", "it hangs")
        assert detectors.try_again("fine")
        assert "fine" in {each.name for each in detectors.plans(CAMERAS)}
        assert detectors.chosen(CAMERAS)["porch"] == "builtin"
        assert detectors.failed("fine", "it still hangs")
        assert "fine" not in {each.name for each in detectors.plans(CAMERAS)}
        assert detectors.try_again("fine")
        assert detectors.works("fine")
        assert not detectors.works("fine")
    assert detectors.chosen(CAMERAS)["porch"] == "fine"
    assert [each.message.split(":")[0] for each in caplog.records] == [
        "Detector fine cannot run", "Detector fine works again",
    ]  # fmt: skip


def test_one_whose_model_is_missing_is_not_tried_in_the_worker() -> None:
    assert not prepared().try_again("away")
    assert not prepared().try_again("fine")


def test_who_is_asked_first_is_prepared_too_and_only_beside_the_detector_it_belongs_to(
    caplog: pytest.LogCaptureFixture,
) -> None:
    cameras = {"porch": replace(PORCH, detect=DetectSettings(detector="fine", first="near"))}
    parts = {"fine": Fine, "near": Fine, "builtin": Fine}
    detectors = Detectors({name: part(name, kind) for name, kind in parts.items()})
    with TestHub() as hub:
        hub.run(detectors.prepare(cameras, hub.context))
    assert [each.name for each in detectors.plans(cameras)] == ["fine", "near"]
    assert detectors.firsts(cameras) == {"porch": "near"}
    detectors.failed("near", "it hangs")
    assert detectors.firsts(cameras) == {}
    assert "Nobody is asked first" in caplog.text
    detectors.try_again("near")
    detectors.works("near")
    detectors.failed("fine", "it hangs")
    assert (detectors.chosen(cameras), detectors.firsts(cameras)) == ({"porch": "builtin"}, {})
