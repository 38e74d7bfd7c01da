import asyncio
from datetime import UTC, datetime, timedelta
from unittest.mock import patch

from hub.core.clock import SystemClock


def test_it_shows_the_time_in_utc() -> None:
    now = SystemClock().now()
    assert now.tzinfo is UTC
    assert abs(now - datetime.now(UTC)) < timedelta(seconds=5)


def test_timers_go_off_and_can_be_cancelled_twice() -> None:
    async def scene() -> None:
        clock = SystemClock()
        done: list[str] = []
        began = clock.monotonic()
        clock.call_later(0.02, lambda: done.append("later"))
        clock.call_at(clock.now() + timedelta(seconds=0.04), lambda: done.append("at"))
        clock.call_at(clock.now() - timedelta(days=1), lambda: done.append("past"))
        never = [
            clock.call_later(0.03, lambda: done.append("never")),
            clock.call_at(clock.now() + timedelta(seconds=0.03), lambda: done.append("never")),
        ]
        for cancel in (*never, *never):
            cancel()
        await clock.sleep(0.1)
        assert done == ["past", "later", "at"]
        assert clock.monotonic() - began >= 0.1

    asyncio.run(scene())


class _SetClock(SystemClock):
    """The system's clock, on a machine whose time somebody sets."""

    def __init__(self) -> None:
        self.ahead = timedelta()
        self.now = lambda: datetime.now(UTC) + self.ahead


def test_a_time_of_day_comes_soon_after_the_clock_is_set_forward() -> None:
    async def scene() -> None:
        clock = _SetClock()
        done: list[str] = []
        with patch("hub.core.clock._RECHECK", 0.05):
            clock.call_at(clock.now() + timedelta(hours=1), lambda: done.append("at"))
            await asyncio.sleep(0.1)
            assert done == []
            clock.ahead = timedelta(hours=2)
            await asyncio.sleep(0.1)
            assert done == ["at"]

    asyncio.run(scene())


def test_a_time_of_day_is_not_early_when_the_clock_is_set_back() -> None:
    async def scene() -> None:
        clock = _SetClock()
        done: list[str] = []
        cancel = clock.call_at(clock.now() + timedelta(seconds=0.05), lambda: done.append("at"))
        clock.ahead = timedelta(hours=-1)
        await asyncio.sleep(0.15)
        assert done == []
        cancel()

    asyncio.run(scene())
