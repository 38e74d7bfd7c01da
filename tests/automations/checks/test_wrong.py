"""What is told of automations as a whole, beyond the broken files."""

from typing import Any

import pytest

from automations.checks import check_sequence
from tests.automations.checks.test_right import check


@pytest.mark.parametrize(
    ("part", "said"),
    [
        ("conditions: [{condition: time, weekday: [mon, tue]}, {condition: time, weekday: sat}]",
         ("0.conditions.1.weekday: warning: the weekday is never 'sat' and 'mon' or 'tue' at once. "
         "Where one of them is enough, put them into 'or:'.")),
        (("conditions: {and: [{condition: state, entity_id: light.hall, state: 'on'}, "
         "{condition: state, entity_id: light.hall, state: 'off'}]}"),
         ("0.conditions.and.1.state: warning: 'light.hall' is never 'off' and 'on' at once. "
         "Where one of them is enough, put them into 'or:'.")),
        (
            "conditions: {condition: zone, camera: porch, zone: doorstep, above: 2, below: 3}",
            "0.conditions.below: warning: no number of objects is above 2 and below 3",
        ),
        (
            "conditions: {condition: zone, camera: porch, zone: doorstep, below: 0}",
            "0.conditions.below: warning: no number of objects is below 0",
        ),
        (
            ("triggers: {trigger: state, entity_id: light.hall, to: 'on'}\n"
            "  conditions: {condition: state, entity_id: light.hall, state: 'off'}"),
            ("0.conditions.state: warning: this is never true: 'light.hall' has just become 'on'. "
            "Look at the state before in a template: trigger.from_state.state."),
        ),
        (
            ("triggers: {trigger: zone, camera: porch, zone: doorstep, object: person}\n"
            "  conditions: \"{{ trigger.object == 'car' }}\""),
            ("0.conditions: warning: trigger.object is never 'car': "
            "the trigger is for 'person' alone"),
        ),
        ("conditions: {not: ['{{ true }}']}",
         ("0.conditions: warning: this is never true, so no trigger ever starts the automation. "
         "Write 'enabled: false' to switch an automation off.")),
        ("conditions: {or: ['{{ false }}', '{{ false }}']}",
         ("0.conditions: warning: this is never true, so no trigger ever starts the automation. "
         "Write 'enabled: false' to switch an automation off.")),
        ("conditions: \"{{ trigger.object != 'persn' }}\"",
         "0.conditions: no camera looks for 'persn'. Did you mean 'person'?"),
        ("conditions: \"{{ trigger.zone in ['gate', 'laun'] }}\"",
         "0.conditions: no camera has a zone 'laun'. Did you mean 'lawn'?"),
        ("conditions: \"{{ trigger.event.data.zone == 'gate' }}\"", None),
        (("triggers: {trigger: event, event_type: zone.entered}\n"
         "  conditions: \"{{ trigger.event.zone == 'gate' }}\""),
         "0.conditions: an event has no 'zone'. Write trigger.event.data.zone."),
        (("triggers: {trigger: event, event_type: zone.entered}\n"
         "  conditions: \"{{ trigger.zone == 'gate' }}\""),
         ("0.conditions: no trigger of this automation gives 'trigger.zone'. "
         "Write trigger.event.data.zone.")),
        (("triggers: {trigger: event, event_type: automation.triggered, "
         "event_data: {automation: automation.othr}}"),
         ("0.triggers.event_data.automation: there is no entity 'automation.othr'. "
         "Did you mean 'automation.other'?")),
        (("actions: [{wait_for_trigger: {trigger: zone, zone: gate}}, "
         "{action: test.note, data: {text: '{{ wait.trigger.zoen }}'}}]"),
         ("0.actions.1.data.text: no trigger of this wait gives 'wait.trigger.zoen'. "
         "Did you mean 'zone'?")),
        (("actions: [{action: test.note, target: "
         "{entity_id: \"{{ 'light.hall' if trigger.count > 1 else 'light.proch' }}\"}}]"),
         ("0.actions.0.target.entity_id: there is no entity 'light.proch'. "
         "Did you mean 'light.porch'?")),
        ("actions: [{repeat: {while: '{{ false }}', sequence: [{delay: 5}]}}]",
         "0.actions.0.repeat.sequence: warning: this is never reached: the 'while' is never true"),
        ("actions: [{repeat: {for_each: [], sequence: [{delay: 5}]}}]",
         ("0.actions.0.repeat.for_each: warning: there is nothing to go round for, "
         "so its sequence never runs")),
        ("actions: [{if: '{{ false }}', then: [{delay: 5}]}]",
         "0.actions.0.then: warning: this is never reached: the 'if' is never true"),
        ("actions: [{choose: [{conditions: '{{ false }}', sequence: []}]}]",
         "0.actions.0.choose.0: warning: this choice is never taken: its condition is never true"),
        ("actions: [{sequence: [{stop: x}]}, {delay: 5}]",
         ("0.actions.1: warning: this is never reached: "
         "the 'sequence' before it ends the run either way")),
        ("conditions: \"{{ is_state('light.hall', true) }}\"",
         ("0.conditions: warning: the state of 'light.hall' is a text, so it is never true. "
         "Compare it with 'on'.")),
        (("triggers: {trigger: state, entity_id: light.hall}\n"
         '  conditions: "{{ trigger.to_state.state > 5 }}"'),
         ("0.conditions: warning: trigger.to_state.state is a text, which cannot be compared with "
         "the number 5. Write trigger.to_state.state | float(0).")),
        ("actions: [{delay: 0}]",
         ("0.actions.0.delay: warning: 'delay' of no time has no effect. "
         "Write a time such as 'delay: 00:05:00', or leave it out.")),
    ],
)  # fmt: skip
def test_it_is_told(home: Any, part: str, said: str | None) -> None:
    found = check(home, part)
    if said is None:
        assert found == []
    else:
        assert len(found) == 1
        assert found[0].startswith(said)


