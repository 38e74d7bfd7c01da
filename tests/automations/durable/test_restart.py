"""What automations wait for outlasts the hub, and is dropped where that would be wrong."""

import sqlite3
from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from automations.packing import pack, unpack
from automations.templates import EventView, StateView
from hub.api import AutomationFinished, Box, State, ZoneEntered

LATE = """
- alias: Late
  triggers: {trigger: event, event_type: go}
  actions: [{delay: 10}, {action: test.note, data: {text: late}}]
"""


def restart(home: Any, text: str, away: float = 0.0, **states: str) -> None:
    """Stop automations, let time pass and states change without them, start others."""
    home.hub.run(home.services.pop().stop())
    for entity, state in states.items():
        home.set(entity.replace("__", "."), state)
    home.wait(away)
    home.load(text)


def test_the_time_without_a_hub_counts(home: Any) -> None:
    home.load(LATE)
    home.event("go")
    home.wait(2)
    restart(home, LATE, away=5)
    home.wait(2.9)
    assert home.notes == []
    home.wait(0.2)
    assert home.notes == ["late"]
    assert home.results == [("finished", "")]


def test_a_run_of_an_automation_that_was_changed_is_ended_and_told(
    home: Any, caplog: pytest.LogCaptureFixture
) -> None:
    home.load(LATE)
    home.event("go")
    restart(home, LATE.replace("late}", "other}"))
    home.wait(20)
    assert home.notes == []
    assert home.results == [("cancelled", "the automation was changed")]
    assert "it was changed while its run of 12:00 waited" in caplog.text


def test_a_run_of_an_automation_that_is_gone_is_told(
    home: Any, caplog: pytest.LogCaptureFixture
) -> None:
    home.load(LATE)
    home.event("go")
    restart(home, LATE.replace("alias: Late", "alias: Other"))
    restart(home, LATE)
    home.wait(20)
    assert home.notes == []
    assert "automation.late is gone, and what it waited for with it" in caplog.text


def test_a_call_that_was_under_way_is_not_made_again(
    home: Any, caplog: pytest.LogCaptureFixture
) -> None:
    async def slow(_: object) -> None:
        calls.append(1)
        await home.hub.clock.sleep(30)

    calls: list[int] = []
    home.hub.actions.register(_spec("test.slow"), slow)
    home.learn()
    text = """
    - alias: Slow
      triggers: {trigger: event, event_type: go}
      actions: [{action: test.slow}, {action: test.note, data: {text: after}}]
    """
    home.load(text)
    home.event("go")
    restart(home, text)
    home.wait(1)
    assert (calls, home.notes) == ([1], ["after"])
    assert "actions 1 (test.slow) was under way when the hub ended" in caplog.text


def test_switching_off_forgets_what_waits(home: Any) -> None:
    home.load(LATE)
    home.event("go")
    home.call("automation.turn_off", entity_id="automation.late")
    restart(home, LATE)
    home.wait(20)
    assert home.notes == []


HELD = {
    "state": "{trigger: state, entity_id: light.hall, to: 'on', for: 10}",
    "template": """{trigger: template, for: 10,
        value_template: "{{ is_state('light.hall', 'on') }}"}""",
    "numeric_state": """{trigger: numeric_state, entity_id: light.hall, above: 0, for: 10,
        value_template: "{{ 1 if state.state == 'on' else 0 }}"}""",
}


def _held(kind: str) -> str:
    return f"""
    - alias: Held
      triggers: {HELD[kind]}
      actions:
        - action: test.note
          data: {{text: "{{{{ trigger.entity_id }}}} {{{{ trigger.for | round(1) }}}}"}}
    """


@pytest.mark.parametrize("kind", HELD)
def test_what_is_held_for_a_while_goes_on(home: Any, kind: str) -> None:
    home.set("light.hall", "off")
    home.load(_held(kind))
    home.set("light.hall", "on")
    home.wait(4)
    restart(home, _held(kind), away=3)
    home.wait(2.9)
    assert home.notes == []
    home.wait(0.2)
    assert home.notes == ["light.hall 10.0"]
    restart(home, _held(kind), away=30)
    home.wait(30)
    assert home.notes == ["light.hall 10.0"]


