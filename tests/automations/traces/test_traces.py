"""Traces say what was looked at and done, and are kept apart so that none floods the others."""

from typing import Any

import pytest

from hub.api import Finding, Trace

HALL = """
- alias: Hall
  triggers: {trigger: event, event_type: go, id: by event}
  variables: {limit: 3}
  conditions:
    - condition: state
      entity_id: light.hall
      state: "on"
    - "{{ trigger.event.data.level > limit }}"
  actions:
    - variables: {word: "{{ trigger.event.data.level }}!"}
    - {action: test.note, data: {text: "{{ word }}"}, alias: Say it}
    - {delay: 2}
    - {event: said, event_data: {word: "{{ word }}"}}
- alias: After
  triggers: {trigger: event, event_type: said}
  actions: {action: test.note, data: {text: after}}
"""


def traces(home: Any, **what: object) -> list[Trace]:
    """Return what is on disk once the hub had a moment to write it, the newest first."""
    home.wait(1.1)
    found: list[Trace] = home.hub.run(_written(home, what))
    return found


async def _written(home: Any, what: dict[str, object]) -> list[Trace]:
    import asyncio

    await asyncio.sleep(0.1)
    return [*await home.hub.context().traces.newest(**what)]


def words(finding: Finding | None) -> list[tuple[str, bool | None]]:
    """Return what each condition found."""
    if finding is None:
        return []
    if not finding.parts:
        return [(finding.words, finding.result)]
    return [leaf for each in finding.parts for leaf in words(each)]


@pytest.fixture
def hall(home: Any) -> Any:
    home.set("light.hall", "off")
    home.load(HALL)
    return home


@pytest.mark.feature("trace: runs", "supported")
def test_a_run_is_told_step_by_step(hall: Any) -> None:
    hall.set("light.hall", "on")
    hall.event("go", level=5)
    hall.wait(2.1)
    found = traces(hall, automation="automation.hall")[0]
    assert (found.kind, found.result, found.trigger) == ("run", "finished", "event go")
    assert found.variables == {"limit": 3}
    assert found.data["id"] == "by event"
    steps = [(each.place, each.what, each.result) for each in found.steps]
    assert steps == [
        ("actions 1", "variables", "done"),
        ("actions 2 (test.note)", "Say it", "done"),
        ("actions 3", "delay", "done"),
        ("actions 4", "event", "done"),
    ]
    assert found.steps[0].details == {"word": "5!"}
    assert found.steps[1].details == {"action": "test.note", "data": {"text": "5!"}}
    assert found.steps[3].details == {"event": "said", "data": {"word": "5!"}}


@pytest.mark.feature("trace: conditions that failed", "different", "with what they found")
def test_a_near_miss_is_told_with_what_made_it_one(hall: Any) -> None:
    hall.event("go", level=5)
    found = traces(hall)[0]
    assert (found.kind, found.result) == ("miss", "missed")
    assert words(found.conditions) == [("light.hall is 'off', not 'on'", False)]

    hall.set("light.hall", "on")
    hall.event("go", level=2)
    found = traces(hall)[0]
    said = "{{ trigger.event.data.level > limit }} (trigger.event.data.level is 2, limit is 3)"
    assert words(found.conditions) == [("light.hall is 'on'", True), (said, False)]


def test_a_condition_that_cannot_be_told_is_a_near_miss_with_its_error(home: Any) -> None:
    home.load("""
    - alias: Wrong
      triggers: {trigger: event, event_type: go}
      conditions: "{{ trigger.event.data.level > 3 }}"
      actions: []
    """)
    home.event("go", level="high")
    (found,) = traces(home)
    assert found.conditions is not None
    assert found.conditions.result is None
    assert "'>' not supported between" in found.conditions.error


def test_near_misses_that_are_alike_are_counted(hall: Any) -> None:
    for _ in range(30):
        hall.event("go", level=5)
    (found,) = traces(hall)
    assert found.count == 30


def test_a_flood_of_one_kind_pushes_out_none_of_another(hall: Any) -> None:
    hall.event("go", level=1)
    hall.set("light.hall", "on")
    hall.event("go", level="failed")
    for level in range(4, 24):
        hall.event("go", level=level)
        hall.wait(2.1)
    runs = traces(hall, automation="automation.hall", kind="run")
    misses = traces(hall, automation="automation.hall", kind="miss")
    assert len(runs) == 5
    assert len(misses) == 2


def test_runs_that_failed_are_kept_longer(home: Any) -> None:
    home.load("""
    - alias: Sometimes
      triggers: {trigger: event, event_type: go}
      actions: [{if: "{{ trigger.event.data.bad }}", then: [{stop: broken, error: true}]}]
    """)
    home.event("go", bad=True)
    for _ in range(20):
        home.event("go", bad=False)
    results = [each.result for each in traces(home)]
    assert results.count("failed") == 1
    assert results.count("finished") == 5


def test_what_led_to_a_run_is_told(hall: Any) -> None:
    hall.set("light.hall", "on")
    hall.event("go", level=5)
    hall.wait(2.1)
    run = traces(hall, automation="automation.hall")[0]
    (after,) = traces(hall, automation="automation.after")
    assert after.chain == (f"Hall: event go (run {run.id})",)


