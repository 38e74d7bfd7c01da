"""Helpers do what Home Assistant's do, refuse what does not fit, and outlast a restart."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import voluptuous as vol

from hub.api import ActionFailed, Event, HubStarted, Invalid, Service
from hub.testing import TestHub
from integrations.inputs.counter import Counter
from integrations.inputs.input_boolean import InputBoolean
from integrations.inputs.input_button import InputButton
from integrations.inputs.input_datetime import InputDatetime
from integrations.inputs.input_number import InputNumber
from integrations.inputs.input_select import InputSelect
from integrations.inputs.input_text import InputText
from integrations.inputs.schedule import Schedule
from integrations.inputs.timer import Timer, TimerFinished

OVERLAPPING = [{"from": "08:00", "to": "10:00"}, {"from": "09:00", "to": "11:00"}]


class Desk:
    """A hub with helpers on it."""

    def __init__(self, hub: TestHub) -> None:
        self.hub = hub
        self.services: list[Service] = []

    def have(self, kind: type[Service], **options: Any) -> Service:
        checked = vol.Schema(dict(kind.SCHEMA))(options)
        service = kind(self.hub.context(kind.KEY), checked)
        self.services.append(service)
        self.hub.run(service.start())
        return service

    def again(self, kind: type[Service], away: float = 0, **options: Any) -> None:
        """Restart it, perhaps written differently, after some time."""
        self.hub.run(self.services.pop().stop())
        self.wait(away)
        self.have(kind, **options)

    def call(self, name: str, entity: str, **data: object) -> None:
        self.hub.run(self.hub.actions.call(name, {"entity_id": entity, **data}))

    def wait(self, seconds: float) -> None:
        self.hub.run(self.hub.clock.advance(seconds))

    def state(self, entity: str) -> str:
        found = self.hub.states.get(entity)
        return "" if found is None else found.state

    def attributes(self, entity: str) -> dict[str, Any]:
        found = self.hub.states.get(entity)
        assert found is not None
        return dict(found.attributes)


@pytest.fixture
def desk() -> Iterator[Desk]:
    # A Monday, 12:00 in Berlin.
    with TestHub(start=datetime(2026, 6, 1, 10, tzinfo=UTC), zone=ZoneInfo("Europe/Berlin")) as hub:
        desk = Desk(hub)
        yield desk
        for each in desk.services:
            hub.run(each.stop())


@pytest.mark.feature("helper: input_boolean", "supported")
def test_a_switch(desk: Desk) -> None:
    desk.have(InputBoolean, guests=None, party={"name": "Party!", "initial": True})
    assert desk.state("input_boolean.guests") == "off"
    assert desk.attributes("input_boolean.party")["friendly_name"] == "Party!"
    desk.call("input_boolean.turn_on", "input_boolean.guests")
    desk.call("input_boolean.toggle", "input_boolean.guests, input_boolean.party")
    assert desk.state("input_boolean.guests") == "off"
    assert desk.state("input_boolean.party") == "off"
    desk.call("input_boolean.turn_on", "input_boolean.guests")
    desk.again(InputBoolean, guests=None, party={"initial": True})
    assert desk.state("input_boolean.guests") == "on"
    assert desk.state("input_boolean.party") == "on"


def test_a_wrong_name_is_told_with_the_right_one(desk: Desk) -> None:
    desk.have(InputBoolean, guests=None)
    with pytest.raises((Invalid, ActionFailed), match=r"Did you mean 'input_boolean\.guests'"):
        desk.call("input_boolean.turn_on", "input_boolean.guest")


@pytest.mark.feature("helper: input_number", "supported")
def test_a_number(desk: Desk) -> None:
    desk.have(InputNumber, level={"min": 0, "max": 10, "step": 4})
    assert desk.state("input_number.level") == "0.0"
    for expected in ("4.0", "8.0", "10.0"):
        desk.call("input_number.increment", "input_number.level")
        assert desk.state("input_number.level") == expected
    desk.call("input_number.decrement", "input_number.level")
    assert desk.state("input_number.level") == "6.0"
    with pytest.raises((Invalid, ActionFailed), match="11 is not between 0 and 10"):
        desk.call("input_number.set_value", "input_number.level", value=11)
    desk.again(InputNumber, level={"min": 0, "max": 10})
    assert desk.state("input_number.level") == "6.0"
    desk.again(InputNumber, level={"min": 0, "max": 5})
    assert desk.state("input_number.level") == "0.0"


@pytest.mark.feature("helper: input_select", "supported")
def test_a_choice(desk: Desk) -> None:
    desk.have(InputSelect, mode={"options": ["home", "away", True]})
    assert desk.state("input_select.mode") == "home"
    desk.call("input_select.select_previous", "input_select.mode")
    assert desk.state("input_select.mode") == "on"
    desk.call("input_select.select_next", "input_select.mode", cycle=False)
    assert desk.state("input_select.mode") == "on"
    desk.call("input_select.select_next", "input_select.mode")
    assert desk.state("input_select.mode") == "home"
    desk.call("input_select.select_last", "input_select.mode")
    desk.call("input_select.select_first", "input_select.mode")
    desk.call("input_select.select_option", "input_select.mode", option="away")
    assert desk.state("input_select.mode") == "away"
    with pytest.raises((Invalid, ActionFailed), match=r"'awy' cannot be chosen\. Did you mean"):
        desk.call("input_select.select_option", "input_select.mode", option="awy")
    desk.call("input_select.set_options", "input_select.mode", options=["a", "b"])
    assert desk.state("input_select.mode") == "a"
    assert desk.attributes("input_select.mode")["options"] == ["a", "b"]


@pytest.mark.feature("helper: input_text", "supported")
def test_a_text(desk: Desk) -> None:
    desk.have(InputText, note={"max": 5, "pattern": "[a-z]+", "mode": "password"})
    desk.call("input_text.set_value", "input_text.note", value="hello")
    assert desk.state("input_text.note") == "hello"
    for wrong, said in (("toolong", "0 to 5 characters, not 7"), ("A", "does not match")):
        with pytest.raises((Invalid, ActionFailed), match=said):
            desk.call("input_text.set_value", "input_text.note", value=wrong)
    desk.again(InputText, note={})
    assert desk.state("input_text.note") == "hello"


@pytest.mark.feature("helper: input_datetime", "supported")
def test_a_date_and_a_time(desk: Desk) -> None:
    desk.have(
        InputDatetime,
        wake={"has_time": True, "initial": "06:30"},
        day={"has_date": True},
        both={"has_date": True, "has_time": True},
    )
    assert desk.state("input_datetime.wake") == "06:30:00"
    desk.call("input_datetime.set_datetime", "input_datetime.day", date="2026-12-31")
    assert desk.state("input_datetime.day") == "2026-12-31"
    name = "input_datetime.both"
    desk.call("input_datetime.set_datetime", name, datetime="2026-12-31 07:30")
    assert desk.state(name) == "2026-12-31 07:30:00"
    desk.call("input_datetime.set_datetime", name, time="08:00")
    assert desk.state(name) == "2026-12-31 08:00:00"
    desk.call("input_datetime.set_datetime", name, timestamp=1780308000)
    assert desk.state(name) == "2026-06-01 12:00:00"
    for data, said in (({"date": "2026-01-01"}, "holds no date"), ({}, "it needs date, time")):
        with pytest.raises((Invalid, ActionFailed), match=said):
            desk.call("input_datetime.set_datetime", "input_datetime.wake", **data)


@pytest.mark.feature("helper: input_button", "supported")
def test_a_button(desk: Desk) -> None:
    desk.have(InputButton, bell=None)
    assert desk.state("input_button.bell") == "unknown"
    desk.call("input_button.press", "input_button.bell")
    assert desk.state("input_button.bell") == "2026-06-01T10:00:00+00:00"
    desk.again(InputButton, bell=None)
    assert desk.state("input_button.bell") == "2026-06-01T10:00:00+00:00"


@pytest.mark.feature("helper: counter", "supported")
def test_a_counter(desk: Desk) -> None:
    desk.have(Counter, visits={"initial": 3, "step": 2, "maximum": 6, "minimum": 0})
    for verb, expected in (("increment", "5"), ("increment", "6"), ("decrement", "4")):
        desk.call(f"counter.{verb}", "counter.visits")
        assert desk.state("counter.visits") == expected
    desk.again(Counter, visits={"initial": 3})
    assert desk.state("counter.visits") == "4"
    desk.call("counter.set_value", "counter.visits", value=40)
    desk.call("counter.reset", "counter.visits")
    assert desk.state("counter.visits") == "3"
    desk.call("counter.set_value", "counter.visits", value=-2)
    desk.again(Counter, visits={"initial": 3, "restore": False})
    assert desk.state("counter.visits") == "3"


def happened(desk: Desk) -> list[str]:
    return [each for each in desk.hub.events.types if each.startswith("timer.")]


@pytest.mark.feature("helper: timer", "supported")
def test_a_timer_runs_down(desk: Desk) -> None:
    desk.have(Timer, laundry={"duration": "00:01:00"})
    assert desk.state("timer.laundry") == "idle"
    desk.call("timer.start", "timer.laundry")
    assert desk.state("timer.laundry") == "active"
    assert desk.attributes("timer.laundry")["remaining"] == "0:01:00"
    desk.wait(59)
    assert desk.state("timer.laundry") == "active"
    desk.wait(1)
    assert desk.state("timer.laundry") == "idle"
    assert happened(desk) == ["timer.started", "timer.finished"]


def test_a_timer_is_paused_and_goes_on_over_restarts(desk: Desk) -> None:
    desk.have(Timer, laundry={"duration": 60})
    desk.call("timer.start", "timer.laundry")
    desk.wait(20)
    desk.call("timer.pause", "timer.laundry")
    desk.again(Timer, 600, laundry={"duration": 60})
    assert desk.state("timer.laundry") == "paused"
    desk.call("timer.start", "timer.laundry")
    desk.wait(10)
    desk.again(Timer, 10, laundry={"duration": 60})
    assert desk.state("timer.laundry") == "active"
    desk.wait(19)
    assert desk.state("timer.laundry") == "active"
    desk.wait(1)
    assert desk.state("timer.laundry") == "idle"
    wanted = ["timer.started", "timer.paused", "timer.restarted", "timer.finished"]
    assert happened(desk) == wanted


def test_a_timer_that_ran_out_without_a_hub_finishes_once(desk: Desk) -> None:
    desk.have(Timer, laundry={"duration": 60})
    desk.call("timer.start", "timer.laundry")
    desk.again(Timer, 600, laundry={"duration": 60})
    desk.wait(1)
    assert happened(desk) == ["timer.started"]  # nobody would hear of it yet
    desk.hub.fire(HubStarted())
    desk.wait(30)
    (finished,) = desk.hub.events.of(TimerFinished)
    assert finished.finished_at == datetime(2026, 6, 1, 10, 1, tzinfo=UTC)


@pytest.mark.parametrize(("verb", "said"), [("cancel", "cancelled"), ("finish", "finished")])
def test_a_timer_is_ended(desk: Desk, verb: str, said: str) -> None:
    desk.have(Timer, laundry={"duration": 60})
    desk.call("timer.start", "timer.laundry", duration="00:05")
    desk.call("timer.change", "timer.laundry", duration=-60)
    desk.call(f"timer.{verb}", "timer.laundry")
    desk.call(f"timer.{verb}", "timer.laundry")
    desk.wait(600)
    assert happened(desk) == ["timer.started", f"timer.{said}"]


@pytest.mark.feature("helper: schedule", "supported")
def test_a_week(desk: Desk) -> None:
    morning = {"from": "09:00", "to": "12:30", "data": {"desk": "busy"}}
    afternoon = {"from": "12:30", "to": "17:00"}
    late, early = {"from": "22:00", "to": "24:00"}, {"from": "00:00", "to": "01:00"}
    days = {"monday": [afternoon, morning], "tuesday": late, "wednesday": early}
    desk.have(Schedule, office=days)
    assert desk.state("schedule.office") == "on"
    assert desk.attributes("schedule.office")["desk"] == "busy"
    assert desk.attributes("schedule.office")["next_event"] == "2026-06-01T17:00:00+02:00"
    desk.wait(5 * 3600 - 1)
    assert desk.state("schedule.office") == "on"
    desk.wait(1)
    assert desk.state("schedule.office") == "off"
    assert desk.attributes("schedule.office")["next_event"] == "2026-06-02T22:00:00+02:00"
    desk.wait(29 * 3600)
    assert desk.state("schedule.office") == "on"
    # Over midnight it is one block.
    assert desk.attributes("schedule.office")["next_event"] == "2026-06-03T01:00:00+02:00"
    desk.wait(3 * 3600)
    assert desk.state("schedule.office") == "off"
    assert desk.attributes("schedule.office")["next_event"] == "2026-06-08T09:00:00+02:00"


def test_a_reload_touches_only_what_is_written_differently(desk: Desk) -> None:
    service = desk.have(Timer, one={"duration": 60}, two={"duration": 60}, three={"duration": 60})
    for name in ("one", "two", "three"):
        desk.call("timer.start", f"timer.{name}")
    changed = vol.Schema(dict(Timer.SCHEMA))({"one": {"duration": 60}, "two": {"duration": 90}})
    words = desk.hub.run(service.reload(changed))
    assert words == "1 changed, 1 removed, 1 kept"
    assert desk.state("timer.three") == ""
    desk.wait(60)
    finished = [each.entity_id for each in desk.hub.events.of(TimerFinished)]
    assert sorted(finished) == ["timer.one", "timer.two"]


@pytest.mark.parametrize(
    ("kind", "options", "said"),
    [
        (InputNumber, {"a": {"min": 1}}, "required key not provided"),
        (InputText, {"a": {"pattern": "("}}, "is not a regular expression"),
        (InputSelect, {"a": {"options": []}}, "expected at least one"),
        (InputSelect, {"a": {"options": ["x", "x"]}}, "'x' is there twice"),
        (InputDatetime, {"a": {"initial": "soon"}}, "expected a date, a time or both"),
        (Schedule, {"a": {"monday": {"from": "10:00", "to": "09:00"}}}, "begin before it ends"),
        (Schedule, {"a": {"monday": [{"from": "8:00", "to": "9:00"}]}}, "expected a time of day"),
        (Schedule, {"a": {"monday": OVERLAPPING}}, "08:00 to 10:00 and 09:00 to 11:00 overlap"),
        (InputBoolean, {"A b": {}}, "is not a name"),
    ],
)  # fmt: skip
def test_mistakes_are_told(kind: type[Service], options: dict[str, Any], said: str) -> None:
    with pytest.raises(vol.Invalid, match=said):
        vol.Schema(dict(kind.SCHEMA))(options)


@pytest.mark.parametrize(
    ("kind", "options", "said"),
    [
        (InputNumber, {"a": {"min": 2, "max": 1}}, r"min \(2\) has to be less than max \(1\)"),
        (InputSelect, {"a": {"options": ["x"], "initial": "y"}}, "'y' is not among x"),
        (InputDatetime, {"a": {}}, "needs has_date or has_time"),
    ],
)
def test_what_does_not_fit_together_is_told(
    desk: Desk, kind: type[Service], options: dict[str, Any], said: str
) -> None:
    with pytest.raises(Invalid, match=said):
        desk.have(kind, **options)


def test_causes_are_passed_on(desk: Desk) -> None:
    desk.have(Counter, visits={})
    desk.hub.run(
        desk.hub.actions.call("counter.increment", {"entity_id": "counter.visits"}, cause=7)
    )
    changed: Event = desk.hub.events.all[-1]
    assert (changed.type, changed.cause) == ("state.changed", 7)
