import asyncio
import json
import logging
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager

import pytest

from hub.api import EventFired, HubStarted, NotReady, State, Storage, StoredRow
from hub.journal import JournalWriter
from hub.testing import TestHub


class Shelf(Storage):
    """A storage in memory that a test can take away."""

    KEY = "shelf"

    def __init__(self) -> None:
        self.rows: list[StoredRow] = []
        self.kept: dict[str, State] = {}
        self.commits = 0
        self.trouble: Exception | None = None
        self.hangs: asyncio.Event | None = None

    async def identity(self) -> tuple[str, int]:
        return "shelf", self.rows[-1].sequence if self.rows else 0

    async def append(self, events: Sequence[StoredRow], states: Mapping[str, State | None]) -> None:
        if self.hangs is not None:
            await self.hangs.wait()
        if self.trouble is not None:
            raise self.trouble
        self.commits += 1
        self.rows += events
        for entity, state in states.items():
            if state is None:
                self.kept.pop(entity, None)
            else:
                self.kept[entity] = state

    async def recent(self, limit: int, types: Sequence[str]) -> Sequence[StoredRow]:
        if self.trouble is not None:
            raise self.trouble
        return [each for each in self.rows if not types or each.type in types][-limit:]

    async def states(self) -> Sequence[State]:
        return list(self.kept.values())


@asynccontextmanager
async def journaled(kept: int = 1000) -> AsyncIterator[tuple[TestHub, Shelf, JournalWriter]]:
    async with TestHub(tolerant=True) as hub:
        shelf = Shelf()
        journal = JournalWriter(hub.bus, shelf, hub.clock, kept)
        journal.start()
        await hub.settled()
        yield hub, shelf, journal
        await journal.stop()


