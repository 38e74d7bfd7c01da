"""What detectors spend, as states that nobody is flooded with."""

from collections.abc import Iterator

import pytest
from msgspec import structs

from hub.api import StateChanged
from hub.app.budgets import EVERY, DetectorEntities
from hub.settings.detectors import FIGURES, entity
from hub.testing import TestHub
from hub.vision.messages import Beat, Budget

IDLE = Budget(
    seconds=10.0,
    questions=0,
    rate=0.0,
    queue_ms=0.0,
    queue_p95_ms=0.0,
    inference_ms=0.0,
    inference_p95_ms=0.0,
    load=0.0,
    waiting=0,
    under_way=0,
    dropped={},
    failures=0,
)
BUSY = structs.replace(
    IDLE,
    questions=50,
    rate=5.0,
    queue_ms=1.04,
    inference_ms=9.21,
    inference_p95_ms=14.07,
    load=0.456,
    dropped={"porch": {"replaced": 2, "failed": 1}},
)


def beat(**detectors: Budget) -> Beat:
    return Beat(frames={}, inferences={}, dropped={}, detectors=detectors)


@pytest.fixture
def hub() -> Iterator[TestHub]:
    with TestHub() as hub:
        yield hub


def states(hub: TestHub) -> dict[str, str]:
    return {name: each.state for name, each in hub.states.all().items()}


def test_a_detector_that_is_asked_first_tells_what_it_spared_the_others(hub: TestHub) -> None:
    told = DetectorEntities(hub.states, hub.clock)
    told.beat(beat(openvino=BUSY, small=structs.replace(BUSY, spared=12)))
    loads = (hub.states.get(f"sensor.detector_{name}_load") for name in ("openvino", "small"))
    assert [each and each.attributes.get("spared") for each in loads] == [None, 12]


def test_a_detector_in_use_has_its_figures(hub: TestHub) -> None:
    told = DetectorEntities(hub.states, hub.clock)
    told.beat(beat(openvino=BUSY))

    assert states(hub) == {
        "sensor.detector_openvino_inference_ms": "9.2",
        "sensor.detector_openvino_queue_ms": "1.0",
        "sensor.detector_openvino_load": "46",
        "sensor.detector_openvino_dropped": "3",
    }
    assert set(states(hub)) == {entity("openvino", each) for each in FIGURES}
    took = hub.states.get("sensor.detector_openvino_inference_ms")
    assert took is not None
    assert took.attributes["unit_of_measurement"] == "ms"
    assert took.attributes["p95"] == 14.1
    dropped = hub.states.get("sensor.detector_openvino_dropped")
    assert dropped is not None
    assert dropped.attributes["cameras"] == {"porch": {"replaced": 2, "failed": 1}}


def test_the_journal_is_not_flooded_by_what_does_not_matter(hub: TestHub) -> None:
    async def story() -> int:
        told = DetectorEntities(hub.states, hub.clock)
        told.beat(beat(openvino=BUSY))
        before = len(hub.events.of(StateChanged))
        for second in range(100):
            await hub.clock.advance(seconds=1)
            shaky = structs.replace(BUSY, inference_ms=9.2 + second % 2 / 10, load=0.45)
            told.beat(beat(openvino=shaky))
        return len(hub.events.of(StateChanged)) - before

    assert hub.run(story()) == 0


def test_what_changes_all_the_time_is_told_now_and_then(hub: TestHub) -> None:
    async def story() -> int:
        told = DetectorEntities(hub.states, hub.clock)
        for second in range(100):
            told.beat(beat(openvino=structs.replace(BUSY, inference_ms=9.0 + 30 * second)))
            await hub.clock.advance(seconds=1)
        return len(hub.events.of(StateChanged))

    assert hub.run(story()) <= 3 + 100 / EVERY


def test_nothing_is_known_of_a_detector_that_does_not_look(hub: TestHub) -> None:
    told = DetectorEntities(hub.states, hub.clock)
    told.beat(beat(openvino=BUSY, builtin=IDLE))
    told.beat(beat(builtin=IDLE))
    assert hub.states.get("sensor.detector_openvino_load").state == "unavailable"
    assert hub.states.get("sensor.detector_builtin_load").state == "0"
    told.lost()
    assert set(states(hub).values()) == {"unavailable"}
    told.beat(beat(openvino=BUSY))
    assert hub.states.get("sensor.detector_openvino_load").state == "46"
