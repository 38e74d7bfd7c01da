"""Options that several triggers share, and times that entities tell."""

from datetime import UTC, datetime
from typing import Any

import pytest

from hub.api import EventFired


def note(trigger: str, text: str = "hit", enabled: str = "") -> str:
    return f"""
    - alias: Test
      mode: parallel
      triggers: {trigger}
      actions: [{{action: test.note, data: {{text: "{text}"}}{enabled}}}]
    """


@pytest.mark.parametrize(
    ("context", "hits"),
    [("{source: telegram}", 1), ("{source: [mqtt, telegram], cause: 7}", 1), ("{source: mqtt}", 0),
     ("{cause: 8}", 0)],
)  # fmt: skip
@pytest.mark.feature("trigger: event, context", "supported")
def test_an_event_may_have_to_come_from_somebody(home: Any, context: str, hits: int) -> None:
    home.load(note(f"{{trigger: event, event_type: go, context: {context}}}"))
    home.fire(EventFired(name="go", source="telegram", cause=7))
    assert len(home.notes) == hits


def test_an_events_name_may_be_computed(home: Any) -> None:
    home.set("sensor.limit", "go")
    home.load(note("{trigger: event, event_type: \"{{ states('sensor.limit') }}\"}"))
    home.event("go")
    assert home.notes == ["hit"]


@pytest.mark.feature("enabled as a template", "supported")
@pytest.mark.parametrize(("written", "hits"), [("{{ 1 > 0 }}", 1), ("{{ 1 > 2 }}", 0)])
def test_whether_something_is_enabled_may_be_computed(home: Any, written: str, hits: int) -> None:
    enabled = f'enabled: "{written}"'
    home.load(
        note(f"{{trigger: event, event_type: go, {enabled}}}")
        + note("{trigger: event, event_type: other}", "action", f", {enabled}")
        + f"""
    - alias: Condition
      triggers: {{trigger: event, event_type: third}}
      conditions: [{{condition: template, value_template: "{{{{ false }}}}", {enabled}}}]
      actions: [{{action: test.note, data: {{text: third}}}}]
    """
    )
    home.event("go")
    home.event("other")
    home.event("third")
    assert home.notes.count("hit") == hits
    assert home.notes.count("action") == hits
    assert home.notes.count("third") == 1 - hits


@pytest.mark.feature("trigger: time, at an entity", "supported")
def test_an_entity_may_tell_the_time_of_day(home: Any) -> None:
    home.set("sensor.limit", "12:30:00")
    home.load(note("{trigger: time, at: sensor.limit}", "{{ trigger.now.strftime('%H:%M') }}"))
    home.wait(29 * 60)
    assert home.notes == []
    home.wait(2 * 60)
    home.set("sensor.limit", "13:00")
    home.wait(30 * 60)
    assert home.notes == ["12:30", "13:00"]
    home.wait(24 * 3600)
    assert home.notes == ["12:30", "13:00", "13:00"]


@pytest.mark.parametrize(
    "told", ["2026-06-01 12:20:00", "2026-06-01T12:20:00+00:00", "2026-06-01T14:20:00+02:00"]
)
def test_an_entity_may_tell_a_moment(home: Any, told: str) -> None:
    home.set("sensor.limit", told)
    home.load(note("{trigger: time, at: {entity_id: sensor.limit, offset: '-00:05:00'}}"))
    home.wait(14 * 60)
    assert home.notes == []
    home.wait(2 * 60)
    assert home.notes == ["hit"]
    home.wait(48 * 3600)
    assert home.notes == ["hit"]


def test_an_entity_that_tells_no_time_is_waited_for(home: Any) -> None:
    home.set("sensor.limit", "unknown")
    home.load(note("{trigger: time, at: [sensor.limit, '18:00']}"))
    home.wait(3600)
    home.set("sensor.limit", "13:10:00")
    home.wait(15 * 60)
    assert home.notes == ["hit"]


def test_wrong_times_are_told(home: Any) -> None:
    trigger = "{trigger: time, at: [sensor.lxu, {entity_id: sensor.lux, ofset: 3}]}"
    found = home.check(note(trigger))
    assert any("ofset" in each for each in found)
    assert any(
        "there is no entity 'sensor.lxu'. Did you mean 'sensor.lux'" in each
        for each in home.check(note("{trigger: time, at: [sensor.lxu]}"))
    )


@pytest.mark.feature("condition: time, an entity", "supported")
def test_a_time_condition_may_ask_an_entity(home: Any) -> None:
    home.set("sensor.limit", "13:00:00")
    home.load("""
    - alias: Test
      triggers: {trigger: event, event_type: go}
      conditions: {condition: time, after: sensor.limit}
      actions: [{action: test.note, data: {text: "{{ now().strftime('%H:%M') }}"}}]
    """)
    home.event("go")
    home.wait(3600)
    home.event("go")
    assert home.notes == ["13:00"]
    assert home.hub.clock.now() == datetime(2026, 6, 1, 13, tzinfo=UTC)


def test_the_context_tells_which_event_it_was_and_what_led_to_it(home: Any) -> None:
    text = (
        "{{ context.id == trigger.event.sequence }} {{ context.parent_id }} {{ context.user_id }}"
    )
    home.load(note("{trigger: event, event_type: go}", text))
    home.fire(EventFired(name="go", cause=7))
    assert home.notes == ["True 7 None"]
