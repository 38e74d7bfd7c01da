import asyncio
import json
import sqlite3
import stat
import subprocess
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path

import pytest
import voluptuous as vol
from msgspec.structs import replace

from hub.api import NotReady, Rejected, State, StoredRow
from hub.testing import START, TestHub
from integrations.sql import SqlStorage, hub_components


@asynccontextmanager
async def opened(hub: TestHub, **options: str) -> AsyncIterator[SqlStorage]:
    storage = SqlStorage(hub.context("sql"), vol.Schema(dict(SqlStorage.SCHEMA))(options))
    try:
        await storage.start()
        yield storage
    finally:
        await storage.stop()


def row(sequence: int, kind: str = "hub.started") -> StoredRow:
    time = START + timedelta(microseconds=sequence)
    body = json.dumps({"type": kind, "sequence": sequence, "words": "Grüße"}).encode()
    return StoredRow(sequence=sequence, time=time, type=kind, body=body)


def at(hub: TestHub, sequence: int, days: float = 0) -> StoredRow:
    """A row of some days ago."""
    return replace(row(sequence), time=hub.clock.now() - timedelta(days=days))


def state(entity: str, value: str, attributes: Mapping[str, object] | None = None) -> State:
    return State(
        entity=entity, state=value, attributes=attributes or {}, changed=START, updated=START
    )


def test_it_is_what_the_plugin_offers() -> None:
    assert list(hub_components()) == [SqlStorage]


def test_the_hubs_id_is_made_once_and_the_numbers_go_on() -> None:
    async def scene() -> None:
        async with TestHub() as hub:
            async with opened(hub) as storage:
                hub_id, highest = await storage.identity()
                assert len(hub_id) == 32
                assert highest == 0
                await storage.append([row(1), row(2)], {})
            async with opened(hub) as storage:
                assert await storage.identity() == (hub_id, 2)

    asyncio.run(scene())


def test_rows_come_back_as_they_were_oldest_first() -> None:
    async def scene() -> None:
        async with TestHub() as hub, opened(hub) as storage:
            kinds = ("hub.started", "camera.online", "zone.entered")
            rows = [row(n, kinds[n % 3]) for n in range(1, 31)]
            await storage.append(rows[:20], {})
            await storage.append(rows[20:], {})
            assert await storage.recent(100, ()) == rows
            assert await storage.recent(4, ()) == rows[-4:]
            wanted = [each for each in rows if each.type != "hub.started"]
            assert await storage.recent(5, kinds[1:]) == wanted[-5:]
            assert await storage.recent(5, ["nobody.knows"]) == []

    asyncio.run(scene())


def test_states_are_replaced_and_removed() -> None:
    async def scene() -> None:
        async with TestHub() as hub:
            async with opened(hub) as storage:
                hall = state("light.hall", "on", {"a": [1, {"b": None}], "name": "Grüße"})
                await storage.append(
                    [], {"light.hall": hall, "light.gone": state("light.gone", "x")}
                )
                await storage.append([row(1)], {"light.gone": None, "light.never": None})
            async with opened(hub) as storage:
                assert await storage.states() == [hall]
                off = state("light.hall", "off")
                await storage.append([], {"light.hall": off})
                assert await storage.states() == [off]

    asyncio.run(scene())


def test_old_events_go_and_the_newest_always_stays() -> None:
    async def scene() -> None:
        async with TestHub() as hub, opened(hub, keep="1d") as storage:
            old = [at(hub, number, days=2) for number in range(1, 6)]
            await storage.append(old, {})
            first = await storage.recent(10, ())
            await hub.clock.advance(minutes=2)
            await storage.append([at(hub, 6)], {})
            await hub.clock.advance(hours=72)
            await storage.append([at(hub, 7)], {})

            assert [each.sequence for each in first] == [5]
            assert [each.sequence for each in await storage.recent(10, ())] == [7]
            assert (await storage.identity())[1] == 7

    asyncio.run(scene())


