"""Rows of SECURITY.md that the first page has to answer while there are no accounts."""

import asyncio
import gzip
import re

import pytest
from aiohttp import web as http

from hub.api import CameraOffline
from tests.web.conftest import Site, serve
from web.door import HEADERS
from web.server import POLICIES, require_policies

EVIL = "http://evil.example"


def handshake(**headers: str) -> dict[str, str]:
    return {
        "Upgrade": "websocket",
        "Connection": "Upgrade",
        "Sec-WebSocket-Version": "13",
        "Sec-WebSocket-Key": "AAAAAAAAAAAAAAAAAAAAAA==",
        **headers,
    }


def test_s01_a_route_without_a_policy_stops_the_start() -> None:
    async def answer(request: http.Request) -> http.Response:
        return http.Response()

    app = http.Application()
    app[POLICIES] = {}
    app.router.add_get("/forgotten", answer)
    with pytest.raises(AssertionError, match=r"/forgotten.* declares no policy"):
        require_policies(app)


@pytest.mark.parametrize(
    "path", ["/", "/api/state", "/api/detectors", "/health", "/page.js", "/nowhere"]
)
@pytest.mark.parametrize(
    "host", ["evil.example", "evil.example:8080", "localhost.evil.example", "127.0.0.1.nip.io", ""]
)
def test_s14_a_name_pointed_at_us_by_a_stranger_is_refused(path: str, host: str) -> None:
    async def story(site: Site) -> None:
        status, headers, body = await site.get(path, headers={"Host": host})
        assert status == 403
        assert headers["Content-Type"] == "application/json"
        assert "allowed_hosts" in body["error"]

    serve(story)


@pytest.mark.parametrize(
    "host", ["localhost", "LOCALHOST:80", "127.0.0.1", "[::1]:8080", "hub.lan"]
)
def test_our_own_names_and_listed_ones_are_let_in(host: str) -> None:
    async def story(site: Site) -> None:
        assert (await site.get("/api/state", headers={"Host": host}))[0] == 200

    serve(story, allowed_hosts=["hub.lan"])


def test_bare_addresses_are_let_in_when_every_address_is_listened_on() -> None:
    async def everywhere(site: Site) -> None:
        assert (await site.get("/health", headers={"Host": "192.168.1.5:8080"}))[0] == 200
        assert (await site.get("/health", headers={"Host": "evil.example"}))[0] == 403

    async def here(site: Site) -> None:
        assert (await site.get("/health", headers={"Host": "192.168.1.5:8080"}))[0] == 403

    serve(everywhere, host="0.0.0.0")  # noqa: S104
    serve(here)


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": EVIL},
        {"Origin": "null"},
        {"Origin": "http://127.0.0.1"},
        {"Origin": "http://localhost:1"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate"},
    ],
)
def test_s14_another_site_changes_nothing(headers: dict[str, str]) -> None:
    async def story(site: Site) -> None:
        site.hub.fake_action("notify.log")
        status, _, _ = await site.post("/api/actions/notify.log", json={}, headers=headers)
        assert status == 403
        assert site.hub.calls == []

    serve(story)


@pytest.mark.parametrize(
    "kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", ""]
)
def test_s14_only_json_is_taken(kind: str) -> None:
    async def story(site: Site) -> None:
        site.hub.fake_action("notify.log")
        status, _, _ = await site.post(
            "/api/actions/notify.log", data=b"{}", headers={"Content-Type": kind}
        )
        assert status == 415
        assert site.hub.calls == []

    serve(story)


def test_s14_our_own_page_and_tools_may_act() -> None:
    async def story(site: Site) -> None:
        site.hub.fake_action("notify.log")
        own = {"Origin": site.service.address, "Sec-Fetch-Site": "same-origin"}
        for headers in (own, {}):
            status, _, _ = await site.post("/api/actions/notify.log", json={}, headers=headers)
            assert status == 200
        assert len(site.hub.calls) == 2

    serve(story)


def test_s14_reading_changes_nothing() -> None:
    async def story(site: Site) -> None:
        before = len(site.hub.events.all)
        paths = ("/", "/api/state", "/api/events", "/api/detectors", "/health")
        for path in (*paths, "/api/cameras/porch/picture.jpg"):
            assert (await site.get(path))[0] == 200
        assert len(site.hub.events.all) == before

    serve(story)


def test_another_site_cannot_embed_pictures_but_a_link_to_the_page_works() -> None:
    async def story(site: Site) -> None:
        image = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "no-cors"}
        link = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate"}
        assert (await site.get("/api/cameras/porch/picture.jpg", headers=image))[0] == 403
        assert (await site.get("/", headers=link))[0] == 200

    serve(story)


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": EVIL},
        {"Origin": "null"},
        {"Origin": ""},
        {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "websocket"},
        {"Host": "evil.example", "Origin": EVIL},
    ],
)
def test_s15_a_handshake_of_another_site_is_refused(headers: dict[str, str]) -> None:
    async def story(site: Site) -> None:
        status, _, _ = await site.get("/api/live", headers=handshake(**headers))
        assert status == 403

    serve(story)


def test_s15_a_large_message_ends_the_socket() -> None:
    async def story(site: Site) -> None:
        async with site.client.ws_connect(f"{site.service.address}/api/live") as socket:
            await socket.receive_json()
            await socket.send_bytes(b"x" * 1_000_000)
            await socket.receive(timeout=5)
            assert socket.close_code == 1009

    serve(story)


