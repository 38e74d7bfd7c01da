"""The section ``automation:`` from its YAML to what the hub does, through the front door."""

import asyncio
from collections.abc import Mapping
from typing import Any

import pytest

from hub.api import (
    ActionFailed,
    AutomationFinished,
    AutomationTriggered,
    HubStopping,
    Invalid,
    ZoneEntered,
)

# The issue's own, word for word.
DOOR = """
- alias: Someone at the door
  triggers:
    - trigger: zone
      camera: porch
      zone: doorstep
      object: person
      event: enter
  conditions: "{{ trigger.score > 0.5 }}"
  actions:
    - action: camera.snapshot
      data: {camera: porch}
      response_variable: shot
    - action: mqtt.publish
      data: {topic: house/door, payload: "{{ trigger.object }} on the {{ trigger.zone }} ({{ shot.path }})"}
"""  # noqa: E501 - the issue's own
NAME = "automation.someone_at_the_door"


def _door(home: Any) -> None:
    home.hub.fake_action("camera.snapshot", answer={"path": "/media/1.jpg"})
    home.hub.fake_action("mqtt.publish")
    specs = dict(home.hub.actions.known())
    home.learn()
    snapshot = specs["camera.snapshot"]
    home.hub.known.actions["camera.snapshot"] = type(snapshot)(
        name=snapshot.name, description="", schema=snapshot.schema, answers=True
    )
    home.load(DOOR)


def test_a_person_on_the_doorstep_leads_to_a_picture_and_a_message(home: Any) -> None:
    _door(home)

    home.enter()

    snapshot, publish = home.hub.calls
    assert (snapshot.name, dict(snapshot.data)) == ("camera.snapshot", {"camera": "porch"})
    assert publish.name == "mqtt.publish"
    assert dict(publish.data) == {
        "topic": "house/door",
        "payload": "person on the doorstep (/media/1.jpg)",
    }
    assert home.results == [("finished", "")]


@pytest.mark.parametrize(
    "other", [{"score": 0.5}, {"object": "car"}, {"camera": "yard"}, {"zone": "gate"}]
)
def test_something_else_leads_to_nothing(home: Any, other: Mapping[str, Any]) -> None:
    _door(home)

    home.enter(**other)

    assert home.hub.calls == []
    assert home.results == []


def test_what_a_run_does_names_its_cause(home: Any) -> None:
    _door(home)

    home.enter()

    (entered,) = home.hub.events.of(ZoneEntered)
    (triggered,) = home.hub.events.of(AutomationTriggered)
    (finished,) = home.hub.events.of(AutomationFinished)
    assert triggered.cause == entered.sequence
    assert triggered.trigger == "person entered doorstep of porch"
    assert (triggered.automation, triggered.name) == (NAME, "Someone at the door")
    assert finished.cause == triggered.sequence
    assert finished.run == triggered.run
    assert {call.cause for call in home.hub.calls} == {triggered.sequence}


def test_an_automation_is_an_entity_that_tells_of_its_runs(home: Any) -> None:
    _door(home)
    assert home.hub.states.get(NAME).state == "on"
    assert home.attributes(NAME)["friendly_name"] == "Someone at the door"
    assert home.attributes(NAME)["last_triggered"] is None

    home.wait(1)
    home.enter()

    shown = home.attributes(NAME)
    assert shown["last_triggered"] == "2026-06-01T12:00:01+00:00"
    assert shown["last_trigger"] == "person entered doorstep of porch"
    assert (shown["runs"], shown["current"]) == (1, 0)
    assert (shown["last_result"], shown["last_error"]) == ("finished", None)


def test_a_storm_of_runs_does_not_make_a_storm_of_states(home: Any) -> None:
    _door(home)
    home.wait(1)
    home.hub.events.clear()

    for _ in range(100):
        home.enter()
    changes = [each for each in home.hub.events.all if each.type == "state.changed"]
    assert len(changes) == 1
    home.wait(1)

    assert home.attributes(NAME)["runs"] == 100


def test_automations_are_turned_off_and_on(home: Any) -> None:
    _door(home)

    home.call("automation.turn_off", entity_id=NAME)
    home.enter()
    assert home.hub.calls == []
    home.wait(1)
    assert home.hub.states.get(NAME).state == "off"
    home.call("automation.toggle", entity_id=NAME)
    home.enter()
    assert len(home.hub.calls) == 2
    home.call("automation.turn_off", entity_id=NAME)
    home.call("automation.turn_on", entity_id=NAME)
    home.enter()
    assert len(home.hub.calls) == 4


