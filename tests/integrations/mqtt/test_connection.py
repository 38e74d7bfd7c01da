"""The broker is let down or lost for many reasons; each is said once, in the user's words."""

import asyncio
import logging
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from hub.api import Invalid
from hub.testing import TestHub
from integrations.mqtt.events import MqttConnected, MqttDisconnected
from integrations.mqtt.service import ENTITY, MqttService
from tests.integrations.mqtt.conftest import again, connected, until
from tests.servers.broker import Broker

SECRET = "c4nary-passw0rd"  # noqa: S105


async def refused(hub: TestHub, limit: float = 15.0, **options: object) -> str:
    """Start the service and return the reason for which it did not get in."""
    await hub.service(MqttService, options)
    await until(lambda: bool(hub.events.of(MqttDisconnected)), limit)
    return hub.events.of(MqttDisconnected)[0].reason


def test_the_hub_says_that_it_is_here_and_that_it_goes(broker: Broker) -> None:
    async def story() -> None:
        with broker.listener("watchpost/status") as heard:
            async with TestHub() as hub:
                service = await connected(hub, broker)
                assert (await asyncio.to_thread(heard.get)).text == "online"
                assert hub.states.get(ENTITY).state == "on"
                await service.stop()
                assert (await asyncio.to_thread(heard.get)).text == "offline"
        with broker.listener("watchpost/status") as heard:
            kept = await asyncio.to_thread(heard.get)
            assert (kept.text, kept.retain) == ("offline", True)

    asyncio.run(story())


@pytest.mark.parametrize("protocol", ["3.1.1", 5])
def test_both_versions_of_mqtt_work(broker: Broker, protocol: object) -> None:
    async def story() -> None:
        async with TestHub() as hub:
            await connected(hub, broker, protocol=protocol, prefix="home/hub/")
            with broker.listener("home/hub/status") as heard:
                assert (await asyncio.to_thread(heard.get)).text == "online"

    asyncio.run(story())


def test_others_see_the_last_will_of_a_hub_that_dies(broker: Broker) -> None:
    program = (
        "import asyncio\n"
        "from hub.testing import TestHub\n"
        "from integrations.mqtt.service import MqttService\n"
        "async def live():\n"
        "    async with TestHub() as hub:\n"
        f"        await hub.service(MqttService, {{'port': {broker.port}}})\n"
        "        await asyncio.sleep(60)\n"
        "asyncio.run(live())\n"
    )
    with broker.listener("watchpost/status") as heard:
        process = subprocess.Popen([sys.executable, "-c", program])
        try:
            assert heard.get(timeout=20).text == "online"
        finally:
            process.kill()
            process.wait()
        assert heard.get().text == "offline"


def test_a_wrong_password_is_said_once_and_never_shown(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)

    async def story() -> None:
        async with TestHub() as hub:
            reason = await refused(
                hub, host="127.0.0.1", port=broker.port, username="hub", password=SECRET
            )
            assert reason == "wrong username or password"
            await hub.clock.advance(minutes=5)
            await asyncio.sleep(0.3)
            assert len(hub.events.of(MqttDisconnected)) == 1
            state = hub.states.get(ENTITY)
            assert (state.state, state.attributes["reason"]) == ("off", reason)
            assert SECRET not in repr(hub.events.all) + repr(hub.states.all())

    with Broker(tmp_path, users={"hub": "another"}) as broker:
        asyncio.run(story())
    assert caplog.text.count("is away: wrong username or password") == 1
    assert SECRET not in caplog.text


def test_a_password_that_becomes_right_lets_the_hub_in(tmp_path: Path) -> None:
    async def story() -> None:
        async with TestHub() as hub:
            service = await hub.service(
                MqttService, {"port": broker.port, "username": "hub", "password": "right"}
            )
            await until(lambda: service.connected)

    with Broker(tmp_path, users={"hub": "right"}) as broker:
        asyncio.run(story())


def test_a_missing_password_is_asked_for(tmp_path: Path) -> None:
    async def story() -> None:
        async with TestHub() as hub:
            reason = await refused(hub, port=broker.port)
            assert reason == "the broker asks for a username and a password"

    with Broker(tmp_path, users={"hub": "right"}) as broker:
        asyncio.run(story())


