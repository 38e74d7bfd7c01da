"""Events arrive over the WebSocket as they happen, and nobody holds up a stop."""

import asyncio
import json
import time

import aiohttp
import pytest

from hub.api import CameraOffline, CameraOnline, EventFired
from hub.testing import TestHub
from tests.web.conftest import Site, serve
from web.live import BEHIND, SOCKETS
from web.service import WebService


async def next_event(socket: aiohttp.ClientWebSocketResponse) -> dict[str, object]:
    """Return the next event that is not a beat."""
    while True:
        event: dict[str, object] = await socket.receive_json(timeout=5)
        if event["type"] != "live.beat":
            return event


def test_an_event_arrives_within_a_tenth_of_a_second() -> None:
    async def story(site: Site) -> None:
        async with site.client.ws_connect(f"{site.service.address}/api/live") as socket:
            assert (await socket.receive_json())["type"] == "live.beat"
            begin = time.monotonic()
            site.hub.fire(CameraOffline(camera="porch", reason="wrong password"))
            event = await next_event(socket)
            assert time.monotonic() - begin < 0.1
            assert event["type"] == "camera.offline"
            assert (event["camera"], event["reason"]) == ("porch", "wrong password")
            assert event["sequence"] == 1

    serve(story)


def test_every_reader_gets_every_event_in_order() -> None:
    async def story(site: Site) -> None:
        address = f"{site.service.address}/api/live"
        async with site.client.ws_connect(address) as one, site.client.ws_connect(address) as two:
            for socket in (one, two):
                await socket.receive_json()
            for number in range(100):
                site.hub.fire(EventFired(name="n", data={"number": number}))
            for socket in (one, two):
                events = [await next_event(socket) for _ in range(100)]
                assert [each["data"]["number"] for each in events] == list(range(100))

    serve(story)


def test_a_reader_that_is_too_slow_is_told_what_it_missed() -> None:
    async def story(site: Site) -> None:
        async with site.client.ws_connect(f"{site.service.address}/api/live") as socket:
            await socket.receive_json()
            for _ in range(BEHIND + 50):  # in one go: the reader's turn comes after all of them
                site.hub.fire(CameraOnline(camera="porch"))
            events = [await next_event(socket) for _ in range(BEHIND + 1)]
            assert events[0] == {"type": "live.dropped", "dropped": 50}
            assert [each["sequence"] for each in events[1:]] == list(range(51, BEHIND + 51))

    serve(story)


def test_a_reader_that_says_too_much_is_cut_off() -> None:
    async def story(site: Site) -> None:
        async with site.client.ws_connect(f"{site.service.address}/api/live") as socket:
            await socket.receive_json()
            await socket.send_str("x" * 100_000)
            message = await socket.receive(timeout=5)
            assert message.type in {aiohttp.WSMsgType.CLOSE, aiohttp.WSMsgType.CLOSED}
            assert socket.close_code == 1009

    serve(story)


def test_open_sockets_are_bounded_and_places_become_free_again() -> None:
    async def story(site: Site) -> None:
        address = f"{site.service.address}/api/live"
        sockets = [await site.client.ws_connect(address) for _ in range(SOCKETS)]
        with pytest.raises(aiohttp.WSServerHandshakeError) as raised:
            await site.client.ws_connect(address)
        assert raised.value.status == 503
        for socket in sockets:
            await socket.close()
        async with site.client.ws_connect(address) as socket:
            assert (await socket.receive_json())["type"] == "live.beat"

    serve(story)


def test_a_stop_closes_open_sockets_within_a_second() -> None:
    async def story() -> None:
        async with TestHub() as hub, aiohttp.ClientSession() as client:
            service = await hub.service(WebService, {"port": 0})
            sockets = [await client.ws_connect(f"{service.address}/api/live") for _ in range(3)]
            for socket in sockets:
                await socket.receive_json()
            reading = [asyncio.ensure_future(socket.receive()) for socket in sockets]
            begin = time.monotonic()
            await service.stop()
            assert time.monotonic() - begin < 1
            for each in reading:
                assert (await each).type is aiohttp.WSMsgType.CLOSE
            assert {socket.close_code for socket in sockets} == {1001}

    asyncio.run(story())


def test_a_stop_does_not_wait_for_a_reader_that_sleeps_or_a_request_that_hangs() -> None:
    async def story() -> None:
        async with TestHub() as hub:
            service = await hub.service(WebService, {"port": 0})
            port = int(service.address.rpartition(":")[2])
            hello = (
                f"GET /api/live HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nUpgrade: websocket\r\n"
                "Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
                "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n"
            )
            asleep, asleep_writer = await asyncio.open_connection("127.0.0.1", port)
            asleep_writer.write(hello.encode())
            assert b"101" in await asleep.readline()
            half, half_writer = await asyncio.open_connection("127.0.0.1", port)
            half_writer.write(b"POST /api/actions/a.b HTTP/1.1\r\nHost: localhost\r\n")
            begin = time.monotonic()
            await service.stop()
            took = time.monotonic() - begin
            for writer in (asleep_writer, half_writer):
                writer.close()
            assert took < 1.5
            assert await half.read() == b""

    asyncio.run(story())


def test_the_beat_keeps_a_quiet_page_sure_of_the_hub(monkeypatch: pytest.MonkeyPatch) -> None:
    async def story(site: Site) -> None:
        async with site.client.ws_connect(f"{site.service.address}/api/live") as socket:
            beats = [json.loads(await socket.receive_str(timeout=2)) for _ in range(3)]
            assert beats == [{"type": "live.beat"}] * 3

    monkeypatch.setattr("web.live.BEAT", 0.05)
    serve(story)


def test_an_event_that_cannot_be_written_down_ends_no_connection() -> None:
    async def story(site: Site) -> None:
        async with site.client.ws_connect(f"{site.service.address}/api/live") as socket:
            await socket.receive_json()
            site.hub.fire(EventFired(name="odd", data={"half": "\ud800"}))
            site.hub.fire(EventFired(name="even"))
            assert (await next_event(socket))["name"] == "even"

    serve(story, tolerant=True)  # the journal complains about the odd one as well
