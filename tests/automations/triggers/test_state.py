"""``trigger: state``, as Home Assistant has it."""

from typing import Any

import pytest

NOTE = """
  actions:
    - action: test.note
      data: {text: "{{ trigger.entity_id }} {{ trigger.from_state.state if trigger.from_state }}
        -> {{ trigger.to_state.state if trigger.to_state }}"}
"""


def _load(home: Any, options: str) -> None:
    home.load(f"- alias: Test\n  mode: parallel\n  triggers: {{trigger: state, {options}}}{NOTE}")


@pytest.mark.feature("trigger: state", "supported")
def test_every_change_counts_when_nothing_is_asked_for(home: Any) -> None:
    home.set("light.hall", "off")
    _load(home, "entity_id: light.hall")
    home.set("light.hall", "on")
    home.set("light.hall", "on", brightness=3)
    home.set("light.porch", "on")
    assert home.notes == ["light.hall off -> on", "light.hall on -> on"]


@pytest.mark.parametrize(
    ("options", "count"),
    [
        ("to: 'on'", 2),
        ("to: on", 2),
        ("to: ['on', dim]", 3),
        ("from: 'off', to: 'on'", 1),
        ("from: 'off'", 2),
        ("to: ", 4),
        ("not_to: 'on'", 2),
        ("not_from: ['off']", 2),
        ("attribute: level", 1),
        ("attribute: level, to: 3", 1),
        ("attribute: level, to: 4", 0),
    ],
)
@pytest.mark.feature("trigger: state, from/to/not_from/not_to/attribute", "supported")
def test_from_and_to_choose_among_changes(home: Any, options: str, count: int) -> None:
    home.set("light.hall", "off")
    _load(home, f"entity_id: light.hall, {options}")
    home.set("light.hall", "on")  # off -> on
    home.set("light.hall", "on", level=3)  # only an attribute
    home.set("light.hall", "off", level=3)
    home.set("light.hall", "dim", level=3)
    home.set("light.hall", "on", level=3)  # dim -> on
    assert len(home.notes) == count


def test_an_entity_that_appears_or_goes_is_a_change(home: Any) -> None:
    _load(home, "entity_id: [light.hall, light.porch]")
    home.set("light.porch", "on")
    home.remove("light.porch")
    assert home.notes == ["light.porch  -> on", "light.porch on ->"]


def test_a_removed_entity_has_not_become_anything(home: Any) -> None:
    home.set("light.hall", "on")
    _load(home, "entity_id: light.hall, to: 'off'")
    home.remove("light.hall")
    assert home.notes == []


@pytest.mark.feature("trigger: state, for", "supported")
def test_for_waits_and_a_change_back_ends_the_wait(home: Any) -> None:
    home.set("light.hall", "off")
    _load(home, "entity_id: light.hall, to: 'on', for: 00:00:10")
    home.set("light.hall", "on")
    home.wait(9)
    home.set("light.hall", "off")
    home.wait(5)
    assert home.notes == []
    home.set("light.hall", "on")
    home.wait(9)
    home.set("light.hall", "on", brightness=5)  # an attribute does not matter
    home.wait(1)
    assert home.notes == ["light.hall off -> on"]


def test_for_without_to_is_ended_only_by_the_state_it_left(home: Any) -> None:
    home.set("light.hall", "off")
    _load(home, "entity_id: light.hall, from: 'off', for: 10")
    home.set("light.hall", "on")
    home.wait(6)
    home.set("light.hall", "dim")
    home.wait(5)
    assert home.notes == ["light.hall off -> on"]


def test_for_counts_for_each_entity_by_itself(home: Any) -> None:
    _load(home, "entity_id: [light.hall, light.porch], to: 'on', for: {seconds: 10}")
    home.set("light.hall", "on")
    home.wait(5)
    home.set("light.porch", "on")
    home.wait(5)
    assert home.notes == ["light.hall  -> on"]
    home.wait(5)
    assert len(home.notes) == 2


@pytest.mark.feature("trigger: state, for as a template", "supported")
def test_for_may_be_a_template(home: Any) -> None:
    home.set("sensor.limit", "7")
    _load(home, "entity_id: light.hall, for: \"{{ states('sensor.limit') }}\"")
    home.set("light.hall", "on")
    home.wait(6.9)
    assert home.notes == []
    home.wait(0.2)
    assert len(home.notes) == 1


def test_a_template_for_that_is_no_time_is_told_and_does_not_fire(home: Any, caplog: Any) -> None:
    _load(home, "entity_id: light.hall, for: \"{{ 'soon' }}\"")
    home.set("light.hall", "on")
    home.set("light.hall", "off")
    home.wait(100)
    assert home.notes == []
    assert [each for each in caplog.messages if "expected a time span" in each] == [
        "automation 'Test': triggers: expected a time span such as 2s or 00:00:02, got 'soon'"
    ]


def test_turned_off_it_does_not_wait_on(home: Any) -> None:
    _load(home, "entity_id: light.hall, to: 'on', for: 5")
    home.set("light.hall", "on")
    home.call("automation.turn_off", entity_id="automation.test")
    home.wait(10)
    assert home.notes == []
    assert home.hub.clock.waiting == 0
