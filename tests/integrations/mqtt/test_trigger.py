"""Messages start automations, whichever of trigger, service and broker came first."""

import asyncio
import logging
from collections.abc import Mapping
from pathlib import Path

import pytest
import voluptuous as vol

from hub.api import Cancel, Event, Known, PluginChanged
from hub.testing import TestHub
from integrations.mqtt.service import MqttService
from integrations.mqtt.trigger import MqttTrigger
from tests.integrations.mqtt.conftest import again, connected, until
from tests.servers.broker import Broker


class Runs:
    """What an attached trigger fired."""

    def __init__(self, hub: TestHub, **options: object) -> None:
        self.all: list[Mapping[str, object]] = []
        checked = vol.Schema(dict(MqttTrigger.SCHEMA))(options)
        self.end: Cancel = MqttTrigger(checked, hub.context("automation")).attach(self._fire)

    @property
    def payloads(self) -> list[object]:
        return [each["payload"] for each in self.all]

    async def reach(self, count: int) -> None:
        await until(lambda: len(self.all) >= count)

    def _fire(self, variables: Mapping[str, object], event: Event | None) -> None:
        self.all.append(variables)


async def subscribed(broker: Broker, service: MqttService) -> None:
    """Wait until the broker has the service's subscriptions."""
    await until(lambda: all(f" {word}\n" in broker.log for word in service.filters))


def test_a_message_brings_its_topic_payload_and_flags(broker: Broker) -> None:
    async def story() -> None:
        async with TestHub() as hub:
            service = await connected(hub, broker)
            runs = Runs(hub, topic="house/+/temperature", qos=1)
            await subscribed(broker, service)
            broker.publish("house/hall/temperature", '{"celsius": 21.5}')
            await runs.reach(1)
            assert runs.all[0] == {
                "platform": "mqtt",
                "description": "a message on house/hall/temperature",
                "topic": "house/hall/temperature",
                "payload": '{"celsius": 21.5}',
                "payload_json": {"celsius": 21.5},
                "qos": 1,
                "retain": False,
            }

    asyncio.run(story())


@pytest.mark.parametrize("protocol", ["3.1.1", "5"])
def test_patterns_and_payloads_choose(broker: Broker, protocol: str) -> None:
    async def story() -> None:
        async with TestHub() as hub:
            service = await connected(hub, broker, protocol=protocol)
            level, rest = Runs(hub, topic="a/+/c"), Runs(hub, topic="a/#")
            exact, opened = Runs(hub, topic="a/b/c"), Runs(hub, topic="a/b/c", payload="open")
            other = Runs(hub, topic="x")
            await subscribed(broker, service)
            for topic, payload in [("a/b/c", "open"), ("a/b/c", "shut"), ("a", "1"), ("x", "end")]:
                broker.publish(topic, payload)
            await other.reach(1)
            assert level.payloads == ["open", "shut"]
            assert rest.payloads == ["open", "shut", "1"]
            assert exact.payloads == ["open", "shut"]
            assert opened.payloads == ["open"]

    asyncio.run(story())


def test_triggers_on_one_topic_share_one_subscription(broker: Broker) -> None:
    async def story() -> None:
        async with TestHub() as hub:
            first, second = Runs(hub, topic="house/door"), Runs(hub, topic="house/door")
            service = await connected(hub, broker)
            hub.fire(PluginChanged(plugin="mqtt", state="ready"))
            await subscribed(broker, service)
            broker.publish("house/door", "open")
            await first.reach(1)
            await second.reach(1)
            assert len(first.all) == len(second.all) == 1
            assert broker.log.count(" 0 house/door\n") == 1

    asyncio.run(story())


def test_a_detached_trigger_is_silent_and_the_last_one_unsubscribes(broker: Broker) -> None:
    async def story() -> None:
        async with TestHub() as hub:
            service = await connected(hub, broker)
            gone, stays = Runs(hub, topic="house/door"), Runs(hub, topic="house/+")
            await subscribed(broker, service)
            gone.end()
            gone.end()
            await until(lambda: "Received UNSUBSCRIBE" in broker.log)
            broker.publish("house/door", "open")
            await stays.reach(1)
            assert gone.all == []
            assert service.filters == {"house/+"}

    asyncio.run(story())


def test_a_trigger_follows_the_service_to_new_options(tmp_path: Path) -> None:
    async def story() -> None:
        async with TestHub() as hub:
            runs = Runs(hub, topic="house/door")
            first = await connected(hub, old)
            hub.fire(PluginChanged(plugin="mqtt", state="ready"))
            await subscribed(old, first)
            await first.stop()
            hub._components.remove(first)
            second = await connected(hub, new)
            hub.fire(PluginChanged(plugin="mqtt", state="ready"))
            await subscribed(new, second)
            old.publish("house/door", "old")
            new.publish("house/door", "new")
            await runs.reach(1)
            assert runs.payloads == ["new"]

    folders = tmp_path / "old", tmp_path / "new"
    for folder in folders:
        folder.mkdir()
    with Broker(folders[0]) as old, Broker(folders[1]) as new:
        asyncio.run(story())


