"""``trigger: time`` and ``time_pattern``: the clock at home, also when it is changed."""

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from automations.triggers import TimePatternTrigger
from automations.triggers.time import following
from automations.values import WEEKDAYS, day_time
from hub.testing import TestHub


def _load(home: Any, trigger: str) -> None:
    tell = "{{ trigger.now.strftime('%a %H:%M:%S') }}"
    home.load(
        f"""
        alias: Test
        mode: parallel
        triggers: {{{trigger}}}
        actions: {{action: test.note, data: {{text: "{tell}"}}}}
        """
    )


@pytest.mark.feature("trigger: time", "supported")
def test_it_fires_every_day_at_its_times_of_the_home(berlin: Any) -> None:
    _load(berlin, "trigger: time, at: ['07:30', '14:00:05']")
    berlin.wait(2 * 24 * 3600)
    assert berlin.notes == [
        "Mon 14:00:05", "Tue 07:30:00", "Tue 14:00:05", "Wed 07:30:00",
    ]  # fmt: skip


@pytest.mark.feature("trigger: time, weekday", "supported")
def test_days_of_the_week_choose(home: Any) -> None:
    _load(home, "trigger: time, at: '08:00', weekday: [sat, mon]")
    home.wait(9 * 24 * 3600)
    assert home.notes == ["Sat 08:00:00", "Mon 08:00:00"]


def test_a_clock_set_back_does_not_fire_twice(home: Any) -> None:
    _load(home, "trigger: time, at: '13:00'")
    home.wait(3600)
    home.hub.run(home.hub.clock.set(datetime(2026, 6, 1, 12, 30, tzinfo=UTC)))
    home.wait(3600)
    assert len(home.notes) == 1


def test_a_clock_set_forward_fires_at_once(home: Any) -> None:
    _load(home, "trigger: time, at: '13:00'")
    home.hub.run(home.hub.clock.set(datetime(2026, 6, 1, 15, 0, tzinfo=UTC)))
    assert len(home.notes) == 1


@pytest.mark.parametrize(
    ("now", "at", "then"),
    [
        ("2026-03-28T12:00", "02:30", "2026-03-29T01:30"),  # skipped: an hour later, 03:30
        ("2026-03-29T01:30", "02:30", "2026-03-30T00:30"),
        ("2026-10-24T12:00", "02:30", "2026-10-25T00:30"),  # twice: the first
        ("2026-10-25T00:30", "02:30", "2026-10-26T01:30"),
        ("2026-06-01T10:00", "12:00", "2026-06-02T10:00"),  # now is not later than now
    ],
)
def test_summer_time_is_understood(now: str, at: str, then: str) -> None:
    found = following(
        datetime.fromisoformat(now).replace(tzinfo=UTC),
        day_time(at),
        frozenset(WEEKDAYS),
        ZoneInfo("Europe/Berlin"),
    )
    assert found == datetime.fromisoformat(then).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("pattern", "first", "second"),
    [
        ("minutes: /5", "12:05:00", "12:10:00"),
        ("seconds: /20", "12:00:20", "12:00:40"),
        ("hours: /2", "14:00:00", "16:00:00"),
        ("hours: '*'", "13:00:00", "14:00:00"),
        ("minutes: 0", "13:00:00", "14:00:00"),
        ("minutes: 30, seconds: 15", "12:30:15", "13:30:15"),
        ("hours: 7, minutes: '*'", "07:00:00", "07:01:00"),
        ("hours: 12", "12:00:00", "12:00:00"),
    ],
)
@pytest.mark.feature("trigger: time_pattern", "supported")
def test_patterns(home: Any, pattern: str, first: str, second: str) -> None:
    _load(home, f"trigger: time_pattern, {pattern}")
    home.wait(2 * 24 * 3600 if "hours" in pattern else 2 * 3600)
    assert [each[4:] for each in home.notes[:2]] == [first, second]


def test_a_pattern_stops_with_its_automation(home: Any) -> None:
    _load(home, "trigger: time_pattern, seconds: /1")
    home.wait(3)
    home.call("automation.turn_off", entity_id="automation.test")
    home.wait(10)
    assert len(home.notes) == 3


def test_a_pattern_over_a_change_of_time_takes_the_hours_there_are() -> None:
    with TestHub() as hub:
        trigger = TimePatternTrigger({"hours": "2"}, hub.context())
        berlin = ZoneInfo("Europe/Berlin")
        before = datetime(2026, 3, 28, 23, 30, tzinfo=UTC)
        # At night there is no hour 2 on the 29th of March.
        assert trigger.following(before, berlin) == datetime(2026, 3, 30, 0, 0, tzinfo=UTC)
        before = datetime(2026, 10, 24, 23, 30, tzinfo=UTC)
        twice = trigger.following(before, berlin)
        assert trigger.following(twice, berlin) - twice == timedelta(hours=1)