def test_events_are_kept_for_ever_when_told_so() -> None:
    async def scene() -> None:
        async with TestHub() as hub, opened(hub, keep="0") as storage:
            await storage.append([at(hub, 1, days=9999)], {})

            assert len(await storage.recent(10, ())) == 1

    asyncio.run(scene())


def test_rows_that_come_again_are_passed_over() -> None:
    async def scene() -> None:
        async with TestHub() as hub, opened(hub) as storage:
            await storage.append([row(1), row(2)], {})
            await storage.append(
                [row(1), row(2), row(3)], {"light.hall": state("light.hall", "on")}
            )
            assert [each.sequence for each in await storage.recent(9, ())] == [1, 2, 3]
            assert len(await storage.states()) == 1

    asyncio.run(scene())


def test_rows_and_states_are_stored_together_or_not_at_all() -> None:
    async def scene() -> None:
        async with TestHub() as hub, opened(hub) as storage:
            with sqlite3.connect(hub.paths.data / "watchpost.db") as beside:
                beside.execute(
                    "CREATE TRIGGER full BEFORE INSERT ON states "
                    "BEGIN SELECT RAISE(ABORT, 'no room'); END"
                )
            beside.close()
            with pytest.raises(NotReady, match="no room"):
                await storage.append([row(1)], {"light.hall": state("light.hall", "on")})
            assert await storage.recent(9, ()) == []

    asyncio.run(scene())


def test_the_file_is_its_owners_alone_and_survives_power_cuts() -> None:
    async def scene() -> None:
        async with TestHub() as hub:
            old = hub.paths.data / "watchpost.db"
            old.touch(0o644)
            async with opened(hub) as storage:
                await storage.append([row(1)], {})
                for each in hub.paths.data.iterdir():
                    assert stat.S_IMODE(each.stat().st_mode) == 0o600, each
                database = storage._database._engine
                async with database.connect() as connection:
                    found = [
                        (await connection.exec_driver_sql(f"PRAGMA {each}")).scalar()
                        for each in ("journal_mode", "synchronous", "busy_timeout", "foreign_keys")
                    ]
                assert found == ["wal", 2, 5000, 1]

    asyncio.run(scene())


_READER = """
import asyncio, sys
from hub.testing import TestHub
from integrations.sql import SqlStorage

async def main():
    async with TestHub() as hub:
        storage = SqlStorage(hub.context(), {"url": sys.argv[1]})
        await storage.start()
        print([each.sequence for each in await storage.recent(9, ())], await storage.identity())
        await storage.stop()

asyncio.run(main())
"""


@pytest.mark.slow
def test_another_process_reads_while_the_hub_writes() -> None:
    async def scene() -> None:
        async with TestHub() as hub, opened(hub) as storage:
            await storage.append([row(1), row(2)], {})
            url = f"sqlite+aiosqlite:///{hub.paths.data / 'watchpost.db'}"
            command = [sys.executable, "-c", _READER, url]
            read = await asyncio.to_thread(
                subprocess.run, command, capture_output=True, text=True, check=True
            )
            identity = await storage.identity()
            assert read.stdout.strip() == f"[1, 2] {identity}"
            await storage.append([row(3)], {})

    asyncio.run(scene())


@pytest.mark.parametrize("harm", ["overwritten", "torn", "foreign"])
def test_a_damaged_database_is_kept_and_a_new_one_begins(
    harm: str, caplog: pytest.LogCaptureFixture
) -> None:
    async def scene() -> None:
        async with TestHub() as hub:
            async with opened(hub) as storage:
                await storage.append([row(n) for n in range(1, 3000)], {})
                before, _ = await storage.identity()
            path = hub.paths.data / "watchpost.db"
            _damage(path, harm)
            harmed = path.read_bytes()
            async with opened(hub) as storage:
                after, highest = await storage.identity()
                assert after != before
                assert highest == 0
                await storage.append([row(1)], {})
            kept = hub.paths.data / f"watchpost.db.corrupt-{START:%Y%m%d-%H%M%S}"
            assert kept.read_bytes() == harmed
            assert kept.name in caplog.text
            assert "is damaged" in caplog.text

    asyncio.run(scene())