def test_subscriptions_are_made_again_after_a_restart_of_the_broker(broker: Broker) -> None:
    async def story() -> None:
        async with TestHub() as hub:
            service = await connected(hub, broker)
            runs = Runs(hub, topic="house/door")
            await subscribed(broker, service)
            broker.stop(kill=True)
            await until(lambda: not service.connected)
            broker.clear_log()
            broker.start()
            await again(hub, lambda: service.connected)
            await subscribed(broker, service)
            broker.publish("house/door", "open")
            await runs.reach(1)
            assert runs.payloads == ["open"]

    asyncio.run(story())


def test_what_the_broker_kept_is_marked_and_can_be_ignored(broker: Broker) -> None:
    async def story() -> None:
        async with TestHub() as hub:
            service = await connected(hub, broker)
            both, live = Runs(hub, topic="house/#"), Runs(hub, topic="house/door", retained=False)
            await subscribed(broker, service)
            await both.reach(1)
            broker.publish("house/door", "shut")
            await both.reach(2)
            await live.reach(1)
            assert [(each["payload"], each["retain"]) for each in both.all] == [
                ("open", True),
                ("shut", False),
            ]
            assert live.payloads == ["shut"]

    broker.publish("house/door", "open", retain=True)
    asyncio.run(story())


def test_what_the_broker_kept_does_not_fire_again_after_a_reconnect(broker: Broker) -> None:
    async def story() -> None:
        async with TestHub() as hub:
            service = await connected(hub, broker)
            runs = Runs(hub, topic="house/#")
            await subscribed(broker, service)
            broker.publish("house/door", "open", retain=True)
            await runs.reach(1)
            broker.stop()
            await until(lambda: not service.connected)
            broker.clear_log()
            broker.start()
            broker.publish("house/door", "open", retain=True)
            broker.publish("house/gate", "new", retain=True)
            await again(hub, lambda: service.connected)
            await runs.reach(2)
            broker.publish("house/end", "end")
            await runs.reach(3)
            assert runs.payloads == ["open", "new", "end"]

    asyncio.run(story())


def test_a_payload_of_five_megabytes_is_dropped_and_said_once(
    broker: Broker, caplog: pytest.LogCaptureFixture
) -> None:
    async def story() -> None:
        async with TestHub() as hub:
            service = await connected(hub, broker)
            runs = Runs(hub, topic="house/#")
            await subscribed(broker, service)
            for _ in range(2):
                broker.publish("house/big", b"x" * 5_000_000)
            broker.publish("house/small", "fine")
            await runs.reach(1)
            assert runs.payloads == ["fine"]

    caplog.set_level(logging.WARNING)
    asyncio.run(story())
    assert caplog.text.count("A message of 5000000 bytes on house/big was dropped") == 1


def test_bytes_that_are_no_text_do_no_harm(broker: Broker) -> None:
    async def story() -> None:
        async with TestHub() as hub:
            service = await connected(hub, broker)
            runs = Runs(hub, topic="house/#")
            await subscribed(broker, service)
            broker.publish("house/a", b"\xff\xfe")
            broker.publish("house/b", "[" * 100_000)
            await runs.reach(2)
            assert [each["payload_json"] for each in runs.all] == [None, None]
            assert runs.payloads[0] == "��"

    asyncio.run(story())


def test_an_automation_that_fails_does_not_stop_the_others(broker: Broker) -> None:
    async def story() -> None:
        raised: list[str] = []
        asyncio.get_running_loop().set_exception_handler(
            lambda _loop, context: raised.append(str(context["exception"]))
        )
        async with TestHub() as hub:
            service = await connected(hub, broker)
            options = vol.Schema(dict(MqttTrigger.SCHEMA))({"topic": "house/door"})
            MqttTrigger(options, hub.context("automation")).attach(_fail)
            runs = Runs(hub, topic="house/door")
            await subscribed(broker, service)
            for payload in ("1", "2"):
                broker.publish("house/door", payload)
            await runs.reach(2)
        assert raised == ["this automation is broken"] * 2

    asyncio.run(story())


def _fail(variables: Mapping[str, object], event: Event | None) -> None:
    raise RuntimeError("this automation is broken")


def test_a_trigger_without_a_broker_in_the_configuration_is_a_problem() -> None:
    problems = list(MqttTrigger.check({"topic": "a"}, Known()))
    assert [each.words for each in problems] == ["no MQTT broker is configured"]
    assert "mqtt: {host: 127.0.0.1}" in problems[0].hint
    assert list(MqttTrigger.check({"topic": "a"}, Known(loaded=frozenset({"mqtt"})))) == []
