"""The one place where the engine waits, so that what it waits for outlasts the hub.

Delays and timeouts run on monotonic time, times of day on the wall clock. What is kept for a
restart has the wall time at which it ends: the time without a hub counts.
"""

import asyncio
from collections.abc import Callable, Iterable
from datetime import datetime

from automations.holding import Held, Keep
from automations.steps import Run
from hub.api import Cancel, Clock

Term = list[float | None]
"""The mark of a wait: the wall time at which it ends (seconds since 1970) and its length."""


async def pause(run: Run, seconds: float, mark: Term | None) -> None:
    """Let a run wait, or go on waiting where the mark of a restart says."""
    left = _begin(run, seconds, mark)
    await run.context.clock.sleep(seconds if left is None else left)


async def wait(
    run: Run, done: "asyncio.Future[None]", limit: float | None, mark: Term | None
) -> float | None:
    """Wait for something to happen; return the seconds left of ``limit`` (0: it never did)."""
    limit = _begin(run, limit, mark)
    clock = run.context.clock
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


def _begin(run: Run, seconds: float | None, mark: Term | None) -> float | None:
    """Mark that a run waits, keep that, and return how long it has to wait from now on."""
    now = run.context.clock.now().timestamp()
    if mark is not None and (end := mark[0]) is not None and seconds is not None:
        run.marks.append(mark)
        run.waits()
        return min(max(end - now, 0.0), seconds)  # also when the clock was set back meanwhile
    run.marks.append([None if seconds is None else now + seconds, seconds])
    if seconds is None or seconds > 0:
        run.waits()
    return seconds


def after(clock: Clock, seconds: float, callback: Callable[[], None]) -> Cancel:
    """Call back after a while."""
    return clock.call_later(seconds, callback)


def at(clock: Clock, when: datetime, callback: Callable[[], None]) -> Cancel:
    """Call back at a time of day."""
    return clock.call_at(when, callback)


class Holds:
    """What has to stay as it is ``for:`` a while, one timer for each entity.

    ``memo`` is what the trigger will need to know when it fires, also after a restart.
    """

    def __init__(self, clock: Clock, keep: Keep | None = None) -> None:
        self._clock = clock
        self._keep = keep
        self._timers: dict[str, Cancel] = {}

    def __contains__(self, name: str) -> bool:
        return name in self._timers

    def start(self, name: str, seconds: float, memo: object, callback: Callable[[], None]) -> None:
        """Begin to wait, instead of what was waited for under this name."""
        self.drop(name)
        if self._keep is not None:
            self._keep.write(name, Held(self._clock.now(), seconds, memo))
        self._wait(name, seconds, callback)

    def taken(self) -> dict[str, Held]:
        """Return what was held when the hub ended, each to be gone on with or dropped."""
        return {} if self._keep is None else self._keep.taken()

    def go_on(self, name: str, held: Held, callback: Callable[[], None]) -> None:
        """Wait for the rest of something that was held when the hub ended."""
        self._wait(name, held.left(self._clock), callback)

    def drop(self, name: str) -> None:
        """Wait no longer: it did not stay so."""
        if cancel := self._timers.pop(name, None):
            cancel()
            self.forget(name)

    def forget(self, name: str) -> None:
        """Do not go on with something that was held when the hub ended: it did not stay so."""
        if self._keep is not None:
            self._keep.drop(name)

    def _wait(self, name: str, seconds: float, callback: Callable[[], None]) -> None:
        def held() -> None:
            del self._timers[name]
            self.forget(name)
            callback()

        self._timers[name] = after(self._clock, seconds, held)

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
