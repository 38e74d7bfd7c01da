"""What looks wrong and is right: nothing is said of it."""

from typing import Any

import pytest

BASE = {
    "triggers": "{trigger: zone, camera: porch, zone: doorstep}",
    "conditions": "[]",
    "actions": "[{action: test.note}]",
}


def check(home: Any, part: str) -> list[str]:
    lines = [f"{key}: {value}" for key, value in BASE.items() if f"{key}:" not in part]
    return home.check("- alias: X\n  " + "\n  ".join([part, *lines]))


@pytest.mark.parametrize(
    "part",
    [
        # what is asked whether it is there need not be there
        'conditions: "{{ nobody is defined and nobody > 3 }}"',
        'conditions: "{{ nobody | default(3) > 2 }}"',
        'conditions: "{{ trigger.nothing | default(3) > 2 }}"',
        'conditions: "{{ trigger.nothing is not defined }}"',
        "conditions: \"{{ trigger.to_state is none or trigger.to_state.state == 'on' }}\"",
        # names that a template makes itself
        'conditions: "{% set x = 3 %}{{ x > 2 }}"',
        'conditions: "{% for each in [1, 2] %}{{ each }}{{ loop.index }}{% endfor %}"',
        'conditions: "{% macro add(a, b) %}{{ a + b }}{% endmacro %}{{ add(1, 2) == 3 }}"',
        'conditions: "{% set ns = namespace(n=0) %}{% set ns.n = 2 %}{{ ns.n > 1 }}"',
        "conditions: \"{{ [1, 2] | map(attribute='x') | list | length > 0 }}\"",
        'conditions: "{{ {trigger.zone: 1} | length == 1 }}"',
        # entities that a plugin makes as it runs, and states in other words
        "conditions: \"{{ states('sensor.tiny_9') == '5' }}\"",
        "conditions: \"{{ states('sensor.lux') | float(0) > 5 }}\"",
        "conditions: \"{{ states.light | selectattr('state', 'eq', 'on') | list | length > 0 }}\"",
        "conditions: \"{{ is_state('binary_sensor.porch_motion', ['on', 'unavailable']) }}\"",
        "conditions: {condition: state, entity_id: binary_sensor.porch_motion, state: unknown}",
        "conditions: {condition: state, entity_id: sensor.lux, attribute: mode, state: open}",
        # every trigger gives some of what is used
        """triggers:
    - {trigger: zone, zone: gate}
    - {trigger: state, entity_id: light.hall, id: lamp, variables: {who: me}}
    - {trigger: event, event_type: own}
  conditions: "{{ trigger.id == 'lamp' and who == 'me' and trigger.to_state.state == 'on' and
    trigger.zone == 'gate' and trigger.event.data.whatever == 3 }}\"""",
        (
            "triggers: {trigger: event, event_type: [zone.entered, zone.left]}\n"
            '  conditions: "{{ trigger.event.data.seconds > 3 and '
            "trigger.event.data.zone == 'gate' }}\""
        ),
        # variables in the order of the steps
        """actions:
    - repeat:
        count: 2
        sequence:
          - if: "{{ repeat.index > 1 }}"
            then: [{action: test.note, data: {text: "{{ last }}"}}]
          - variables: {last: "{{ repeat.index }}"}
    - {action: test.note, data: {text: "{{ last }}"}}
    - {wait_for_trigger: {trigger: zone, zone: gate}, timeout: 5}
    - {action: test.note, data: {text: "{{ wait.trigger.zone if wait.completed }}"}}""",
        # reached after all
        "actions: [{if: '{{ trigger.count > 1 }}', then: [{stop: x}]}, {action: test.note}]",
        "actions: [{stop: x, enabled: false}, {action: test.note}]",
        "actions: [{parallel: [{stop: x}, {delay: 5}]}]",
        (
            "actions: [{choose: [{conditions: '{{ trigger.count > 1 }}', sequence: [{stop: x}]}]}, "
            "{delay: 5}]"
        ),
        (
            "actions: [{condition: or, conditions: ['{{ false }}', '{{ trigger.count > 1 }}']}, "
            "{delay: 5}]"
        ),
        # an or, or any one of several, is no contradiction
        (
            "conditions: {or: [{condition: state, entity_id: light.hall, state: 'on'}, "
            "{condition: state, entity_id: light.hall, state: 'off'}]}"
        ),
        (
            "conditions: [{condition: state, entity_id: [light.hall, light.porch], state: 'on', "
            "match: any}, {condition: state, entity_id: light.hall, state: 'off'}]"
        ),
        (
            "conditions: [{condition: numeric_state, entity_id: sensor.lux, above: 3}, "
            "{condition: numeric_state, entity_id: sensor.lux, below: 5}]"
        ),
        (
            "conditions: [{condition: numeric_state, entity_id: sensor.lux, above: 5}, "
            "{condition: numeric_state, entity_id: sensor.limit, below: 3}]"
        ),
        "conditions: {condition: time, after: '22:00', before: '06:00'}",
        "conditions: {condition: zone, camera: porch, zone: doorstep, above: 1, below: 3}",
        "conditions: {condition: zone, camera: porch, zone: doorstep, below: 1}",
        "conditions: \"{{ trigger.object != 'car' }}\"",
        """triggers: {trigger: state, entity_id: light.hall, to: 'on'}
  conditions: {condition: state, entity_id: light.porch, state: 'off'}""",
        """triggers: {trigger: zone, zone: [doorstep, gate]}
  conditions: "{{ trigger.zone == 'gate' }}\"""",
        # a timer, and a loop that a condition or a mode ends
        (
            "triggers: {trigger: event, event_type: tick}\n  mode: queued\n"
            "  actions: [{delay: 60}, {event: tick}]"
        ),
        "triggers: {trigger: event, event_type: tick}\n  actions: [{event: tick}]",
        (
            "triggers: {trigger: event, event_type: tick}\n  mode: queued\n"
            "  actions: [\"{{ states('sensor.lux') == '1' }}\", {event: tick}]"
        ),
        (
            "triggers: {trigger: event, event_type: tick, event_data: {n: 1}}\n  mode: queued\n"
            "  actions: [{event: tick, event_data: {n: 2}}]"
        ),
        "mode: parallel\n  max: 2",
        "description: 'Write { trigger.zone }, as in trigger.zone == 3'",
        # what is switched off
        "enabled: false\n  conditions: '{{ false }}'",
        "conditions: {condition: template, value_template: '{{ false }}', enabled: false}",
    ],
)
def test_nothing_is_said(home: Any, part: str) -> None:
    assert check(home, part) == []


def test_what_is_only_called_is_given_variables_by_its_caller(home: Any) -> None:
    said = home.check(
        "{alias: X, triggers: [], actions: [{action: test.note, data: {t: '{{ who }}'}}]}"
    )
    assert said == []


def test_what_is_no_mode_is_told_once_and_goes_no_further(home: Any) -> None:
    part = (
        "mode: [queued]\n  triggers: {trigger: event, event_type: ring}\n  actions: [{event: ring}]"
    )
    (said,) = check(home, part)
    assert said.startswith("0.mode: expected one of single, restart")
