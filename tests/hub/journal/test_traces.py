"""Traces on disk: replaced, dropped, found again after a crash, without secrets."""

import asyncio
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from hub.api import Trace
from hub.journal import TraceStore

WHEN = datetime(2026, 6, 1, 12, tzinfo=UTC)


def trace(name: str, second: int = 0, result: str = "finished", **more: object) -> Trace:
    return Trace(
        id=name, kind="run", automation="automation.a", name="A", trigger="go",
        time=WHEN + timedelta(seconds=second), result=result, **more,  # type: ignore[arg-type]
    )  # fmt: skip


def test_traces_are_replaced_and_dropped(tmp_path: Path) -> None:
    async def story() -> None:
        store = TraceStore(tmp_path)
        assert await store.newest() == []
        await store.write([trace("a"), trace("b", 1)], ())
        await store.write([trace("a", 2, "failed")], ["b"])
        (found,) = await store.newest()
        assert found == trace("a", 2, "failed")
        assert await store.get("b") is None

    asyncio.run(story())


def test_what_ran_when_the_hub_ended_is_told_so(tmp_path: Path) -> None:
    async def story() -> None:
        await TraceStore(tmp_path).write([trace("a", result="running"), trace("b")], ())
        store = TraceStore(tmp_path)
        await store.start()
        assert {each.id: each.result for each in await store.newest()} == {
            "a": "interrupted",
            "b": "finished",
        }

    asyncio.run(story())


def test_secrets_are_hidden(tmp_path: Path) -> None:
    async def story() -> None:
        store = TraceStore(tmp_path, lambda text: text.replace('s3"cret', "***"))
        await store.write([trace("a", data={"word": 'a s3"cret'})], ())
        found = await store.get("a")
        assert found is not None
        assert found.data == {"word": "a ***"}

    asyncio.run(story())
    assert b"s3" not in b"".join(each.read_bytes() for each in tmp_path.iterdir())


def test_one_that_cannot_be_written_loses_no_other(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async def story() -> None:
        store = TraceStore(tmp_path)
        await store.write([trace("a"), trace("b", data={"x": "\ud800"}), trace("c")], ())
        assert sorted(each.id for each in await store.newest()) == ["a", "c"]

    asyncio.run(story())
    assert "a trace of automation.a cannot be written" in caplog.text


def test_a_trace_that_is_too_long_is_cut(tmp_path: Path) -> None:
    async def story() -> None:
        store = TraceStore(tmp_path)
        await store.write([trace("a", data={"word": "x" * 1_000_000})], ())
        found = await store.get("a")
        assert found is not None
        assert found.data == {}

    asyncio.run(story())


def test_a_broken_file_is_set_aside(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    async def story() -> None:
        (tmp_path / "traces.db").write_bytes(b"nothing that a database would have" * 100)
        store = TraceStore(tmp_path)
        await store.write([trace("a")], ())
        assert len(await store.newest()) == 1

    asyncio.run(story())
    assert (tmp_path / "traces.broken").exists()
    assert "traces begin anew" in caplog.text


@pytest.fixture
def full(tmp_path: Path) -> Path:
    (tmp_path / "traces.db").mkdir()
    return tmp_path


def test_a_disk_that_refuses_is_told_once(full: Path, caplog: pytest.LogCaptureFixture) -> None:
    async def story() -> None:
        store = TraceStore(full)
        await store.write([trace("a")], ())
        await store.write([trace("b")], ())

    asyncio.run(story())
    assert caplog.text.count("traces are not kept") == 1