def _damage(path: Path, harm: str) -> None:
    content = bytearray(path.read_bytes())
    match harm:
        case "overwritten":
            content[8192:40_960] = b"\xa5" * 32_768
        case "torn":
            del content[len(content) // 2 :]
        case "foreign":
            content[:] = b"This is a letter and not a database. " * 100
    path.write_bytes(content)


def test_a_reader_never_moves_the_file_away_under_a_running_hub() -> None:
    async def scene() -> None:
        async with TestHub() as hub, opened(hub) as storage:
            await storage.append([row(n) for n in range(1, 3000)], {})
            path = hub.paths.data / "watchpost.db"
            with path.open("r+b") as file:
                file.seek(8192)
                file.write(b"\xa5" * 4096)
            async with opened(hub):
                assert [each.name for each in path.parent.glob("*corrupt*")] == []

    asyncio.run(scene())


def test_a_database_of_a_newer_version_is_rejected() -> None:
    async def scene() -> None:
        async with TestHub() as hub:
            async with opened(hub):
                pass
            with sqlite3.connect(hub.paths.data / "watchpost.db") as beside:
                beside.execute("UPDATE alembic_version SET version_num = '9999'")
            beside.close()
            with pytest.raises(Rejected, match="newer version"):
                async with opened(hub):
                    pass

    asyncio.run(scene())


def test_a_folder_that_cannot_be_written_is_not_ready() -> None:
    async def scene() -> None:
        async with TestHub() as hub:
            (hub.paths.data / "file").write_text("")
            url = f"sqlite+aiosqlite:///{hub.paths.data}/file/watchpost.db"
            with pytest.raises(NotReady, match="file"):
                async with opened(hub, url=url):
                    pass

    asyncio.run(scene())


def test_a_full_disk_is_not_ready_and_the_same_storage_goes_on_later() -> None:
    async def scene() -> None:
        async with TestHub() as hub, opened(hub) as storage:
            await storage.append([row(1)], {})
            engine = storage._database._engine
            async with engine.connect() as connection:
                await connection.exec_driver_sql("PRAGMA max_page_count=1")
            with pytest.raises(NotReady, match="full"):
                await storage.append([row(n) for n in range(2, 2000)], {})
            assert len(await storage.recent(9, ())) == 1
            async with engine.connect() as connection:
                await connection.exec_driver_sql("PRAGMA max_page_count=1000000")
            await storage.append([row(2)], {})
            assert len(await storage.recent(9, ())) == 2

    asyncio.run(scene())


def test_before_it_is_started_it_is_not_ready() -> None:
    async def scene() -> None:
        async with TestHub() as hub:
            storage = SqlStorage(hub.context(), {})
            with pytest.raises(NotReady):
                await storage.identity()
            await storage.stop()

    asyncio.run(scene())


@pytest.mark.parametrize("url", ["mysql://a:hunter2@b/c", "sqlite:///x", "", 5])
def test_an_address_of_another_kind_is_refused_without_repeating_it(url: object) -> None:
    with pytest.raises(vol.Invalid) as caught:
        vol.Schema(dict(SqlStorage.SCHEMA))({"url": url})
    assert "hunter2" not in str(caught.value)


def test_two_that_start_at_once_on_nothing_both_find_the_tables() -> None:
    async def scene() -> None:
        async with TestHub() as hub:
            one, two = (SqlStorage(hub.context("sql"), {}) for _ in range(2))
            async with asyncio.TaskGroup() as group:
                starts = [group.create_task(each.start()) for each in (one, two)]
            assert len(starts) == 2
            assert await one.identity() == await two.identity()
            await two.stop()
            await one.stop()

    asyncio.run(scene())
