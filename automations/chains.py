"""Stops automations that trigger each other without end.

An event names what caused it, so a chain of runs can be followed back. Only quick links count:
an automation that waits a while and then starts itself again is a timer, not a mistake.
"""

import asyncio
from collections import OrderedDict
from datetime import datetime
from typing import Final

from msgspec import Struct

from hub.api import AutomationTriggered, Event, Invalid

# Longer chains than this on purpose have not been seen; each link is a few events.
DEEPEST: Final = 20  # runs
_QUICK: Final = 1.0  # seconds between one run's beginning and the next one's
_KEPT: Final = 4096  # runs that can still be somebody's cause
# Without causes to follow (a plugin that leaves them out), this many runs of one automation
# before the event loop gets a turn means that it never will.
_BURST: Final = 1000  # runs
_SHOWN: Final = 4  # names


class Link(Struct, frozen=True):
    """One run in a chain: how many quick links led to it, and from where."""

    depth: int
    name: str
    parent: "Link | None"
    time: datetime
    run: str
    trigger: str


class Chains:
    """Knows which run led to which."""

    def __init__(self) -> None:
        self._links: OrderedDict[int, Link] = OrderedDict()
        self._bursts: dict[str, int] = {}

    def follow(self, name: str, event: Event | None) -> Link | None:
        """Return the run that led to an event; raises ``Invalid`` when the chain is too long."""
        self._count(name)
        if event is None or (parent := self._parent(event)) is None:
            return None
        return self._linked(name, parent, event.time)

    def called(self, name: str, cause: int | None, now: datetime) -> Link | None:
        """Return the run that called this one; raises ``Invalid`` when the chain is too long."""
        self._count(name)
        parent = None if cause is None else self._links.get(cause)
        return None if parent is None else self._linked(name, parent, now)

    @staticmethod
    def _linked(name: str, parent: Link, now: datetime) -> Link | None:
        if (now - parent.time).total_seconds() > _QUICK:
            return None
        if parent.depth + 1 >= DEEPEST:
            shown = _shown(parent, name)
            raise Invalid(f"not run: automations trigger each other without end ({shown})")
        return parent

    def led_to(self, event: Event | None) -> Link | None:
        """Return the run that led to an event, quick or not."""
        return None if event is None else self._parent(event)

    def add(self, event: AutomationTriggered, parent: Link | None) -> None:
        """Note that what this run causes continues the chain."""
        depth = 0 if parent is None else parent.depth + 1
        link = Link(depth, event.name, parent, event.time, event.run, event.trigger)
        self._links[event.sequence] = link
        if len(self._links) > _KEPT:
            self._links.popitem(last=False)

    def _parent(self, event: Event) -> Link | None:
        if event.cause is not None and (link := self._links.get(event.cause)):
            return link
        return self._links.get(event.sequence)

    def _count(self, name: str) -> None:
        if not self._bursts:
            asyncio.get_running_loop().call_soon(self._bursts.clear)
        burst = self._bursts[name] = self._bursts.get(name, 0) + 1
        if burst > _BURST:
            raise Invalid(f"not run: it was triggered {_BURST} times at once")


def told(link: Link | None) -> tuple[str, ...]:
    """Say a chain of runs in words, the latest first."""
    said: list[str] = []
    while link is not None and len(said) < DEEPEST:
        said.append(f"{link.name}: {link.trigger} (run {link.run})")
        link = link.parent
    return tuple(said)


def _shown(link: Link, name: str) -> str:
    names = [name]
    at: Link | None = link
    while at is not None and len(names) < _SHOWN:
        names.append(at.name)
        at = at.parent
    return " -> ".join([*(["..."] if at is not None else []), *reversed(names)])
