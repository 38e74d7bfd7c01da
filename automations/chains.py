"""Stops automations that trigger each other without end.

An event names what caused it, so a chain of runs can be followed back. Only quick links count:
an automation that waits a while and then starts itself again is a timer, not a mistake.
"""

import asyncio
from collections import OrderedDict
from dataclasses import dataclass
from typing import Final

from hub.api import Clock, Event, Invalid

# Longer chains than this on purpose have not been seen; each link is a few events.
DEEPEST: Final = 20  # runs
_QUICK: Final = 1.0  # seconds between one run's beginning and the next one's
_KEPT: Final = 4096  # runs that can still be somebody's cause
# Without causes to follow (a plugin that leaves them out), this many runs of one automation
# before the event loop gets a turn means that it never will.
_BURST: Final = 1000  # runs
_SHOWN: Final = 4  # names


@dataclass(frozen=True, slots=True)
class _Link:
    depth: int
    time: float
    name: str
    parent: "_Link | None"


class Chains:
    """Knows which run led to which."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._links: OrderedDict[int, _Link] = OrderedDict()
        self._bursts: dict[str, int] = {}

    def follow(self, name: str, event: Event | None) -> _Link:
        """Return the next link of a chain; raises ``Invalid`` when it has become too long."""
        self._count(name)
        parent = self._parent(event)
        now = self._clock.monotonic()
        if parent is None or now - parent.time > _QUICK:
            return _Link(0, now, name, None)
        link = _Link(parent.depth + 1, now, name, parent)
        if link.depth >= DEEPEST:
            raise Invalid(f"not run: automations trigger each other without end ({_shown(link)})")
        return link

    def add(self, sequence: int, link: _Link) -> None:
        """Note that what this event causes continues the chain."""
        self._links[sequence] = link
        if len(self._links) > _KEPT:
            self._links.popitem(last=False)

    def _parent(self, event: Event | None) -> _Link | None:
        if event is None:
            return None
        if event.cause is not None and (link := self._links.get(event.cause)):
            return link
        return self._links.get(event.sequence)

    def _count(self, name: str) -> None:
        if not self._bursts:
            asyncio.get_running_loop().call_soon(self._bursts.clear)
        burst = self._bursts[name] = self._bursts.get(name, 0) + 1
        if burst > _BURST:
            raise Invalid(f"not run: it was triggered {_BURST} times at once")


def _shown(link: _Link) -> str:
    names: list[str] = []
    at: _Link | None = link
    while at is not None and len(names) < _SHOWN:
        names.append(at.name)
        at = at.parent
    return " -> ".join([*(["..."] if at is not None else []), *reversed(names)])
