"""A broker, and a hub that talks to it."""

import asyncio
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from hub.testing import TestHub
from integrations.mqtt.service import MqttService
from tests.servers.broker import Broker

LIMIT = 15.0  # seconds


@pytest.fixture
def broker(tmp_path: Path) -> Iterator[Broker]:
    with Broker(tmp_path) as broker:
        yield broker


async def until(holds: Callable[[], bool], limit: float = LIMIT) -> None:
    """Wait, in the real time that sockets take, until something holds."""
    async with asyncio.timeout(limit):
        while not holds():  # noqa: ASYNC110 - sockets set no event of ours
            await asyncio.sleep(0.01)


async def connected(hub: TestHub, broker: Broker, **options: object) -> MqttService:
    """Start the service and wait until the broker let it in."""
    service = await hub.service(MqttService, {"port": broker.port, **options})
    await until(lambda: service.connected)
    return service


async def again(hub: TestHub, holds: Callable[[], bool], limit: float = LIMIT) -> None:
    """Turn the clock until a service that waits between attempts has got there."""
    async with asyncio.timeout(limit):
        while not holds():
            await hub.clock.advance(10)
            await asyncio.sleep(0.05)
