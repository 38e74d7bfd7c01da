"""The sun over Berlin, Tromso and Auckland: the entity, the trigger and the condition."""

import asyncio
from collections.abc import Callable, Coroutine
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import voluptuous as vol

from hub.api import Invalid, Known, Location
from hub.testing import TestHub
from integrations.sun.language import SunCondition, SunTrigger, offset
from integrations.sun.service import Sun
from integrations.sun.sky import Sky

BERLIN = Location(52.52, 13.405, 34)
TROMSO = Location(69.65, 18.96)
AUCKLAND = Location(-36.85, 174.76)
MINUTE = timedelta(minutes=1)

# From the almanac of the US Naval Observatory, for these places and days, in local time.
ALMANAC = [
    (BERLIN, "Europe/Berlin", (2026, 6, 21), "04:43", "21:33"),
    (BERLIN, "Europe/Berlin", (2026, 12, 21), "08:15", "15:54"),
    (AUCKLAND, "Pacific/Auckland", (2026, 6, 21), "07:33", "17:12"),
]


@pytest.mark.parametrize(("place", "zone", "day", "rises", "sets"), ALMANAC)
def test_it_rises_and_sets_when_the_almanac_says(
    place: Location, zone: str, day: tuple[int, int, int], rises: str, sets: str
) -> None:
    here = ZoneInfo(zone)
    morning = datetime(*day, tzinfo=here)
    for event, text in (("sunrise", rises), ("sunset", sets)):
        hour, minute = map(int, text.split(":"))
        said = morning.replace(hour=hour, minute=minute)
        found = Sky(place).next(event, morning)
        assert found is not None
        assert abs(found - said) <= 2 * MINUTE


def test_in_the_far_north_the_next_sunset_is_weeks_away() -> None:
    sky = Sky(TROMSO)
    midsummer = datetime(2026, 6, 21, tzinfo=UTC)
    found = sky.next("sunset", midsummer)
    assert found is not None
    assert timedelta(days=20) < found - midsummer < timedelta(days=45)
    assert sky.on("sunset", midsummer.date()) is None


def story(
    place: Location | None, start: datetime, told: Callable[[TestHub], Coroutine[Any, Any, None]]
) -> None:
    async def run() -> None:
        async with TestHub(start=start, zone=ZoneInfo("Europe/Berlin")) as hub:
            hub.known = Known(location=place)
            await told(hub)

    asyncio.run(run())


def test_the_entity_changes_in_the_moment_of_sunset() -> None:
    async def told(hub: TestHub) -> None:
        await hub.service(Sun)
        state = hub.states.get("sun.sun")
        assert state is not None
        assert state.state == "above_horizon"
        assert 60 < float(str(state.attributes["elevation"])) < 61
        assert state.attributes["rising"] is False
        setting = datetime.fromisoformat(str(state.attributes["next_setting"]))
        await hub.clock.advance((setting - hub.clock.now()).total_seconds() - 1)
        assert hub.states.get("sun.sun").state == "above_horizon"  # type: ignore[union-attr]
        await hub.clock.advance(2)
        assert hub.states.get("sun.sun").state == "below_horizon"  # type: ignore[union-attr]

    story(BERLIN, datetime(2026, 6, 21, 11, 30, tzinfo=UTC), told)


def test_without_a_place_there_is_no_entity() -> None:
    async def told(hub: TestHub) -> None:
        await hub.service(Sun)
        assert hub.states.get("sun.sun") is None

    story(None, datetime(2026, 6, 21, tzinfo=UTC), told)


@pytest.mark.parametrize(
    ("options", "at"),
    [
        ({"event": "sunset", "offset": 0}, "21:33"),
        ({"event": "sunset", "offset": -1800.0}, "21:03"),
        ({"event": "sunrise", "offset": 3600.0}, "05:43"),
    ],
)
@pytest.mark.feature("trigger: sun, offset", "supported")
def test_the_trigger_fires_every_day(options: dict[str, object], at: str) -> None:
    async def told(hub: TestHub) -> None:
        times: list[datetime] = []
        trigger = SunTrigger(options, hub.context())
        cancel = trigger.attach(lambda *_: times.append(hub.clock.now()))
        await hub.clock.advance(hours=48)
        cancel()
        await hub.clock.advance(hours=48)
        hour, minute = map(int, at.split(":"))
        assert len(times) == 2
        for each in times:
            here = each.astimezone(ZoneInfo("Europe/Berlin"))
            meant = here.replace(hour=hour, minute=minute, second=0, microsecond=0)
            assert abs(here - meant) <= 3 * MINUTE

    story(BERLIN, datetime(2026, 6, 21, 0, 0, tzinfo=UTC), told)


@pytest.mark.parametrize(
    ("options", "hour", "holds"),
    [
        ({"after": "sunset"}, 23, True),
        ({"after": "sunset"}, 12, False),
        ({"before": "sunrise"}, 3, True),
        ({"before": "sunrise"}, 12, False),
        ({"after": "sunrise", "before": "sunset"}, 12, True),
        ({"after": "sunset", "before": "sunrise"}, 2, True),
        ({"after": "sunset", "before": "sunrise"}, 23, True),
        ({"after": "sunset", "before": "sunrise"}, 12, False),
        ({"after": "sunset", "after_offset": -3 * 3600.0}, 19, True),
    ],
)
@pytest.mark.feature("condition: sun", "supported")
def test_the_condition(options: dict[str, object], hour: int, holds: bool) -> None:
    async def told(hub: TestHub) -> None:
        checked = vol.Schema(dict(SunCondition.SCHEMA))(options)
        condition = SunCondition(checked, hub.context())
        assert condition.holds({}) is holds
        assert "it is" in condition.explain({})

    local = datetime(2026, 6, 21, hour, tzinfo=ZoneInfo("Europe/Berlin"))
    story(BERLIN, local.astimezone(UTC), told)


def test_where_there_is_no_sunset_the_condition_says_so() -> None:
    async def told(hub: TestHub) -> None:
        checked = vol.Schema(dict(SunCondition.SCHEMA))({"after": "sunset"})
        with pytest.raises(Invalid, match="there is no sunset here today"):
            SunCondition(checked, hub.context()).holds({})

    story(TROMSO, datetime(2026, 6, 21, 12, tzinfo=UTC), told)


def test_without_a_place_check_says_what_to_do() -> None:
    for kind in (SunTrigger, SunCondition):
        (problem,) = kind.check({"after": "sunset"}, Known())
        assert "Add latitude and longitude" in problem.hint


@pytest.mark.parametrize(
    ("written", "seconds"),
    [("-00:30:00", -1800), ("+00:10:00", 600), ("01:00", 3600), (-45, -45), ({"minutes": -5}, -300),
     ({"hours": 1}, 3600)],
)  # fmt: skip
def test_offsets_may_be_negative(written: object, seconds: float) -> None:
    assert offset(written) == seconds
