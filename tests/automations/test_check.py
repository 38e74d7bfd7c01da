"""Everything that is wrong with a file, each with its place, the user's words and a remedy."""

from typing import Any

import pytest


def _one(home: Any, part: str) -> list[str]:
    """Check one automation, made whole where it is not."""
    base = {
        "triggers": "{trigger: event, event_type: go}",
        "actions": "{action: test.note}",
    }
    lines = [f"{key}: {value}" for key, value in base.items() if not part.startswith(key[:-1])]
    return home.check("- " + "\n  ".join([part, *lines]))


@pytest.mark.parametrize(
    ("part", "problem"),
    [
        # the automation itself
        ("alais: X", "0.alais: 'alais' is not an option of an automation. Did you mean 'alias'?"),
        ("mode: paralel",
         ("0.mode: expected one of single, restart, queued, parallel, got 'paralel'. "
         "Did you mean 'parallel'?")),
        ("max: 0", "0.max: expected a whole number of at least 1, got 0"),
        ("alias: [x]", "0.alias: expected a text, got a list"),
        ("initial_state: maybe", "0.initial_state: expected true or false, got 'maybe'"),
        ("use_blueprint: {path: x}",
         "0.use_blueprint.path: 'x': blueprints need a configuration folder"),
        ("variables: [a]", "0.variables: expected a mapping of variables, got a list"),
        ("variables: {my-name: 1}", ("0.variables.my-name: 'my-name' is not a variable's name: "
         "use letters, digits and underscores")),
        ("condition: '{{ true }}'\n  conditions: []",
         "0.condition: 'condition' and 'conditions' mean the same; use one of them"),
        # triggers
        ("triggers: {trigger: zoen, zone: x}",
         "0.triggers.trigger: there is no trigger 'zoen'. Did you mean 'zone'?"),
        ("triggers: [{platform: calendar, event: start}]",
         ("0.triggers.0.platform: the trigger 'calendar' of Home Assistant is not here. "
         "Calendars are not here; use a time trigger with weekday.")),
        ("triggers: [{event_type: go}]",
         ("0.triggers.0: this is not a trigger: 'trigger' is missing. "
         "Write the kind of trigger after 'trigger:'.")),
        ("triggers: [5]", "0.triggers.0: expected a trigger, got 5"),
        ("triggers: {trigger: zone, camera: porch, zone: dorstep}",
         "0.triggers.zone: the camera 'porch' has no zone 'dorstep'. Did you mean 'doorstep'?"),
        ("triggers: {trigger: zone, camera: [yard, prch], zone: gate}",
         "0.triggers.camera.1: there is no camera 'prch'. Did you mean 'porch'?"),
        ("triggers: {trigger: zone, camera: porch, zone: doorstep, object: persn}",
         "0.triggers.object: 'persn' is not among the objects looked for. Did you mean 'person'?"),
        ("triggers: {trigger: zone, camera: porch, zone: doorstep, objects: [car, dog]}",
         "0.triggers.objects.1: 'dog' is not among the objects looked for. Known: car, person."),
        ("triggers: {trigger: zone, camera: porch}",
         "0.triggers: the trigger 'zone' needs 'zone'"),
        ("triggers: {trigger: zone, zone: gate, event: entered}",
         "0.triggers.event: expected one of enter, leave, loiter, crowd, disperse, clear, got"),
        ("triggers: {trigger: zone, zone: gate, cmera: yard}",
         "0.triggers.cmera: 'cmera' is not an option of the trigger 'zone'. Did you mean 'camera"),
        ("triggers: {trigger: state, entity_id: light.hal}",
         "0.triggers.entity_id: there is no entity 'light.hal'. Did you mean 'light.hall'?"),
        ("triggers: {trigger: state, entity_id: [light.hall, hall]}",
         "0.triggers.entity_id.1: expected an entity such as camera.porch, got 'hall'"),
        ("triggers: {trigger: state, entity_id: light.hall, to: 'on', not_to: 'off'}",
         "0.triggers.not_to: 'to' and 'not_to' exclude each other"),
        ("triggers: {trigger: state, entity_id: light.hall, for: soon}",
         "0.triggers.for: expected a time span such as 2s or 00:00:02, got 'soon'"),
        ("triggers: {trigger: numeric_state, entity_id: sensor.lux}",
         "0.triggers: numeric_state needs 'above' or 'below'"),
        ("triggers: {trigger: numeric_state, entity_id: sensor.lux, above: 5, below: 3}",
         "0.triggers.above: no number is above 5 and below 3"),
        ("triggers: {trigger: numeric_state, entity_id: sensor.lux, above: sensor.limt}",
         "0.triggers.above: there is no entity 'sensor.limt'. Did you mean 'sensor.limit'?"),
        ("triggers: {trigger: event, event_type: zone.enterd}",
         "0.triggers.event_type: there is no event 'zone.enterd'. Did you mean 'zone.entered'?"),
        ("triggers: {trigger: event, event_type: [go, state_changed]}",
         ("0.triggers.event_type.1: 'state_changed' is an event of Home Assistant's. "
         "It is called 'state.changed' here.")),
        ("triggers: {trigger: event, event_type: zone.entered, event_data: {cam: porch}}",
         "0.triggers.event_data.cam: zone.entered has no 'cam'. Did you mean 'camera'?"),
        ("triggers: {trigger: time, at: '25:00'}",
         "0.triggers.at: expected a time of day such as '07:30', got '25:00'"),
        ("triggers: {trigger: time, at: '07:30', weekday: monday}",
         "0.triggers.weekday: expected one of mon, tue, wed, thu, fri, sat, sun, got 'monday'"),
        ("triggers: {trigger: time_pattern, minutes: 75}",
         "0.triggers.minutes: expected a number from 0 to 59, '*' or a step such as '/5', got 75"),
        ("triggers: {trigger: time_pattern}",
         "0.triggers: a time_pattern needs 'hours', 'minutes' or 'seconds'"),
        ("triggers: {trigger: template, value_template: '{{ x | flot }}'}",
         ("0.triggers.value_template: the template does not compile: "
         "there is no filter 'flot'. Did you mean 'float'?")),
        ("triggers: {trigger: hub, event: started}",
         "0.triggers.event: expected one of start, shutdown, got 'started'"),
        ("triggers: {trigger: event, event_type: x, enabled: 'no'}",
         "0.triggers.enabled: expected true or false, got 'no'"),
        # conditions
        ("conditions: '{{ trigger.score > }}'",
         "0.conditions: the template does not compile: unexpected 'end of print statement'"),
        ("conditions: [{condition: stat, entity_id: light.hall}]",
         "0.conditions.0.condition: there is no condition 'stat'. Did you mean 'state'?"),
        ("conditions: {condition: device, device_id: abc}",
         ("0.conditions.condition: the condition 'device' of Home Assistant is not here. "
         "There are no devices here; use a state, zone or template condition.")),
        ("conditions: {condition: state, entity_id: light.hall}",
         "0.conditions: the condition 'state' needs 'state'"),
        ("conditions: {or: [{not: [{condition: zone, camera: porch, zone: gate}]}]}",
         "0.conditions.or.0.not.0.zone: the camera 'porch' has no zone 'gate'. Known: doorstep."),
        ("conditions: {condition: time}",
         "0.conditions: a time condition needs 'after', 'before' or 'weekday'"),
        ("conditions: {orr: []}",
         ("0.conditions: this is not a condition: 'condition' is missing. "
         "Write the kind of condition after 'condition:'.")),
        ("conditions: {condition: and}", "0.conditions: the condition 'and' needs 'conditions'"),
        ("conditions: [5]", "0.conditions.0: expected a condition, got 5"),
        ("conditions: ''", "0.conditions: expected a template, got ''"),
        # actions
        ("actions: {action: test.not}",
         "0.actions.action: there is no action 'test.not'. Did you mean 'test.note'?"),
        ("actions: [{actoin: test.note}]",
         "0.actions.0: this is not an action: actoin. Did you mean 'action'?"),
        ("actions: [{action: notify.phone, data: {mesage: hi, message: ho}}]",
         ("0.actions.0.data.mesage: 'mesage' is not an option of the action 'notify.phone'. "
         "Did you mean 'message'?")),
        ("actions: [{action: notify.phone, data: {title: hi}}]",
         "0.actions.0.data: the action 'notify.phone' needs 'message' in its data"),
        ("actions: [{action: notify.phone, data: {message: '{{ now() }}', volume: 3}}]",
         "0.actions.0.data.volume: expected a number from 0 to 1, got 3"),
        ("actions: [{action: test.note, data: [1]}]",
         "0.actions.0.data: expected a mapping of data, got a list"),
        ("actions: [{action: test.note, data: {a: [{b: '{{ 1 + }}'}]}}]",
         ("0.actions.0.data.a.0.b: the template does not compile: "
         "unexpected 'end of print statement'")),
        ("actions: [{action: test.note, target: {area_id: hall}}]",
         ("0.actions.0.target.area_id: 'area_id' of Home Assistant is not here. "
         "Areas are not here; name the entities with entity_id.")),
        ("actions: [{action: test.note, target: {entity_id: light.hal}}]",
         "0.actions.0.target.entity_id: there is no entity 'light.hal'. Did you mean 'light.hall"),
        ("actions: [{action: notify.phone, data: {message: x}, response_variable: a}]",
         "0.actions.0.response_variable: the action 'notify.phone' answers nothing"),
        ("actions: [{action: test.note, delay: 5}]",
         "0.actions.0.delay: 'delay' is not an option of 'action'"),
        ("actions: [{delay: {minute: 5}}]",
         ("0.actions.0.delay: 'minute' is not a part of a time span: "
         "use days, hours, minutes, seconds, milliseconds")),
        ("actions: [{delay: '{{ 5'}]",
         ("0.actions.0.delay: the template does not compile: "
         "unexpected end of template, expected 'end of print statement'.")),
        ("actions: [{event: zone.entered}]",
         "0.actions.0.event: only the hub itself fires 'zone.entered'. Choose a name of your own."),
        ("actions: [{wait_for_trigger: [{trigger: zone, zone: gat}], timeout: 5}]",
         "0.actions.0.wait_for_trigger.0.zone: there is no zone 'gat'. Did you mean 'gate'?"),
        ("actions: [{wait_template: '{{ now() }}', timeout: x}]",
         "0.actions.0.timeout: expected a time span such as 2s or 00:00:02, got 'x'"),
        ("actions: [{choose: [{conditions: '{{ true }}'}]}]",
         "0.actions.0.choose.0: a choice needs 'sequence'"),
        ("actions: [{choose: {sequence: []}}]", "0.actions.0.choose: a choice needs 'conditions'"),
        ("actions: [{if: '{{ true }}'}]", "0.actions.0: 'if' needs 'then'"),
        ("actions: [{if: '{{ true }}', then: [], els: []}]",
         "0.actions.0.els: 'els' is not an option of 'if'. Did you mean 'else'?"),
        ("actions: [{repeat: {sequence: []}}]",
         "0.actions.0.repeat: 'repeat' needs one of count, for_each, until, while"),
        ("actions: [{repeat: {count: -1, sequence: []}}]",
         "0.actions.0.repeat.count: expected a number of at least 0, got -1"),
        ("actions: [{repeat: {for_each: 3, sequence: []}}]",
         "0.actions.0.repeat.for_each: expected a list, got 3"),
        ("actions: [{repeat: {count: 2, sequence: [{action: test.nte}]}}]",
         ("0.actions.0.repeat.sequence.0.action: there is no action 'test.nte'. "
         "Did you mean 'test.note'?")),
        ("actions: [{parallel: [{action: x.y}]}]",
         "0.actions.0.parallel.0.action: there is no action 'x.y'"),
        ("actions: [{device_id: abc, domain: light, type: turn_on}]",
         ("0.actions.0.device_id: 'device_id' of Home Assistant is not here. "
         "There are no devices here; call an action with 'action:' instead.")),
        ("actions: [{scene: scene.x}]", "0.actions.0.scene: there is no entity 'scene.x'"),
        ("actions: [{scene: evening}]",
         "0.actions.0.scene: expected a scene such as scene.evening, got 'evening'"),
        ("actions: [5]", "0.actions.0: expected an action, got 5"),
        ("actions: [{action: test.look, data: {camera: prch}}]",
         "0.actions.0.data.camera: there is no camera 'prch'. Did you mean 'porch'?"),
        ("actions: [{action: test.look, data: {camera: porch, also: [yard, yrd]}}]",
         "0.actions.0.data.also.1: there is no camera 'yrd'. Did you mean 'yard'?"),
        ("actions: [{action: test.look, data: {camera: camera.porch}}]",
         ("0.actions.0.data.camera: "
         "expected the camera's name 'porch', not its entity 'camera.porch'")),
        ("actions: [{action: notify.phone, message: hi}]",
         ("0.actions.0.message: 'message' is not an option of 'action'. "
         "Indent 'message' below 'data:'.")),
        ("actions: [{notify.phone: {message: hi}}]",
         ("0.actions.0.notify.phone: 'notify.phone' is not a key. "
         "Write 'action: notify.phone', and what it needs below 'data:'.")),
        ("actions: [{action: idle.publish}]",
         ("0.actions.0.action: there is no action 'idle.publish'. "
         "The plugin idle offers it once configuration.yaml has a section 'idle'.")),
        ("triggers: {trigger: idle, topic: x}",
         ("0.triggers.trigger: there is no trigger 'idle'. "
         "The plugin idle offers it once configuration.yaml has a section 'idle'.")),
        ("triggers: [{triger: zone, zone: gate}]",
         "0.triggers.0: this is not a trigger: 'trigger' is missing. Did you mean 'trigger'?"),
        ("triggers: [{zone: gate, camera: porch}]",
         ("0.triggers.0: this is not a trigger: 'trigger' is missing. "
         "Write 'trigger: zone', and its options beside it.")),
        ("triggers: {trigger: zone, zne: gate}",
         "0.triggers.zne: 'zne' is not an option of the trigger 'zone'. Did you mean 'zone'?"),
        ("triggers: {trigger: zone, camera: camera.porch, zone: gate}",
         "0.triggers.camera: there is no camera 'camera.porch'. Did you mean 'porch'?"),
        ("conditions: trigger.score > 0.5",
         ("0.conditions: expected a template such as '{{ ... }}', "
         "got 'trigger.score > 0.5'")),
        ("conditions: {platform: state}",
         ("0.conditions: this is not a condition: 'condition' is missing. "
         "Write 'condition:' in place of 'platform:'.")),
        ("actions: [{stop: x, error: 5}]", "0.actions.0.error: expected true or false, got 5"),
    ],
)  # fmt: skip
def test_a_mistake_is_told_where_it_is(home: Any, part: str, problem: str) -> None:
    (told,) = _one(home, part)
    assert told.startswith(problem)


