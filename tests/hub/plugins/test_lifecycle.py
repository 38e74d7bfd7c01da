"""Services that start, fail, hang and leave things behind."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC
from typing import ClassVar

import pytest

from hub.api import (
    ActionCall,
    ActionFailed,
    ActionSpec,
    Answer,
    HubStarted,
    Invalid,
    Message,
    Notifier,
    NotReady,
    PluginChanged,
    Rejected,
    Service,
)
from hub.plugins import Hub, Lifecycle
from hub.settings import ComponentSettings
from hub.testing import TestHub


class Recorded(Service):
    """Does what its options say, and writes down what was asked of it."""

    KEY = "recorded"
    log: ClassVar[list[str]] = []

    async def start(self) -> None:
        self.log.append(f"start {self.context.name}")
        errors = self.options.get("errors")
        if errors:
            raise errors.pop(0)
        if self.options.get("hang"):
            await asyncio.sleep(3600)

    async def stop(self) -> None:
        self.log.append(f"stop {self.context.name}")
        if self.options.get("stuck"):
            await asyncio.sleep(3600)


class Bell(Notifier):
    KEY = "bell"
    sent: ClassVar[list[Message]] = []

    async def send(self, message: Message) -> None:
        if errors := self.options.get("errors"):
            raise errors.pop(0)
        self.sent.append(message)


@pytest.fixture(autouse=True)
def _fresh() -> None:
    Recorded.log.clear()
    Bell.sent.clear()


def part(name: str, component: type[Service] = Recorded, **options: object) -> ComponentSettings:
    return ComponentSettings(
        name=name, plugin=component.KEY, key=component.KEY, component=component, options=options
    )


def run(test: Callable[[TestHub, Lifecycle], Awaitable[None]], *, tolerant: bool = False) -> None:
    async def inside() -> None:
        async with TestHub(tolerant=tolerant) as hub:
            parts = Hub(
                clock=hub.clock,
                bus=hub.bus,
                states=hub.states,
                actions=hub.actions,
                journal=hub.journal,
                pictures=hub.pictures,
                seen=hub.seen,
                traces=hub.context().traces,
                paths=hub.paths,
                zone=UTC,
                location=None,
                known=lambda: hub.known,
                schema=dict,
            )
            lifecycle = Lifecycle(parts, start_limit=0.2, stop_limit=0.1)
            try:
                await test(hub, lifecycle)
            finally:
                await lifecycle.stop()

    asyncio.run(inside())


def changes(hub: TestHub) -> list[tuple[str, str, str]]:
    return [(each.plugin, each.state, each.reason) for each in hub.events.of(PluginChanged)]


def test_what_starts_is_ready_and_stops_in_reverse() -> None:
    async def test(hub: TestHub, lifecycle: Lifecycle) -> None:
        await lifecycle.apply([part("a"), part("b")])
        assert {name: each.state for name, each in lifecycle.states.items()} == {
            "a": "ready",
            "b": "ready",
        }
        assert isinstance(lifecycle.ask(Recorded), Recorded)
        await lifecycle.stop()
        assert Recorded.log == ["start a", "start b", "stop b", "stop a"]
        assert changes(hub)[:1] == [("a", "ready", "")]
        assert changes(hub)[-1:] == [("a", "stopped", "")]
        with pytest.raises(NotReady, match="no Recorded is running"):
            lifecycle.ask(Recorded)

    run(test)


def test_what_is_not_ready_is_tried_again_later_and_later() -> None:
    async def test(hub: TestHub, lifecycle: Lifecycle) -> None:
        await lifecycle.apply([part("a", errors=[NotReady("no answer") for _ in range(9)])])
        assert lifecycle.states["a"].state == "waiting"
        assert lifecycle.states["a"].reason == "no answer"
        waits, before = [], hub.clock.monotonic()
        for _ in range(9):
            count = Recorded.log.count("start a")
            while Recorded.log.count("start a") == count:
                await hub.clock.advance(0.5)
            waits.append(hub.clock.monotonic() - before)
            before = hub.clock.monotonic()
        await hub.settled()
        assert lifecycle.states["a"].state == "ready"
        assert waits[0] <= 1.5
        assert waits == sorted(waits[:6]) + waits[6:]
        assert all(45 <= each <= 60.5 for each in waits[7:])
        assert changes(hub) == [("a", "waiting", "no answer"), ("a", "ready", "")]
        assert Recorded.log.count("stop a") == 9

    run(test)


@pytest.mark.parametrize("error", [Rejected("wrong password"), Invalid("no such host")])
def test_what_is_refused_waits_for_new_options(error: Exception) -> None:
    async def test(hub: TestHub, lifecycle: Lifecycle) -> None:
        await lifecycle.apply([part("a", errors=[error])])
        await hub.clock.advance(hours=1)
        assert Recorded.log == ["start a", "stop a"]
        assert changes(hub) == [("a", "rejected", str(error))]
        await lifecycle.apply([part("a", other=True)])
        assert lifecycle.states["a"].state == "ready"

    run(test)


def test_what_raises_anything_else_has_failed_with_one_traceback(
    caplog: pytest.LogCaptureFixture,
) -> None:
    async def test(hub: TestHub, lifecycle: Lifecycle) -> None:
        await lifecycle.apply([part("a", errors=[KeyError("x")]), part("b")])
        await hub.clock.advance(hours=1)
        assert lifecycle.states["a"].state == "failed"
        assert lifecycle.states["a"].reason == "KeyError: 'x'"
        assert lifecycle.states["b"].state == "ready"
        assert len([each for each in caplog.records if each.exc_info]) == 1

    run(test, tolerant=True)


def test_a_constructor_that_raises_is_like_a_start_that_does() -> None:
    class Unmakeable(Recorded):
        def __init__(self, context: object, options: object) -> None:
            raise Rejected("not with me")

    async def test(hub: TestHub, lifecycle: Lifecycle) -> None:
        await lifecycle.apply([part("a", Unmakeable)])
        assert lifecycle.states["a"].reason == "not with me"

    run(test)


def test_a_start_that_hangs_holds_nobody_up(caplog: pytest.LogCaptureFixture) -> None:
    async def test(hub: TestHub, lifecycle: Lifecycle) -> None:
        await lifecycle.apply([part("slow", hang=True), part("b")])
        assert lifecycle.states["slow"].state == "starting"
        assert lifecycle.states["b"].state == "ready"
        assert "slow is still starting" in caplog.text

    run(test)


def test_a_stop_that_hangs_is_left_behind(caplog: pytest.LogCaptureFixture) -> None:
    async def test(hub: TestHub, lifecycle: Lifecycle) -> None:
        await lifecycle.apply([part("stuck", stuck=True), part("b")])
        loop = asyncio.get_running_loop()
        start = loop.time()
        await lifecycle.stop()
        assert loop.time() - start < 2
        assert "stuck did not stop within" in caplog.text
        assert Recorded.log[-2:] == ["stop b", "stop stuck"]

    run(test)


def test_only_what_changed_is_restarted() -> None:
    async def test(hub: TestHub, lifecycle: Lifecycle) -> None:
        await lifecycle.apply([part("a"), part("b", port=1), part("c")])
        Recorded.log.clear()
        await lifecycle.apply([part("a"), part("b", port=2), part("d")])
        assert Recorded.log == ["stop c", "stop b", "start b", "start d"]
        assert set(lifecycle.states) == {"a", "b", "d"}

    run(test)


def test_what_a_component_leaves_behind_is_undone() -> None:
    class Messy(Recorded):
        async def start(self) -> None:
            context = self.context
            context.bus.listen(HubStarted, lambda _: self.log.append("heard"))
            context.actions.register(ActionSpec(name="messy.do", description=""), self.do)
            context.clock.call_later(10, lambda: self.log.append("rang"))
            context.clock.call_later(1, lambda: self.log.append("rang early"))
            context.spawn(self.work(), "work")
            context.bus.fire(HubStarted())
            cancel = context.bus.listen(HubStarted, lambda _: self.log.append("never"))
            cancel()
            cancel()

        async def do(self, call: ActionCall) -> Answer:
            return {}

        async def work(self) -> None:
            try:
                await asyncio.sleep(3600)
            finally:
                self.log.append("cancelled")

    async def test(hub: TestHub, lifecycle: Lifecycle) -> None:
        await lifecycle.apply([part("messy", Messy)])
        await hub.clock.advance(2)
        assert hub.events.of(HubStarted)[0].source == "messy"
        assert await hub.actions.call("messy.do", {}) == {}
        assert Recorded.log == ["heard", "rang early"]
        await lifecycle.apply([])
        assert Recorded.log == ["heard", "rang early", "stop messy", "cancelled"]
        hub.bus.fire(HubStarted())
        await hub.clock.advance(60)
        assert Recorded.log[4:] == []
        assert "messy.do" not in hub.actions.known()

    run(test)


def test_a_timer_that_raises_is_logged_with_its_owner(caplog: pytest.LogCaptureFixture) -> None:
    class Ticking(Recorded):
        async def start(self) -> None:
            self.context.clock.call_later(1, lambda: 1 / 0)  # type: ignore[arg-type,return-value]

    async def test(hub: TestHub, lifecycle: Lifecycle) -> None:
        await lifecycle.apply([part("ticking", Ticking)])
        await hub.clock.advance(2)
        assert "A timer of ticking failed" in caplog.text

    run(test, tolerant=True)


def test_a_notifier_is_an_action() -> None:
    async def test(hub: TestHub, lifecycle: Lifecycle) -> None:
        await lifecycle.apply([part("phone", Bell)])
        assert lifecycle.states["notify.phone"].state == "ready"
        data = {"message": "Hello", "title": "A title", "image": "/x.jpg", "data": {"a": 1}}
        await hub.actions.call("notify.phone", data)
        (message,) = Bell.sent
        assert (message.text, message.title, str(message.image)) == ("Hello", "A title", "/x.jpg")
        assert message.data == {"a": 1}
        await lifecycle.stop()
        assert "notify.phone" not in hub.actions.known()

    run(test)


def test_a_message_is_sent_again_when_the_outside_is_away_for_a_moment() -> None:
    async def test(hub: TestHub, lifecycle: Lifecycle) -> None:
        await lifecycle.apply([part("phone", Bell, errors=[NotReady("busy"), NotReady("busy")])])
        call = asyncio.ensure_future(hub.actions.call("notify.phone", {"message": "Hello"}))
        await hub.clock.advance(10)
        await call
        assert [each.text for each in Bell.sent] == ["Hello"]

    run(test)


def test_a_notifier_that_is_not_ready_says_why() -> None:
    class Mute(Bell):
        async def start(self) -> None:
            raise Rejected("wrong password")

    async def test(hub: TestHub, lifecycle: Lifecycle) -> None:
        await lifecycle.apply([part("phone", Mute)])
        with pytest.raises(ActionFailed, match="wrong password"):
            await hub.actions.call("notify.phone", {"message": "Hello"})

    run(test)
