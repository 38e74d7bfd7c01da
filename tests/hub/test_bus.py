import asyncio
import logging
from collections.abc import Callable
from datetime import datetime

import pytest

from hub.api import (
    Box,
    CameraOffline,
    CameraOnline,
    Event,
    EventFired,
    HubStarted,
    Invalid,
    ZoneEntered,
)
from hub.bus import EventBus
from hub.core.clock import SystemClock
from hub.testing import START, TestClock


@pytest.fixture
def bus() -> EventBus:
    return EventBus(TestClock())


def _entered(zone: str, camera: str = "porch", **more: str) -> ZoneEntered:
    return ZoneEntered(
        camera=camera, zone=zone, object="person", track="1", score=0.9,
        box=Box(0, 0, 1, 1), captured=START, count=1, **more,
    )  # fmt: skip


def test_an_event_is_stamped_and_given_to_listeners_of_its_class(bus: EventBus) -> None:
    got: list[Event] = []
    bus.listen(CameraOnline, got.append)
    online = CameraOnline(camera="porch")
    bus.fire(online)
    bus.fire(CameraOffline(camera="porch", reason="gone"))
    assert got == [online]
    assert online.sequence == 1
    assert online.time == START


def test_the_base_class_means_every_event(bus: EventBus) -> None:
    got: list[str] = []
    bus.listen(Event, lambda event: got.append(event.type))
    bus.fire(HubStarted())
    bus.fire(CameraOnline(camera="porch"))
    assert got == ["hub.started", "camera.online"]


def test_sequence_numbers_go_on_where_they_are_told() -> None:
    bus = EventBus(TestClock(), first=42)
    numbers: list[int] = []
    bus.listen(Event, lambda event: numbers.append(event.sequence))
    bus.fire(HubStarted())
    bus.fire(HubStarted())
    bus.resume(1000)
    bus.fire(HubStarted())
    assert numbers == [42, 43, 1000]


def test_a_key_finds_its_listeners_and_no_others(bus: EventBus) -> None:
    got: list[tuple[str, str]] = []

    def note(name: str) -> Callable[[ZoneEntered], None]:
        return lambda event: got.append((name, event.zone))

    bus.listen(ZoneEntered, note("all"))
    bus.listen(ZoneEntered, note("doorstep"), key=("zone", "doorstep"))
    bus.listen(ZoneEntered, note("gate"), key=("zone", "gate"))
    bus.listen(ZoneEntered, note("porch"), key=("camera", "porch"))
    bus.listen(ZoneEntered, note("other type of value"), key=("zone", 7))
    bus.fire(_entered("doorstep"))
    bus.fire(_entered("gate", "garden"))
    assert sorted(got) == [
        ("all", "doorstep"), ("all", "gate"), ("doorstep", "doorstep"), ("gate", "gate"),
        ("porch", "doorstep"),
    ]  # fmt: skip


def test_keyed_listeners_cost_a_lookup_and_not_a_scan(bus: EventBus) -> None:
    compared: list[object] = []

    class Watched(str):
        __slots__ = ()

        def __eq__(self, other: object) -> bool:
            compared.append(other)
            return str.__eq__(self, other)

        __hash__ = str.__hash__

    for n in range(500):
        bus.listen(EventFired, lambda _: None, key=("name", Watched(f"n{n}")))
    compared.clear()
    bus.fire(EventFired(name="n7"))
    assert len(compared) <= 2


def test_a_field_that_is_no_key_is_refused_with_a_hint(bus: EventBus) -> None:
    with pytest.raises(Invalid, match=r"zone\.entered.*'zones'.*Did you mean 'zone'"):
        bus.listen(ZoneEntered, lambda _: None, key=("zones", "doorstep"))


@pytest.mark.parametrize("key", [None, ("camera", "porch")])
def test_a_cancelled_listener_is_not_called_again(
    bus: EventBus, key: tuple[str, object] | None
) -> None:
    got: list[Event] = []
    keep: list[Event] = []
    cancel = bus.listen(CameraOnline, got.append, key=key)
    bus.listen(CameraOnline, keep.append, key=key)
    bus.fire(CameraOnline(camera="porch"))
    cancel()
    cancel()
    bus.fire(CameraOnline(camera="porch"))
    assert (len(got), len(keep)) == (1, 2)


def test_a_listener_cancelled_by_an_earlier_one_is_not_called_any_more(bus: EventBus) -> None:
    got: list[Event] = []
    bus.listen(HubStarted, lambda _: cancel())
    cancel = bus.listen(HubStarted, got.append)
    bus.fire(HubStarted())
    assert got == []


def test_a_listener_added_by_another_hears_from_the_next_event_on(bus: EventBus) -> None:
    got: list[int] = []

    def add(_: HubStarted) -> None:
        bus.listen(HubStarted, lambda event: got.append(event.sequence))

    cancel = bus.listen(HubStarted, add)
    bus.fire(HubStarted())
    cancel()
    bus.fire(HubStarted())
    assert got == [2]


def test_every_listener_sees_events_in_the_order_of_their_sequence(bus: EventBus) -> None:
    before: list[int] = []
    after: list[int] = []
    bus.listen(Event, lambda event: before.append(event.sequence))

    def react(event: CameraOnline) -> None:
        if event.camera != "c":
            bus.fire(CameraOnline(camera=chr(ord(event.camera) + 1)))
            bus.fire(HubStarted())

    bus.listen(CameraOnline, react)
    bus.listen(Event, lambda event: after.append(event.sequence))
    bus.fire(CameraOnline(camera="a"))
    assert before == after == [1, 2, 3, 4, 5]


