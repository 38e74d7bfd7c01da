"""A component's whole view of the hub, which undoes what was done through it.

Listeners, actions and timers that a component leaves behind would go on calling something
that has stopped; so each is noted here and undone when the context is closed.
"""

import asyncio
from collections.abc import Callable, Coroutine, Mapping
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import Protocol, TypeVar

import msgspec

from hub.api import (
    Actions,
    ActionSpec,
    Answer,
    Bus,
    Cancel,
    Clock,
    Event,
    Handler,
    Journal,
    Known,
    Location,
    Paths,
    Pictures,
    Seen,
    States,
    Subscription,
    Traces,
)
from hub.core.tasks import Tasks
from hub.plugins.hooks import contain

E = TypeVar("E", bound=Event)
T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Hub:
    """The parts that every context is made of; ``known`` is asked anew each time."""

    clock: Clock
    bus: Bus
    states: States
    actions: Actions
    journal: Journal
    pictures: Pictures
    seen: Seen
    traces: Traces
    paths: Paths
    zone: tzinfo
    location: Location | None
    known: Callable[[], Known]
    schema: Callable[[], Mapping[str, object]]


class Ask(Protocol):
    """Finds the running component of a class; raises ``NotReady``."""

    def __call__(self, kind: type[T]) -> T: ...


class Undoing:
    """What is still to be undone when a component stops."""

    def __init__(self, owner: str) -> None:
        self.owner = owner
        self._pending: dict[object, Cancel] = {}

    def note(self, cancel: Cancel) -> Cancel:
        """Remember how to undo something; the answer undoes it now, once."""
        mark = object()
        self._pending[mark] = cancel

        def undo() -> None:
            if self._pending.pop(mark, None) is not None:
                cancel()

        return undo

    def timer(
        self, arm: Callable[[Callable[[], None]], Cancel], callback: Callable[[], None]
    ) -> Cancel:
        """Arm a timer that forgets itself when it rings, and whose failure is logged."""
        mark = object()

        def ring() -> None:
            if self._pending.pop(mark, None) is not None:
                contain(self.owner, "A timer", callback)

        cancel = arm(ring)
        self._pending[mark] = cancel

        def undo() -> None:
            if self._pending.pop(mark, None) is not None:
                cancel()

        return undo

    def all(self) -> None:
        """Undo everything, the latest first."""
        while self._pending:
            _, cancel = self._pending.popitem()
            cancel()


class _Bus:
    def __init__(self, bus: Bus, undoing: Undoing) -> None:
        self._bus = bus
        self._undoing = undoing

    def fire(self, event: Event) -> None:
        if not event.source:
            event = msgspec.structs.replace(event, source=self._undoing.owner)
        self._bus.fire(event)

    def listen(
        self,
        type: type[E],  # noqa: A002 - it is the type
        listener: Callable[[E], None],
        *,
        key: tuple[str, object] | None = None,
    ) -> Cancel:
        return self._undoing.note(self._bus.listen(type, listener, key=key))

    def subscribe(self, *types: type[Event], size: int = 1000) -> Subscription:
        return self._bus.subscribe(*types, size=size)


class _Actions:
    def __init__(self, actions: Actions, undoing: Undoing) -> None:
        self._actions = actions
        self._undoing = undoing

    def register(self, spec: ActionSpec, handler: Handler) -> Cancel:
        return self._undoing.note(self._actions.register(spec, handler))

    async def call(
        self, name: str, data: Mapping[str, object], *, cause: int | None = None
    ) -> Answer:
        return await self._actions.call(name, data, cause=cause)

    def known(self) -> Mapping[str, ActionSpec]:
        return self._actions.known()


class _Clock:
    def __init__(self, clock: Clock, undoing: Undoing) -> None:
        self._clock = clock
        self._undoing = undoing
        self.now = clock.now
        self.monotonic = clock.monotonic
        self.sleep = clock.sleep

    def call_later(self, seconds: float, callback: Callable[[], None]) -> Cancel:
        return self._undoing.timer(lambda ring: self._clock.call_later(seconds, ring), callback)

    def call_at(self, when: datetime, callback: Callable[[], None]) -> Cancel:
        return self._undoing.timer(lambda ring: self._clock.call_at(when, ring), callback)


class ComponentContext:
    """Implements ``hub.api.Context`` for one component, until it is closed."""

    def __init__(self, name: str, plugin: str, hub: Hub, ask: Ask) -> None:
        self._undoing = Undoing(name)
        self._tasks = Tasks(name)
        self._hub = hub
        self._ask = ask
        self.name = name
        self.plugin = plugin
        self.clock: Clock = _Clock(hub.clock, self._undoing)
        self.bus: Bus = _Bus(hub.bus, self._undoing)
        self.actions: Actions = _Actions(hub.actions, self._undoing)
        self.states = hub.states
        self.journal = hub.journal
        self.pictures = hub.pictures
        self.seen = hub.seen
        self.traces = hub.traces
        self.schema = hub.schema
        self.paths = hub.paths
        self.zone = hub.zone
        self.location = hub.location

    @property
    def known(self) -> Known:
        """What the configuration and the plugins offer now."""
        return self._hub.known()

    def spawn(self, work: Coroutine[object, object, None], name: str) -> "asyncio.Task[None]":
        """Run a task until it ends, fails or the component stops."""
        return self._tasks.spawn(work, name)

    def ask(self, kind: type[T]) -> T:
        """Return the running component of this class; raises ``NotReady``."""
        return self._ask(kind)

    async def close(self, limit: float) -> None:
        """Undo registrations and cancel tasks, waiting for them ``limit`` seconds at most."""
        self._undoing.all()
        await self._tasks.stop(limit)
