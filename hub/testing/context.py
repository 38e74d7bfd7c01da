"""The view of a test hub that the component under test receives."""

import asyncio
from collections.abc import Coroutine, Mapping
from dataclasses import dataclass, field
from datetime import UTC, tzinfo
from typing import TypeVar

from hub.api import (
    Actions,
    Bus,
    Clock,
    Component,
    Journal,
    Known,
    Location,
    NotReady,
    Paths,
    Pictures,
    Seen,
    States,
    Traces,
)
from hub.app import schemas
from hub.app.catalogue import catalogue
from hub.core.tasks import Tasks
from hub.plugins import Registry

T = TypeVar("T")


@dataclass(kw_only=True)
class TestContext:
    """Implements ``hub.api.Context`` over a test hub's parts."""

    __test__ = False

    name: str
    clock: Clock
    bus: Bus
    states: States
    actions: Actions
    journal: Journal
    pictures: Pictures
    seen: Seen
    traces: Traces
    known: Known
    paths: Paths
    tasks: Tasks
    zone: tzinfo = UTC
    location: Location | None = None
    components: list[Component] = field(default_factory=list)

    def spawn(self, work: Coroutine[object, object, None], name: str) -> "asyncio.Task[None]":
        return self.tasks.spawn(work, name)

    def schema(self) -> Mapping[str, object]:
        return schemas.whole(catalogue(Registry.discover()), self.known)

    def ask(self, kind: type[T]) -> T:
        for each in self.components:
            if isinstance(each, kind):
                return each
        raise NotReady(f"no {kind.__name__} is running")
