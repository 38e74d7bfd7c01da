"""Random automations, events and restarts: no run is lost, none is done twice."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from automations.service import Automations
from hub.api import EventFired
from hub.testing import TestHub
from tests.automations.durable.reference import Program, Reference

pytestmark = pytest.mark.timeout(300)

FILE = "automations.db"
SECONDS = st.integers(1, 5)
LEAF = st.one_of(
    st.tuples(st.just("note"), st.integers(0, 99)),
    st.tuples(st.just("delay"), SECONDS),
    st.tuples(st.just("go"), SECONDS),
)


def _deeper(step: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    steps = st.lists(step, min_size=1, max_size=3)
    return st.one_of(
        st.tuples(st.just("branch"), st.booleans(), steps, steps),
        st.tuples(st.just("repeat"), st.integers(0, 3), steps),
        st.tuples(st.just("parallel"), st.lists(steps, min_size=1, max_size=3)),
    )


PROGRAMS = st.lists(st.recursive(LEAF, _deeper, max_leaves=8), min_size=1, max_size=4)
OPERATIONS = st.lists(
    st.sampled_from(["trigger", "trigger", "go", "kill", "stop", *range(1, 7)]), max_size=14
)


def written(program: Program) -> list[Any]:
    """Return a program as a user writes it."""
    return [_step(*each) for each in program]


def _step(kind: str, *rest: Any) -> dict[str, Any]:
    if kind == "note":
        return _note(str(rest[0]))
    if kind == "delay":
        return {"delay": rest[0]}
    if kind == "go":
        waited = {"wait_for_trigger": {"trigger": "event", "event_type": "go"}, "timeout": rest[0]}
        said = _note("{{ 'went' if wait.completed else 'late' }}")
        return {"sequence": [waited, said]}
    if kind == "branch":
        condition = "{{ yes }}" if rest[0] else "{{ not yes }}"
        return {"if": condition, "then": written(rest[1]), "else": written(rest[2])}
    if kind == "repeat":
        return {"repeat": {"count": rest[0], "sequence": written(rest[1])}}
    return {"parallel": [{"sequence": written(each)} for each in rest[0]]}


def _note(text: str) -> dict[str, Any]:
    return {"action": "test.note", "data": {"text": "{{ trigger.event.data.name }}:" + text}}


class Engine:
    """The real engine, with restarts."""

    def __init__(self, hub: TestHub, raw: object) -> None:
        self._hub = hub
        self._raw = raw
        self._began = hub.clock.monotonic()
        self.notes: list[tuple[float, str]] = []
        self._service = self._start()

    def fire(self, event: str, **data: object) -> None:
        async def go() -> None:
            self._hub.fire(EventFired(name=event, data=data))
            await self._hub.settled()

        self._hub.run(go())

    def advance(self, seconds: float) -> None:
        self._hub.run(self._hub.clock.advance(seconds))

    def restart(self, *, killed: bool) -> None:
        """End the service and begin another on what is on the disk at that moment."""
        folder = self._hub.paths.data
        files = [*folder.glob(f"{FILE}*")]
        kept = {each.name: each.read_bytes() for each in files} if killed else None
        self._hub.run(self._service.stop())
        if kept is not None:
            for each in folder.glob(f"{FILE}*"):
                each.unlink()
            for name, content in kept.items():
                (folder / name).write_bytes(content)
        self._service = self._start()

    def close(self) -> None:
        self._hub.run(self._service.stop())
        for each in self._hub.paths.data.glob(f"{FILE}*"):
            each.unlink()

    def done(self) -> list[tuple[float, str]]:
        return [(each - self._began, text) for each, text in self.notes]

    def _start(self) -> Automations:
        service = Automations(self._hub.context("automation"), self._raw)

        async def start() -> None:
            await service.start()
            await self._hub.settled()

        self._hub.run(start())
        return service


@contextmanager
def engine(raw: object) -> Iterator[Engine]:
    from tests.automations.conftest import Home

    with TestHub() as hub:
        home = Home(hub)
        found = Automations.check(raw, hub.known)
        assert [str(each) for each in found if not each.warning] == []
        made = Engine(hub, raw)
        hub.calls = _Calls(made, hub)  # type: ignore[assignment]
        home.learn()
        yield made
        made.close()
        shutil.rmtree(hub.paths.data, ignore_errors=True)


class _Calls(list[Any]):
    def __init__(self, engine: Engine, hub: TestHub) -> None:
        super().__init__()
        self._engine = engine
        self._hub = hub

    def append(self, call: Any) -> None:
        self._engine.notes.append((self._hub.clock.monotonic(), call.data["text"]))


def _sorted(notes: list[tuple[float, str]]) -> list[tuple[float, str]]:
    """What happens in one moment has no order between branches and runs."""
    return sorted((round(when, 3), text) for when, text in notes)


@given(
    program=PROGRAMS,
    mode=st.sampled_from(["single", "restart", "queued", "parallel"]),
    limit=st.integers(2, 4),
    operations=OPERATIONS,
)
@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_no_run_is_lost_and_none_is_done_twice(
    program: Program, mode: str, limit: int, operations: list[str | int]
) -> None:
    raw = [
        {
            "alias": "Random",
            "mode": mode,
            "max": limit,
            "max_exceeded": "silent",
            "variables": {"yes": True},
            "triggers": [{"trigger": "event", "event_type": "start"}],
            "actions": written(program),
        }
    ]
    reference = Reference(program, mode, limit)
    with engine(raw) as real:
        for at, each in enumerate([*operations, 60]):
            if each == "trigger":
                reference.trigger(str(at))
                real.fire("start", name=str(at))
            elif each == "go":
                reference.go()
                real.fire("go")
            elif isinstance(each, int):
                reference.advance(each)
                real.advance(each)
            else:
                real.restart(killed=each == "kill")
            reference.advance(0.01)  # nothing happens in the very moment something ends
            real.advance(0.01)
        while reference.busy:
            reference.advance(30)
            real.advance(30)
        assert _sorted(real.done()) == _sorted(reference.notes)
