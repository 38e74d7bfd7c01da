"""What automations send arrives, in order, also when the broker was away."""

import asyncio
import json
import logging
from pathlib import Path

import pytest

from hub.api import ActionFailed, Invalid
from hub.testing import TestHub
from integrations.mqtt.service import MqttService
from tests.integrations.mqtt.conftest import again, connected, until
from tests.servers.broker import Broker


async def publish(hub: TestHub, **data: object) -> object:
    return await hub.actions.call("mqtt.publish", data)


@pytest.mark.parametrize(
    ("payload", "text"),
    [
        ("someone at the door", "someone at the door"),
        ("Tür auf ☂", "Tür auf ☂"),
        (21.5, "21.5"),
        (True, "true"),
        (None, ""),
        ([1, "two"], '[1, "two"]'),
        ({"person": {"count": 2}, "wo": "Tür"}, '{"person": {"count": 2}, "wo": "Tür"}'),
    ],
)
def test_a_payload_goes_out_as_text_or_as_json(broker: Broker, payload: object, text: str) -> None:
    async def story() -> None:
        async with TestHub() as hub:
            await connected(hub, broker)
            with broker.listener("house/door") as heard:
                assert await publish(hub, topic="house/door", payload=payload) == {"queued": False}
                assert (await asyncio.to_thread(heard.get)).text == text

    asyncio.run(story())


@pytest.mark.parametrize("qos", [0, 1, 2])
def test_quality_of_service_and_retain_reach_the_broker(broker: Broker, qos: int) -> None:
    async def story() -> None:
        async with TestHub() as hub:
            await connected(hub, broker)
            with broker.listener("house/door", qos=2) as heard:
                await publish(hub, topic="house/door", payload="open", qos=qos, retain=True)
                live = await asyncio.to_thread(heard.get)
            with broker.listener("house/door", qos=2) as heard:
                kept = await asyncio.to_thread(heard.get)

        assert (live.text, live.qos, live.retain) == ("open", qos, False)
        assert (kept.text, kept.qos, kept.retain) == ("open", qos, True)

    asyncio.run(story())


@pytest.mark.parametrize("qos", [0, 1, 2])
def test_a_thousand_messages_at_once_arrive_in_order(broker: Broker, qos: int) -> None:
    async def story() -> None:
        async with TestHub() as hub:
            await connected(hub, broker)
            with broker.listener("house/count") as heard:
                async with asyncio.TaskGroup() as group:
                    for number in range(1000):
                        group.create_task(
                            publish(hub, topic="house/count", payload=number, qos=qos)
                        )
                assert await asyncio.to_thread(heard.texts, 1000) == [
                    str(number) for number in range(1000)
                ]

    asyncio.run(story())


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({"topic": "house/+/door"}, "'house/+/door' cannot be published to"),
        ({"topic": "house/#"}, "'house/#' cannot be published to"),
        ({"topic": "house\0door"}, "control characters"),
        ({"topic": "house\ndoor"}, "control characters"),
        ({"topic": ""}, "expected a text, got an empty one"),
        ({"topic": "t" * 70_000}, "at most 65535 bytes"),
        ({"topic": "a", "qos": 3}, "from 0 to 2"),
        ({"topic": "a", "payload": "x" * 1_100_000}, "at most 1048576 bytes"),
        ({"topic": "a", "playload": "x"}, "Did you mean 'payload'"),
        ({"payload": "x"}, "'topic' is missing"),
    ],
)
def test_what_cannot_be_published_is_refused_in_words(
    broker: Broker, data: dict[str, object], words: str
) -> None:
    async def story() -> None:
        async with TestHub() as hub:
            await connected(hub, broker)
            with pytest.raises(Invalid, match=words.replace("+", r"\+")):
                await publish(hub, **data)

    asyncio.run(story())


def test_messages_wait_for_a_broker_that_comes_later(tmp_path: Path) -> None:
    async def story() -> None:
        broker = Broker(tmp_path)
        async with TestHub() as hub:
            service = await hub.service(MqttService, {"port": broker.port})
            for number in range(5):
                answer = await publish(hub, topic="house/count", payload=number, qos=1)
                assert answer == {"queued": True}
            with broker, broker.listener("house/count") as heard:
                await again(hub, lambda: service.connected)
                assert await asyncio.to_thread(heard.texts, 5) == ["0", "1", "2", "3", "4"]

    asyncio.run(story())


def test_messages_sent_while_the_broker_restarts_arrive_once_and_in_order(broker: Broker) -> None:
    async def story() -> None:
        async with TestHub() as hub:
            service = await connected(hub, broker)
            with broker.listener("house/count") as heard:
                await publish(hub, topic="house/count", payload=0, qos=1)
                assert (await asyncio.to_thread(heard.get)).text == "0"
                heard.subscribed.clear()
                broker.stop(kill=True)
                await until(lambda: not service.connected)
                for number in range(1, 5):
                    await publish(hub, topic="house/count", payload=number, qos=1)
                broker.start()
                await asyncio.to_thread(heard.subscribed.wait, 10)
                await again(hub, lambda: service.connected)
                assert await asyncio.to_thread(heard.texts, 4) == ["1", "2", "3", "4"]
                assert heard.empty()

    asyncio.run(story())


def test_too_many_waiting_messages_lose_the_oldest_and_it_is_said(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)

    async def story() -> list[str]:
        broker = Broker(tmp_path)
        async with TestHub() as hub:
            service = await hub.service(MqttService, {"port": broker.port})
            for number in range(1010):
                await publish(hub, topic="house/count", payload=number, qos=1)
            with broker, broker.listener("house/count") as heard:
                await again(hub, lambda: service.connected)
                return await asyncio.to_thread(heard.texts, 1000)

    assert asyncio.run(story()) == [str(number) for number in range(10, 1010)]
    assert "1000 messages that waited and 10 that were too many and are lost" in caplog.text


def test_large_waiting_messages_are_bounded_by_their_size(tmp_path: Path) -> None:
    async def story() -> None:
        broker = Broker(tmp_path)
        async with TestHub() as hub:
            service = await hub.service(MqttService, {"port": broker.port})
            for number in range(20):
                text = json.dumps({"number": number, "filling": "x" * 1_000_000})
                await publish(hub, topic="house/big", payload=text, qos=1)
            with broker, broker.listener("house/big") as heard:
                await again(hub, lambda: service.connected)
                numbers = [
                    json.loads(text)["number"] for text in await asyncio.to_thread(heard.texts, 16)
                ]
                assert numbers == list(range(4, 20))

    asyncio.run(story())


def test_a_frozen_broker_is_noticed_and_nothing_is_lost(broker: Broker) -> None:
    async def story() -> None:
        async with TestHub() as hub:
            service = await connected(hub, broker, keepalive=2)
            with broker.listener("house/door") as heard:
                broker.freeze()
                answer = await publish(hub, topic="house/door", payload="open", qos=1)
                assert answer == {"queued": True}
                assert not service.connected
                broker.thaw()
                await again(hub, lambda: service.connected)
                # At least once: the broker may have had it when it froze.
                assert (await asyncio.to_thread(heard.get)).text == "open"

    asyncio.run(story())


def test_an_action_is_gone_when_the_service_is(broker: Broker) -> None:
    async def story() -> None:
        async with TestHub() as hub:
            service = await connected(hub, broker)
            await service.stop()
            with pytest.raises(ActionFailed, match="there is no action"):
                await publish(hub, topic="house/door")

    asyncio.run(story())