def test_every_mistake_is_told_at_once(home: Any) -> None:
    problems = home.check(
        """
        - alias: One
          triggers:
            - {trigger: zone, camera: prch, zone: doorstep}
            - {trigger: stat}
          conditions: "{{ broken"
          actions:
            - {action: test.nte, data: {a: "{{ b | c }}"}}
            - {delay: x}
        - 5
        - alias: Three
          mode: other
        """
    )
    assert [each.partition(": ")[0] for each in problems] == [
        "0.triggers.0.camera", "0.triggers.1.trigger",
        "0.conditions", "0.actions.0.action", "0.actions.0.data.a", "0.actions.1.delay", "1",
        "2.mode", "2", "2",
    ]  # fmt: skip
    assert "automation needs 'triggers'" in problems[-2]
    assert "automation needs 'actions'" in problems[-1]


def test_two_with_one_id_or_alias_are_told_at_the_second(home: Any) -> None:
    same = "triggers: [], actions: []"
    assert home.check(
        f"""
        - {{id: a, alias: X, {same}}}
        - {{id: a, alias: Y, {same}}}
        - {{alias: Z, {same}}}
        - {{alias: Z, {same}}}
        - {{id: b, alias: Z, {same}}}
        - {{id: 5, {same}}}
        - {{id: "5", {same}}}
        """
    ) == [
        "1.id: warning: the id 'a' is used twice. Give each automation an id of its own.",
        (
            "3.alias: warning: the alias 'Z' is used twice. "
            "Give each automation an id, or another alias."
        ),
        "6.id: warning: the id '5' is used twice. Give each automation an id of its own.",
    ]


