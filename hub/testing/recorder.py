"""What happened on a test hub, kept so that a test can look at it."""

from collections import deque
from collections.abc import Iterable, Sequence
from typing import TypeVar

import msgspec

from hub.api import Bus, Event

E = TypeVar("E", bound=Event)


class Events:
    """Every event fired so far, in order."""

    def __init__(self, bus: Bus) -> None:
        self.all: list[Event] = []
        bus.listen(Event, self.all.append)

    def of(self, kind: type[E]) -> list[E]:
        """Return the events of a class."""
        return [each for each in self.all if isinstance(each, kind)]

    @property
    def types(self) -> list[str]:
        """The types of the events, in order."""
        return [each.type for each in self.all]

    def clear(self) -> None:
        """Forget what happened so far."""
        self.all.clear()


class MemoryJournal:
    """Implements ``hub.api.Journal`` for as long as a test lasts."""

    def __init__(self, bus: Bus, size: int = 10_000) -> None:
        self._rows: deque[tuple[str, bytes]] = deque(maxlen=size)
        bus.listen(Event, self._keep)

    async def recent(self, *, limit: int = 100, types: Iterable[str] = ()) -> Sequence[bytes]:
        wanted = set(types)
        rows = [body for type_, body in self._rows if not wanted or type_ in wanted]
        return rows[-limit:] if limit else []

    def _keep(self, event: Event) -> None:
        self._rows.append((event.type, msgspec.json.encode(event)))
