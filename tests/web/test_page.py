"""The page in a real browser: what somebody sees, with a mouse, a keyboard or a phone."""

import asyncio
import re
from datetime import timedelta
from typing import Any

import pytest

from hub.api import (
    AutomationTriggered,
    EventFired,
    KnownCamera,
    NotReady,
)
from hub.testing import START, TestHub
from integrations.persistent_notification.service import Notes
from tests.web.browsing import CHROMIUM, DESKTOP, PHONE, browse, entered, online, page, shows, text
from tests.web.conftest import Site, site
from web.service import WebService

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("browser")]


def test_a_camera_that_stands_upright_is_shown_in_a_square() -> None:
    def upright(hub: TestHub) -> None:
        size = {"width": 484, "height": 864}
        hub.states.set("camera.porch", "online", {"friendly_name": "Front porch", **size})

    async def story(site: Site, tab: Any) -> None:
        await tab.wait_for_function(
            "document.querySelector('.picture').style.aspectRatio === '864 / 864'"
        )
        shown = await tab.locator(".picture").first.bounding_box()
        assert abs(shown["width"] - shown["height"]) <= 1

    browse(story, before=upright)


def test_pictures_load_and_are_refreshed_one_at_a_time() -> None:
    async def story(site: Site, tab: Any) -> None:
        await tab.locator(".picture img:visible").first.wait_for()
        assert await tab.locator(".picture img").first.evaluate("image => image.naturalWidth") == 8
        asked: list[str] = []
        tab.on("request", lambda request: asked.append(request.url))
        await asyncio.sleep(2.2)
        porch = [url for url in asked if "/cameras/porch/" in url]
        assert 3 <= len(porch) <= 5

    browse(story, before=online)


def test_a_hidden_page_asks_for_no_pictures() -> None:
    async def story(site: Site, tab: Any) -> None:
        await tab.locator(".picture img:visible").first.wait_for()
        await tab.evaluate("Object.defineProperty(document, 'hidden', {get: () => true})")
        await asyncio.sleep(0.6)
        asked: list[str] = []
        tab.on("request", lambda request: asked.append(request.url))
        await asyncio.sleep(1.2)
        assert asked == []

    browse(story, before=online)


def test_an_offline_camera_shows_its_reason_over_the_last_picture() -> None:
    async def story(site: Site, tab: Any) -> None:
        await tab.locator(".picture img:visible").first.wait_for()
        site.hub.pictures.jpeg = NotReady("nothing answers at 10.0.0.9")
        site.hub.states.set(
            "camera.porch", "offline",
            {"friendly_name": "Front porch", "reason": "nothing answers at 10.0.0.9"},
        )  # fmt: skip
        await shows(tab, ".overlay", "Offline: nothing answers at 10.0.0.9")
        assert await tab.locator(".picture img").first.is_visible()
        assert await text(tab, ".camera .badge") == "offline"
        site.hub.states.set("camera.porch", "online", {"friendly_name": "Front porch"})
        await tab.locator(".overlay").first.wait_for(state="hidden")

    browse(story, before=online)


def test_chips_follow_motion_and_people_in_zones() -> None:
    async def story(site: Site, tab: Any) -> None:
        site.hub.states.set("binary_sensor.porch_motion", "on")
        site.hub.states.set("sensor.porch_doorstep_person_count", "2")
        await shows(tab, ".chips li", "doorstep: 2 \u00d7 person")
        await shows(tab, ".chips li", "motion")
        site.hub.states.set("sensor.porch_doorstep_person_count", "0")
        await tab.locator(".chips li", has_text="2 \u00d7 person").wait_for(state="detached")

    browse(story, before=online)


