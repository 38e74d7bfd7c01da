"""Numbers of today: counted from events, kept over restarts, begun anew at local midnight."""

import asyncio
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from hub.api import Box, Camera, KnownCamera, LineCrossed, State, ZoneEntered, ZoneLeft
from hub.app.counters import Counters, following, midnight
from hub.app.entities import CameraEntities
from hub.settings import CameraSettings, DetectSettings, MotionSettings, ZoneSettings
from hub.settings.cameras import entities as configured
from hub.settings.model import LineSettings
from hub.states import StateTable
from hub.testing import TestHub

BERLIN = ZoneInfo("Europe/Berlin")
WHEN = datetime(2026, 6, 1, 12, tzinfo=UTC)
ENTERED, DWELL = "sensor.porch_doorstep_entered_today", "sensor.porch_doorstep_dwell"
INTO, OUT = "sensor.porch_gate_in_today", "sensor.porch_gate_out_today"

PORCH = CameraSettings(
    name="porch",
    title="Front porch",
    plugin="rtsp",
    key="rtsp",
    component=Camera,
    options={},
    detect=DetectSettings(objects=("person", "car")),
    motion=MotionSettings(),
    zones={"doorstep": ZoneSettings(polygon=((0, 0), (1, 0), (1, 1)))},
    lines={"gate": LineSettings(points=((0, 0), (1, 1)))},
)


class House:
    """A hub's counters, which can be stopped and started."""

    def __init__(self, now: datetime, zone: ZoneInfo = BERLIN) -> None:
        self.hub = TestHub()
        self.hub.clock._wall = now
        self.zone = zone
        self.states = StateTable(self.hub.bus, self.hub.clock)
        self.start()

    def start(self, stored: Mapping[str, State] | None = None) -> None:
        self.states = StateTable(self.hub.bus, self.hub.clock)
        self.states.restore((stored or {}).values())
        self.counters = Counters({"porch": PORCH}, self.states, self.hub.clock, self.zone)
        self.entities = CameraEntities({"porch": PORCH}, self.hub.bus, self.states, self.counters)
        self.entities.begin()

    def restart(self) -> None:
        self.counters.stop()
        self.start(dict(self.states.all()))

    def enter(self, thing: str = "person") -> None:
        self.entities.happened(
            ZoneEntered(
                camera="porch", zone="doorstep", object=thing, track="t", score=0.8,
                box=Box(0, 0, 1, 1), captured=WHEN, count=1,
            )
        )  # fmt: skip

    def leave(self, seconds: float) -> None:
        self.entities.happened(
            ZoneLeft(
                camera="porch", zone="doorstep", object="person", track="t", score=0.8,
                box=Box(0, 0, 1, 1), captured=WHEN, count=0, seconds=seconds,
            )
        )  # fmt: skip

    def cross(self, direction: str, thing: str = "person") -> None:
        self.entities.happened(
            LineCrossed(
                camera="porch", line="gate", object=thing, track="t", score=0.8,
                box=Box(0, 0, 1, 1), captured=WHEN, direction=direction,
            )
        )  # fmt: skip

    def __getitem__(self, entity: str) -> str:
        found = self.states.get(entity)
        assert found, entity
        return found.state

    def facts(self, entity: str) -> Mapping[str, object]:
        found = self.states.get(entity)
        assert found, entity
        return found.attributes


def test_all_numbers_exist_from_the_start_and_are_known() -> None:
    house = House(WHEN)
    assert [house[each] for each in (ENTERED, DWELL, INTO, OUT)] == ["0", "unknown", "0", "0"]
    known = KnownCamera(
        zones=frozenset({"doorstep"}),
        lines=frozenset({"gate"}),
        objects=frozenset({"person", "car"}),
    )
    assert set(house.states.all()) == set(configured("porch", known))


def test_visits_and_crossings_are_counted_by_object() -> None:
    house = House(WHEN)
    for thing in ("person", "car", "person"):
        house.enter(thing)
    for direction in ("in", "in", "out"):
        house.cross(direction)
    house.cross("in", "car")
    assert [house[each] for each in (ENTERED, INTO, OUT)] == ["3", "3", "1"]
    assert house.facts(ENTERED)["objects"] == {"person": 2, "car": 1}
    assert house.facts(INTO)["objects"] == {"person": 2, "car": 1}
    assert house.facts(OUT)["objects"] == {"person": 1}


def test_how_long_visits_last_is_their_mean_last_and_longest() -> None:
    house = House(WHEN)
    for seconds in (3.0, 10.0, 5.0):
        house.leave(seconds)
    assert house[DWELL] == "6.0"
    facts = house.facts(DWELL)
    assert (facts["visits"], facts["last"], facts["longest"]) == (3, 5.0, 10.0)
    assert facts["unit_of_measurement"] == "s"


