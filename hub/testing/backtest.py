"""What automations would have done in the past: the journal's events, fed to a simulation.

Events that automations fired, or that came of what they did, are not fed: the simulation makes its
own. Runs of then and now are the same when they began within a second.
"""

import random
from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Final

import msgspec
from msgspec import Struct

from hub.api import AutomationTriggered, Event, State, StateChanged, Storage, StoredRow
from hub.settings import Settings
from hub.testing.clock import settled
from hub.testing.simulation import Called, Simulation

_PAGE: Final = 5000  # rows
_SAME: Final = 1.0  # seconds
_AFTERWARDS: Final = 3600.0  # seconds for what waits when a recording has ended
# The hub's own comings and goings, what automations tell of themselves, and what timers do: the
# simulation has all of these itself.
_OURS: Final = ("automation.", "hub.", "plugin.", "timer.", "worker.")

Told = Callable[[datetime], None]
"""Hears how far the past has been gone through."""


class Ran(Struct, frozen=True):
    """A run of an automation: when, why, and the actions it called if that is known."""

    time: datetime
    automation: str
    name: str
    trigger: str
    actions: tuple[Called, ...] = ()


class Pair(Struct, frozen=True, omit_defaults=True):
    """A run of then beside one of now; without one of them it is new, or gone."""

    then: Ran | None = None
    now: Ran | None = None

    @property
    def kind(self) -> str:
        """Say what became of it: ``same``, ``new`` or ``gone``."""
        if self.then is None:
            return "new"
        return "gone" if self.now is None else "same"

    @property
    def time(self) -> datetime:
        """When it was, or would have been."""
        ran = self.now or self.then
        assert ran is not None
        return ran.time


class Outcome(Struct, frozen=True):
    """All runs of then and now, in the order of time, and how many events were gone through."""

    pairs: tuple[Pair, ...]
    events: int


async def backtest(
    settings: Settings, storage: Storage, since: datetime, until: datetime, told: Told
) -> Outcome:
    """Go through the past once more. Two calls with the same journal give the same."""
    random.seed(0)  # templates may ask for chance
    then: list[Ran] = []
    ours: set[int] = set()
    counted = 0
    simulation = Simulation(settings, since)
    for state in await _before(storage, since, until):
        simulation.states.restore([state])
    async with simulation:
        simulation.events.clear()
        async for row in _rows(storage, since, until):
            counted += 1
            told(row.time)
            event = _event(settings, row)
            if isinstance(event, AutomationTriggered):
                then.append(Ran(row.time, event.automation, event.name, event.trigger))
            if event is None or _is_ours(event, ours):
                ours.add(row.sequence)
                continue
            await simulation.clock.advance((row.time - simulation.clock.now()).total_seconds())
            await _feed(simulation, event)
        await simulation.clock.advance((until - simulation.clock.now()).total_seconds())
        now = [*_runs(simulation)]
    return Outcome(tuple(_pairs(then, now)), counted)


async def on_footage(settings: Settings, events: Sequence[Event], told: Told) -> Outcome:
    """Let automations react to what a recording shows; nothing was then, so all of it is new."""
    random.seed(0)
    if not events:
        return Outcome((), 0)
    simulation = Simulation(settings, events[0].time, sees=True)
    async with simulation:
        simulation.events.clear()
        for event in events:
            told(event.time)
            ahead = (event.time - simulation.clock.now()).total_seconds()
            await simulation.clock.advance(max(ahead, 0.0))
            await simulation.fire(event)
        await simulation.clock.advance(_AFTERWARDS)
        now = [*_runs(simulation)]
    return Outcome(tuple(_pairs([], now)), len(events))


async def _rows(storage: Storage, since: datetime, until: datetime) -> AsyncIterator[StoredRow]:
    last = 0
    while rows := await storage.history(since, until, last, _PAGE):
        for row in rows:
            yield row
        last = rows[-1].sequence


async def _before(storage: Storage, since: datetime, until: datetime) -> list[State]:
    """Return the states at the beginning: what is unchanged since, and what changes were from."""
    first: dict[str, State | None] = {}
    async for row in _rows(storage, since, until):
        if row.type == StateChanged.type:
            event = msgspec.json.decode(row.body, type=StateChanged)
            first.setdefault(event.entity, event.old)
    later = {each.entity: each for each in await storage.states() if each.updated < since}
    return [each for each in ({**later, **first}).values() if each is not None]


def _event(settings: Settings, row: StoredRow) -> Event | None:
    kind = settings.known.events.get(row.type)
    if kind is None:
        return None
    try:
        return msgspec.json.decode(row.body, type=kind)
    except msgspec.MsgspecError:  # of an earlier version of the hub
        return None


def _is_ours(event: Event, ours: set[int]) -> bool:
    if isinstance(event, StateChanged) and event.entity.startswith("automation."):
        return True
    if event.source == "automation" or event.type.startswith(_OURS):
        return True
    return event.cause is not None and event.cause in ours


async def _feed(simulation: Simulation, event: Event) -> None:
    if not isinstance(event, StateChanged):
        await simulation.fire(event)
    elif event.new is None:
        simulation.states.remove(event.entity)
        await settled()
    else:
        simulation.states.set(event.entity, event.new.state, event.new.attributes)
        await settled()


def _runs(simulation: Simulation) -> Iterator[Ran]:
    actions: dict[int | None, list[Called]] = {}
    for each in simulation.actions.calls:
        actions.setdefault(each.cause, []).append(each)
    for event in simulation.events:
        if isinstance(event, AutomationTriggered) and event.automation.startswith("automation."):
            done = tuple(actions.get(event.sequence, ()))
            yield Ran(event.time, event.automation, event.name, event.trigger, done)


def _pairs(then: Sequence[Ran], now: Sequence[Ran]) -> Iterator[Pair]:
    """Put runs side by side, automation by automation, in the order of time."""
    left: dict[str, list[Ran]] = {}
    for each in then:
        if each.automation.startswith("automation."):
            left.setdefault(each.automation, []).append(each)
    found: list[Pair] = []
    for each in now:
        before = left.get(each.automation, [])
        near = [ran for ran in before if abs((ran.time - each.time).total_seconds()) <= _SAME]
        if near:
            before.remove(near[0])
        found.append(Pair(then=near[0] if near else None, now=each))
    found += [Pair(then=ran) for several in left.values() for ran in several]
    yield from sorted(found, key=lambda each: (each.time, str(each.now or each.then)))


def counts(pairs: Sequence[Pair]) -> Mapping[str, Mapping[str, int]]:
    """Return how many runs of each automation are the same, new and gone."""
    found: dict[str, dict[str, int]] = {}
    for each in pairs:
        ran = each.now or each.then
        if ran is not None:
            one = found.setdefault(ran.name, {"same": 0, "new": 0, "gone": 0})
            one[each.kind] += 1
    return found