def test_a_broker_that_is_not_there_holds_up_neither_start_nor_stop(tmp_path: Path) -> None:
    async def story() -> None:
        port = Broker(tmp_path).port
        begin = time.monotonic()
        async with TestHub() as hub:
            reason = await refused(hub, port=port)
            assert reason == f"nothing answers at 127.0.0.1:{port}"
            assert "mqtt.publish" in hub.actions.known()
        assert time.monotonic() - begin < 2

    asyncio.run(story())


def test_a_restarted_broker_is_said_to_be_gone_once_and_back_once(
    broker: Broker, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)

    async def story() -> None:
        async with TestHub() as hub:
            service = await connected(hub, broker)
            broker.stop(kill=True)
            await until(lambda: not service.connected)
            await again(hub, lambda: len(hub.events.of(MqttDisconnected)) == 2)
            for _ in range(3):
                await hub.clock.advance(minutes=1)
                await asyncio.sleep(0.05)
            broker.start()
            await again(hub, lambda: service.connected)
            reasons = [each.reason for each in hub.events.of(MqttDisconnected)]
            assert reasons == [
                "the connection to the broker was lost",
                f"nothing answers at 127.0.0.1:{broker.port}",
            ]
            assert len(hub.events.of(MqttConnected)) == 2

    asyncio.run(story())
    assert caplog.text.count("is away") == 2
    assert caplog.text.count("Connected to") == 2
    assert "never retrieved" not in caplog.text


def test_a_broker_is_back_within_five_seconds_of_its_restart(broker: Broker) -> None:
    async def story() -> None:
        async with TestHub() as hub:
            service = await connected(hub, broker)
            broker.stop(kill=True)
            await until(lambda: not service.connected)
            broker.start()
            for _ in range(5):
                await hub.clock.advance(1)
                await asyncio.sleep(0.1)
            assert service.connected

    asyncio.run(story())


def test_tls_with_the_right_authority_works(tmp_path: Path) -> None:
    async def story() -> None:
        async with TestHub() as hub:
            await connected(hub, broker, host="localhost", tls={"ca": str(broker.ca)})
            with broker.listener("house/door") as heard:
                await hub.actions.call("mqtt.publish", {"topic": "house/door", "payload": "open"})
                assert (await asyncio.to_thread(heard.get)).text == "open"

    with Broker(tmp_path, tls=True) as broker:
        asyncio.run(story())


def test_a_certificate_of_a_stranger_is_refused_with_the_reason(tmp_path: Path) -> None:
    async def story() -> None:
        async with TestHub() as hub:
            reason = await refused(hub, host="127.0.0.1", port=broker.port, tls={})
            assert reason.startswith(f"the certificate of 127.0.0.1:{broker.port} is not trusted: ")

    with Broker(tmp_path, tls=True) as broker:
        asyncio.run(story())


def test_a_certificate_can_be_trusted_blindly_but_not_silently(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async def story() -> None:
        async with TestHub() as hub:
            await connected(hub, broker, tls={"insecure": True})

    with Broker(tmp_path, tls=True) as broker:
        asyncio.run(story())
    assert "is not checked (tls: insecure)" in caplog.text


def test_tls_towards_a_broker_without_it_is_explained(broker: Broker) -> None:
    async def story() -> None:
        async with TestHub() as hub:
            reason = await refused(hub, port=broker.port, tls={})
            assert reason == f"127.0.0.1:{broker.port} does not speak TLS"

    asyncio.run(story())


@contextmanager
def silent_server() -> Iterator[int]:
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


def test_a_server_that_is_no_broker_is_explained() -> None:
    async def story() -> None:
        async with TestHub() as hub:
            reason = await refused(hub, port=port, keepalive=2)
            assert reason == (
                f"127.0.0.1:{port} does not answer as an MQTT broker does; "
                "if it expects TLS, set tls: {}"
            )

    with silent_server() as port:
        asyncio.run(story())


def test_a_missing_certificate_file_is_invalid(tmp_path: Path) -> None:
    async def story() -> None:
        async with TestHub() as hub:
            with pytest.raises(Invalid, match=r"tls\.ca: there is no file .*nowhere\.crt"):
                await hub.service(MqttService, {"tls": {"ca": "nowhere.crt"}})

    asyncio.run(story())


def test_a_file_that_is_no_certificate_is_invalid(tmp_path: Path) -> None:
    async def story() -> None:
        async with TestHub() as hub:
            (hub.paths.config / "ca.crt").write_text("not a certificate")
            with pytest.raises(Invalid, match=r"tls\.ca: .*ca\.crt cannot be used"):
                await hub.service(MqttService, {"tls": {"ca": "ca.crt"}})

    asyncio.run(story())