@pytest.mark.parametrize("kind", HELD)
def test_what_did_not_stay_so_without_a_hub_is_not_held(home: Any, kind: str) -> None:
    home.set("light.hall", "off")
    home.load(_held(kind))
    home.set("light.hall", "on")
    restart(home, _held(kind), away=3, light__hall="off")
    home.wait(30)
    restart(home, _held(kind), light__hall="on")
    home.wait(30)
    assert home.notes == []


def test_a_file_that_cannot_be_read_is_set_aside(
    home: Any, caplog: pytest.LogCaptureFixture
) -> None:
    file = home.hub.paths.data / "automations.db"
    file.write_bytes(b"no database at all" * 100)
    home.load(LATE)
    home.event("go")
    restart(home, LATE)
    home.wait(20)
    assert home.notes == ["late"]
    assert file.with_suffix(".broken").read_bytes().startswith(b"no database")
    assert "what automations waited for is lost" in caplog.text


def test_a_file_of_a_later_version_is_set_aside(home: Any) -> None:
    file = home.hub.paths.data / "automations.db"
    with sqlite3.connect(file) as db:
        db.execute("PRAGMA user_version = 99")
    home.load(LATE)
    assert file.with_suffix(".broken").exists()


def test_without_a_disk_automations_still_run(home: Any, caplog: pytest.LogCaptureFixture) -> None:
    (home.hub.paths.data / "automations.db").mkdir()
    (home.hub.paths.data / "automations.broken").mkdir()
    (home.hub.paths.data / "automations.broken" / "full").touch()
    home.load(LATE)
    home.event("go")
    home.wait(11)
    assert home.notes == ["late"]
    assert "will not outlast a restart" in caplog.text


STATE = State(
    entity="light.hall",
    state="on",
    attributes={"level": 3},
    changed=datetime(2026, 6, 1, tzinfo=UTC),
    updated=datetime(2026, 6, 1, tzinfo=UTC),
)
ENTERED = ZoneEntered(
    camera="porch",
    zone="doorstep",
    object="person",
    track="7",
    score=0.9,
    box=Box(0.1, 0.2, 0.3, 0.4),
    captured=datetime(2026, 6, 1, tzinfo=UTC),
    count=1,
)
PLAIN = st.recursive(
    st.one_of(
        st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False), st.text(),
        st.datetimes(timezones=st.just(UTC)), st.dates(), st.times(), st.timedeltas(), st.binary(),
    ),
    lambda inner: st.one_of(
        st.lists(inner), st.dictionaries(st.text(), inner), st.lists(inner).map(tuple),
        st.dictionaries(st.integers(), inner),
    ),
    max_leaves=10,
)  # fmt: skip


@given(PLAIN)
def test_variables_come_back_as_they_were(value: object) -> None:
    assert unpack(pack(value)) == value


@pytest.mark.parametrize(
    "value",
    [
        {1, 2},
        {"~": "state", "v": 1},
        float("inf"),
        StateView(STATE),
        [date(2026, 6, 1), time(7), timedelta(seconds=3), (1, "a")],
    ],
)
def test_other_values_come_back_as_they_were(value: object) -> None:
    assert unpack(pack(value)) == value


def test_an_event_comes_back_as_it_was() -> None:
    found = unpack(pack({"event": EventView(ENTERED)}))
    assert found["event"].data == EventView(ENTERED).data


def test_what_cannot_be_kept_is_none() -> None:
    assert pack({"a": object(), "b": 1}) == {"a": None, "b": 1}


def _spec(name: str) -> Any:
    from hub.api import ActionSpec

    return ActionSpec(name=name, description=name, schema={})


def test_results_tell_of_a_run_once(home: Any) -> None:
    home.load(LATE)
    home.event("go")
    restart(home, LATE)
    home.wait(11)
    runs: list[Mapping[str, object] | str] = [
        each.run for each in home.hub.events.of(AutomationFinished)
    ]
    begun = [each.run for each in home.hub.events.all if each.type == "automation.triggered"]
    assert runs == begun
