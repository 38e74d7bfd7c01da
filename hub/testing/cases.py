"""Tests of automations in YAML: what is given, what happens, and what is expected to follow."""

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path as File
from typing import Any, Final

import msgspec
import voluptuous as vol
from msgspec import Struct

from hub.api import Event, EventFired, Invalid, Problem, Trace, did_you_mean, schema
from hub.settings import Settings, load
from hub.testing.simulation import Called, Simulation

_DAY: Final = date(2026, 6, 1)  # a Monday
_SHOWN: Final = 10  # calls


def _state(value: object) -> dict[str, Any]:
    """Accept a state, or a mapping of a state and attributes."""
    if isinstance(value, Mapping):
        found: dict[str, Any] = vol.Schema(
            {vol.Required("state"): _word, vol.Optional("attributes", default=dict): dict}
        )(dict(value))
        return found
    return {"state": _word(value), "attributes": {}}


def _word(value: object) -> str:
    if isinstance(value, bool):
        return "on" if value else "off"
    if isinstance(value, str | int | float):
        return str(value)
    raise vol.Invalid(f"expected a state, got {schema.describe(value)}")


def _step(value: object) -> dict[str, Any]:
    """Accept one thing that happens: an event, states, a call, or time that passes."""
    if not isinstance(value, Mapping):
        raise vol.Invalid(f"expected something that happens, got {schema.describe(value)}")
    kinds = [key for key in _STEPS if key in value]
    if len(kinds) != 1:
        raise vol.Invalid(f"expected one of {', '.join(_STEPS)}")
    found: dict[str, Any] = vol.Schema(_STEPS[kinds[0]])(dict(value))
    return found


def _call(value: object) -> dict[str, Any]:
    """Accept an action, bare or with data."""
    if isinstance(value, str):
        return {"action": value, "data": {}}
    found: dict[str, Any] = vol.Schema(
        {vol.Required("action"): str, vol.Optional("data", default=dict): dict}
    )(value)
    return found


_STEPS: Final[Mapping[str, Any]] = {
    "event": {"event": str, vol.Optional("data", default=dict): dict},
    "state": {"state": {str: _state}},
    "call": {"call": str, vol.Optional("data", default=dict): dict},
    "advance": {"advance": schema.seconds},
    "at": {"at": str},
}
_GIVEN: Final = {
    vol.Optional("time", default="12:00"): str,
    vol.Optional("states", default=dict): {str: _state},
    vol.Optional("answers", default=dict): {str: dict},
}
_EXPECT: Final = {
    vol.Optional("calls", default=list): [_call],
    vol.Optional("no_calls", default=list): vol.Any([str], bool),
    vol.Optional("states", default=dict): {str: _state},
    vol.Optional("events", default=list): [str],
}
_CASE: Final = vol.Schema({
    vol.Optional("given", default=lambda: vol.Schema(_GIVEN)({})): _GIVEN,
    vol.Optional("steps", default=list): [_step],
    vol.Required("expect"): _EXPECT,
})  # fmt: skip
# What an event of a camera says where the test does not.
_USUAL: Final[Mapping[str, object]] = {
    "camera": "porch", "object": "person", "track": "track-1", "score": 0.9, "count": 1,
    "box": [0.4, 0.4, 0.6, 0.9], "seconds": 5.0,
}  # fmt: skip


class Case(Struct, frozen=True):
    """One test as it was written."""

    name: str
    file: str
    given: Mapping[str, Any]
    steps: Sequence[Mapping[str, Any]]
    expect: Mapping[str, Any]


class Verdict(Struct, frozen=True, omit_defaults=True):
    """How a test went: without ``failures`` it passed."""

    name: str
    failures: tuple[str, ...] = ()


