"""``trigger: template``: the moment it becomes true."""

from typing import Any

import pytest


def _load(home: Any, template: str, rest: str = "") -> None:
    home.load(
        f"""
        alias: Test
        mode: parallel
        triggers: {{trigger: template, value_template: "{template}"{rest}}}
        actions: {{action: test.note, data: {{text: "{{{{ trigger.entity_id }}}}"}}}}
        """
    )


@pytest.mark.feature("trigger: template", "supported")
def test_it_fires_when_false_turns_true(home: Any) -> None:
    home.set("light.hall", "off")
    _load(home, "{{ is_state('light.hall', 'on') and is_state('light.porch', 'on') }}")
    home.set("light.hall", "on")
    home.set("light.porch", "on")
    home.set("light.porch", "on", brightness=3)
    assert home.notes == ["light.porch"]
    home.set("light.porch", "off")
    home.set("light.porch", "on")
    assert len(home.notes) == 2


def test_what_is_true_from_the_beginning_has_not_turned_true(home: Any) -> None:
    home.set("light.hall", "on")
    _load(home, "{{ is_state('light.hall', 'on') }}")
    home.set("light.hall", "on", brightness=3)
    assert home.notes == []


def test_it_follows_all_entities_of_a_kind_also_new_ones(home: Any) -> None:
    _load(home, "{{ states.light | selectattr('state', 'eq', 'on') | list | count > 1 }}")
    home.set("light.a", "on")
    home.set("light.b", "on")
    assert home.notes == ["light.b"]


def test_it_follows_the_clock_when_it_asks_for_the_time(home: Any) -> None:
    _load(home, "{{ now().minute == 5 }}")
    home.wait(4 * 60)
    assert home.notes == []
    home.wait(60)
    assert home.notes == [None]
    home.wait(3600)
    assert len(home.notes) == 2


@pytest.mark.feature("trigger: template, for", "supported")
def test_for_is_ended_by_turning_false(home: Any) -> None:
    _load(home, "{{ is_state('light.hall', 'on') }}", ", for: 5")
    home.set("light.hall", "on")
    home.wait(4)
    home.set("light.hall", "off")
    home.wait(4)
    assert home.notes == []
    home.set("light.hall", "on")
    home.wait(5)
    assert home.notes == ["light.hall"]


def test_one_that_fails_is_false_told_once_and_works_again(home: Any, caplog: Any) -> None:
    _load(home, "{{ states('sensor.lux') | float > 10 }}")
    home.set("sensor.lux", "dark")
    home.set("sensor.lux", "dim")
    home.set("sensor.lux", "dark")
    home.set("sensor.lux", "11")
    assert home.notes == ["sensor.lux"]
    assert len([each for each in caplog.messages if "float got 'dark'" in each]) == 1


def test_nothing_is_followed_after_the_end(home: Any) -> None:
    _load(home, "{{ now().minute == 5 or is_state('light.hall', 'on') }}")
    home.call("automation.turn_off", entity_id="automation.test")
    home.set("light.hall", "on")
    home.wait(600)
    assert home.notes == []
    assert home.hub.clock.waiting == 0