@pytest.mark.parametrize("error", [ValueError("oh"), asyncio.CancelledError()])
def test_a_listener_that_raises_is_logged_once_and_loses_nothing_for_others(
    bus: EventBus, caplog: pytest.LogCaptureFixture, error: BaseException
) -> None:
    got: list[Event] = []

    def broken(event: Event) -> None:
        raise error

    bus.listen(HubStarted, broken)
    bus.listen(HubStarted, got.append)
    for _ in range(3):
        bus.fire(HubStarted())
    assert len(got) == 3
    (record,) = caplog.records
    assert record.levelno == logging.ERROR
    assert "broken raised for hub.started" in record.getMessage()
    assert record.exc_info is not None
    assert list(bus.failures.values()) == [3]


def test_an_event_fired_twice_keeps_its_first_stamp_for_who_kept_it(bus: EventBus) -> None:
    kept: list[Event] = []
    bus.listen(HubStarted, kept.append)
    event = HubStarted()
    bus.fire(event)
    bus.fire(event)
    assert [each.sequence for each in kept] == [1, 2]


def test_a_plugins_own_event_class_may_be_derived_from_another(bus: EventBus) -> None:
    class DoorbellRang(CameraOnline, frozen=True):
        """Somebody is at the door."""

        button: str = "front"

    got: list[str] = []
    bus.listen(CameraOnline, lambda _: got.append("base"), key=("camera", "porch"))
    bus.listen(DoorbellRang, lambda _: got.append("own"))
    bus.fire(DoorbellRang(camera="porch"))
    bus.fire(CameraOnline(camera="porch"))
    assert sorted(got) == ["base", "base", "own"]


def test_a_reader_gets_events_as_they_come_and_ends_with_its_block() -> None:
    async def scene() -> None:
        bus = EventBus(SystemClock())
        with bus.subscribe(CameraOnline, HubStarted) as events:
            got: list[str] = []

            async def read() -> None:
                got.extend([event.type async for event in events])

            task = asyncio.ensure_future(read())
            await asyncio.sleep(0)
            bus.fire(HubStarted())
            bus.fire(CameraOffline(camera="porch", reason="gone"))
            await asyncio.sleep(0)
            bus.fire(CameraOnline(camera="porch"))
        bus.fire(HubStarted())
        await task
        assert got == ["hub.started", "camera.online"]
        assert events.dropped == 0

    asyncio.run(scene())


def test_a_slow_reader_loses_the_oldest_and_knows_how_many() -> None:
    async def scene() -> None:
        bus = EventBus(SystemClock())
        with bus.subscribe(size=3) as events:
            for n in range(10):
                bus.fire(EventFired(name=str(n)))
        assert [event.sequence async for event in events] == [8, 9, 10]
        assert events.dropped == 7

    asyncio.run(scene())


def test_a_reader_of_a_class_and_its_own_subclass_gets_each_event_once() -> None:
    async def scene() -> None:
        bus = EventBus(SystemClock())
        with bus.subscribe(Event, HubStarted, HubStarted) as events:
            bus.fire(HubStarted())
        assert len([event async for event in events]) == 1

    asyncio.run(scene())


def test_the_time_of_an_event_is_the_clocks(bus: EventBus) -> None:
    times: list[datetime] = []

    async def scene() -> None:
        clock = TestClock()
        bus = EventBus(clock)
        bus.listen(HubStarted, lambda event: times.append(event.time))
        bus.fire(HubStarted())
        await clock.advance(minutes=5)
        bus.fire(HubStarted())

    asyncio.run(scene())
    assert (times[1] - times[0]).total_seconds() == 300


def test_what_is_held_is_handed_out_with_the_numbers_that_follow() -> None:
    bus = EventBus(TestClock())
    seen: list[tuple[int, str]] = []
    bus.listen(EventFired, lambda event: seen.append((event.sequence, event.name)))
    bus.hold()
    for name in ("a", "b"):
        bus.fire(EventFired(name=name))
    before = list(seen)
    bus.resume(41)
    bus.fire(EventFired(name="c"))

    assert before == []
    assert seen == [(41, "a"), (42, "b"), (43, "c")]


def test_what_is_fired_together_is_handed_out_in_order_at_the_end() -> None:
    bus = EventBus(TestClock())
    seen: list[tuple[int, str]] = []
    bus.listen(EventFired, lambda event: seen.append((event.sequence, event.name)))
    with bus.together():
        first = EventFired(name="a")
        bus.fire(first)
        with bus.together():
            bus.fire(EventFired(name="b"))
        during = list(seen)
    bus.fire(EventFired(name="c"))

    assert first.sequence == 1
    assert during == []
    assert seen == [(1, "a"), (2, "b"), (3, "c")]


def test_what_was_held_still_names_its_cause() -> None:
    bus = EventBus(SystemClock())
    seen: list[Event] = []
    bus.listen(Event, seen.append)
    bus.hold()
    first = EventFired(name="first")
    bus.fire(first)
    bus.fire(EventFired(name="second", cause=first.sequence))
    bus.resume(101)

    assert [(each.sequence, each.cause) for each in seen] == [(101, None), (102, 101)]
