"""The one place where the engine waits, so that what it waits for can be made durable here.

Delays and timeouts run on monotonic time, times of day on the wall clock.
"""

import asyncio
from collections.abc import Callable, Iterable
from datetime import datetime

from hub.api import Cancel, Clock


async def pause(clock: Clock, seconds: float) -> None:
    """Let a run wait."""
    await clock.sleep(seconds)


async def wait(clock: Clock, done: "asyncio.Future[None]", limit: float | None) -> float | None:
    """Wait for something to happen; return the seconds left of ``limit`` (0: it never did)."""
    if limit is None:
        await done
        return None
    end = clock.monotonic() + limit

    def give_up() -> None:
        if not done.done():
            done.set_result(None)

    cancel = clock.call_later(limit, give_up)
    try:
        await done
    finally:
        cancel()
    return max(end - clock.monotonic(), 0.0)


def after(clock: Clock, seconds: float, callback: Callable[[], None]) -> Cancel:
    """Call back after a while."""
    return clock.call_later(seconds, callback)


def at(clock: Clock, when: datetime, callback: Callable[[], None]) -> Cancel:
    """Call back at a time of day."""
    return clock.call_at(when, callback)


class Holds:
    """What has to stay as it is ``for:`` a while, one timer for each entity."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._timers: dict[str, Cancel] = {}

    def __contains__(self, name: str) -> bool:
        return name in self._timers

    def start(self, name: str, seconds: float, callback: Callable[[], None]) -> None:
        """Begin to wait, instead of what was waited for under this name."""
        self.drop(name)

        def held() -> None:
            self._timers.pop(name, None)
            callback()

        self._timers[name] = after(self._clock, seconds, held)

    def drop(self, name: str) -> None:
        """Wait no longer: it did not stay so."""
        if cancel := self._timers.pop(name, None):
            cancel()

    def close(self) -> None:
        """Stop waiting for all of them."""
        for name in list(self._timers):
            self.drop(name)


def together(cancels: Iterable[Cancel]) -> Cancel:
    """Return what undoes several things at once."""
    kept = list(cancels)

    def cancel() -> None:
        while kept:
            kept.pop()()

    return cancel
