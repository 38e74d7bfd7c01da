"""Who blocks the loop is named; who does not is left alone."""

import asyncio
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from hub.plugins import Watchdog


def watch(work: Callable[[], None], owner: str | None = "guilty") -> None:
    async def inside() -> None:
        watchdog = Watchdog(lambda name: owner if name == __name__ else None, limit=0.1)
        watchdog.start()
        try:
            await asyncio.sleep(0.2)
            work()
            await asyncio.sleep(0.2)
        finally:
            watchdog.stop()

    asyncio.run(inside())


def test_a_plugin_that_blocks_is_named_once_with_file_and_line(
    caplog: pytest.LogCaptureFixture,
) -> None:
    watch(lambda: time.sleep(0.6))
    messages = [each.getMessage() for each in caplog.records]
    assert len(messages) == 2
    assert messages[0].startswith("The hub is blocked by the plugin 'guilty': ")
    assert f"{__file__}:" in messages[0]
    assert messages[1].startswith("The hub runs again; it was blocked for 0.")


def test_a_loop_that_runs_is_left_alone(caplog: pytest.LogCaptureFixture) -> None:
    watch(lambda: None)
    assert caplog.records == []


def test_stopping_does_not_wait() -> None:
    async def inside() -> float:
        watchdog = Watchdog(lambda _: None, limit=5)
        watchdog.start()
        await asyncio.sleep(0.05)
        start = time.monotonic()
        watchdog.stop()
        return time.monotonic() - start

    assert asyncio.run(inside()) < 1


_STUCK = """
import asyncio, logging, time
from hub.plugins import Watchdog

logging.basicConfig(format="%(message)s")

async def main():
    watchdog = Watchdog(lambda name: "stuck" if name == "__main__" else None, limit=60)
    watchdog.start()
    watchdog.give_up_after(0.3)
    while True:
        time.sleep(0.01)

asyncio.run(main())
"""


def test_a_process_that_cannot_stop_is_ended_and_says_by_whom_it_was_held(tmp_path: Path) -> None:
    script = tmp_path / "stuck.py"
    script.write_text(_STUCK)
    ended = subprocess.run(
        [sys.executable, str(script)], capture_output=True, text=True, timeout=20, check=False
    )
    assert ended.returncode == 1
    assert "it was held by the plugin 'stuck'" in ended.stderr
