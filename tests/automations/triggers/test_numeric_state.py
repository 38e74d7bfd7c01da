"""``trigger: numeric_state``: crossings, not changes."""

from typing import Any

import pytest


def _load(home: Any, options: str) -> None:
    home.load(
        f"""
        alias: Test
        mode: parallel
        triggers: {{trigger: numeric_state, entity_id: sensor.lux, {options}}}
        actions: {{action: test.note, data: {{text: "{{{{ trigger.to_state.state }}}}"}}}}
        """
    )


@pytest.mark.parametrize(
    ("options", "fires"),
    [
        ("above: 10", [11, 20]),
        ("below: 10", [9]),
        ("above: 10, below: 15", [11, 12]),
        ("above: sensor.limit", [20]),
        ('above: 20, value_template: "{{ state.state | float * 2 }}"', [11, 20]),
        ("above: 5, attribute: level", [9]),
    ],
)
@pytest.mark.feature("trigger: numeric_state", "supported")
def test_it_fires_when_the_number_comes_within(home: Any, options: str, fires: list[int]) -> None:
    home.set("sensor.limit", "19")
    home.set("sensor.lux", "10")
    _load(home, options)
    for number in (10, 11, 12, 9, 3, 20, "unavailable"):
        home.set("sensor.lux", str(number), level=7 if number in {9, 3} else 1)
    if options == "above: 10, below: 15":
        home.set("sensor.lux", "12")
    assert home.notes == fires


def test_what_is_within_at_the_beginning_has_not_crossed(home: Any) -> None:
    home.set("sensor.lux", "50")
    _load(home, "above: 10")
    home.set("sensor.lux", "60")
    assert home.notes == []
    home.set("sensor.lux", "5")
    home.set("sensor.lux", "60")
    assert home.notes == [60]


@pytest.mark.feature("trigger: numeric_state, for", "supported")
def test_for_is_ended_by_leaving_the_bounds(home: Any) -> None:
    home.set("sensor.lux", "5")
    _load(home, "above: 10, for: 10s")
    home.set("sensor.lux", "20")
    home.wait(5)
    home.set("sensor.lux", "5")
    home.wait(10)
    assert home.notes == []
    home.set("sensor.lux", "20")
    home.wait(5)
    home.set("sensor.lux", "30")
    home.wait(5)
    assert home.notes == [20]


def test_a_state_that_is_no_number_is_told_once(home: Any, caplog: Any) -> None:
    home.set("sensor.lux", "bright")
    _load(home, "above: 10")
    home.set("sensor.lux", "dark")
    home.set("sensor.lux", "bright")
    told = [each for each in caplog.messages if "bright" in each]
    assert told == ["automation 'Test': triggers: sensor.lux is 'bright', which is not a number"]
    assert home.notes == []
