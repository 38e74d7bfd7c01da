"""What of Home Assistant's language is not here is refused with what to use instead."""

from typing import Any

import pytest


@pytest.mark.feature(
    "trigger: device, conversation, calendar", "refused", "use state, event, mqtt or time"
)
@pytest.mark.parametrize("kind", ["device", "conversation", "calendar"])
def test_triggers_of_what_is_not_here(home: Any, kind: str) -> None:
    said = home.check(f"- triggers: {{trigger: {kind}}}\n  actions: {{action: test.note}}")
    assert any("use a" in each.lower() for each in said), said


@pytest.mark.feature("condition: device", "refused", "use state, zone or a template")
def test_a_condition_of_a_device(home: Any) -> None:
    said = home.check(
        "- triggers: {trigger: event, event_type: go}\n"
        "  conditions: {condition: device, device_id: x}\n"
        "  actions: {action: test.note}"
    )
    assert any("There are no devices here" in each for each in said), said


@pytest.mark.feature("action: device", "refused", "call an action")
def test_an_action_of_a_device(home: Any) -> None:
    said = home.check(
        "- triggers: {trigger: event, event_type: go}\n  actions: {device_id: x, type: turn_on}"
    )
    assert any("call an action with 'action:'" in each for each in said), said


@pytest.mark.feature("target: area, device, floor, label", "refused", "name the entities")
@pytest.mark.parametrize("key", ["area_id", "device_id", "floor_id", "label_id"])
def test_targets_of_what_is_not_here(home: Any, key: str) -> None:
    said = home.check(
        "- triggers: {trigger: event, event_type: go}\n"
        f"  actions: {{action: test.note, target: {{{key}: x}}}}"
    )
    assert any("name the entities with entity_id" in each for each in said), said