def cases(file: File, settings: Settings) -> tuple[list[Case], list[Problem]]:
    """Read a file of tests by name; return them, and what is wrong with others."""
    document = load(file, {})
    found: list[Case] = []
    problems = [*document.problems]
    for name, raw in document.tree.items():
        wrong = [document.placed(each) for each in _problems(str(name), raw, settings)]
        problems += wrong
        if not wrong:
            found.append(Case(str(name), str(file), **_CASE(raw)))
    return found, problems


async def judged(settings: Settings, case: Case) -> Verdict:
    """Let everything happen, and compare; raises ``HubError`` for a step that cannot be done."""
    zone = settings.hub.zone
    start = _moment(case.given["time"]).replace(tzinfo=zone).astimezone(UTC)
    simulation = Simulation(settings, start, case.given["answers"], sees=True)
    for entity, each in case.given["states"].items():
        simulation.states.set(entity, each["state"], each["attributes"])
    async with simulation:
        simulation.events.clear()
        for step in case.steps:
            await _do(simulation, settings, step)
        failures = [*_failures(simulation, settings, case)]
        traces = await simulation.traces() if failures else []
    missed = [_missed(each) for each in traces if each.kind == "miss"]
    failed = [f"{each.name} failed: {each.error}" for each in traces if each.result == "failed"]
    return Verdict(case.name, (*failures, *missed, *failed))


async def _do(simulation: Simulation, settings: Settings, step: Mapping[str, Any]) -> None:
    if "event" in step:
        await simulation.fire(_event(settings, step["event"], step["data"], simulation))
    elif "state" in step:
        for entity, each in step["state"].items():
            await simulation.set(entity, each["state"], each["attributes"])
    elif "call" in step:
        await simulation.call(step["call"], step["data"])
    elif "advance" in step:
        await simulation.clock.advance(step["advance"])
    else:
        await simulation.clock.advance(_until(simulation, settings, step["at"]))


def _event(settings: Settings, name: str, data: Mapping[str, Any], simulation: Simulation) -> Event:
    kind = settings.known.events.get(name)
    if kind is None or issubclass(kind, EventFired):
        return EventFired(name=name, data=dict(data))
    now = simulation.clock.now()
    given = {**_USUAL, "captured": now, "started": now, "ended": now, **data}
    fields = {key: each for key, each in given.items() if key in kind.__struct_fields__}
    try:
        return msgspec.convert(fields, kind)
    except msgspec.ValidationError as error:
        raise Invalid(f"the event {name} cannot be like this: {error}") from error


def _until(simulation: Simulation, settings: Settings, text: str) -> float:
    here = simulation.clock.now().astimezone(settings.hub.zone)
    when = datetime.combine(here.date(), time.fromisoformat(text), settings.hub.zone)
    if when <= here:
        when += timedelta(days=1)
    return (when - here).total_seconds()


def _failures(simulation: Simulation, settings: Settings, case: Case) -> Iterator[str]:
    yield from _calls(case.expect, simulation.actions.calls, settings)
    for entity, wanted in case.expect["states"].items():
        found = simulation.states.get(entity)
        got = "nothing" if found is None else f"'{found.state}'"
        if found is None or found.state != wanted["state"]:
            yield f"expected {entity} to be '{wanted['state']}', got {got}"
    names = [e.name if isinstance(e, EventFired) else e.type for e in simulation.events]
    for name in case.expect["events"]:
        if name not in names:
            yield f"expected the event {name}, which did not happen"


def _calls(expect: Mapping[str, Any], calls: Sequence[Called], settings: Settings) -> Iterator[str]:
    """Look for the calls that are expected, in their order, and for those that are not."""
    at = 0
    for wanted in expect["calls"]:
        fits = [n for n, each in enumerate(calls) if n >= at and _fits(wanted, each)]
        if fits:
            at = fits[0] + 1
        else:
            yield _not_called(wanted, calls, settings)
    unwanted = expect["no_calls"]
    for each in calls:
        if unwanted is True or (isinstance(unwanted, list) and each.name in unwanted):
            yield f"not expected: {_said(each, settings)}"


