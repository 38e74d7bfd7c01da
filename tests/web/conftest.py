"""A web server over a test hub, and a client that speaks HTTP to it as it pleases."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
import pytest

from hub.api import KnownCamera
from hub.testing import TestHub
from web.service import WebService

CAMERAS: Mapping[str, KnownCamera] = {
    "porch": KnownCamera(zones=frozenset({"doorstep"}), objects=frozenset({"person"})),
    "gate": KnownCamera(objects=frozenset({"car", "person"})),
}


class Site:
    """A served hub; ``get`` and ``post`` return status, headers and decoded body."""

    def __init__(self, hub: TestHub, service: WebService, client: aiohttp.ClientSession) -> None:
        self.hub = hub
        self.service = service
        self.client = client

    async def get(self, path: str, **options: Any) -> tuple[int, Mapping[str, str], Any]:
        return await self._ask("GET", path, **options)

    async def post(self, path: str, **options: Any) -> tuple[int, Mapping[str, str], Any]:
        return await self._ask("POST", path, **options)

    async def _ask(
        self, method: str, path: str, **options: Any
    ) -> tuple[int, Mapping[str, str], Any]:
        async with self.client.request(method, self.service.address + path, **options) as answer:
            is_json = answer.content_type == "application/json"
            body = await answer.json() if is_json else await answer.read()
            return answer.status, answer.headers, body


@asynccontextmanager
async def site(
    cameras: Mapping[str, KnownCamera] = CAMERAS, *, tolerant: bool = False, **options: object
) -> AsyncIterator[Site]:
    """Serve a test hub on a free port."""
    async with TestHub(cameras=cameras, tolerant=tolerant) as hub:
        service = await hub.service(WebService, {"port": 0, **options})
        async with aiohttp.ClientSession() as client:
            yield Site(hub, service, client)


Story = Callable[[Site], Awaitable[None]]


def serve(story: Story, **options: object) -> None:
    """Run a test's story against a served hub."""

    async def run() -> None:
        async with site(**options) as served:
            await story(served)

    asyncio.run(run())


@pytest.fixture(autouse=True)
def _no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    """Talk to loopback directly, whatever this machine uses for the internet."""
    monkeypatch.setenv("NO_PROXY", "*")
