"""The page in a real browser: how tests come to it, and what they wait for."""

import asyncio
import shutil
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest

from hub.api import (
    Box,
    ZoneEntered,
)
from hub.testing import START, TestHub
from tests.web.conftest import Site, site

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
PHONE = {"width": 360, "height": 740}
DESKTOP = {"width": 1280, "height": 800}


@asynccontextmanager
async def page(address: str, viewport: dict[str, int] = DESKTOP) -> AsyncIterator[Any]:
    """Open the page; fails when its script does."""
    from playwright.async_api import async_playwright

    errors: list[str] = []
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox", "--no-proxy-server"]
        )
        tab = await browser.new_page(viewport=viewport)
        tab.set_default_timeout(10_000)
        tab.on("pageerror", lambda error: errors.append(str(error)))
        await tab.goto(address)
        yield tab
        await browser.close()
    assert errors == []


def browse(
    story: Callable[[Site, Any], Awaitable[None]],
    viewport: dict[str, int] = DESKTOP,
    before: Callable[[TestHub], object] = lambda _: None,
    **options: Any,
) -> None:
    """Serve a hub, open its page, and run a test's story."""
    if CHROMIUM is None:
        pytest.skip("chromium is not installed (`make system` does it)")

    async def run() -> None:
        async with site(**options) as served:
            before(served.hub)
            async with page(served.service.address, viewport) as tab:
                await shows(tab, "#link", "Connected")
                await story(served, tab)

    asyncio.run(run())


async def shows(tab: Any, selector: str, words: str) -> None:
    """Wait until an element holds some words."""
    await tab.locator(selector, has_text=words).first.wait_for()


async def text(tab: Any, selector: str) -> str:
    words: str = await tab.locator(selector).first.inner_text()
    return words


def online(hub: TestHub) -> None:
    hub.states.set("camera.porch", "online", {"friendly_name": "Front porch"})
    hub.states.set("camera.gate", "online", {"friendly_name": "Gate"})


def entered(**changes: object) -> ZoneEntered:
    values: dict[str, Any] = {
        "camera": "porch", "zone": "doorstep", "object": "person", "track": "porch-1",
        "score": 0.82, "box": Box(0.4, 0.4, 0.5, 0.9), "captured": START, "count": 1, **changes,
    }  # fmt: skip
    return ZoneEntered(**values)


async def expect(found: Any, count: int) -> None:
    """Wait until there are so many of something."""
    await found.nth(count - 1).wait_for()
    assert await found.count() == count
