"""Who wants to hear which topics; one subscription at the broker serves all who want the same."""

import asyncio
import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from hashlib import blake2b
from itertools import count
from typing import Final

from hub.api import Cancel
from integrations.mqtt.topics import is_pattern, matches

_log = logging.getLogger(__name__)

# A message that automations react to is short; this much would only fill the memory.
LARGEST: Final = 1024 * 1024  # bytes
# How many topics of one filter are remembered to know a repeated retained message.
_REMEMBERED: Final = 10_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Received:
    """A message from the broker; ``retain`` says that it was kept there from before.

    ``numbers`` are those of the filters for which it was sent, where the broker tells: one
    that does may send a message once for each filter.
    """

    topic: str
    payload: bytes
    qos: int
    retain: bool
    numbers: frozenset[int] = frozenset()


Listener = Callable[[Received], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """How to subscribe to a filter: its number here, and the quality of service."""

    number: int
    qos: int


class _Filter:
    """One filter, and what came for it last."""

    def __init__(self, word: str, number: int) -> None:
        self.levels = word.split("/")
        self.number = number
        self.listeners: dict[object, tuple[int, Listener]] = {}
        self._last: dict[tuple[str, bool], bytes] = {}

    @property
    def wanted(self) -> Wanted:
        return Wanted(number=self.number, qos=max(qos for qos, _ in self.listeners.values()))

    def is_repeated(self, message: Received) -> bool:
        """Tell whether the broker only sent again, after a reconnect, what it had kept."""
        mark = blake2b(message.payload, digest_size=16).digest()
        known = {self._last.get((message.topic, kept)) for kept in (True, False)}
        if len(self._last) < _REMEMBERED:
            self._last[message.topic, message.retain] = mark
        return message.retain and mark in known


class Subscriptions:
    """Every filter that is wanted; ``changed`` is set when there is another or one less."""

    def __init__(self) -> None:
        self._filters: dict[str, _Filter] = {}
        self._patterns: dict[str, _Filter] = {}
        self._too_large: set[str] = set()
        self._next = count(1).__next__
        self.changed = asyncio.Event()

    def add(self, word: str, qos: int, listener: Listener) -> Cancel:
        """Want a filter; the listener is called soon after each of its messages came."""
        wanted = self._filters.get(word)
        if wanted is None:
            wanted = self._filters[word] = _Filter(word, self._next())
            if is_pattern(word):
                self._patterns[word] = wanted
        token = object()
        wanted.listeners[token] = qos, listener
        self.changed.set()
        return partial(self._remove, word, token)

    def wanted(self) -> dict[str, Wanted]:
        """Return every filter and how to ask for it."""
        return {word: each.wanted for word, each in self._filters.items()}

    def deliver(self, message: Received) -> None:
        """Hand a message to everybody who wants it."""
        if len(message.payload) > LARGEST:
            self._refuse(message)
            return
        loop = asyncio.get_running_loop()
        for each in self._matching(message.topic):
            if message.numbers and each.number not in message.numbers:
                continue
            if each.is_repeated(message):
                continue
            for _, listener in tuple(each.listeners.values()):
                loop.call_soon(listener, message)  # one that raises stops nothing else

    def _matching(self, topic: str) -> Iterator[_Filter]:
        if (exact := self._filters.get(topic)) is not None:
            yield exact
        levels = topic.split("/")
        yield from (each for each in self._patterns.values() if matches(each.levels, levels))

    def _refuse(self, message: Received) -> None:
        if message.topic not in self._too_large and len(self._too_large) < _REMEMBERED:
            self._too_large.add(message.topic)
            _log.warning(
                "A message of %d bytes on %s was dropped: at most %d are taken",
                len(message.payload), message.topic, LARGEST,
            )  # fmt: skip

    def _remove(self, word: str, token: object) -> None:
        wanted = self._filters.get(word)
        if wanted is None or wanted.listeners.pop(token, None) is None:
            return
        if not wanted.listeners:
            del self._filters[word]
            self._patterns.pop(word, None)
        self.changed.set()
