"""A detector that fails at work is replaced, tried again, and used again; each told once."""

import logging
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC
from pathlib import Path

import pytest

from hub.app.entities import CameraEntities
from hub.app.looking import Looking
from hub.settings import DetectSettings, HubSettings, Settings
from hub.testing import TestHub
from hub.vision.messages import Beat
from hub.vision.plan import Plan
from tests.hub.app.test_budgets import BUSY
from tests.hub.app.test_detectors import Fine, part
from tests.hub.app.test_entities import PORCH


class Worker:
    """What a vision worker would be told, and the hub's ears for it."""

    def __init__(self, hub: TestHub, settings: Settings) -> None:
        self.plans: list[Plan] = []
        entities = CameraEntities(settings.cameras, hub.bus, hub.states)
        self.hears = Looking(settings, hub.clock, hub.states, entities, hub.context("").paths)
        self._hub = hub

    async def start(self) -> None:
        await self.hears.prepare(self.plans.append, self._hub.context)
        self.hears.started()

    @property
    def detectors(self) -> list[str]:
        return [each.name for each in self.plans[-1].detectors]

    @property
    def looks(self) -> str | None:
        return self.plans[-1].cameras[0].detector


def story(settings: Settings, tell: Callable[[TestHub, Worker], object]) -> None:
    with TestHub() as hub:
        worker = Worker(hub, settings)

        async def run() -> None:
            await worker.start()
            await tell(hub, worker)

        hub.run(run())


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    cameras = {"porch": replace(PORCH, detect=DetectSettings(detector="fine"))}
    detectors = {name: part(name, Fine) for name in ("fine", "builtin")}
    return make_settings(tmp_path, cameras, detectors)


def make_settings(folder: Path, cameras: dict, detectors: dict) -> Settings:
    home = HubSettings(name="home", zone=UTC, data=folder, log_level="info")
    return Settings(folder=folder, hub=home, cameras=cameras, detectors=detectors)


def test_a_detector_that_hangs_is_replaced_and_used_again_once_it_has_answered(
    settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    async def tell(hub: TestHub, worker: Worker) -> None:
        worker.hears.loaded("fine", "fine looks")
        assert (worker.looks, worker.detectors) == ("fine", ["fine"])
        worker.hears.failed("fine", "it has not answered for 10 s")
        assert (worker.looks, worker.detectors) == ("builtin", ["builtin"])
        await hub.clock.advance(seconds=59)
        assert worker.detectors == ["builtin"]
        await hub.clock.advance(seconds=2)
        assert (worker.looks, worker.detectors) == ("builtin", ["builtin", "fine"])
        worker.hears.failed("fine", "it did not answer when it was tried")
        assert worker.detectors == ["builtin"]
        await hub.clock.advance(seconds=121)
        assert worker.detectors == ["builtin", "fine"]
        worker.hears.loaded("fine", "fine looks")
        assert (worker.looks, worker.detectors) == ("fine", ["fine"])

    with caplog.at_level(logging.INFO):
        story(settings, tell)
    told = [each.message for each in caplog.records if "fine" in each.message]
    assert [each.split(":")[0] for each in told if "looks" not in each] == [
        "Detector fine cannot run", "Detector fine works again",
    ]  # fmt: skip


def test_a_detector_that_takes_the_worker_down_is_left_out_and_tried_later(
    settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    async def tell(hub: TestHub, worker: Worker) -> None:
        for _ in range(3):
            assert worker.looks == "fine"
            worker.hears.loaded("fine", "fine looks")
            worker.hears.beat(Beat(frames={}, inferences={}, dropped={}, detectors={"fine": BUSY}))
            worker.hears.lost("was ended by SIGSEGV")
            worker.hears.started()
        assert (worker.looks, worker.detectors) == ("builtin", ["builtin"])
        await hub.clock.advance(seconds=899)
        assert worker.detectors == ["builtin"]
        await hub.clock.advance(seconds=2)
        assert worker.detectors == ["builtin", "fine"]
        worker.hears.lost("was ended by SIGSEGV")
        assert (worker.looks, worker.detectors) == ("builtin", ["builtin"])

    story(settings, tell)
    told = [each.message for each in caplog.records if "cannot run" in each.message]
    assert len(told) == 1
    assert "crashed 3 times within 5 minutes" in told[0]
    assert "another model or device" in told[0]


def test_the_budget_reaches_states_and_camera(settings: Settings) -> None:
    async def tell(hub: TestHub, worker: Worker) -> None:
        hub.states.set("camera.porch", "online", {})
        spent = {"fine": BUSY}
        worker.hears.beat(
            Beat(frames={}, inferences={}, dropped={}, detectors=spent, shed=("porch",))
        )
        assert hub.states.get("sensor.detector_fine_load").state == "46"
        assert hub.states.get("camera.porch").attributes == {"shed": True}
        worker.hears.lost("was ended by SIGKILL")
        assert hub.states.get("sensor.detector_fine_load").state == "unavailable"
        assert hub.states.get("camera.porch").attributes == {}

    story(settings, tell)