def test_the_last_run_of_an_automation_ticks() -> None:
    async def story(site: Site, tab: Any) -> None:
        await shows(tab, ".automation", "has not run yet")
        last = (START - timedelta(seconds=12)).isoformat()
        site.hub.states.set(
            "automation.door", "on",
            {"friendly_name": "Someone at the door", "runs": 3, "last_triggered": last},
        )  # fmt: skip
        ago = re.compile(r"3 runs, \d+\ss ago")  # the space before a unit is one that never breaks
        await tab.locator(".automation .runs", has_text=ago).wait_for()
        first = await text(tab, ".automation .runs")
        assert int(re.findall(r"\d+", first)[1]) >= 12
        await tab.locator(".automation .runs", has_text=first).wait_for(state="detached")
        assert ago.fullmatch(await text(tab, ".automation .runs"))
        assert await text(tab, ".automation .badge") == "on"
        site.hub.states.set(
            "automation.door", "on",
            {"runs": 4, "last_triggered": last, "last_error": "the disk is full"},
        )  # fmt: skip
        await shows(tab, ".automation .failed", "The last run failed: the disk is full")

    browse(
        story,
        before=lambda hub: hub.states.set(
            "automation.door", "on", {"friendly_name": "Someone at the door", "runs": 0}
        ),
    )


def test_a_note_is_shown_and_dismissed() -> None:
    async def story() -> None:
        async with site() as served:
            await served.hub.service(Notes)
            async with page(served.service.address) as tab:
                await shows(tab, "#link", "Connected")
                await served.hub.actions.call(
                    "persistent_notification.create",
                    {"title": "Parcel", "message": "It is at the door"},
                )
                await shows(tab, ".notification", "It is at the door")
                await tab.get_by_role("button", name="Dismiss").click()
                await tab.locator(".notification").wait_for(state="detached")
                assert not served.hub.states.all()

    if CHROMIUM is None:
        pytest.skip("chromium is not installed (`make system` does it)")
    asyncio.run(story())


def test_a_hub_that_goes_and_comes_back_is_said_and_healed() -> None:
    async def story(site: Site, tab: Any) -> None:
        port = int(site.service.address.rpartition(":")[2])
        await site.service.stop()
        await shows(tab, "#banner", "The hub does not answer")
        assert await text(tab, "#link") == "Connection lost"
        site.hub.fire(entered())
        await site.hub.service(WebService, {"port": port})
        await tab.locator("#banner").wait_for(state="hidden")
        await shows(tab, ".event .words", "person entered doorstep")
        site.hub.fire(EventFired(name="after"))
        await shows(tab, ".event .words", "Event after")

    browse(story, before=online)


@pytest.mark.parametrize("viewport", [PHONE, {"width": 390, "height": 844}, DESKTOP])
@pytest.mark.parametrize("is_empty", [True, False])
def test_nothing_sticks_out_at_the_side(viewport: dict[str, int], is_empty: bool) -> None:
    async def story(site: Site, tab: Any) -> None:
        long = "Averylongnamewithoutanyspacewhichnobodyshouldgivebutsomebodywill" * 2
        if not is_empty:
            site.hub.states.set("camera.porch", "offline", {"friendly_name": long, "reason": long})
            site.hub.states.set("automation.a", "on", {"friendly_name": long})
            site.hub.states.set("persistent_notification.a", "notifying", {"message": long})
            site.hub.fire(
                AutomationTriggered(automation="automation.a", name=long, trigger="x", run="1")
            )
            await shows(tab, ".event .words", "Averylong")
            await tab.locator(".event summary").first.click()
        wide, width = await tab.evaluate("[document.documentElement.scrollWidth, innerWidth]")
        assert wide <= width

    browse(story, viewport, **({"cameras": {}} if is_empty else {}))


def test_an_empty_hub_says_what_to_do_next() -> None:
    async def story(site: Site, tab: Any) -> None:
        assert "platform: rtsp" in await text(tab, "#no-cameras")
        assert "trigger: zone" in await text(tab, "#no-automations")
        await shows(tab, "#no-events", "Nothing has happened yet")

    browse(story, cameras={})


def test_s17_names_stay_text() -> None:
    attack = "<img src=x onerror=\"document.title='owned'\"><b>bold</b>{{7*7}}"

    def before(hub: TestHub) -> None:
        hub.states.set("camera.porch", "offline", {"friendly_name": attack, "reason": attack})
        hub.states.set("automation.a", "on", {"friendly_name": attack})
        hub.states.set(
            "persistent_notification.a", "notifying", {"title": attack, "message": attack}
        )
        hub.fire(entered(zone=attack, object=attack))

    async def story(site: Site, tab: Any) -> None:
        site.hub.fire(EventFired(name=attack, data={"x": attack}))
        await shows(tab, ".event .words", "Event <img src=x")
        await tab.locator(".event summary").first.click()
        for place in (".camera h3", ".overlay", ".automation .name", ".notification", ".event"):
            assert "<b>bold</b>" in await text(tab, place)
        assert await tab.title() == "Watchpost"
        assert await tab.locator("b, main img[src='x']").count() == 0

    browse(story, before=before, cameras={"porch": KnownCamera(zones=frozenset({attack}))})