@pytest.mark.parametrize(
    ("path", "status"),
    [("/", 200), ("/page.js", 200), ("/api/state", 200), ("/nowhere", 404), ("/api/live", 400)],
)
def test_s16_every_answer_carries_the_headers(path: str, status: int) -> None:
    async def story(site: Site) -> None:
        got, headers, _ = await site.get(path)
        assert got == status
        assert {name: headers.get(name) for name in HEADERS} == HEADERS
        assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
        assert "unsafe" not in headers["Content-Security-Policy"]
        assert "Server" not in headers
        if path.startswith("/api"):
            assert headers["Cache-Control"] == "no-store, private"

    serve(story)


def test_s16_the_page_needs_no_inline_script_or_style() -> None:
    async def story(site: Site) -> None:
        _, _, body = await site.get("/")
        page = body.decode()
        assert re.findall(r"<script(?![^>]*\bsrc=)", page) == []
        assert re.findall(r"<style|\sstyle=|\son[a-z]+=|javascript:", page) == []
        _, _, script = await site.get("/page.js")
        for unsafe in (
            b"innerHTML",
            b"outerHTML",
            b"insertAdjacentHTML",
            b"eval(",
            b"document.write",
        ):
            assert unsafe not in script

    serve(story)


def test_s17_names_never_come_back_as_html() -> None:
    attack = "<img src=x onerror=alert(1)>{{7*7}}"

    async def story(site: Site) -> None:
        site.hub.states.set("camera.porch", "offline", {"friendly_name": attack, "reason": attack})
        site.hub.fire(CameraOffline(camera="porch", reason=attack))
        for path in (
            "/api/state",
            "/api/events",
            f"/api/cameras/{attack}/picture.jpg",
            f"/{attack}",
        ):
            status, headers, body = await site.get(path)
            assert headers["Content-Type"] == "application/json", status
            assert "49" not in str(body.get("error"))
        status, headers, _ = await site.post(f"/api/actions/{attack}", json={})
        assert (status, headers["Content-Type"]) == (404, "application/json")

    serve(story)


@pytest.mark.parametrize(
    "path",
    [
        "/..%2f..%2fetc/passwd", "/%2e%2e/%2e%2e/etc/passwd", "//etc/passwd",
        "/..\\..\\etc\\passwd",
        "/page.js%00", "/style.css/../../server.py", "/api/cameras/..%2fporch/picture.jpg",
        "/API/state", "/api/state/", "/api//state", "/page.js;x",
    ],
)  # fmt: skip
def test_s04_s06_no_path_leads_elsewhere(path: str) -> None:
    async def story(site: Site) -> None:
        request = f"GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
        answer = await raw(site, request.encode())
        assert re.match(rb"HTTP/1\.1 40[04] ", answer)
        assert b"root:" not in answer
        assert b"import" not in answer

    serve(story)


def test_s28_only_loopback_is_listened_on_unless_told_otherwise() -> None:
    async def story(site: Site) -> None:
        assert site.service.address.startswith("http://127.0.0.1:")

    serve(story)


def test_s35_a_large_body_is_refused() -> None:
    async def story(site: Site) -> None:
        site.hub.fake_action("notify.log")
        status, _, _ = await site.post(
            "/api/actions/notify.log",
            data=b'"' + b"x" * 1_000_000 + b'"',
            headers={"Content-Type": "application/json"},
        )
        assert status == 413
        assert site.hub.calls == []

    serve(story)


def test_s35_a_body_that_unpacks_to_a_large_one_is_refused() -> None:
    async def story(site: Site) -> None:
        site.hub.fake_action("notify.log")
        body = gzip.compress(b'{"message": "' + b"x" * 50_000_000 + b'"}')
        status, _, _ = await site.post(
            "/api/actions/notify.log",
            data=body,
            headers={"Content-Type": "application/json", "Content-Encoding": "gzip"},
        )
        assert status in {400, 413}
        assert site.hub.calls == []

    serve(story)


def test_s40_idle_connections_leave_the_page_usable() -> None:
    async def story(site: Site) -> None:
        port = int(site.service.address.rpartition(":")[2])
        idle = [await asyncio.open_connection("127.0.0.1", port) for _ in range(200)]
        assert (await site.get("/health/live"))[0] == 200
        for _, writer in idle:
            writer.close()

    serve(story)


def test_s41_what_a_browser_sends_does_not_reach_the_log(caplog: pytest.LogCaptureFixture) -> None:
    async def story(site: Site) -> None:
        start = b"GET /api/state HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
        await raw(site, start + b"User-Agent: \x1b[31mforged\r\n\r\n")
        await raw(site, start + b"User-Agent: forged\r\n\r\n")
        await raw(site, b"\x1b[31mforged\r\n\r\n")

    caplog.set_level("DEBUG")
    serve(story)
    assert "forged" not in caplog.text


async def raw(site: Site, request: bytes) -> bytes:
    """Send bytes as they are, and return all that comes back."""
    port = int(site.service.address.rpartition(":")[2])
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(request)
    answer = await reader.read()
    writer.close()
    await writer.wait_closed()
    return answer