@pytest.mark.feature("trace: stored_traces", "supported", "0, or trace: false, for none")
@pytest.mark.parametrize(
    ("written", "kept"),
    [("false", 0), ("true", 5), ("{stored_traces: 2}", 2), ("{stored_traces: 0}", 0)],
)
def test_how_much_is_kept_can_be_said(home: Any, written: str, kept: int) -> None:
    home.load(f"""
    - alias: Often
      trace: {written}
      triggers: {{trigger: event, event_type: go}}
      actions: []
    """)
    for _ in range(9):
        home.event("go")
    assert len(traces(home)) == kept


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("maybe", "expected true, false or a mapping, got 'maybe'"),
        ("{stored: 3}", "'stored' is not an option of 'trace'"),
        ("{stored_traces: -1}", "expected a number from 0 to 100, got -1"),
    ],
)
def test_mistakes_in_it_are_told(home: Any, written: str, said: str) -> None:
    text = f"[{{alias: A, trace: {written}, triggers: [], actions: []}}]"
    assert any(said in each for each in home.check(text))


def test_the_ring_goes_on_after_a_restart(hall: Any) -> None:
    hall.set("light.hall", "on")
    for _ in range(4):
        for level in (5, 6, 7):
            hall.event("go", level=level)
            hall.wait(2.1)
        hall.hub.run(hall.services.pop().stop())
        hall.load(HALL)
    runs = traces(hall, automation="automation.hall", kind="run")
    assert 5 <= len(runs) <= 7


def test_traces_of_an_automation_that_is_gone_go_too(hall: Any) -> None:
    hall.event("go", level=1)
    assert traces(hall)
    hall.hub.run(hall.services.pop().stop())
    hall.load(HALL.replace("alias: Hall", "alias: Other"))
    assert traces(hall) == []


def test_a_run_that_waits_over_a_restart_has_two_traces(hall: Any) -> None:
    hall.set("light.hall", "on")
    hall.event("go", level=5)
    hall.wait(1)
    hall.hub.run(hall.services.pop().stop())
    hall.load(HALL)
    hall.wait(2.1)
    after, before = traces(hall, automation="automation.hall")
    assert (before.result, after.result) == ("interrupted", "finished")
    assert f"run {before.id} until then" in after.trigger
    assert [each.what for each in after.steps] == ["delay", "event"]


def test_a_long_loop_is_told_by_its_beginning(home: Any) -> None:
    home.actions("[{repeat: {count: 500, sequence: [{variables: {a: 1}}]}}]")
    (found,) = traces(home)
    assert len(found.steps) == 300
    assert found.left_out == 201
    assert found.steps[3].details == {"round": 3, "a": 1}


CONDITIONS = {
    "{condition: numeric_state, entity_id: sensor.lux, below: 30}":
        "sensor.lux is 40, not below 30",
    "{condition: numeric_state, entity_id: sensor.lux, above: sensor.limit}":
        "sensor.lux is 40, not above sensor.limit (50)",
    "{condition: time, after: '22:00'}": "it is mon 12:00:00, not after 22:00:00",
    "{condition: trigger, id: other}": "the trigger is '0', not 'other'",
    "{condition: zone, camera: porch, zone: doorstep}": "anything in doorstep of porch: 0",
    "{condition: state, entity_id: light.hall, state: 'on', for: 60}":
        "light.hall is 'on' for 0.0 s, not for 60 s",
    "{condition: state, entity_id: light.hall, attribute: level, state: 3}":
        "level of light.hall is 2, not '3'",
    "\"{{ states('sensor.lux') | int < 30 }}\"":
        "{{ states('sensor.lux') | int < 30 }} (states('sensor.lux') is '40')",
}  # fmt: skip


@pytest.mark.parametrize("condition", CONDITIONS)
def test_every_condition_says_what_it_found(home: Any, condition: str) -> None:
    home.set("sensor.lux", "40")
    home.set("sensor.limit", "50")
    home.set("light.hall", "on", level=2)
    home.load(f"""
    - alias: Test
      triggers: {{trigger: event, event_type: go}}
      conditions: [{condition}]
      actions: []
    """)
    home.event("go")
    (found,) = traces(home)
    assert words(found.conditions) == [(CONDITIONS[condition], False)]


def test_logic_is_told_up_to_what_decided(home: Any) -> None:
    home.load("""
    - alias: Test
      triggers: {trigger: event, event_type: go}
      conditions:
        - or: ["{{ false }}", "{{ 1 > 2 }}"]
        - not: ["{{ false }}"]
      actions: []
    """)
    home.event("go")
    (found,) = traces(home)
    assert found.conditions is not None
    (inner,) = found.conditions.parts
    assert inner.words == "any of these"
    assert [each.result for each in inner.parts] == [False, False]


def test_a_choice_says_why_it_was_made(home: Any) -> None:
    home.set("sensor.lux", "40")
    home.actions("""
    - choose:
        - {conditions: "{{ states('sensor.lux') == '10' }}", sequence: []}
        - {conditions: "{{ states('sensor.lux') == '40' }}", sequence: []}
    """)
    (found,) = traces(home)
    (step,) = found.steps
    assert step.details == {"choice": 1}
    assert [each.result for each in step.findings] == [False, True]