def _fits(wanted: Mapping[str, Any], called: Called) -> bool:
    return called.name == wanted["action"] and _within(wanted["data"], called.data)


def _within(wanted: object, got: object) -> bool:
    """Say whether all that is wanted is there; one thing is the same as a list of it."""
    if isinstance(wanted, Mapping):
        return isinstance(got, Mapping) and all(
            key in got and _within(each, got[key]) for key, each in wanted.items()
        )
    if isinstance(got, list) and not isinstance(wanted, list):
        return len(got) == 1 and _within(wanted, got[0])
    return wanted == got


def _not_called(wanted: Mapping[str, Any], calls: Sequence[Called], settings: Settings) -> str:
    lines = [f"expected {wanted['action']} {_json(wanted['data'])}"]
    same = [each for each in calls if each.name == wanted["action"]]
    lines += [f"  got {_said(each, settings)}" for each in (same or calls)[:_SHOWN]]
    if not calls:
        lines.append("  got no call at all")
    return "\n".join(lines)


def _said(called: Called, settings: Settings) -> str:
    here = called.time.astimezone(settings.hub.zone)
    return f"{called.name} {_json(called.data)} at {here:%H:%M:%S}"


def _json(data: object) -> str:
    return json.dumps(data, default=str, ensure_ascii=False)


def _missed(trace: Trace) -> str:
    words = "" if trace.conditions is None else _reason(trace)
    return f"{trace.name} did not run on {trace.trigger}: {words}"


def _reason(trace: Trace) -> str:
    def leaves(finding: Any) -> Iterator[Any]:
        if not finding.parts:
            yield finding
        for part in finding.parts:
            yield from leaves(part)

    failed = [each for each in leaves(trace.conditions) if not each.result]
    return "; ".join(each.error or each.words for each in failed)


def _problems(name: str, raw: object, settings: Settings) -> Iterator[Problem]:
    try:
        case = _CASE(raw)
    except vol.MultipleInvalid as error:
        for each in error.errors:
            path = (name, *(part for part in each.path if isinstance(part, str | int)))
            yield Problem(path=path, words=_words(each), on_key="extra" in str(each.msg))
        return
    known = settings.known
    for at, step in enumerate(case["steps"]):
        if "call" in step and step["call"] not in known.actions:
            hint = did_you_mean(step["call"], known.actions)
            words = f"there is no action '{step['call']}'"
            yield Problem(path=(name, "steps", at, "call"), words=words, hint=hint)
        yield from _wrong_time(step.get("at"), (name, "steps", at, "at"))
    for at, wanted in enumerate(case["expect"]["calls"]):
        if wanted["action"] not in known.actions:
            hint = did_you_mean(wanted["action"], known.actions)
            words = f"there is no action '{wanted['action']}'"
            yield Problem(path=(name, "expect", "calls", at), words=words, hint=hint)
    try:
        _moment(case["given"]["time"])
    except ValueError:
        words = "expected a time such as '22:30' or '2026-12-24 22:30'"
        yield Problem(path=(name, "given", "time"), words=words)


def _wrong_time(text: str | None, path: tuple[str | int, ...]) -> Iterator[Problem]:
    try:
        time.fromisoformat(text or "00:00")
    except ValueError:
        yield Problem(path=path, words=f"expected a time of day such as '07:30', got '{text}'")


def _words(error: vol.Invalid) -> str:
    key = str(error.path[-1]) if error.path else ""
    if "extra keys" in str(error.msg):
        known = [*map(str, _CASE.schema), *map(str, _GIVEN), *map(str, _EXPECT), *_STEPS]
        return f"'{key}' means nothing here. {did_you_mean(key, known)}".strip()
    if "required key" in str(error.msg):
        return f"a test needs '{key}'"
    return str(error.msg)


def _moment(text: str) -> datetime:
    if ":" in text and "-" not in text:
        return datetime.combine(_DAY, time.fromisoformat(text))
    return datetime.fromisoformat(text).replace(tzinfo=None)
