"""``watchpost test``: situations in YAML, what is expected of them, and why it did not come."""

import json
from pathlib import Path

import pytest

from tests.hub.cli.conftest import run

MAIN = """
hub: {time_zone: Europe/Berlin}
cameras:
  porch: {platform: demo, zones: {doorstep: {polygon: [[0, 0], [1, 0], [1, 1]]}}}
input_boolean: {guests: }
counter: {visits: }
automation:
  - alias: At the door
    mode: queued
    triggers: {trigger: zone, camera: porch, zone: doorstep, object: person}
    conditions: {condition: state, entity_id: input_boolean.guests, state: "off"}
    actions:
      - {action: camera.snapshot, data: {camera: porch}, response_variable: shot}
      - {action: counter.increment, target: {entity_id: counter.visits}}
      - {delay: 60}
      - {action: notify.log, data: {message: "{{ shot.path }} {{ trigger.score }}"}}
      - {event: told}
"""
GOOD = """
Somebody comes:
  given: {answers: {camera.snapshot: {path: a.jpg}}}
  steps:
    - {event: zone.entered, data: {camera: porch, zone: doorstep, score: 0.7}}
    - {advance: 61}
  expect:
    calls:
      - camera.snapshot
      - {action: notify.log, data: {message: a.jpg 0.7}}
    states: {counter.visits: 1}
    events: [told]
With guests:
  given: {states: {input_boolean.guests: on}}
  steps: [{event: zone.entered, data: {zone: doorstep}}, {at: "12:30"}]
  expect: {no_calls: true, states: {counter.visits: 0}}
Guests leave:
  given: {time: "2026-12-24 23:59:40", states: {input_boolean.guests: on}}
  steps:
    - {call: input_boolean.turn_off, data: {entity_id: input_boolean.guests}}
    - {event: zone.entered, data: {zone: doorstep}}
    - {at: "00:00:30"}
    - {state: {input_boolean.guests: on}}
  expect: {calls: [camera.snapshot], no_calls: [notify.log], states: {input_boolean.guests: on}}
"""


@pytest.fixture
def house(tmp_path: Path, quiet: None, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("WATCHPOST_OFFLINE", "1")
    (tmp_path / "configuration.yaml").write_text(MAIN)
    (tmp_path / "automations" / "tests").mkdir(parents=True)
    return tmp_path


def written(house: Path, text: str) -> Path:
    file = house / "automations" / "tests" / "door.yaml"
    file.write_text(text)
    return file


def test_what_is_expected_comes(house: Path) -> None:
    written(house, GOOD)
    result = run("test", "-c", house)
    assert result.exit_code == 0, result.output
    assert [line.split("  ")[0] for line in result.stdout.splitlines()[:3]] == ["ok"] * 3
    assert result.stdout.splitlines()[-1] == "3 tests."


@pytest.mark.parametrize(
    ("expect", "said"),
    [
        ("{calls: [{action: notify.log, data: {message: b}}]}",
         'got notify.log {"message": "a.jpg 0.7"} at 12:01:00'),
        ("{calls: [notify.log, camera.snapshot]}", "expected camera.snapshot {}"),
        ("{no_calls: [counter.increment]}", "not expected: counter.increment"),
        ("{no_calls: true}", "not expected: camera.snapshot"),
        ("{states: {counter.visits: 7}}", "expected counter.visits to be '7', got '1'"),
        ("{states: {counter.other: 7}}", "expected counter.other to be '7', got nothing"),
        ("{events: [gone]}", "expected the event gone, which did not happen"),
    ],
)  # fmt: skip
def test_what_does_not_come_is_told(house: Path, expect: str, said: str) -> None:
    text = GOOD[: GOOD.index("  expect:")] + f"  expect: {expect}\n"
    written(house, text)
    result = run("test", "-c", house)
    assert result.exit_code == 1
    assert said in result.stdout
    assert result.stdout.splitlines()[-1] == "1 test, 1 failed."


def test_a_near_miss_says_why(house: Path) -> None:
    text = GOOD[GOOD.index("With guests") : GOOD.index("Guests leave")]
    written(house, text.replace("no_calls: true", "calls: [camera.snapshot]"))
    output = run("test", "-c", house).stdout
    assert "got no call at all" in output
    assert "At the door did not run on person entered doorstep of porch" in output
    assert "input_boolean.guests is 'on', not 'off'" in output


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("A: {steps: []}", ":1:4: error: a test needs 'expect'"),
        ("A: {expct: {}}", "'expct' means nothing here. Did you mean 'expect'?"),
        ("A:\n  steps: [{advanc: 3}]\n  expect: {}", ":2:11: error: expected one of event, state,"),
        ("A:\n  steps: [{advance: soon}]\n  expect: {}", "expected a time span"),
        ("A:\n  steps: [{at: '25:00'}]\n  expect: {}", "expected a time of day such as '07:30'"),
        ("A:\n  steps: [{call: notify.lgo}]\n  expect: {}", "Did you mean 'notify.log'?"),
        ("A:\n  expect: {calls: [notify.lgo]}", "Did you mean 'notify.log'?"),
        ("A:\n  given: {time: noon}\n  expect: {}", "expected a time such as '22:30'"),
        ("A: [", "door.yaml"),
    ],
)
def test_mistakes_in_tests_are_told_with_their_place(house: Path, text: str, said: str) -> None:
    file = written(house, text)
    result = run("test", "-c", house)
    assert result.exit_code == 1
    assert said in result.stderr
    assert str(file) in result.stderr


def test_a_step_that_cannot_be_done_fails_its_test(house: Path) -> None:
    written(house, "A:\n  steps: [{event: zone.entered, data: {zone: 3}}]\n  expect: {}\n")
    result = run("test", "-c", house)
    assert result.exit_code == 1
    assert "the event zone.entered cannot be like this: Expected `str`, got `int`" in result.stdout


def test_some_can_be_chosen_and_programs_get_json(house: Path, tmp_path: Path) -> None:
    file = written(house, GOOD)
    result = run("test", "-c", house, file, "-k", "guests", "--json")
    names = [json.loads(line)["name"] for line in result.stdout.splitlines()]
    assert names == ["With guests", "Guests leave"]


def test_without_tests_it_says_where_to_write_some(house: Path) -> None:
    result = run("test", "-c", house)
    assert result.exit_code == 1
    assert "automations/tests/NAME.yaml" in result.stderr


def test_nothing_is_tried_on_a_configuration_with_errors(house: Path) -> None:
    written(house, GOOD)
    (house / "configuration.yaml").write_text(MAIN.replace("camera.snapshot", "camera.snapshto"))
    result = run("test", "-c", house)
    assert result.exit_code == 1
    assert "not tested, because of the errors above" in result.stderr


def test_the_same_test_gives_the_same_twice(house: Path) -> None:
    written(house, GOOD.replace("counter.visits: 1", "counter.visits: 9"))
    first, second = (run("test", "-c", house, "--json").stdout for _ in range(2))
    assert first == second
