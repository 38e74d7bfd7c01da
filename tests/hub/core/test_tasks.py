import asyncio
import logging

import pytest

from hub.core.tasks import Tasks


async def _fail() -> None:
    raise ValueError("the tap is dry")


def test_a_failing_task_is_logged_with_its_owner_and_name(caplog: pytest.LogCaptureFixture) -> None:
    async def scene() -> None:
        tasks = Tasks("garden")
        await asyncio.wait([tasks.spawn(_fail(), "water the plants")])
        await asyncio.sleep(0)
        assert list(tasks.failed) == ["garden: water the plants"]
        await tasks.stop()

    asyncio.run(scene())
    assert "The task garden: water the plants failed" in caplog.text
    assert "the tap is dry" in caplog.text


def test_stopping_cancels_what_runs_and_refuses_what_comes(
    caplog: pytest.LogCaptureFixture,
) -> None:
    async def scene() -> None:
        tasks = Tasks("garden")
        task = tasks.spawn(asyncio.sleep(3600), "sleep")
        await tasks.stop()
        assert task.cancelled()
        with pytest.raises(RuntimeError, match="garden has stopped"):
            tasks.spawn(asyncio.sleep(1), "again")

    asyncio.run(scene())
    assert caplog.records == []


def test_a_task_that_will_not_end_is_named_and_not_waited_for(
    caplog: pytest.LogCaptureFixture,
) -> None:
    async def stubborn(let_go: asyncio.Event) -> None:
        while not let_go.is_set():
            try:
                await let_go.wait()
            except asyncio.CancelledError:
                continue

    async def scene() -> None:
        tasks = Tasks("garden")
        let_go = asyncio.Event()
        task = tasks.spawn(stubborn(let_go), "weeds")
        await asyncio.sleep(0)
        await tasks.stop(limit=0.05)
        let_go.set()
        await task

    asyncio.run(scene())
    assert [each.getMessage() for each in caplog.records if each.levelno == logging.WARNING] == [
        "The task garden: weeds did not end within 0.05 s"
    ]


def test_a_task_may_stop_its_own_owner() -> None:
    async def scene() -> None:
        tasks = Tasks("garden")
        other = tasks.spawn(asyncio.sleep(3600), "sleep")
        task = tasks.spawn(tasks.stop(), "stop all")
        await task
        assert other.cancelled()

    asyncio.run(scene())
