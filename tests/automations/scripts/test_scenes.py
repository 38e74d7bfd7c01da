"""Scenes set states by the actions that do, all of them, and say what cannot be set."""

from collections.abc import Iterator
from typing import Any

import pytest
import voluptuous as vol
import yaml

from automations.scenes import Scenes
from hub.api import HubError, Known, Service
from hub.testing import TestHub
from integrations.inputs.counter import Counter
from integrations.inputs.input_boolean import InputBoolean
from integrations.inputs.input_number import InputNumber
from integrations.inputs.input_select import InputSelect

EVENING = """
- name: Cosy evening
  entities:
    input_boolean.guests: on
    input_boolean.alarm: {state: "off"}
    input_number.level: 30
    input_select.mode: home
    counter.visits: 0
"""


class Room:
    def __init__(self, hub: TestHub) -> None:
        self.hub = hub
        self.services: list[Service] = []
        self.have(InputBoolean, guests=None, alarm={"initial": True})
        self.have(InputNumber, level={"min": 0, "max": 50})
        self.have(InputSelect, mode={"options": ["away", "home"]})
        self.have(Counter, visits={"initial": 4})

    def have(self, kind: type[Service], **options: Any) -> None:
        checked = vol.Schema(dict(kind.SCHEMA))(options)
        self.start(kind(self.hub.context(kind.KEY), checked))

    def start(self, service: Service) -> None:
        self.services.append(service)
        self.hub.run(service.start())

    def scenes(self, text: str) -> Scenes:
        made = Scenes(self.hub.context("scene"), yaml.safe_load(text))
        self.start(made)
        return made

    def call(self, name: str, **data: object) -> None:
        self.hub.run(self.hub.actions.call(name, data))

    @property
    def states(self) -> dict[str, str]:
        found = self.hub.states.all()
        return {key: each.state for key, each in found.items() if not key.startswith("scene.")}


@pytest.fixture
def room() -> Iterator[Room]:
    with TestHub() as hub:
        room = Room(hub)
        yield room
        for each in room.services:
            hub.run(each.stop())


SET = {
    "input_boolean.guests": "on",
    "input_boolean.alarm": "off",
    "input_number.level": "30.0",
    "input_select.mode": "home",
    "counter.visits": "0",
}


@pytest.mark.feature("scene: turn_on", "different", "helpers, automations and scripts alone")
def test_a_scene_brings_its_states_about(room: Room) -> None:
    room.scenes(EVENING)
    assert room.hub.states.get("scene.cosy_evening").state == "unknown"  # type: ignore[union-attr]
    room.call("scene.turn_on", entity_id="scene.cosy_evening", transition=3)
    assert room.states == SET
    state = room.hub.states.get("scene.cosy_evening")
    assert state is not None
    assert state.state == "2026-06-01T12:00:00+00:00"
    assert state.attributes["friendly_name"] == "Cosy evening"


@pytest.mark.feature("scene: apply", "different", "helpers, automations and scripts alone")
def test_states_can_be_applied_without_a_scene(room: Room) -> None:
    room.scenes("[]")
    room.call("scene.apply", entities=yaml.safe_load(EVENING)[0]["entities"])
    assert room.states == SET


@pytest.mark.feature("scene: create, delete", "different", "helpers, automations and scripts alone")
def test_what_is_can_be_kept_and_brought_back(room: Room) -> None:
    room.scenes(EVENING)
    before = room.states
    room.call("scene.create", scene_id="before", snapshot_entities=list(before))
    room.call("scene.turn_on", entity_id="scene.cosy_evening")
    room.call("scene.turn_on", entity_id="scene.before")
    assert room.states == before
    room.call("scene.delete", entity_id="scene.before")
    assert room.hub.states.get("scene.before") is None
    with pytest.raises(HubError, match="was not made with"):
        room.call("scene.delete", entity_id="scene.cosy_evening")


def test_one_that_cannot_be_set_keeps_no_other_from_it(room: Room) -> None:
    room.scenes(EVENING.replace("level: 30", "level: 90"))
    with pytest.raises(HubError, match=r"input_number\.level: .*not between 0"):
        room.call("scene.turn_on", entity_id="scene.cosy_evening")
    assert room.states == {**SET, "input_number.level": "0.0"}


def test_a_wrong_name_is_told_with_the_right_one(room: Room) -> None:
    room.scenes(EVENING)
    with pytest.raises(HubError, match=r"Did you mean 'scene\.cosy_evening'"):
        room.call("scene.turn_on", entity_id="scene.cosy_evning")


def test_a_reload_takes_up_other_scenes(room: Room) -> None:
    scenes = room.scenes(EVENING)
    other = yaml.safe_load(EVENING.replace("Cosy evening", "Night"))
    assert room.hub.run(scenes.reload(other)) == "1 scenes"
    assert room.hub.states.get("scene.cosy_evening") is None
    room.call("scene.turn_on", entity_id="scene.night")
    assert room.states == SET


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("{name: A}", "required key not provided"),
        ("{name: A, entitis: {}, entities: {}}", "Did you mean 'entities'?"),
        ("{name: A, entities: {light.hal: on}}", "Did you mean 'light.hall'?"),
        ("{name: A, entities: {light.hall: on}}", "the state of 'light.hall' cannot be set"),
        ("{name: A, entities: {input_boolean.guests: maybe}}", "can be on or off, not 'maybe'"),
        ("{name: A, entities: {input_boolean.guests: [1]}}", "expected a state of"),
        ("{name: A, entities: [a]}", "expected states by entity, got a list"),
    ],
)
def test_mistakes_are_told(written: str, said: str) -> None:
    known = Known(entities=frozenset({"light.hall", "input_boolean.guests"}))
    found = [str(each) for each in Scenes.check(yaml.safe_load(f"[{written}]"), known)]
    assert any(said in each for each in found), found