def test_a_camera_leads_to_its_motion_map() -> None:
    async def story(site: Site, tab: Any) -> None:
        link = tab.locator(".camera .map").first
        assert await link.get_attribute("href") == "api/cameras/porch/motion.jpg"
        assert await link.inner_text() == "motion map"

    browse(story)


def test_everything_can_be_reached_by_keyboard() -> None:
    async def story(site: Site, tab: Any) -> None:
        reached = []
        for _ in range(7):
            await tab.keyboard.press("Tab")
            reached.append(await tab.evaluate("document.activeElement.tagName"))
        assert reached == ["A", "A", "A", "SUMMARY", "SELECT", "SUMMARY", "SUMMARY"]

    browse(
        story,
        before=lambda hub: (
            online(hub),
            hub.states.set("automation.a", "on"),
            hub.fire(entered()),
            hub.fire(entered(zone="path")),
        ),
    )


def test_a_browser_of_another_site_cannot_reach_the_hub() -> None:
    """A page of another origin tries to call an action, to listen, and to look."""
    attack = """async (address) => {
        const tried = {};
        tried.post = await fetch(address + "/api/actions/a.b", {
            method: "POST", mode: "no-cors", body: "{}"}).then(() => "sent", () => "refused");
        tried.read = await fetch(address + "/api/state").then(() => "read", () => "refused");
        tried.listen = await new Promise((done) => {
            const socket = new WebSocket(address.replace("http", "ws") + "/api/live");
            socket.onopen = () => done("open");
            socket.onerror = () => done("refused");
        });
        tried.look = await new Promise((done) => {
            const image = new Image();
            image.onload = () => done("seen");
            image.onerror = () => done("refused");
            image.src = address + "/api/cameras/porch/picture.jpg";
        });
        return tried;
    }"""

    async def story(site: Site, tab: Any) -> None:
        site.hub.fake_action("a.b")
        async with await asyncio.start_server(_evil_page, "127.0.0.1", 0) as server:
            port = server.sockets[0].getsockname()[1]
            await tab.goto(f"http://localhost:{port}/")
            tried = await tab.evaluate(attack, site.service.address)
        assert set(tried.values()) == {"refused"}
        assert site.hub.calls == []

    browse(story, before=online)


async def _evil_page(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await reader.readuntil(b"\r\n\r\n")
    writer.write(
        b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 7\r\n"
        b"Connection: close\r\n\r\n<p>evil"
    )
    await writer.drain()
    writer.close()


def spends(hub: TestHub, **figures: str) -> None:
    for figure, state in figures.items():
        facts = {"detector": "<b>openvino</b>", "figure": figure}
        hub.states.set(f"sensor.detector_openvino_{figure}", state, facts)


@pytest.mark.parametrize("viewport", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_a_line_tells_what_detectors_spend_and_who_goes_short(viewport: dict[str, int]) -> None:
    async def story(site: Site, tab: Any) -> None:
        assert not await tab.locator("#detectors").is_visible()
        spends(site.hub, inference_ms="9.2", queue_ms="1.0", load="34", dropped="0")
        await shows(tab, "#detectors li", "<b>openvino</b>: 34\u00a0% busy, 9.2\u00a0ms a look")
        assert "dropped" not in await text(tab, "#detectors")
        spends(site.hub, dropped="17", load="98")
        await shows(tab, "#detectors li[data-is=bad]", "17 dropped")
        site.hub.states.set("camera.porch", "online", {"shed": True})
        await shows(tab, ".camera .chips", "not looked at often enough")
        site.hub.states.set("camera.porch", "online", {})
        await tab.locator(".chips [data-on=trouble]").wait_for(state="detached")
        wide = await tab.evaluate("document.documentElement.scrollWidth")
        assert wide <= viewport["width"]
        spends(site.hub, load="unavailable")
        await tab.locator("#detectors").wait_for(state="hidden")

    browse(story, viewport, before=online)
