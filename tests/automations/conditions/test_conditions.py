"""Conditions: each kind, how they combine, and what happens when one cannot be told."""

from typing import Any

import pytest

from hub.api import Condition, Known


def _holds(home: Any, conditions: str) -> bool:
    home.load(
        f"""
        alias: Test
        triggers: {{trigger: event, event_type: go, id: first}}
        conditions: {conditions}
        actions: {{action: test.note, data: {{text: ran}}}}
        """
    )
    home.event("go", n=3)
    return bool(home.notes)


@pytest.mark.parametrize(
    ("condition", "holds"),
    [
        ("{condition: state, entity_id: light.hall, state: 'on'}", True),
        ("{condition: state, entity_id: light.hall, state: on}", True),
        ("{condition: state, entity_id: light.hall, state: ['off', dim]}", False),
        ("{condition: state, entity_id: [light.hall, light.porch], state: 'on'}", False),
        ("{condition: state, entity_id: [light.hall, light.porch], state: 'on', match: any}", True),
        ("{condition: state, entity_id: light.hall, attribute: level, state: 3}", True),
        ("{condition: state, entity_id: light.hall, attribute: fast, state: 'on'}", True),
        ("{condition: state, entity_id: light.hall, state: 'on', for: 30}", True),
        ("{condition: state, entity_id: light.hall, state: 'on', for: {minutes: 2}}", False),
        ("{condition: state, entity_id: light.hall, state: 'on', for: '{{ 59 + 3 }}'}", False),
        ("{condition: state, entity_id: sensor.tiny_1, state: 'on'}", False),
        ("{condition: numeric_state, entity_id: sensor.lux, above: 10}", True),
        ("{condition: numeric_state, entity_id: sensor.lux, above: 10, below: 12}", False),
        ("{condition: numeric_state, entity_id: sensor.lux, below: sensor.limit}", True),
        ("{condition: numeric_state, entity_id: light.hall, attribute: level, above: 2}", True),
        (
            (
                "{condition: numeric_state, entity_id: sensor.lux, "
                "value_template: '{{ state.state | int * 2 }}', above: 23}"
            ),
            True,
        ),
        ("{condition: numeric_state, entity_id: light.hall, above: 2}", False),
        ("{condition: template, value_template: '{{ trigger.event.data.n == 3 }}'}", True),
        ("'{{ trigger.event.data.n == 4 }}'", False),
        ("{condition: '{{ true }}'}", True),
        ("{condition: trigger, id: first}", True),
        ("{condition: trigger, id: [second, third]}", False),
        ("{condition: time, after: '11:59', before: '12:05'}", True),
        ("{condition: time, after: '12:01:02'}", False),
        ("{condition: time, before: '12:01'}", False),
        ("{condition: time, after: '23:00', before: '13:00'}", True),
        ("{condition: time, after: '23:00', before: '06:00'}", False),
        ("{condition: time, weekday: mon}", True),
        ("{condition: time, weekday: [tue, sun], after: '10:00'}", False),
        ("{condition: zone, camera: porch, zone: doorstep}", True),
        ("{condition: zone, camera: porch, zone: doorstep, object: car}", True),
        ("{condition: zone, camera: porch, zone: doorstep, object: person, above: 2}", False),
        ("{condition: zone, camera: porch, zone: doorstep, above: 2}", True),
        ("{condition: zone, camera: porch, zone: doorstep, object: car, below: 1}", False),
        ("{condition: zone, camera: yard, zone: [gate, lawn], below: 1}", True),
        ("[]", True),
        ("['{{ true }}', '{{ false }}']", False),
        ("['{{ true }}', ['{{ 1 }}']]", True),
        ("{or: ['{{ false }}', '{{ true }}']}", True),
        ("{or: []}", False),
        ("{and: ['{{ true }}', '{{ false }}']}", False),
        ("{not: ['{{ false }}', '{{ 0 }}']}", True),
        ("{not: ['{{ false }}', '{{ true }}']}", False),
        ("{not: '{{ true }}'}", False),
        ("{condition: or, conditions: ['{{ false }}', {and: ['{{ true }}']}]}", True),
        ("{condition: not, conditions: {condition: trigger, id: first}}", False),
        ("['{{ true }}', {condition: trigger, id: x, enabled: false}]", True),
        ("{condition: template, value_template: '{{ nobody > 3 }}'}", False),
        ("{or: ['{{ nobody > 3 }}', '{{ true }}']}", True),
        ("{not: '{{ nobody > 3 }}'}", False),
        ("true", True),
    ],
)
@pytest.mark.feature(
    "conditions: and/or/not, state, numeric_state, template, time, trigger", "supported"
)
def test_a_condition_holds_or_not(home: Any, condition: str, holds: bool) -> None:
    home.set("light.hall", "on", level=3, fast=True)
    home.set("light.porch", "off")
    home.set("sensor.lux", "12")
    home.set("sensor.limit", "13")
    home.set("sensor.porch_doorstep_person_count", "2")
    home.set("sensor.porch_doorstep_car_count", "1")
    home.wait(61)
    assert _holds(home, condition) is holds


def test_a_condition_that_cannot_be_told_is_false_and_said_once(home: Any, caplog: Any) -> None:
    assert not _holds(home, "['{{ true }}', '{{ nobody.score > 3 }}']")
    home.event("go")
    assert [each for each in caplog.messages if "nobody" in each] == [
        "automation 'Test': conditions 2: template: 'nobody' is undefined"
    ]
    home.wait(1)
    assert "nobody" in str(home.attributes("automation.test")["last_error"])


@pytest.mark.feature("condition: time over midnight", "supported")
def test_night_times_are_those_of_the_home(berlin: Any) -> None:
    assert _holds(berlin, "{condition: time, after: '14:00', before: '14:01'}")


class Lucky(Condition):
    """A plugin's condition."""

    KEY = "lucky"

    def holds(self, variables: Any) -> bool:
        return bool(variables["trigger"]["event"].data["n"] == 3)


def test_a_plugins_condition_is_used_like_ours(home: Any) -> None:
    known = home.hub.known
    home.hub.known = Known(
        actions=known.actions,
        triggers=known.triggers,
        conditions={**known.conditions, "lucky": Lucky},
    )
    assert _holds(home, "{condition: lucky}")
