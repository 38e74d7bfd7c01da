"""A clock that stands still until a test turns it, so that waiting costs no time."""

import asyncio
import contextlib
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Final

from hub.api import Cancel

START: Final = datetime(2026, 6, 1, 12, 0, tzinfo=UTC)
"""What a test clock shows first."""

# Three steps of 0.1 s shall reach a timer of 0.3 s.
_ROUNDING: Final = 1e-9  # seconds
# A task that is always ready again would otherwise hang the test.
_PATIENCE: Final = 10_000  # rounds of the event loop


async def settled() -> None:
    """Wait until no task and no callback on this loop has anything left to do right now."""
    loop = asyncio.get_running_loop()
    for _ in range(_PATIENCE):
        await asyncio.sleep(0)
        if not getattr(loop, "_ready", ()):  # asyncio has no public way to ask
            return
    raise AssertionError("the event loop does not come to rest: some task never waits")


class _Timer:
    """Something to be called; ``due`` is on the clock's own monotonic scale or a wall time."""

    def __init__(self, due: float | datetime, order: int, callback: Callable[[], None]) -> None:
        self.due = due
        self.order = order
        self.callback = callback


class TestClock:
    """Implements ``hub.api.Clock``; only ``advance`` and ``set`` move it."""

    __test__ = False

    def __init__(self, start: datetime = START) -> None:
        self._wall = start
        self._monotonic = 1000.0
        self._timers: list[_Timer] = []
        self._order = count().__next__

    def now(self) -> datetime:
        return self._wall

    def monotonic(self) -> float:
        return self._monotonic

    async def sleep(self, seconds: float) -> None:
        woken = asyncio.Event()
        cancel = self.call_later(seconds, woken.set)
        try:
            await woken.wait()
        finally:
            cancel()

    def call_later(self, seconds: float, callback: Callable[[], None]) -> Cancel:
        return self._add(self._monotonic + max(seconds, 0.0), callback)

    def call_at(self, when: datetime, callback: Callable[[], None]) -> Cancel:
        return self._add(when, callback)

    @property
    def waiting(self) -> int:
        """How many timers are set."""
        return len(self._timers)

    async def advance(self, seconds: float = 0, *, minutes: float = 0, hours: float = 0) -> None:
        """Let time pass: timers go off in order, and what they set off is done in between."""
        end = self._monotonic + seconds + 60 * minutes + 3600 * hours
        await settled()
        while (timer := self._next(end - self._monotonic + _ROUNDING)) is not None:
            self._pass(self._wait(timer))
            self._timers.remove(timer)
            timer.callback()
            await settled()
        self._pass(end - self._monotonic)
        await settled()

    async def set(self, wall: datetime) -> None:
        """Set the wall clock, as a user or NTP would; the monotonic one does not notice."""
        self._wall = wall
        await self.advance()

    def _add(self, due: float | datetime, callback: Callable[[], None]) -> Cancel:
        timer = _Timer(due, self._order(), callback)
        self._timers.append(timer)

        def cancel() -> None:
            with contextlib.suppress(ValueError):  # gone off or cancelled already
                self._timers.remove(timer)

        return cancel

    def _wait(self, timer: _Timer) -> float:
        if isinstance(timer.due, datetime):
            return (timer.due - self._wall).total_seconds()
        return timer.due - self._monotonic

    def _next(self, within: float) -> _Timer | None:
        due = [each for each in self._timers if self._wait(each) <= within]
        return min(due, key=lambda each: (self._wait(each), each.order), default=None)

    def _pass(self, seconds: float) -> None:
        self._wall += timedelta(seconds=max(seconds, 0.0))
        self._monotonic += max(seconds, 0.0)
