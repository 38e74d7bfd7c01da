"""Scripts: called like actions, with fields that are checked, an answer, and modes of their own."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
import yaml

from automations.scripts.service import Scripts
from hub.api import ActionFailed, HubError, Invalid
from hub.testing import TestHub
from tests.automations.conftest import CAMERAS, Home

TELL = """
tell:
  alias: Tell somebody
  fields:
    text: {description: What to say, required: true, selector: {text: }}
    times: {default: 1, selector: {number: {min: 1, max: 5}}}
    tone: {selector: {select: {options: [soft, {label: Loud, value: loud}]}}}
  mode: parallel
  variables: {said: "{{ text }}!"}
  sequence:
    - repeat:
        count: "{{ times }}"
        sequence: [{action: test.note, data: {text: "{{ said }}{{ repeat.index }}"}}]
    - variables: {answer: {said: "{{ said }}", times: "{{ times }}"}}
    - stop: told
      response_variable: answer
"""
SLOW = """
slow:
  mode: MODE
  sequence:
    - {action: test.note, data: {text: "begins {{ n | default('') }}"}}
    - {delay: 5}
    - {action: test.note, data: {text: "ends {{ n | default('') }}"}}
"""


class House(Home):
    """A home with scripts."""

    scripts: Scripts

    def have(self, text: str) -> None:
        raw = yaml.safe_load(text)
        assert [str(each) for each in self.problems(text) if not each.warning] == []
        self.scripts = Scripts(self.hub.context("script"), raw)
        self.hub.run(self.scripts.start())
        known = self.hub.known
        entities = known.entities | {*Scripts.entities(raw)}
        self.learn()
        actions = {**self.hub.known.actions, **{each.name: each for each in Scripts.actions(raw)}}
        self.hub.known = replace(self.hub.known, actions=actions, entities=entities)

    def problems(self, text: str) -> list[Any]:
        return [*Scripts.check(yaml.safe_load(text), self.hub.known)]

    def ask(self, name: str, **data: object) -> Any:
        async def go() -> Any:
            return await self.hub.actions.call(name, data)

        return self.hub.run(go())


@pytest.fixture
def house() -> Iterator[House]:
    with TestHub(cameras=CAMERAS) as hub:
        house = House(hub)
        yield house
        for service in house.services:
            hub.run(service.stop())
        if hasattr(house, "scripts"):
            hub.run(house.scripts.stop())


@pytest.mark.feature(
    "script: fields, response", "supported", "fields are checked by their selectors"
)
def test_a_script_is_an_action_with_an_answer(house: House) -> None:
    house.have(TELL)
    assert house.ask("script.tell", text="hi", times=2) == {"said": "hi!", "times": 2}
    assert house.notes == ["hi!1", "hi!2"]
    house.wait(0.3)
    assert house.attributes("script.tell")["friendly_name"] == "Tell somebody"
    assert house.attributes("script.tell")["runs"] == 1


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ({}, "text"),
        ({"text": "hi", "times": 9}, "5"),
        ({"text": "hi", "tone": "shrill"}, "soft, loud"),
        ({"text": "hi", "tme": 3}, "tme"),
    ],
)
def test_wrong_data_is_refused(house: House, data: dict[str, object], said: str) -> None:
    house.have(TELL)
    with pytest.raises(Invalid, match=said):
        house.ask("script.tell", **data)
    assert house.notes == []


def test_an_automation_waits_for_it_and_uses_its_answer(house: House) -> None:
    house.have(TELL + SLOW.replace("MODE", "single"))
    house.load("""
    - alias: Caller
      triggers: {trigger: event, event_type: go}
      actions:
        - {action: script.slow}
        - {action: script.tell, data: {text: done}, response_variable: answer}
        - {action: test.note, data: {text: "{{ answer.said }}"}}
    """)
    house.event("go")
    assert house.notes == ["begins"]
    house.wait(5.1)
    assert house.notes == ["begins", "ends", "done!1", "done!"]


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("{action: script.tell}", "the action 'script.tell' needs 'text' in its data"),
        ("{action: script.tell, data: {text: a, tims: 2}}", "Did you mean 'times'?"),
        ("{action: script.tel, data: {text: a}}", "Did you mean 'script.tell'?"),
        ("{action: script.tell, data: {text: a, times: 7}}", "expected a number from 1 to 5"),
    ],
)
def test_calls_are_checked_before_they_are_made(house: House, written: str, said: str) -> None:
    house.have(TELL)
    text = f"[{{alias: A, triggers: {{trigger: event, event_type: go}}, actions: [{written}]}}]"
    assert any(said in each for each in house.check(text)), house.check(text)


@pytest.mark.feature("script: turn_on, turn_off, toggle", "supported")
def test_starting_does_not_wait(house: House) -> None:
    house.have(SLOW.replace("MODE", "single"))
    house.ask("script.turn_on", entity_id="script.slow", variables={"n": 1})
    assert house.notes == ["begins 1"]
    house.wait(0.3)
    assert house.hub.states.get("script.slow").state == "on"  # type: ignore[union-attr]
    house.wait(5.3)
    assert house.notes == ["begins 1", "ends 1"]
    assert house.hub.states.get("script.slow").state == "off"  # type: ignore[union-attr]


def test_stopping_and_toggling(house: House) -> None:
    house.have(SLOW.replace("MODE", "single"))
    for _ in range(2):
        house.ask("script.toggle", entity_id="script.slow")
        house.wait(1)
    house.ask("script.turn_on", entity_id="script.slow")
    house.ask("script.turn_off", entity_id="script.slow")
    house.wait(10)
    assert house.notes == ["begins", "begins"]


@pytest.mark.feature("script: modes", "supported")
@pytest.mark.parametrize(
    ("mode", "notes"),
    [
        ("single", ["begins 1", "ends 1"]),
        ("restart", ["begins 1", "begins 2", "ends 2"]),
        ("queued", ["begins 1", "ends 1", "begins 2", "ends 2"]),
        ("parallel", ["begins 1", "begins 2", "ends 1", "ends 2"]),
    ],
)
def test_it_has_the_modes_of_automations(house: House, mode: str, notes: list[str]) -> None:
    house.have(SLOW.replace("MODE", mode))
    for n in (1, 2):
        house.ask("script.turn_on", entity_id="script.slow", variables={"n": n})
    house.wait(20)
    assert house.notes == notes


def test_a_call_that_is_refused_or_cancelled_goes_on(house: House) -> None:
    house.have(SLOW.replace("MODE", "single"))
    house.load("""
    - alias: Caller
      mode: parallel
      triggers: {trigger: event, event_type: go}
      actions: [{action: script.slow}, {action: test.note, data: {text: next}}]
    """)
    house.event("go")
    house.event("go")
    assert house.notes == ["begins", "next"]
    house.ask("script.turn_off", entity_id="script.slow")
    house.wait(0)
    assert house.notes == ["begins", "next", "next"]


def test_a_script_that_fails_fails_its_caller(house: House) -> None:
    house.have("bad: {sequence: [{stop: broken, error: true}]}")
    with pytest.raises((Invalid, ActionFailed), match=r"script\.bad: broken"):
        house.ask("script.bad")


def test_scripts_that_call_each_other_without_end_are_stopped(house: House) -> None:
    text = """
    one: {mode: parallel, sequence: [{action: script.two}]}
    two: {mode: parallel, sequence: [{action: script.one}]}
    """
    offered = {each.name: each for each in Scripts.actions(yaml.safe_load(text))}
    house.hub.known = replace(house.hub.known, actions=offered)
    house.scripts = Scripts(house.hub.context("script"), yaml.safe_load(text))
    house.hub.run(house.scripts.start())
    with pytest.raises(HubError, match="without end"):
        house.ask("script.one")


@pytest.mark.feature("restart in the middle of a script", "different", "goes on")
def test_a_script_that_waits_outlasts_a_restart(house: House) -> None:
    text = SLOW.replace("MODE", "single")
    house.have(text)
    house.ask("script.turn_on", entity_id="script.slow", variables={"n": 7})
    house.hub.run(house.scripts.stop())
    house.have(text)
    house.wait(5.1)
    assert house.notes == ["begins 7", "ends 7"]


def test_a_reload_keeps_what_is_as_it_was(house: House) -> None:
    house.have(SLOW.replace("MODE", "single") + TELL)
    house.ask("script.turn_on", entity_id="script.slow")
    more = yaml.safe_load(SLOW.replace("MODE", "single") + "new: {sequence: [{delay: 1}]}")
    assert house.hub.run(house.scripts.reload(more)) == "1 added, 1 removed, 1 kept"
    house.wait(5.1)
    assert house.notes == ["begins", "ends"]
    house.wait(0)
    assert "script.new" in house.hub.actions.known()
    assert "script.tell" not in house.hub.actions.known()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a: [1]", "a: error: expected a script, got a list. It needs 'sequence:'."),
        ("a: {alias: A}", "a: error: a script needs 'sequence'"),
        ("a: {sequnce: []}", "Did you mean 'sequence'?"),
        ("a: {sequence: [{action: test.nte}]}", "Did you mean 'test.note'?"),
        ("a: {sequence: [], fields: {b c: {}}}", "'b c' is not a field's name"),
        ("a: {sequence: [], fields: {b: {defalt: 1}}}", "Did you mean 'default'?"),
        ("a: {sequence: [], fields: {b: {default: 9, selector: {number: {max: 5}}}}}",
         "the default does not fit the selector"),
        ("a: {fields: {txt: {}}, sequence: [{action: test.note, data: {text: '{{ text }}'}}]}",
         "Did you mean 'txt'?"),
        ("a: {mode: sometimes, sequence: []}", "expected one of single, restart, queued, parallel"),
    ],
)  # fmt: skip
def test_mistakes_are_told(house: House, text: str, said: str) -> None:
    found = [str(each) for each in house.problems(text)]
    assert any(said in each for each in found), found
