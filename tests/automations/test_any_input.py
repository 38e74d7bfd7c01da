"""Whatever stands in the file, checking it ends with problems at places that are there."""

import copy
import random
from collections.abc import Iterator
from typing import Any

import pytest
import yaml

from automations.service import Automations

WHOLE = """
- id: a
  alias: X
  mode: queued
  max: 3
  variables: {a: 1}
  triggers:
    - {trigger: zone, camera: porch, zone: doorstep, object: person, id: z, variables: {q: 1}}
    - {trigger: state, entity_id: light.hall, to: 'on', for: {minutes: 5}}
    - {trigger: numeric_state, entity_id: sensor.lux, above: 3, value_template: "{{ state.state }}"}
    - {trigger: event, event_type: zone.entered, event_data: {camera: porch}}
    - {trigger: time, at: ["07:30"], weekday: [mon]}
    - {trigger: time_pattern, minutes: /5}
    - {trigger: template, value_template: "{{ true }}", for: 5}
    - {trigger: hub, event: start}
  conditions:
    - {condition: state, entity_id: light.hall, state: 'on'}
    - {or: [{condition: time, after: "10:00"}, "{{ a }}"]}
    - {condition: not, conditions: [{condition: trigger, id: z}]}
    - {condition: zone, camera: porch, zone: doorstep}
  actions:
    - {action: notify.phone, data: {message: "{{ a }}"}}
    - {action: test.note, target: {entity_id: light.hall}}
    - {delay: {seconds: 5}}
    - {wait_for_trigger: [{trigger: event, event_type: x}], timeout: 5}
    - {wait_template: "{{ a }}"}
    - {choose: [{conditions: "{{ a }}", sequence: []}], default: []}
    - {if: "{{ a }}", then: [{stop: x, error: true}], else: []}
    - {repeat: {count: 3, sequence: [{variables: {a: 1}}]}}
    - {parallel: [{event: x, event_data: {a: 1}}, [{delay: 1}]]}
"""
JUNK = (
    None, True, False, 0, -1, 3.5, "", "x", "{{ x", "{{ 1 }}", "{% if %}", [], {}, [1], {"a": 1},
    {1: 2}, {"trigger": "zone"}, [[[]]], "light.hall", 10**30, float("inf"), {"condition": []},
    ["x", {}], {"a": ["b"]}, [{"x": [1]}], "{{ trigger['a'][0].b == ['x', 3] }}", -float("inf"),
    "{{ is_state([1], [2]) }}", "{{ states('a.b') > 3 and 4 < states(x) }}", float("nan"),
    {"entity_id": None}, "a" * 70_000, "{{" + "(" * 3_000,
)  # fmt: skip
KEYS = ("trigger", "condition", "id", "zone", 5, "for", "above")


@pytest.mark.parametrize("seed", range(8))
def test_a_spoilt_file_is_told_about_or_runs(home: Any, seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311 - it shall be the same every time
    known = home.hub.known

    async def go() -> None:
        for _ in range(100):
            raw = _spoilt(yaml.safe_load(WHOLE), chance)
            problems = list(Automations.check(raw, known))
            for each in problems:
                assert str(each)
                _follow(raw, each.path)
            assert list(Automations.entities(raw)) or not raw
            service = Automations(home.hub.context(), raw)
            await service.start()
            await service.stop()

    home.hub.run(go())


def test_the_whole_file_itself_is_right(home: Any) -> None:
    assert home.check(WHOLE) == []


def _spoilt(raw: Any, chance: random.Random) -> Any:
    for _ in range(chance.randint(1, 3)):
        paths = [path for path in _paths(raw) if path]
        if not paths:
            return raw
        *above, last = chance.choice(paths)
        inside = raw
        for key in above:
            inside = inside[key]
        how = chance.random()
        if how < 0.6:
            inside[last] = copy.deepcopy(chance.choice(JUNK))
        elif how < 0.8 and isinstance(inside, dict):
            inside[chance.choice(KEYS)] = inside.pop(last)
        else:
            del inside[last]
    return raw


def _paths(raw: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    yield path
    if isinstance(raw, dict):
        for key in raw:
            yield from _paths(raw[key], (*path, key))
    elif isinstance(raw, list):
        for at, each in enumerate(raw):
            yield from _paths(each, (*path, at))


def _follow(raw: Any, path: tuple[str | int, ...]) -> None:
    for key in path:
        raw = raw[key]