def test_numbers_outlive_the_hub() -> None:
    house = House(WHEN)
    house.enter()
    house.leave(4.0)
    house.cross("out")
    house.restart()
    assert [house[each] for each in (ENTERED, DWELL, OUT)] == ["1", "4.0", "1"]
    house.enter("car")
    house.leave(8.0)
    house.cross("out")
    assert [house[each] for each in (ENTERED, DWELL, OUT)] == ["2", "6.0", "2"]
    assert house.facts(ENTERED)["objects"] == {"person": 1, "car": 1}


def test_a_worker_that_is_lost_takes_no_count_with_it() -> None:
    house = House(WHEN)
    house.enter()
    house.entities.vision_lost()
    house.entities.vision_started()
    assert house[ENTERED] == "1"


def test_they_begin_anew_at_local_midnight_exactly() -> None:
    async def scenario() -> None:
        house = House(datetime(2026, 6, 1, 21, 59, 0, tzinfo=UTC))  # 23:59 in Berlin
        house.enter()
        house.leave(2.0)
        house.cross("in")
        await house.hub.clock.advance(59.9)
        assert house[ENTERED] == "1"
        await house.hub.clock.advance(0.1)
        assert [house[each] for each in (ENTERED, DWELL, INTO)] == ["0", "unknown", "0"]
        assert house.facts(ENTERED)["last_reset"] == "2026-06-02T00:00:00+02:00"
        house.enter()
        await house.hub.clock.advance(24 * 3600 - 1)
        assert house[ENTERED] == "1"
        await house.hub.clock.advance(1)
        assert house[ENTERED] == "0"

    asyncio.run(scenario())


def test_they_begin_anew_when_the_hub_was_off_at_midnight() -> None:
    house = House(WHEN)
    house.enter()
    house.hub.clock._wall += timedelta(hours=11)
    house.restart()
    assert house[ENTERED] == "0"


def test_an_event_just_after_midnight_is_not_counted_for_yesterday() -> None:
    house = House(datetime(2026, 6, 1, 21, 59, 59, tzinfo=UTC))
    house.enter()
    house.hub.clock._wall += timedelta(seconds=1.2)  # the timer has not gone off yet
    house.enter()
    assert house[ENTERED] == "1"


@pytest.mark.parametrize(
    ("zone", "day", "hours"),
    [
        ("Europe/Berlin", datetime(2026, 3, 29), 23),  # noqa: DTZ001 - a date
        ("Europe/Berlin", datetime(2026, 10, 25), 25),  # noqa: DTZ001
        ("Europe/Berlin", datetime(2026, 6, 1), 24),  # noqa: DTZ001
        ("Africa/Cairo", datetime(2026, 4, 24), 23),  # noqa: DTZ001 - forward at midnight
        ("Africa/Cairo", datetime(2026, 10, 29), 25),  # noqa: DTZ001
        ("Asia/Kolkata", datetime(2026, 6, 1), 24),  # noqa: DTZ001
    ],
)
def test_a_day_is_as_long_as_it_is(zone: str, day: datetime, hours: int) -> None:
    place = ZoneInfo(zone)
    noon = day.replace(hour=12, tzinfo=place)
    since = midnight(noon, place)
    until = following(since, place)
    assert until - since == timedelta(hours=hours)
    moment = since
    while moment < until:
        assert midnight(moment, place) == since
        moment += timedelta(minutes=7)
    assert midnight(until, place) == until
    assert midnight(until - timedelta(microseconds=1), place) == since


@pytest.mark.parametrize(
    "stored",
    [
        {"last_reset": "nonsense"},
        {"last_reset": 5},
        {"last_reset": "2026-06-01T00:00:00"},
        {},
        {"last_reset": "2026-06-01T00:00:00+02:00", "objects": ["person"]},
    ],
)
def test_what_was_stored_and_is_none_of_ours_counts_nothing(stored: dict[str, object]) -> None:
    house = House(WHEN)
    house.counters.stop()
    state = State(entity=ENTERED, state="many", attributes=stored, changed=WHEN, updated=WHEN)
    house.start({ENTERED: state})
    assert house[ENTERED] == "0"
    house.enter()
    assert house[ENTERED] == "1"


def test_a_zone_nobody_knows_is_not_counted() -> None:
    house = House(WHEN)
    house.counters.follow(
        LineCrossed(
            camera="porch", line="old", object="person", track="t", score=0.8,
            box=Box(0, 0, 1, 1), captured=WHEN, direction="in",
        )
    )  # fmt: skip
    assert "sensor.porch_old_in_today" not in house.states.all()
