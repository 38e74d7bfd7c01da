"""A hub for tests: the real bus, states and actions, with a clock to turn and fakes around."""

import asyncio
import contextlib
import tempfile
from collections.abc import Coroutine, Mapping
from datetime import UTC, datetime, tzinfo
from pathlib import Path
from typing import Any, Self, TypeVar

import voluptuous as vol

from hub.actions import ActionRegistry
from hub.api import (
    ActionCall,
    ActionSpec,
    Answer,
    Component,
    Event,
    Known,
    KnownCamera,
    Paths,
    Service,
)
from hub.api.schema import Schema
from hub.app.seen import RecentlySeen
from hub.bus import EventBus
from hub.core.tasks import Tasks
from hub.journal import TraceStore
from hub.states import StateTable
from hub.testing.clock import START, TestClock, settled
from hub.testing.context import TestContext
from hub.testing.pictures import FakePictures
from hub.testing.recorder import Events, MemoryJournal

T = TypeVar("T")
S = TypeVar("S", bound=Service)


class TestHub:
    """Use it in ``async with``, or in ``with`` and then ``run`` what is asynchronous.

    At the end it stops what it started and fails the test if a listener or a task raised,
    unless it was made ``tolerant``.
    """

    __test__ = False

    def __init__(
        self,
        *,
        cameras: Mapping[str, KnownCamera] | None = None,
        start: datetime = START,
        zone: tzinfo = UTC,
        tolerant: bool = False,
    ) -> None:
        self.clock = TestClock(start)
        self.bus = EventBus(self.clock)
        self.states = StateTable(self.bus, self.clock)
        self.actions = ActionRegistry()
        self.events = Events(self.bus)
        self.journal = MemoryJournal(self.bus)
        self.pictures = FakePictures(Known(cameras=cameras or {}))
        self.seen = RecentlySeen(self.bus)
        self.calls: list[ActionCall] = []
        self._zone = zone
        self._tolerant = tolerant
        self._components: list[Component] = []
        self._contexts: list[TestContext] = []
        self._services: list[Service] = []
        self._folder: tempfile.TemporaryDirectory[str] | None = None
        self._runner: asyncio.Runner | None = None

    @property
    def known(self) -> Known:
        """What the configuration offers; set it before making a context."""
        return self.pictures.known

    @known.setter
    def known(self, known: Known) -> None:
        self.pictures.known = known

    @property
    def paths(self) -> Paths:
        """Folders that are removed when the test ends."""
        if self._folder is None:
            self._folder = tempfile.TemporaryDirectory(prefix="watchpost-test-")
        root = Path(self._folder.name)
        paths = Paths(config=root / "config", data=root / "data", media=root / "media")
        for each in (paths.config, paths.data, paths.media):
            each.mkdir(exist_ok=True)
        return paths

    def context(self, name: str = "test") -> TestContext:
        """Return what a component of that name would receive."""
        made = TestContext(
            name=name,
            clock=self.clock,
            bus=self.bus,
            states=self.states,
            actions=self.actions,
            journal=self.journal,
            pictures=self.pictures,
            seen=self.seen,
            traces=TraceStore(self.paths.data),
            known=self.known,
            paths=self.paths,
            tasks=Tasks(name),
            zone=self._zone,
            location=self.known.location,
            components=self._components,
        )
        self._contexts.append(made)
        return made

    def fire(self, event: Event) -> None:
        """Fire an event."""
        self.bus.fire(event)

    def offer(self, component: Component) -> None:
        """Make a component known to ``context.ask``."""
        self._components.append(component)

    def fake_action(
        self,
        name: str,
        *,
        schema: Schema | None = None,
        answer: Answer = None,
        raises: Exception | None = None,
    ) -> None:
        """Register an action whose calls are kept in ``calls``; without a schema it takes all."""

        async def handler(call: ActionCall) -> Answer:
            self.calls.append(call)
            if raises is not None:
                raise raises
            return answer

        taken: Any = {vol.Extra: object} if schema is None else schema
        self.actions.register(ActionSpec(name=name, description=name, schema=taken), handler)

    async def service(
        self, kind: type[S], options: Mapping[str, object] | None = None, name: str = ""
    ) -> S:
        """Check the options, make a service, start it; it is stopped when the test ends."""
        checked = vol.Schema(dict(kind.SCHEMA))(dict(options or {}))
        service = kind(self.context(name or kind.KEY), checked)
        self._services.append(service)
        await service.start()
        self.offer(service)
        return service

    async def settled(self) -> None:
        """Wait until nothing on the loop has anything left to do right now."""
        await settled()

    def run(self, work: Coroutine[object, object, T]) -> T:
        """Run something asynchronous to its end, on the loop of the ``with``."""
        if self._runner is None:
            raise RuntimeError("run() needs `with TestHub() as hub`")
        return self._runner.run(work)

    def __enter__(self) -> Self:
        self._runner = asyncio.Runner()
        return self

    def __exit__(self, *error: object) -> None:
        if self._runner is not None:
            with self._runner:
                self._runner.run(self.__aexit__(*error))
        self._runner = None

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *error: object) -> None:
        async with contextlib.AsyncExitStack() as stack:
            if self._folder is not None:
                stack.callback(self._folder.cleanup)
            for context in self._contexts:
                stack.push_async_callback(context.tasks.stop)
            for service in self._services:
                stack.push_async_callback(service.stop)
        if error[0] is None and not self._tolerant:
            failed = [
                *self.bus.failures,
                *(each for c in self._contexts for each in c.tasks.failed),
            ]
            assert not failed, f"these raised, see the log: {', '.join(failed)}"