def test_a_template_of_several_lines_names_its_line(home: Any) -> None:
    problems = home.check(
        """
        alias: X
        triggers: []
        conditions: |
          {% set a = 1 %}
          {{ a | flot }}
        actions: []
        """
    )
    assert problems == [
        (
            "conditions: the template does not compile: there is no filter 'flot'. "
            "Did you mean 'float'? (line 2 of the template)"
        )
    ]


@pytest.mark.parametrize("text", ["[]", "", "{alias: X, triggers: [], actions: []}"])
def test_nothing_and_a_single_one_are_right(home: Any, text: str) -> None:
    assert home.check(text) == []


def test_home_assistants_older_spelling_is_right(home: Any) -> None:
    problems = home.check(
        """
            - id: '1700000000000'
              alias: Old
              description: From Home Assistant
              trigger:
                - platform: state
                  entity_id: light.hall, light.porch
                  to: 'on'
                  for: '00:05:00'
                - platform: numeric_state
                  entity_id: sensor.tiny_1
                  above: '5'
              condition:
                - condition: or
                  conditions:
                    - condition: time
                      after: '22:00:00'
                      before: '06:00:00'
                      weekday: [mon, tue]
                    - "{{ is_state('light.hall', 'on') }}"
              action:
                - service: notify.phone
                  metadata: {}
                  data_template:
                    message: "{{ trigger.to_state.name }}"
                - service: test.note
                  target: {entity_id: light.hall}
                - delay: {minutes: 5}
                - event: my_event
                  event_data_template: {x: "{{ 1 }}"}
              mode: restart
              max_exceeded: silent
              trace: {stored_traces: 5}
            """
    )
    assert problems == []


def test_what_is_wrong_is_left_out_and_the_rest_runs(home: Any, caplog: Any) -> None:
    import yaml

    from automations.service import Automations

    raw = yaml.safe_load(
        """
        - {alias: Bad, triggers: {trigger: nonsense}, actions: []}
        - alias: Good
          triggers: {trigger: event, event_type: go}
          actions: {action: test.note, data: {text: good}}
        """
    )
    service = Automations(home.hub.context("automation"), raw)
    home.services.append(service)
    home.hub.run(service.start())
    home.event("go")
    assert home.notes == ["good"]
    assert any("automation.bad is left out" in each for each in caplog.messages)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("{first: {triggers: [], actions: []}}",
         ("this is not an automation: first. "
         "Begin each automation with '- alias: ...'.")),
        ("{automation: []}",
         ("this is not an automation: automation. "
         "Remove the line 'automation:': this is below that already.")),
        ("automations.yaml",
         ("expected an automation, got 'automations.yaml'. Write: !include automations.yaml")),
    ],
)  # fmt: skip
def test_what_is_no_list_of_automations_is_told_so(home: Any, text: str, problem: str) -> None:
    (told,) = home.check(text)
    assert told.endswith(problem)
