"""What workers report becomes events, and states that name them as their cause."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime

import msgspec
import pytest
from msgspec import structs

from hub.api import (
    Box,
    Camera,
    CameraOffline,
    KnownCamera,
    MotionEnded,
    MotionStarted,
    ReviewEnded,
    ReviewStarted,
    ReviewUpdated,
    StateChanged,
    ZoneCleared,
    ZoneCrowded,
    ZoneDispersed,
    ZoneEntered,
    ZoneLeft,
    entity_word,
)
from hub.app.entities import CameraEntities
from hub.settings import (
    CameraSettings,
    DetectSettings,
    MotionSettings,
    ReviewSettings,
    ZoneSettings,
)
from hub.settings.cameras import entities as configured
from hub.settings.model import CrowdSettings
from hub.testing import TestHub

WHEN = datetime(2026, 1, 1, tzinfo=UTC)
DOOR = "binary_sensor.porch_doorstep_occupied"
COUNT = "sensor.porch_doorstep_person_count"

PORCH = CameraSettings(
    name="porch",
    title="Front porch",
    plugin="rtsp",
    key="rtsp",
    component=Camera,
    options={},
    detect=DetectSettings(objects=("person", "traffic light")),
    motion=MotionSettings(),
    zones={"doorstep": ZoneSettings(polygon=((0, 0), (1, 0), (1, 1)))},
)


@pytest.fixture
def hub() -> Iterator[TestHub]:
    with TestHub() as hub:
        yield hub


@pytest.fixture
def entities(hub: TestHub) -> CameraEntities:
    made = CameraEntities({"porch": PORCH}, hub.bus, hub.states)
    made.begin()
    made.vision_started()
    made.occupancy("porch", {}, ())
    return made


def entered(track: str, count: int) -> ZoneEntered:
    return ZoneEntered(
        camera="porch", zone="doorstep", object="person", track=track, score=0.8,
        box=Box(0, 0, 1, 1), captured=WHEN, count=count,
    )  # fmt: skip


def left(track: str, count: int) -> ZoneLeft:
    return ZoneLeft(
        camera="porch", zone="doorstep", object="person", track=track, score=0.8,
        box=Box(0, 0, 1, 1), captured=WHEN, count=count, seconds=3,
    )  # fmt: skip


def state(hub: TestHub, entity: str) -> str:
    found = hub.states.get(entity)
    assert found, f"no {entity}"
    return found.state


def test_every_entity_exists_before_anything_was_seen(
    hub: TestHub, entities: CameraEntities
) -> None:
    assert {entity: each.state for entity, each in hub.states.all().items()} == {
        "camera.porch": "unknown",
        "binary_sensor.porch_motion": "off",
        "sensor.porch_review": "idle",
        DOOR: "off",
        COUNT: "0",
        "sensor.porch_doorstep_traffic_light_count": "0",
    }


def test_a_zone_counts_who_is_in_it(hub: TestHub, entities: CameraEntities) -> None:
    seen = []
    for event in (entered("a", 1), entered("b", 2), left("a", 1), left("b", 0)):
        entities.happened(event)
        seen.append((state(hub, DOOR), state(hub, COUNT)))
    entities.happened(ZoneCleared(camera="porch", zone="doorstep", captured=WHEN, seconds=9))

    assert seen == [("on", "1"), ("on", "2"), ("on", "1"), ("on", "0")]
    assert state(hub, DOOR) == "off"


def test_a_state_names_the_event_that_caused_it(hub: TestHub, entities: CameraEntities) -> None:
    hub.events.clear()
    entities.happened(MotionStarted(camera="porch", captured=WHEN))

    (started,) = hub.events.of(MotionStarted)
    (changed,) = hub.events.of(StateChanged)
    assert changed.entity == "binary_sensor.porch_motion"
    assert changed.cause == started.sequence


def test_who_hears_of_somebody_entering_finds_them_counted(
    hub: TestHub, entities: CameraEntities
) -> None:
    found: list[str] = []
    hub.bus.listen(ZoneEntered, lambda _: found.append(state(hub, COUNT)))
    hub.events.clear()
    entities.happened(entered("a", 1))

    assert found == ["1"]
    assert [each.type for each in hub.events.all] == [
        "zone.entered", "state.changed", "state.changed",
    ]  # fmt: skip


def test_who_left_a_zone_of_a_former_plan_is_told_and_makes_no_entity(
    hub: TestHub, entities: CameraEntities
) -> None:
    before = hub.states.all().keys()
    told: list[ZoneLeft] = []
    hub.bus.listen(ZoneLeft, told.append)
    entities.happened(msgspec.structs.replace(left("a", 0), zone="lawn"))
    assert [each.zone for each in told] == ["lawn"]
    assert hub.states.all().keys() == before


def test_motion_goes_on_and_off(hub: TestHub, entities: CameraEntities) -> None:
    entities.happened(MotionStarted(camera="porch", captured=WHEN))
    during = state(hub, "binary_sensor.porch_motion")
    entities.happened(MotionEnded(camera="porch", captured=WHEN, seconds=4))

    assert (during, state(hub, "binary_sensor.porch_motion")) == ("on", "off")


def test_nothing_is_known_while_nobody_looks(hub: TestHub, entities: CameraEntities) -> None:
    entities.happened(entered("a", 1))
    entities.vision_lost()
    lost = (state(hub, DOOR), state(hub, COUNT))
    entities.vision_started()
    started = (state(hub, DOOR), state(hub, COUNT))
    entities.occupancy("porch", {"doorstep": {"person": 1}}, ())

    assert lost == started == ("unavailable", "unavailable")
    assert (state(hub, DOOR), state(hub, COUNT)) == ("on", "1")


def test_who_was_there_before_a_restart_is_there_without_ever_having_been_away(
    hub: TestHub, entities: CameraEntities
) -> None:
    entities.happened(entered("a", 1))
    hub.events.clear()
    entities.vision_lost()
    entities.vision_started()
    entities.occupancy("porch", {"doorstep": {"person": 1}}, ())
    door = [each for each in hub.events.of(StateChanged) if each.entity == DOOR]

    assert [each.new and each.new.state for each in door] == ["unavailable", "on"]


def test_what_moved_before_a_restart_moves_until_its_end_is_told(
    hub: TestHub, entities: CameraEntities
) -> None:
    entities.happened(MotionStarted(camera="porch", captured=WHEN))
    entities.vision_lost()
    entities.vision_started()
    entities.occupancy("porch", {}, (), moving=True)
    before = state(hub, "binary_sensor.porch_motion")
    entities.happened(MotionEnded(camera="porch", captured=WHEN, seconds=9.0))
    assert (before, state(hub, "binary_sensor.porch_motion")) == ("on", "off")


def test_only_a_zone_with_a_crowd_can_be_crowded(hub: TestHub) -> None:
    yard = replace(PORCH.zones["doorstep"], crowd=CrowdSettings(count=2, seconds=5))
    made = CameraEntities(
        {"porch": replace(PORCH, zones={**PORCH.zones, "yard": yard})}, hub.bus, hub.states
    )
    made.begin()
    assert state(hub, "binary_sensor.porch_yard_crowded") == "unavailable"
    assert hub.states.get("binary_sensor.porch_doorstep_crowded") is None
    made.occupancy("porch", {}, ())
    seen = [state(hub, "binary_sensor.porch_yard_crowded")]
    made.happened(ZoneCrowded(camera="porch", zone="yard", captured=WHEN, count=3))
    seen.append(state(hub, "binary_sensor.porch_yard_crowded"))
    made.happened(ZoneDispersed(camera="porch", zone="yard", captured=WHEN, count=1, seconds=9))
    seen.append(state(hub, "binary_sensor.porch_yard_crowded"))
    made.occupancy("porch", {"yard": {"person": 2}}, ["yard"])
    seen.append(state(hub, "binary_sensor.porch_yard_crowded"))

    assert seen == ["off", "on", "off", "on"]


def test_a_camera_says_why_it_is_offline(hub: TestHub, entities: CameraEntities) -> None:
    entities.online("porch", {"codec": "h264", "width": 640, "height": 360})
    online = hub.states.get("camera.porch")
    entities.offline("porch", "wrong password")
    offline = hub.states.get("camera.porch")

    assert online
    assert offline
    assert (online.state, online.attributes["width"]) == ("online", 640)
    assert online.attributes["friendly_name"] == "Front porch"
    assert (offline.state, offline.attributes["reason"]) == ("offline", "wrong password")


def test_a_lost_worker_takes_only_cameras_offline_that_were_online(
    hub: TestHub, entities: CameraEntities
) -> None:
    entities.ingest_lost()
    before = hub.events.of(CameraOffline)
    entities.online("porch", {})
    entities.ingest_lost()
    entities.ingest_lost()

    assert before == []
    assert len(hub.events.of(CameraOffline)) == 1


def test_an_outage_is_told_once_also_when_a_new_worker_finds_it_again(
    hub: TestHub, entities: CameraEntities
) -> None:
    entities.offline("porch", "wrong password")
    entities.offline("porch", "wrong password")
    entities.offline("porch", "nothing answers")
    camera = hub.states.get("camera.porch")

    assert [each.reason for each in hub.events.of(CameraOffline)] == ["wrong password"]
    assert camera
    assert camera.attributes["reason"] == "nothing answers"


def test_every_entity_has_a_name_for_people(hub: TestHub, entities: CameraEntities) -> None:
    entities.happened(entered("1", 1))
    names = {each: made.attributes["friendly_name"] for each, made in hub.states.all().items()}

    assert names == {
        "camera.porch": "Front porch",
        "binary_sensor.porch_motion": "Front porch motion",
        "sensor.porch_review": "Front porch review",
        DOOR: "Front porch doorstep occupied",
        COUNT: "Front porch doorstep person count",
        "sensor.porch_doorstep_traffic_light_count": "Front porch doorstep traffic light count",
    }


def test_the_log_does_not_count_up_the_cameras_of_a_worker_that_is_started_anew(
    hub: TestHub, entities: CameraEntities, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO", "hub.cameras")
    entities.online("porch", {})
    entities.ingest_lost()
    entities.online("porch", {})
    entities.ingest_lost()
    entities.offline("porch", "wrong password")
    entities.online("porch", {})

    assert len(hub.events.of(CameraOffline)) == 2
    assert caplog.messages == [
        "Camera porch is online",
        "Camera porch is still offline: wrong password",
        "Camera porch is online",
    ]


def test_what_a_removed_camera_still_sends_is_ignored(
    hub: TestHub, entities: CameraEntities
) -> None:
    hub.events.clear()
    entities.online("shed", {})
    entities.offline("shed", "gone")
    entities.happened(MotionStarted(camera="shed", captured=WHEN))

    assert hub.events.all == []


@pytest.mark.parametrize("label", ["Cell-Phone", "Fußgänger", "traffic light", "пёс", "x" * 90])
def test_a_detector_may_name_things_as_it_likes(hub: TestHub, label: str) -> None:
    camera = replace(PORCH, detect=DetectSettings(objects=(label,)))
    made = CameraEntities({"porch": camera}, hub.bus, hub.states)
    made.begin()
    made.vision_started()
    counted = f"sensor.porch_doorstep_{entity_word(label)}_count"
    made.happened(structs.replace(entered("porch-1", 2), object=label))

    assert state(hub, counted) == "2"
    known = KnownCamera(zones=frozenset({"doorstep"}), objects=frozenset({label}))
    assert counted in set(configured("porch", known))


def test_a_camera_that_does_not_detect_is_never_said_to_be_still(hub: TestHub) -> None:
    camera = replace(PORCH, detect=DetectSettings(enabled=False))
    made = CameraEntities({"porch": camera}, hub.bus, hub.states)
    made.begin()
    made.vision_started()

    assert state(hub, "binary_sensor.porch_motion") == "unavailable"


def test_a_plugin_that_tells_a_password_tells_it_to_nobody(
    hub: TestHub, entities: CameraEntities, caplog: pytest.LogCaptureFixture
) -> None:
    entities.offline("porch", "cannot open rtsp://viewer:s3cret-word@10.0.0.7/sub")

    (event,) = hub.events.of(CameraOffline)
    shown = hub.states.get("camera.porch")
    assert shown
    assert "s3cret-word" not in event.reason + str(shown.attributes) + caplog.text


def test_what_is_reviewed_is_an_entity(hub: TestHub, entities: CameraEntities) -> None:
    facts = {"camera": "porch", "review": "porch-r1", "captured": WHEN, "started": WHEN}
    entities.happened(ReviewStarted(**facts, severity="detection", objects=("person",)))
    now = hub.states.get("sensor.porch_review")
    assert now is not None
    assert (now.state, now.attributes["id"]) == ("detection", "porch-r1")
    assert (now.attributes["objects"], now.attributes["zones"]) == (["person"], [])
    assert now.attributes["since"] == WHEN.isoformat()
    entities.happened(ReviewUpdated(**facts, severity="alert", zones=("doorstep",)))
    assert state(hub, "sensor.porch_review") == "alert"
    entities.happened(ReviewEnded(**facts, severity="alert", ended=WHEN))
    over = hub.states.get("sensor.porch_review")
    assert over is not None
    assert over.state == "idle"
    assert "id" not in over.attributes


def test_a_camera_that_is_not_reviewed_has_no_such_entity(hub: TestHub) -> None:
    camera = replace(PORCH, review=ReviewSettings(enabled=False))
    made = CameraEntities({"porch": camera}, hub.bus, hub.states)
    made.begin()
    made.vision_started()
    assert hub.states.get("sensor.porch_review") is None


def test_a_camera_that_is_shed_is_told_once_and_when_it_is_over(
    hub: TestHub, entities: CameraEntities, caplog: pytest.LogCaptureFixture
) -> None:
    entities.begin()
    entities.online("porch", {"codec": "h264"})
    with caplog.at_level("INFO"):
        caplog.clear()
        for _ in range(3):
            entities.shed(frozenset({"porch", "gone"}))
        during = hub.states.get("camera.porch")
        entities.shed(frozenset())
    after = hub.states.get("camera.porch")

    assert during is not None
    assert (during.state, during.attributes["shed"]) == ("online", True)
    assert after is not None
    assert (after.state, after.attributes["codec"]) == ("online", "h264")
    assert "shed" not in after.attributes
    assert [each.levelname for each in caplog.records] == ["WARNING", "INFO"]
