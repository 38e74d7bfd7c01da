"""The machine's own clock, with timers that follow the wall clock when somebody sets it."""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from typing import Final

from hub.api import Cancel

# A wall clock that is set (NTP after boot, a user) does not wake a timer, so timers for a
# time of day look again at least this often.
_RECHECK: Final = 60.0  # seconds


class SystemClock:
    """Implements ``hub.api.Clock`` on the running event loop."""

    # Called for every event: a partial of a C function costs no Python frame.
    now: Callable[[], datetime] = staticmethod(partial(datetime.now, UTC))

    def monotonic(self) -> float:
        return asyncio.get_running_loop().time()

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds)

    def call_later(self, seconds: float, callback: Callable[[], None]) -> Cancel:
        return asyncio.get_running_loop().call_later(seconds, callback).cancel

    def call_at(self, when: datetime, callback: Callable[[], None]) -> Cancel:
        return _WallTimer(self.now, when, callback).cancel


class _WallTimer:
    """Waits for a time of day in steps, so that a clock set meanwhile is noticed."""

    def __init__(
        self, now: Callable[[], datetime], when: datetime, callback: Callable[[], None]
    ) -> None:
        self._now = now
        self._when = when
        self._callback = callback
        self._loop = asyncio.get_running_loop()
        self._handle = self._loop.call_later(self._step(), self._look)

    def cancel(self) -> None:
        self._handle.cancel()

    def _step(self) -> float:
        return min(max((self._when - self._now()).total_seconds(), 0.0), _RECHECK)

    def _look(self) -> None:
        if self._now() >= self._when:
            self._callback()
        else:
            self._handle = self._loop.call_later(self._step(), self._look)
