"""A reload touches only automations that are written differently."""

from typing import Any

import pytest
import yaml

SLOW = """
- alias: Slow
  triggers: {trigger: event, event_type: go}
  actions: [{delay: 10}, {action: test.note, data: {text: slow}}]
"""
OTHER = """
- alias: Other
  triggers: {trigger: event, event_type: other}
  actions: [{action: test.note, data: {text: other}}]
"""


def reload(home: Any, text: str) -> str:
    """Take up other automations as the hub does."""
    words: str = home.hub.run(home.services[-1].reload(yaml.safe_load(text)))
    return words


@pytest.mark.feature("automation.reload", "different", "what is as it was goes on")
def test_what_is_as_it_was_goes_on(home: Any) -> None:
    home.load(SLOW + OTHER)
    home.event("go")
    home.wait(4)
    assert reload(home, OTHER.replace("text: other", "text: new") + SLOW) == "1 changed, 1 kept"
    home.event("other")
    home.wait(6.1)
    assert home.notes == ["new", "slow"]


def test_what_is_written_differently_begins_anew(home: Any) -> None:
    home.load(SLOW)
    home.event("go")
    home.wait(4)
    assert reload(home, SLOW.replace("delay: 10", "delay: 2")) == "1 changed"
    assert home.results == [("cancelled", "")]
    home.wait(20)
    assert home.notes == []
    home.event("go")
    home.wait(2.1)
    assert home.notes == ["slow"]
    attributes = home.attributes("automation.slow")
    assert (attributes["runs"], attributes["current"]) == (2, 0)


def test_what_is_gone_reacts_no_more_and_its_entity_goes(home: Any) -> None:
    home.load(SLOW + OTHER)
    assert reload(home, SLOW) == "1 removed, 1 kept"
    home.event("other")
    assert home.notes == []
    assert home.hub.states.get("automation.other") is None


def test_what_is_new_reacts(home: Any) -> None:
    home.load(SLOW)
    assert reload(home, SLOW + OTHER) == "1 added, 1 kept"
    home.event("other")
    assert home.notes == ["other"]


def test_one_that_was_switched_off_stays_off(home: Any) -> None:
    home.load(SLOW + OTHER)
    home.call("automation.turn_off", entity_id="automation.other")
    reload(home, SLOW + OTHER.replace("text: other", "text: new"))
    home.event("other")
    assert home.notes == []
    assert home.hub.states.get("automation.other").state == "off"


def test_what_is_held_for_a_while_goes_on_in_what_is_kept(home: Any) -> None:
    held = """
    - alias: Held
      triggers: {trigger: state, entity_id: light.hall, to: "on", for: 10}
      actions: [{action: test.note, data: {text: held}}]
    """
    home.load(held)
    home.set("light.hall", "on")
    home.wait(5)
    both = yaml.safe_dump(yaml.safe_load(held) + yaml.safe_load(OTHER))
    assert reload(home, both) == "1 added, 1 kept"
    home.wait(5.1)
    assert home.notes == ["held"]


def test_hundreds_that_changed_leave_the_loop_its_turns(home: Any) -> None:
    def many(text: str) -> str:
        each = {
            "triggers": {"trigger": "event", "event_type": "go"},
            "actions": [{"action": "test.note", "data": {"text": text}}],
        }
        return yaml.safe_dump([{"alias": f"A{number}", **each} for number in range(200)])

    home.load(many("old"))
    assert reload(home, many("new")) == "200 changed"
    home.event("go")
    assert home.notes == ["new"] * 200