def said(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [each.getMessage() for each in caplog.records if each.name == "hub.journal"]


def test_events_are_gathered_into_one_commit_within_a_quarter_of_a_second() -> None:
    async def scene() -> None:
        async with journaled() as (hub, shelf, journal):
            for n in range(50):
                hub.fire(EventFired(name=str(n)))
            await hub.settled()
            assert (shelf.rows, journal.waiting) == ([], 50)
            await hub.clock.advance(0.25)
            assert [each.sequence for each in shelf.rows] == list(range(1, 51))
            assert (shelf.commits, journal.waiting) == (1, 0)
            row = shelf.rows[7]
            assert (row.type, row.time) == ("event.fired", hub.events.all[7].time)
            assert json.loads(row.body)["name"] == "7"

    asyncio.run(scene())


def test_the_latest_state_of_each_entity_goes_with_them() -> None:
    async def scene() -> None:
        async with journaled() as (hub, shelf, _):
            hub.states.set("light.hall", "on")
            off = hub.states.set("light.hall", "off")
            hub.states.set("light.gone", "on")
            await hub.clock.advance(1)
            assert set(shelf.kept) == {"light.hall", "light.gone"}
            hub.states.remove("light.gone")
            await hub.clock.advance(1)
            assert shelf.kept == {"light.hall": off}

    asyncio.run(scene())


def test_what_is_changed_after_it_was_fired_is_stored_as_it_was() -> None:
    async def scene() -> None:
        async with journaled() as (hub, shelf, _):
            data: dict[str, object] = {"a": 1}
            hub.fire(EventFired(name="x", data=data))
            data["a"] = 2
            await hub.clock.advance(1)
            assert json.loads(shelf.rows[0].body)["data"] == {"a": 1}

    asyncio.run(scene())


def test_an_event_that_cannot_be_stored_harms_no_other() -> None:
    async def scene() -> None:
        async with journaled() as (hub, shelf, _):
            hub.fire(EventFired(name="bad", data={"a": object()}))
            hub.fire(EventFired(name="good"))
            await hub.clock.advance(1)
            assert [each.sequence for each in shelf.rows] == [2]

    asyncio.run(scene())


def test_recent_events_include_those_that_wait() -> None:
    async def scene() -> None:
        async with journaled() as (hub, _, journal):
            hub.fire(HubStarted())
            hub.fire(EventFired(name="stored"))
            await hub.clock.advance(1)
            hub.fire(EventFired(name="waits"))
            everything = [json.loads(each) for each in await journal.recent()]
            assert [each["sequence"] for each in everything] == [1, 2, 3]
            newest = [json.loads(each)["name"] for each in await journal.recent(limit=1)]
            assert newest == ["waits"]
            fired = [json.loads(each) for each in await journal.recent(types=["event.fired"])]
            assert [each["name"] for each in fired] == ["stored", "waits"]
            assert await journal.recent(limit=0) == []

    asyncio.run(scene())


def test_an_event_is_never_missing_while_it_is_being_stored() -> None:
    async def scene() -> None:
        async with journaled() as (hub, shelf, journal):
            shelf.hangs = asyncio.Event()
            hub.fire(HubStarted())
            await hub.clock.advance(1)
            assert len(await journal.recent()) == 1
            shelf.hangs.set()
            await hub.settled()
            assert len(await journal.recent()) == 1

    asyncio.run(scene())


def test_recent_events_are_those_in_memory_while_storage_is_away() -> None:
    async def scene() -> None:
        async with journaled() as (hub, shelf, journal):
            hub.fire(EventFired(name="stored"))
            await hub.clock.advance(0.25)
            shelf.trouble = NotReady("the disk is full")
            hub.fire(EventFired(name="waiting"))
            during = [json.loads(each)["name"] for each in await journal.recent()]
            shelf.trouble = None
            after = [json.loads(each)["name"] for each in await journal.recent()]

            assert (during, after) == (["waiting"], ["stored", "waiting"])

    asyncio.run(scene())


def test_who_asks_before_the_journal_is_open_waits_for_it() -> None:
    async def scene() -> None:
        async with TestHub() as hub:
            journal = JournalWriter(hub.bus, Shelf(), hub.clock)
            asked = asyncio.ensure_future(journal.recent())
            await asyncio.sleep(0)
            early = asked.done()
            journal.start()

            assert (early, await asked) == (False, [])
            await journal.stop()

    asyncio.run(scene())


def test_storage_that_is_away_is_said_once_and_loses_nothing(
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.INFO)

    async def scene() -> None:
        async with journaled() as (hub, shelf, journal):
            shelf.trouble = NotReady("the disk is full")
            hub.fire(EventFired(name="1"))
            hub.states.set("light.hall", "on")
            await hub.clock.advance(minutes=5)
            hub.fire(EventFired(name="2"))
            hub.states.set("light.hall", "off")
            await hub.clock.advance(minutes=5)
            assert journal.waiting == 4
            shelf.trouble = None
            await hub.clock.advance(minutes=1)
            assert [each.sequence for each in shelf.rows] == [1, 2, 3, 4]
            assert shelf.kept["light.hall"].state == "off"

    asyncio.run(scene())
    assert said(caplog) == [
        "Events cannot be stored and wait in memory: the disk is full",
        "Events are stored again",
    ]


def test_a_storage_with_a_bug_is_tried_again_like_any_other() -> None:
    async def scene() -> None:
        async with journaled() as (hub, shelf, _):
            shelf.trouble = ZeroDivisionError("a bug")
            hub.fire(HubStarted())
            await hub.clock.advance(minutes=1)
            shelf.trouble = None
            await hub.clock.advance(minutes=1)
            assert len(shelf.rows) == 1

    asyncio.run(scene())


def test_memory_is_bounded_and_what_was_lost_is_counted(caplog: pytest.LogCaptureFixture) -> None:
    async def scene() -> None:
        async with journaled(kept=10) as (hub, shelf, journal):
            shelf.trouble = NotReady("the disk is full")
            for n in range(25):
                hub.fire(EventFired(name=str(n)))
                await hub.clock.advance(10)
            assert (journal.waiting, journal.dropped) == (10, 15)
            shelf.trouble = None
            await hub.clock.advance(minutes=1)
            assert [each.sequence for each in shelf.rows] == list(range(16, 26))

    asyncio.run(scene())
    assert said(caplog) == [
        "Events cannot be stored and wait in memory: the disk is full",
        "Storage has been away for so long that the oldest events are lost",
        "15 events were never stored",
    ]


def test_stopping_stores_what_is_left() -> None:
    async def scene() -> None:
        async with journaled() as (hub, shelf, journal):
            for _ in range(2500):
                hub.fire(HubStarted())
            # The bound of these tests is 1000: the newest are kept.
            await journal.stop()
            assert [each.sequence for each in shelf.rows] == list(range(1501, 2501))
            hub.fire(HubStarted())
            assert journal.waiting == 0

    asyncio.run(scene())


def test_stopping_waits_for_a_commit_and_not_for_ever(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("hub.journal.writer._LAST_MOMENT", 0.05)

    async def scene() -> None:
        async with journaled() as (hub, shelf, journal):
            shelf.hangs = asyncio.Event()
            hub.fire(HubStarted())
            await hub.clock.advance(1)
            await journal.stop()

    asyncio.run(scene())
    assert said(caplog) == ["1 events could not be stored"]
