"""The one road for facts: whoever fires an event need not know who listens.

Listeners are plain functions, called on the loop's thread and always in the order of
sequence numbers: an event fired inside a listener waits until the present one was given
to everybody, then goes out before the outermost ``fire`` returns.
"""

import asyncio
import logging
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from itertools import count
from operator import attrgetter
from typing import Any, Self, TypeVar

from msgspec.structs import force_setattr, replace

from hub.api import Cancel, Clock, Event, Invalid, did_you_mean

_log = logging.getLogger("hub.bus")

E = TypeVar("E", bound=Event)


class _Registration:
    """One listener; its place in a tuple may outlive it, its call does not."""

    __slots__ = ("call", "name")

    def __init__(self, call: Callable[[Any], None]) -> None:
        self.call = call
        inner = call.func if isinstance(call, partial) else call
        name = getattr(inner, "__qualname__", type(inner).__qualname__)
        self.name = f"{getattr(inner, '__module__', '?')}.{name}"


_Group = tuple[_Registration, ...]
_Tables = dict[str, dict[object, _Group]]
_Route = tuple[_Group, tuple[tuple[Callable[[Event], object], dict[object, _Group]], ...]]


class EventBus:
    """Implements ``hub.api.Bus``; ``first`` is the sequence number of the next event."""

    def __init__(self, clock: Clock, first: int = 1) -> None:
        self._number = count(first).__next__
        self._now = clock.now
        self._plain: dict[type[Event], _Group] = {}
        self._keyed: dict[type[Event], _Tables] = {}
        self._routes: dict[type[Event], _Route] = {}
        self._waiting: deque[Event] = deque()
        self._busy = False
        self._failures: dict[str, int] = {}

    def hold(self) -> None:
        """Keep what is fired until ``resume``; before it is known where numbering goes on."""
        self._busy = True

    def resume(self, first: int) -> None:
        """Go on counting from ``first``, and hand out what was held."""
        self._number = count(first).__next__
        held, self._waiting = self._waiting, deque()
        self._busy = False
        numbers: dict[int, int] = {}  # what some of them name as their cause, and what it is now
        for event in held:
            before = event.sequence
            force_setattr(event, "sequence", 0)  # nobody has seen the number it was kept with
            if event.cause in numbers:
                force_setattr(event, "cause", numbers[event.cause])
            self.fire(event)
            numbers[before] = event.sequence

    @contextmanager
    def together(self) -> Iterator[None]:
        """Hand out what is fired in a block at its end: who hears of it finds all of it done."""
        if self._busy:  # whoever hands out now goes on with what is fired here
            yield
            return
        self._busy = True
        try:
            yield
            while self._waiting:
                self._hand_out(self._waiting.popleft())
        finally:
            self._busy = False

    @property
    def failures(self) -> Mapping[str, int]:
        """How often each listener raised, by its name; only those that did."""
        return self._failures

    def fire(self, event: Event) -> None:
        """Stamp the event and hand it to every listener; one of another event waits its turn."""
        if event.sequence:  # fired before, and whoever keeps it relies on its stamp
            event = replace(event)
        # Looked up before they are called: Python 3.11 is slow at calling what an instance holds.
        number, now = self._number, self._now
        force_setattr(event, "sequence", number())
        force_setattr(event, "time", now())
        if self._busy:
            self._waiting.append(event)
            return
        self._busy = True
        try:
            self._hand_out(event)
            while self._waiting:
                self._hand_out(self._waiting.popleft())
        finally:
            self._busy = False

    def listen(
        self,
        type: type[E],  # noqa: A002 - it is the type
        listener: Callable[[E], None],
        *,
        key: tuple[str, object] | None = None,
    ) -> Cancel:
        added = _Registration(listener)
        if key is None:
            return self._add(self._plain, type, added)
        field, value = key
        if field not in type.KEYS:
            hint = did_you_mean(field, type.KEYS)
            raise Invalid(f"{type.type} cannot be listened to by '{field}'. {hint}".rstrip())
        tables = self._keyed.setdefault(type, {})
        if field not in tables:
            tables[field] = {}
            self._routes.clear()
        return self._add(tables[field], value, added)

    def subscribe(self, *types: type[Event], size: int = 1000) -> "EventQueue":
        return EventQueue(self, types or (Event,), size)

    def _hand_out(self, event: Event) -> None:
        try:
            group, keyed = self._routes[type(event)]
        except KeyError:
            group, keyed = self._find_route(type(event))
        for value_of, table in keyed:
            group += table.get(value_of(event), ())
        for each in group:
            call = each.call
            try:
                call(event)
            except (Exception, asyncio.CancelledError) as error:  # noqa: BLE001 - plugins' code
                self._failed(each, event, error)

    def _find_route(self, of: type[Event]) -> _Route:
        group: _Group = ()
        keyed: list[tuple[Callable[[Event], object], dict[object, _Group]]] = []
        for each in of.__mro__:
            group += self._plain.get(each, ())
            tables = self._keyed.get(each, {})
            keyed += [(attrgetter(field), table) for field, table in tables.items()]
        self._routes[of] = route = (group, tuple(keyed))
        return route

    def _add(self, table: dict[Any, _Group], at: object, added: _Registration) -> Cancel:
        table[at] = (*table.get(at, ()), added)
        if table is self._plain:
            self._routes.clear()
        return partial(self._remove, table, at, added)

    def _remove(self, table: dict[Any, _Group], at: object, gone: _Registration) -> None:
        group = table.get(at, ())
        if gone not in group:
            return
        gone.call = _nobody  # also when the present event is on its way to it
        place = group.index(gone)
        table[at] = group[:place] + group[place + 1 :]
        if not table[at]:
            del table[at]
        if table is self._plain:
            self._routes.clear()

    def _failed(self, listener: _Registration, event: Event, error: BaseException) -> None:
        times = self._failures[listener.name] = self._failures.get(listener.name, 0) + 1
        if times == 1:
            _log.error("%s raised for %s", listener.name, event.type, exc_info=error)


class EventQueue:
    """Implements ``hub.api.Subscription``: what one reader has not taken yet, oldest dropped."""

    def __init__(self, bus: EventBus, types: tuple[type[Event], ...], size: int) -> None:
        self._bus = bus
        # A class beside its own subclass would bring the subclass's events twice.
        self._types = [
            each
            for each in dict.fromkeys(types)
            if not any(each is not other and issubclass(each, other) for other in types)
        ]
        self._events: deque[Event] = deque(maxlen=size)
        self._dropped = 0
        self._more = asyncio.Event()
        self._cancels: list[Cancel] = []

    @property
    def dropped(self) -> int:
        return self._dropped

    def __enter__(self) -> Self:
        self._cancels = [self._bus.listen(each, self._take) for each in self._types]
        return self

    def __exit__(self, *error: object) -> None:
        for cancel in self._cancels:
            cancel()
        self._cancels = []
        self._more.set()

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> Event:
        while not self._events:
            if not self._cancels:
                raise StopAsyncIteration
            self._more.clear()
            await self._more.wait()
        return self._events.popleft()

    def _take(self, event: Event) -> None:
        self._dropped += len(self._events) == self._events.maxlen
        self._events.append(event)
        self._more.set()


def _nobody(event: Event) -> None:
    """Stand in for a listener that was cancelled."""
