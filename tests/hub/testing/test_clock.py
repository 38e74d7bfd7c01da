import asyncio
from datetime import timedelta

import pytest

from hub.testing import START, TestClock
from hub.testing.clock import settled


def test_timers_go_off_in_order_and_at_their_own_time() -> None:
    async def scene() -> None:
        clock = TestClock()
        done: list[tuple[str, float]] = []

        def note(name: str) -> None:
            done.append((name, (clock.now() - START).total_seconds()))

        clock.call_later(5, lambda: note("later"))
        clock.call_at(START + timedelta(seconds=3), lambda: note("at"))
        clock.call_later(5, lambda: note("later too"))
        clock.call_later(60, lambda: note("not yet"))
        await clock.advance(10)
        assert done == [("at", 3), ("later", 5), ("later too", 5)]
        assert clock.waiting == 1

    asyncio.run(scene())


def test_what_a_timer_sets_off_is_done_before_the_next_one() -> None:
    async def scene() -> None:
        clock = TestClock()
        done: list[float] = []

        async def walk() -> None:
            for _ in range(5):
                await clock.sleep(2)
                done.append((clock.now() - START).total_seconds())

        task = asyncio.ensure_future(walk())
        await clock.advance(minutes=1)
        assert done == [2, 4, 6, 8, 10]
        await task

    asyncio.run(scene())


def test_many_small_steps_reach_the_same_timer() -> None:
    async def scene() -> None:
        clock = TestClock()
        done: list[int] = []
        clock.call_later(0.3, lambda: done.append(1))
        for _ in range(3):
            await clock.advance(0.1)
        assert done == [1]

    asyncio.run(scene())


def test_cancelling_works_before_after_and_twice() -> None:
    async def scene() -> None:
        clock = TestClock()
        done: list[int] = []
        cancel = clock.call_later(1, lambda: done.append(1))
        other = clock.call_at(START, lambda: done.append(2))
        cancel()
        cancel()
        await clock.advance(2)
        other()
        assert done == [2]

    asyncio.run(scene())


def test_setting_the_wall_clock_reaches_times_of_day_and_not_spans() -> None:
    async def scene() -> None:
        clock = TestClock()
        done: list[str] = []
        clock.call_at(START + timedelta(hours=1), lambda: done.append("at"))
        clock.call_later(3600, lambda: done.append("later"))
        before = clock.monotonic()
        await clock.set(START + timedelta(hours=2))
        assert done == ["at"]
        assert clock.monotonic() == before
        await clock.set(START)
        await clock.advance(hours=1)
        assert done == ["at", "later"]

    asyncio.run(scene())


def test_a_task_that_never_waits_fails_the_test_instead_of_hanging_it() -> None:
    async def spin() -> None:
        while True:  # noqa: ASYNC110 - that is what is wrong with it
            await asyncio.sleep(0)

    async def scene() -> None:
        task = asyncio.ensure_future(spin())
        with pytest.raises(AssertionError, match="does not come to rest"):
            await settled()
        task.cancel()

    asyncio.run(scene())
