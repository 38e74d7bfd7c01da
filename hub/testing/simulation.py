"""A hub in which time is turned by hand: real automations, scripts and helpers, recorded actions.

Everything else that a configuration asks for is not started: what it would do is written down.
"""

import tempfile
from collections.abc import Mapping, Sequence
from contextlib import AsyncExitStack
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Self

from msgspec import Struct

from hub.actions import ActionRegistry
from hub.api import ActionCall, ActionSpec, Answer, Clock, Event, HubStarted, Paths, Service, Trace
from hub.api.vision import VisionEvent
from hub.app.bare import NoJournal, NoPictures
from hub.app.counters import Counters
from hub.app.entities import CameraEntities
from hub.app.seen import RecentlySeen
from hub.bus import EventBus
from hub.journal import TraceStore
from hub.plugins import Hub as Parts
from hub.plugins import Lifecycle
from hub.settings import ComponentSettings, Settings
from hub.states import StateTable
from hub.testing.clock import TestClock, settled

# As the hub starts them: those that call others come last.
_LAST = ("scene", "script", "automation")


class Called(Struct, frozen=True):
    """An action that was called, and when."""

    time: datetime
    name: str
    data: Mapping[str, object]
    cause: int | None = None


class _Recording(ActionRegistry):
    """Writes down every call, whoever answers it."""

    def __init__(self, clock: Clock) -> None:
        super().__init__()
        self._clock = clock
        self.calls: list[Called] = []

    async def call(
        self, name: str, data: Mapping[str, object], *, cause: int | None = None
    ) -> Answer:
        self.calls.append(Called(self._clock.now(), name, dict(data), cause))
        return await super().call(name, data, cause=cause)


class Simulation:
    """Use it in ``async with``; ``answers`` are what recorded actions answer, by name.

    With ``sees`` the cameras' entities follow what is fired, as if they saw it.
    """

    def __init__(
        self,
        settings: Settings,
        start: datetime,
        answers: Mapping[str, Answer] | None = None,
        *,
        sees: bool = False,
    ) -> None:
        self._settings = settings
        self._answers = answers or {}
        self._stack = AsyncExitStack()
        self._lifecycle: Lifecycle | None = None
        self.clock = TestClock(start)
        self.bus = EventBus(self.clock)
        self.states = StateTable(self.bus, self.clock)
        self.actions = _Recording(self.clock)
        self._sees = sees
        cameras, zone = settings.cameras, settings.hub.zone
        self._counters = Counters(cameras, self.states, self.clock, zone)
        self._entities = CameraEntities(cameras, self.bus, self.states, self._counters)
        self.events: list[Event] = []
        self.bus.listen(Event, self.events.append)

    async def __aenter__(self) -> Self:
        folder = Path(self._stack.enter_context(tempfile.TemporaryDirectory(prefix="watchpost-")))
        self._traces = TraceStore(folder)
        self._lifecycle = Lifecycle(self._parts(folder))
        parts = self._simulated()
        ours = {spec.name for each in parts for spec in _actions(each)}
        for name, spec in self._settings.known.actions.items():
            if name not in ours:
                self.actions.register(spec, self._record)
        if self._sees:
            self._begin_to_see()
        await self._lifecycle.apply(parts)
        self.bus.fire(HubStarted(source="hub"))
        await settled()
        self.actions.calls.clear()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self._end()
        await self._stack.aclose()

    async def fire(self, event: Event) -> None:
        """Let an event happen, and all that follows at once."""
        if self._sees and isinstance(event, VisionEvent):
            self._entities.happened(event)
        else:
            self.bus.fire(event)
        await settled()

    async def set(self, entity: str, state: str, attributes: Mapping[str, object]) -> None:
        """Let an entity change; attributes that are not named stay."""
        before = self.states.get(entity)
        kept = {} if before is None else before.attributes
        self.states.set(entity, state, {**kept, **attributes})
        await settled()

    async def call(self, name: str, data: Mapping[str, object]) -> None:
        """Call an action."""
        await self.actions.call(name, data)
        await settled()

    async def traces(self) -> Sequence[Trace]:
        """Return the traces of all that ran or nearly did; nothing runs afterwards."""
        await self._end()
        return await self._traces.newest(limit=1000)

    def _begin_to_see(self) -> None:
        self._entities.begin()
        self._entities.vision_started()
        for name in self._settings.cameras:
            self._entities.occupancy(name, {}, ())

    async def _end(self) -> None:
        self._counters.stop()
        lifecycle, self._lifecycle = self._lifecycle, None
        if lifecycle is not None:
            await lifecycle.stop()

    async def _record(self, call: ActionCall) -> Answer:
        return self._answers.get(call.name)

    def _simulated(self) -> list[ComponentSettings]:
        services = [each for each in self._settings.services.values() if _simulates(each)]
        return sorted(services, key=lambda each: each.name in _LAST and _LAST.index(each.name) + 1)

    def _parts(self, folder: Path) -> Parts:
        settings = self._settings
        return Parts(
            clock=self.clock,
            bus=self.bus,
            states=self.states,
            actions=self.actions,
            journal=NoJournal(),
            pictures=NoPictures(),
            seen=RecentlySeen(self.bus),
            traces=self._traces,
            paths=Paths(config=settings.folder, data=folder, media=folder / "media"),
            zone=settings.hub.zone,
            location=settings.hub.location,
            known=lambda: settings.known,
            schema=dict,
        )


def _simulates(part: ComponentSettings) -> bool:
    return issubclass(part.component, Service) and part.component.SIMULATES


def _actions(part: ComponentSettings) -> Sequence[ActionSpec]:
    return [*part.component.actions(part.options)] if issubclass(part.component, Service) else []