def test_a_toggle_that_starts_itself_is_warned_of(home: Any) -> None:
    home.hub.fake_action("light.toggle")
    home.learn()
    part = """mode: queued
  triggers: {trigger: state, entity_id: light.hall}
  actions: [{action: light.toggle, target: {entity_id: light.hall}}]"""
    found = home.check(f"- alias: X\n  {part}")
    assert found == [
        (
            "0.actions.0: warning: 'light.hall' changes, and that starts this automation again, "
            "without end. Say what it changes to: add 'to:' to the trigger."
        )
    ]
    assert home.check(f"- alias: X\n  {part}".replace("hall}\n", "hall, to: 'on'}\n")) == []


def test_a_sequence_is_checked_with_the_variables_it_is_given(home: Any) -> None:
    steps = [
        {"action": "test.note", "data": {"text": "{{ who }} {{ whom }} {{ states('light.hal') }}"}},
        {"stop": "Enough"},
        {"delay": 5},
    ]
    found = [*check_sequence(steps, ("hello",), home.hub.known, {"who"})]
    assert [str(each) for each in found] == [
        "hello.0.data.text: error: there is no variable 'whom' here. Did you mean 'who'?",
        ("hello.2: warning: this is never reached: the 'stop' before it ends the run"),
        "hello.0.data.text: error: there is no entity 'light.hal'. Did you mean 'light.hall'?",
    ]


def test_an_automation_that_runs_itself_is_warned_of(home: Any) -> None:
    actions = "[{action: automation.trigger, target: {entity_id: automation.other}}]"
    whole = f"{{alias: Other, mode: queued, triggers: [], actions: {actions}}}"
    assert home.check(whole) == [
        (
            "actions.0: warning: this automation starts itself again, without end. "
            "Use 'repeat:' to do something again."
        )
    ]
    assert home.check(whole.replace("queued", "single")) == []