def test_whether_it_was_on_outlasts_a_restart(home: Any) -> None:
    _door(home)
    home.enter()
    home.call("automation.turn_off", entity_id=NAME)
    home.hub.run(home.services.pop().stop())

    home.load(DOOR)
    home.enter()

    assert home.hub.states.get(NAME).state == "off"
    assert home.attributes(NAME)["runs"] == 1


def test_initial_state_decides_over_what_was(home: Any) -> None:
    _door(home)
    home.call("automation.turn_off", entity_id=NAME)
    home.hub.run(home.services.pop().stop())

    home.load(DOOR + "  initial_state: true\n")

    assert home.hub.states.get(NAME).state == "on"


def test_an_automation_can_start_switched_off(home: Any) -> None:
    home.load(
        """
        alias: Later
        initial_state: false
        triggers: {trigger: event, event_type: go}
        actions: {action: test.note, data: {text: no}}
        """
    )
    home.event("go")
    assert home.notes == []
    assert home.hub.states.get("automation.later").state == "off"


def test_turning_one_off_stops_what_it_is_doing_unless_told_otherwise(home: Any) -> None:
    slow = """
    alias: Slow
    mode: restart
    triggers: {trigger: event, event_type: go}
    actions: [{delay: 5}, {action: test.note, data: {text: done}}]
    """
    home.load(slow)
    home.event("go")
    home.call("automation.turn_off", entity_id="automation.slow", stop_actions=False)
    home.wait(6)
    assert home.notes == ["done"]

    home.call("automation.turn_on", entity_id="automation.slow")
    home.event("go")
    home.call("automation.turn_off", entity_id="automation.slow")
    home.wait(6)
    assert home.notes == ["done"]
    assert home.results[-1] == ("cancelled", "")


def test_an_automation_can_be_triggered_by_hand(home: Any) -> None:
    home.load(
        """
        alias: By hand
        conditions: "{{ false }}"
        triggers: []
        actions: {action: test.note, data: {text: "{{ who }}"}}
        """
    )

    home.call("automation.trigger", entity_id="automation.by_hand", variables={"who": "me"})
    home.call("automation.trigger", entity_id="automation.by_hand", skip_condition=False)

    assert home.notes == ["me"]


def test_a_wrong_name_for_an_automation_is_told_with_the_right_one(home: Any) -> None:
    _door(home)
    with pytest.raises((Invalid, ActionFailed), match=r"Did you mean 'automation.someone_at_the"):
        home.call("automation.turn_off", entity_id="automation.someone_at_door")


def test_entities_of_automations_that_are_gone_are_forgotten(home: Any) -> None:
    home.set("automation.old", "on")
    _door(home)
    assert home.hub.states.get("automation.old") is None


def test_stopping_leaves_runs_for_the_next_start_and_withdraws_the_actions(home: Any) -> None:
    home.actions("[{delay: 5}, {action: test.note, data: {text: late}}]")
    home.hub.run(home.services.pop().stop())
    home.wait(10)

    assert home.notes == []
    assert home.results == []
    assert not [name for name in home.hub.actions.known() if name.startswith("automation.")]


def test_what_the_hubs_end_began_is_still_done_while_automations_stop(home: Any) -> None:
    service = home.load(
        """
        - alias: Bye
          triggers: {trigger: homeassistant, event: shutdown}
          actions: [{delay: 0.5}, {action: test.note, data: {text: bye}}]
        - alias: Other
          triggers: {trigger: event, event_type: go}
          actions: [{delay: 0.5}, {action: test.note, data: {text: too late}}]
        """
    )
    home.event("go")
    home.fire(HubStopping())

    async def stop() -> None:
        await asyncio.gather(service.stop(), home.hub.clock.advance(0.5))

    home.hub.run(stop())
    assert home.notes == ["bye"]
    assert home.results == [("finished", "")]  # the other one is gone on with


def test_what_the_hubs_end_began_does_not_keep_it_from_ending(home: Any) -> None:
    service = home.load(
        """
        alias: Bye
        triggers: {trigger: homeassistant, event: shutdown}
        actions: [{delay: {hours: 1}}, {action: test.note, data: {text: bye}}]
        """
    )
    home.fire(HubStopping())
    home.hub.run(service.stop())

    assert home.notes == []
    assert home.results == [("cancelled", "")]


def test_two_automations_with_one_name_have_two_entities(home: Any) -> None:
    service = home.load(
        """
        - {id: a, alias: Light, triggers: [], actions: []}
        - {id: b, alias: Light, triggers: [], actions: []}
        - {id: "5", triggers: [], actions: []}
        - {alias: Дверь открыта, triggers: [], actions: []}
        """
    )
    names = list(service.entities(service.options))
    assert names == [
        "automation.light", "automation.light_2", "automation.5", "automation.dver_otkryta",
    ]  # fmt: skip
    assert all(home.hub.states.get(name) for name in names)
