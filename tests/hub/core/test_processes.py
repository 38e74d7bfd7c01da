import asyncio
import logging
import os
import signal
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from hub.core import processes
from hub.core.clock import SystemClock
from hub.core.processes import Worker
from tests.hub.core.talker import Ask, Beat, Echo, FromTalker, Note


@pytest.fixture(autouse=True)
def _at_home(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(root)  # the child finds tests.hub.core.talker from there


class Seen:
    """What a worker's owner was told."""

    def __init__(self) -> None:
        self.messages: list[object] = []
        self.starts = 0
        self.losses: list[str] = []

    def started(self) -> None:
        self.starts += 1

    def of(self, kind: type) -> list:
        return [each for each in self.messages if isinstance(each, kind)]


@asynccontextmanager
async def worker(
    *arguments: str, silence: float = 5.0
) -> AsyncIterator[tuple[Worker[FromTalker], Seen]]:
    seen = Seen()
    made: Worker[FromTalker] = Worker(
        "talker",
        ("tests.hub.core.talker", *arguments),
        FromTalker,
        SystemClock(),
        on_message=seen.messages.append,
        on_started=seen.started,
        on_lost=seen.losses.append,
        silence=silence,
    )
    made.start()
    try:
        yield made, seen
    finally:
        await made.stop()


async def until(true: Callable[[], object], limit: float = 20.0) -> None:
    async with asyncio.timeout(limit):
        while not true():  # noqa: ASYNC110 - what is waited for lives in another process
            await asyncio.sleep(0.01)


def alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    stat = Path(f"/proc/{pid}/stat").read_text()
    return stat.rpartition(")")[2].split()[0] != "Z"


def test_a_worker_is_told_and_answers() -> None:
    async def scene() -> None:
        async with worker("talk", "more") as (talker, seen):
            await until(lambda: seen.of(Beat))
            assert talker.send(Ask("hello"))
            await until(lambda: seen.of(Echo))
            assert seen.of(Echo) == [Echo("hello", ["talk", "more"])]
            assert seen.of(Beat)[0].pid == talker.pid
            pid = talker.pid
        assert pid is not None
        assert not alive(pid)
        assert talker.pid is None
        assert not talker.send(Ask("gone"))
        assert (seen.starts, seen.losses) == (1, [])

    asyncio.run(scene())


def test_a_killed_worker_is_back_within_three_seconds_and_said_once(
    caplog: pytest.LogCaptureFixture,
) -> None:
    async def scene() -> None:
        async with worker("talk") as (talker, seen):
            await until(lambda: seen.of(Beat))
            first = talker.pid
            assert first is not None
            killed = time.monotonic()
            os.kill(first, signal.SIGKILL)
            await until(lambda: any(each.pid != first for each in seen.of(Beat)))
            assert time.monotonic() - killed < 3
            assert seen.losses == ["was ended by SIGKILL"]
            assert seen.starts == 2

    asyncio.run(scene())
    said = [each.getMessage() for each in caplog.records if each.levelno >= logging.WARNING]
    assert said == ["It was ended by SIGKILL; another one starts in 0.2 s"]


def test_a_silent_worker_is_killed() -> None:
    async def scene() -> None:
        async with worker("hang", silence=0.3) as (_, seen):
            await until(lambda: seen.losses)
            assert seen.losses[0] == "said nothing for 0.3 s and was killed"

    asyncio.run(scene())


def test_a_hub_that_slept_itself_does_not_blame_the_worker() -> None:
    async def scene() -> None:
        async with worker("talk", silence=0.3) as (_, seen):
            await until(lambda: seen.of(Beat))
            time.sleep(0.8)  # noqa: ASYNC251 - the hub's loop is blocked by a plugin
            await asyncio.sleep(1)
            assert seen.losses == []

    asyncio.run(scene())


def test_a_worker_that_talks_nonsense_is_killed() -> None:
    async def scene() -> None:
        async with worker("garbage") as (_, seen):
            await until(lambda: seen.losses)
            assert seen.losses[0].startswith("said what cannot be read and was killed")

    asyncio.run(scene())


def test_a_worker_that_keeps_failing_is_started_less_and_less_often(
    caplog: pytest.LogCaptureFixture,
) -> None:
    async def scene() -> None:
        async with worker("leave") as (_, seen):
            await until(lambda: len(seen.losses) == 3)
            assert seen.losses == ["ended with code 3"] * 3

    asyncio.run(scene())
    waits = [each.args[1] for each in caplog.records if each.name == "hub.worker.talker"]
    assert waits == [0.2, 0.5, 1.0]


def test_a_module_that_does_not_exist_is_a_loss_and_its_words_are_logged(
    caplog: pytest.LogCaptureFixture,
) -> None:
    async def scene() -> None:
        seen = Seen()
        made: Worker[FromTalker] = Worker(
            "none", ("hub.nowhere",), FromTalker, SystemClock(),
            on_message=seen.messages.append, on_started=seen.started, on_lost=seen.losses.append,
        )  # fmt: skip
        made.start()
        await until(lambda: seen.losses)
        await made.stop()
        assert seen.losses[0] == "ended with code 1"

    with caplog.at_level(logging.INFO):
        asyncio.run(scene())
    assert any("No module named hub.nowhere" in each.getMessage() for each in caplog.records)


def test_what_a_worker_prints_is_logged_but_does_not_drown_the_log(
    caplog: pytest.LogCaptureFixture,
) -> None:
    async def scene() -> None:
        async with worker("chatter") as (talker, seen):
            await until(lambda: len(seen.of(Note)) == 3)
            talker.send(Ask("done"))
            await until(lambda: seen.of(Echo))
            notes = {each.text: each.level for each in seen.of(Note)}
            assert notes["codec: too many\\nsurprises"] == logging.WARNING
            assert notes["codec: from a thread"] == logging.INFO
            failure = next(each for each in notes if each.startswith("codec: It failed\nTraceback"))
            assert "hush-hush" not in failure
            assert failure.endswith("'http://admin:***@host/'")

    with caplog.at_level(logging.INFO):
        asyncio.run(scene())
    lines = [each.getMessage() for each in caplog.records if each.name == "hub.worker.talker"]
    assert lines[0].startswith("cannot open rtsp://")
    assert len(lines) <= 2 * (20 + 1)
    assert "more lines within this second" in "".join(lines)


def test_a_worker_that_will_not_end_is_forced() -> None:
    async def scene() -> None:
        async with worker("stubborn") as (talker, seen):
            await until(lambda: seen.of(Echo))
            pid = talker.pid
            assert pid is not None
            began = time.monotonic()
            await talker.stop()
            assert not alive(pid)
            assert time.monotonic() - began < 5

    asyncio.run(scene())


def test_an_error_of_the_owner_costs_a_restart_and_not_the_supervision(
    caplog: pytest.LogCaptureFixture,
) -> None:
    async def scene() -> None:
        seen = Seen()

        def clumsy(message: object) -> None:
            seen.messages.append(message)
            if len(seen.messages) == 1:
                raise KeyError("the owner's mistake")

        made: Worker[FromTalker] = Worker(
            "clumsy", ("tests.hub.core.talker", "talk"), FromTalker, SystemClock(),
            on_message=clumsy, on_started=seen.started, on_lost=seen.losses.append,
        )  # fmt: skip
        made.start()
        await until(lambda: len(seen.messages) > 3)
        await made.stop()
        assert seen.losses == ["could not be served"]

    asyncio.run(scene())
    assert "KeyError" in caplog.text


_HUB = """
import asyncio, sys
from hub.core.clock import SystemClock
from hub.core.processes import Worker
from tests.hub.core.talker import Beat, FromTalker

async def hub():
    made = Worker("w", ("tests.hub.core.talker", sys.argv[1]), FromTalker, SystemClock(),
        on_message=lambda m: print(m.pid, flush=True) if isinstance(m, Beat) else None,
        on_started=lambda: None, on_lost=print)
    made.start()
    await asyncio.sleep(3600)

asyncio.run(hub())
"""


@pytest.mark.slow
@pytest.mark.parametrize("mode", ["talk", "hang"])
def test_no_worker_outlives_a_hub_that_was_killed(mode: str) -> None:
    command = [sys.executable, "-c", _HUB, mode]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as hub:
        assert hub.stdout is not None
        pid = int(hub.stdout.readline())
        assert alive(pid)
        hub.kill()
    limit = time.monotonic() + 6  # one second to notice, three of grace, and some room
    while alive(pid) and time.monotonic() < limit:
        time.sleep(0.05)
    assert not alive(pid)


def test_a_child_that_never_lives_is_not_news_for_ever(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(processes, "BACKOFF", (0.0,))
    monkeypatch.setattr(processes, "PATIENCE", 3)

    async def story() -> None:
        async with worker("moan") as (_, seen):
            await until(lambda: len(seen.losses) >= 6)

    with caplog.at_level(logging.INFO):
        asyncio.run(story())
    told = [each.message for each in caplog.records if "another one starts" in each.message]
    assert len(told) == 2
    assert len([each for each in caplog.records if "3 times in a row" in each.message]) == 1
    assert caplog.text.count("its last words") == 3
