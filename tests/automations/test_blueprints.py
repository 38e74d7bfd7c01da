"""Blueprints: filled in like Home Assistant's, checked where they are used."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import yaml

from automations.blueprints import BlueprintFault, parse
from tests.automations.conftest import Home

LIGHT = """
blueprint:
  name: Note by event
  description: Notes something when an event comes
  domain: automation
  input:
    event: {name: Which event}
    where:
      name: A section
      input:
        word: {description: "What to note\\nand more", default: hello, selector: {text: }}
        times: {default: 1, selector: {number: {min: 1, max: 3}}}
    more: {default: []}
mode: parallel
variables: {times: !input times}
triggers: {trigger: event, event_type: !input event}
actions:
  - repeat:
      count: "{{ times }}"
      sequence: [{action: test.note, data: {text: !input word}}]
  - !input more
"""


@pytest.fixture
def house(home: Any) -> Any:
    folder = home.hub.paths.config
    put(folder, "me/note.yaml", LIGHT)
    home.hub.known = replace(home.hub.known, folder=folder)
    return home


def put(folder: Path, name: str, text: str, domain: str = "automation") -> None:
    file = folder / "blueprints" / domain / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text)


def use(written: str) -> str:
    return f"- alias: Mine\n  use_blueprint: {written}\n"


def problems(home: Home, text: str) -> list[str]:
    return home.check(text)


@pytest.mark.feature("blueprint: inputs, sections, !input", "supported")
def test_inputs_are_filled_in(house: Any) -> None:
    more = "{action: test.note, data: {text: more}}"
    inputs = f"{{event: go, word: hi, times: 2, more: [{more}]}}"
    house.load(use(f"{{path: me/note.yaml, input: {inputs}}}"))
    house.event("go")
    assert house.notes == ["hi", "hi", "more"]
    assert house.attributes("automation.mine")["mode"] == "parallel"


def test_what_is_left_out_has_its_default(house: Any) -> None:
    house.load(use("{path: me/note.yaml, input: {event: go}}"))
    house.event("go")
    assert house.notes == ["hello"]


@pytest.mark.feature("blueprint: keys beside use_blueprint", "supported")
def test_what_stands_beside_it_wins(house: Any) -> None:
    house.load(use("{path: me/note.yaml, input: {event: go}}") + "  mode: single\n")
    assert house.attributes("automation.mine")["mode"] == "single"


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("{path: me/note.yaml, input: {}}",
         "0.use_blueprint.input: the blueprint needs the input 'event'. event: Which event"),
        ("{path: me/note.yaml}", "0.use_blueprint: the blueprint needs the input 'event'"),
        ("{path: me/note.yaml, input: {event: go, wrd: x}}",
         "0.use_blueprint.input.wrd: the blueprint has no input 'wrd'. Did you mean 'word'?"),
        ("{path: me/note.yaml, input: {event: go, times: 9}}",
         "0.use_blueprint.input.times: expected a number from 1 to 3, got 9"),
        ("{path: me/note.yaml, input: [go]}",
         "0.use_blueprint.input: expected inputs by name, got a list"),
        ("{path: me/note.yaml, inputs: {event: go}}", "Did you mean 'input'?"),
        ("{path: me/not.yaml, input: {}}", "Did you mean 'me/note.yaml'?"),
        ("{path: ../../secrets.yaml}", "it is not below blueprints/automation"),
        ("{path: /etc/passwd}", "it is not below blueprints/automation"),
        ("me/note.yaml", "0.use_blueprint: 'use_blueprint' needs 'path'"),
        ("{path: me/note.yaml, input: {event: go, more: [{action: test.nte}]}}",
         ("0.use_blueprint.path: in the blueprint, actions 2 1, action: "
          "there is no action 'test.nte'")),
    ],
)  # fmt: skip
def test_mistakes_are_told_where_they_are(house: Any, written: str, said: str) -> None:
    found = problems(house, use(written))
    assert any(said in each for each in found), found


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a: 1", "it has no 'blueprint:' with a name and a domain"),
        ("blueprint: {name: A}", "its 'blueprint:' needs 'domain'"),
        ("blueprint: {name: A, domain: automation}\na: !input b", "uses '!input b'"),
        (
            "blueprint: {name: A, domain: automation}\na: !secret b",
            "line 2: '!secret' means nothing",
        ),
        ("blueprint: {name: A, domain: automation, input: [a]}", "its inputs must have names"),
        ("blueprint: [", "line 1: "),
        (
            "a: &b [*b, *b]\nblueprint: {name: A, domain: automation}",
            "something in it holds itself",
        ),
    ],
)
def test_files_that_are_no_blueprints_say_why(text: str, said: str) -> None:
    with pytest.raises(BlueprintFault, match=said.replace("(", r"\(")):
        parse(text)


def test_a_changed_blueprint_is_noticed_by_a_reload(house: Any) -> None:
    text = use("{path: me/note.yaml, input: {event: go}}")
    service = house.load(text)
    assert house.hub.run(service.reload(yaml.safe_load(text))) == "1 kept"
    put(house.hub.paths.config, "me/note.yaml", LIGHT.replace("default: hello", "default: bye"))
    assert house.hub.run(service.reload(yaml.safe_load(text))) == "1 changed"
    house.event("go")
    assert house.notes == ["bye"]
