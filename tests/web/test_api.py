"""What the API answers over real HTTP."""

import asyncio
import logging
import socket
from datetime import UTC, datetime

import aiohttp
import pytest
import voluptuous as vol

from hub.api import (
    ActionFailed,
    Box,
    CameraOnline,
    HubStarted,
    Invalid,
    KnownCamera,
    NotReady,
    Rejected,
    ZoneEntered,
    schema,
)
from hub.testing import JPEG, START, TestHub
from tests.web.conftest import Site, serve
from web.service import WebService

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)


def entered() -> ZoneEntered:
    return ZoneEntered(
        camera="porch", zone="doorstep", object="person", track="porch-1", score=0.82,
        box=Box(0.4, 0.4, 0.5, 0.9), captured=NOW, count=1,
    )  # fmt: skip


def test_the_page_and_its_files_are_served() -> None:
    async def story(site: Site) -> None:
        for path, kind, words in [
            ("/", "text/html", b"<title>Watchpost</title>"),
            ("/style.css", "text/css", b"color-scheme"),
            ("/page.js", "text/javascript", b"api/state"),
            ("/icon.svg", "image/svg+xml", b"<svg"),
        ]:
            status, headers, body = await site.get(path)
            assert status == 200
            assert headers["Content-Type"].startswith(kind)
            assert words in body

    serve(story)


def test_health_tells_version_uptime_and_cameras() -> None:
    async def story(site: Site) -> None:
        site.hub.states.set("camera.porch", "online")
        await site.hub.clock.advance(90)
        status, _, body = await site.get("/health")
        assert status == 200
        assert body.pop("version")
        assert body == {
            "status": "degraded",
            "uptime": 90.0,
            "cameras": {"porch": "online", "gate": "offline"},
        }
        site.hub.states.set("camera.gate", "online")
        assert (await site.get("/health"))[2]["status"] == "ok"

    serve(story)


def test_the_hub_is_ready_once_everything_was_set_up() -> None:
    async def story(site: Site) -> None:
        assert (await site.get("/health/live"))[0] == 200
        assert (await site.get("/health/ready"))[0] == 503
        site.hub.fire(HubStarted())
        assert (await site.get("/health/ready"))[0] == 200

    serve(story)


def test_a_server_started_anew_in_a_running_hub_is_ready_soon() -> None:
    async def story(site: Site) -> None:
        await site.hub.clock.advance(10)
        assert (await site.get("/health/ready"))[0] == 503
        await site.hub.clock.advance(5)
        assert (await site.get("/health/ready"))[0] == 200

    serve(story)


def test_state_is_all_that_the_page_starts_from() -> None:
    async def story(site: Site) -> None:
        hub = site.hub
        hub.states.set(
            "camera.porch", "online", {"friendly_name": "Front", "width": 640, "height": 360}
        )
        hub.states.set("camera.gate", "offline", {"reason": "wrong password"})
        hub.states.set("automation.door", "on", {"friendly_name": "Door", "runs": 3})
        hub.states.set("persistent_notification.a", "notifying", {"message": "hello"})
        hub.fake_action("persistent_notification.dismiss")
        hub.fire(entered())
        _, _, body = await site.get("/api/state")

        assert body["cameras"] == [
            {
                "name": "porch", "title": "Front", "state": "online", "reason": "",
                "width": 640, "height": 360, "zones": ["doorstep"], "objects": ["person"],
            },
            {
                "name": "gate", "title": "gate", "state": "offline", "reason": "wrong password",
                "width": None, "height": None, "zones": [], "objects": ["car", "person"],
            },
        ]  # fmt: skip
        assert [each["attributes"]["runs"] for each in body["automations"]] == [3]
        assert [each["entity"] for each in body["notifications"]] == ["persistent_notification.a"]
        assert set(body["states"]) == {
            "camera.porch", "camera.gate", "automation.door", "persistent_notification.a",
        }  # fmt: skip
        assert body["actions"] == ["persistent_notification.dismiss"]
        assert body["started"] == body["now"] == START.isoformat().replace("+00:00", "Z")
        assert "zone.entered" in [each["type"] for each in body["events"]]

    serve(story)


def test_recent_events_can_be_chosen_by_type_and_number() -> None:
    async def story(site: Site) -> None:
        for _ in range(3):
            site.hub.fire(CameraOnline(camera="porch"))
            site.hub.fire(entered())
        _, _, body = await site.get("/api/events?limit=2&type=zone.entered")
        assert [each["type"] for each in body["events"]] == ["zone.entered"] * 2
        _, _, body = await site.get("/api/events?type=zone.entered&type=camera.online")
        assert len(body["events"]) == 6
        assert [each["sequence"] for each in body["events"]] == sorted(
            each["sequence"] for each in body["events"]
        )

    serve(story)


@pytest.mark.parametrize("limit", ["0", "-1", "1001", "many", "٣", "1e3", "", "9" * 5000])
def test_a_wrong_limit_is_refused(limit: str) -> None:
    async def story(site: Site) -> None:
        status, _, body = await site.get("/api/events", params={"limit": limit})
        assert (status, body) == (422, {"error": "limit is a number from 1 to 1000"})

    serve(story)


def test_a_picture_comes_fresh_and_is_not_kept() -> None:
    async def story(site: Site) -> None:
        status, headers, body = await site.get("/api/cameras/porch/picture.jpg")
        assert (status, body) == (200, JPEG)
        assert headers["Content-Type"] == "image/jpeg"
        assert headers["Cache-Control"] == "no-store, private"

    serve(story)


def test_a_camera_without_a_picture_says_why() -> None:
    async def story(site: Site) -> None:
        site.hub.pictures.jpeg = NotReady("nothing answers at 10.0.0.9")
        status, _, body = await site.get("/api/cameras/porch/picture.jpg")
        assert (status, body) == (503, {"error": "nothing answers at 10.0.0.9"})
        assert (await site.get("/api/cameras/nowhere/picture.jpg"))[0] == 404

    serve(story)


def test_a_map_of_motion_comes_as_a_picture_does() -> None:
    async def story(site: Site) -> None:
        status, headers, body = await site.get("/api/cameras/porch/motion.jpg")
        assert (status, body) == (200, JPEG)
        assert headers["Cache-Control"] == "no-store, private"
        assert (await site.get("/api/cameras/nowhere/motion.jpg"))[0] == 404
        site.hub.pictures.jpeg = NotReady("nothing answers at 10.0.0.9")
        assert (await site.get("/api/cameras/porch/motion.jpg"))[0] == 503

    serve(story)


def test_many_viewers_cost_one_picture() -> None:
    class Slow:
        taken = 0

        async def latest(self, camera: str, *, boxes: bool = True) -> bytes:
            self.taken += 1
            await asyncio.sleep(0.05)
            return JPEG

    async def story() -> None:
        async with TestHub(cameras={"porch": KnownCamera()}) as hub:
            hub.pictures.latest = (pictures := Slow()).latest
            service = await hub.service(WebService, {"port": 0})
            address = f"{service.address}/api/cameras/porch/picture.jpg"
            async with aiohttp.ClientSession() as client, asyncio.TaskGroup() as group:
                for _ in range(10):
                    group.create_task(_read(client, address))
            assert pictures.taken == 1
            await hub.clock.advance(0.5)
            async with aiohttp.ClientSession() as client:
                await _read(client, address)
                await _read(client, f"{address}?boxes=0")
            assert pictures.taken == 3

    asyncio.run(story())


async def _read(client: aiohttp.ClientSession, address: str) -> None:
    async with client.get(address) as answer:
        assert await answer.read() == JPEG


def test_an_action_is_called_with_its_data_and_answers() -> None:
    async def story(site: Site) -> None:
        site.hub.fake_action("camera.snapshot", answer={"path": "a.jpg"})
        status, _, body = await site.post("/api/actions/camera.snapshot", json={"camera": "porch"})
        assert (status, body) == (200, {"answer": {"path": "a.jpg"}})
        assert [call.data for call in site.hub.calls] == [{"camera": "porch"}]

    serve(story)


@pytest.mark.parametrize(
    ("raised", "status"),
    [
        (ActionFailed("the disk is full"), 500),
        (Invalid("no such camera"), 422),
        (NotReady("the broker is away"), 500),
        (ValueError("a bug"), 500),
    ],
)
def test_an_action_that_fails_says_why(raised: Exception, status: int) -> None:
    async def story(site: Site) -> None:
        site.hub.fake_action("camera.snapshot", raises=raised)
        got, _, body = await site.post("/api/actions/camera.snapshot", json={})
        assert got == status
        assert str(raised) in body["error"]

    serve(story)


def test_wrong_calls_of_actions_are_told_apart() -> None:
    async def story(site: Site) -> None:
        site.hub.fake_action("notify.log", schema={schema.required("message", "text"): schema.text})
        path = "/api/actions/notify.log"
        kind = {"Content-Type": "application/json"}
        assert (await site.post("/api/actions/notify.lok", json={}))[0] == 404
        assert (await site.post(path, json={"massage": "x"}))[0] == 422
        assert (await site.post(path, json=[1]))[0] == 422
        assert (await site.post(path, data="{", headers=kind))[0] == 400
        assert (await site.post(path, data="[" * 50_000, headers=kind))[0] == 400
        assert (await site.post(path, data=b"\xff\xfe{}", headers=kind))[0] == 400
        assert (await site.post(path, data={"message": "form"}))[0] == 415
        assert (await site.get(path))[0] == 405
        assert site.hub.calls == []

    serve(story)


def test_a_taken_port_is_refused_with_words_that_help() -> None:
    async def story() -> None:
        with socket.create_server(("127.0.0.1", 0)) as other:
            port = other.getsockname()[1]
            async with TestHub() as hub:
                with pytest.raises(Rejected) as raised:
                    await hub.service(WebService, {"port": port})
            words = str(raised.value)
            assert f"port {port} on 127.0.0.1 is taken" in words
            assert f"web: {{port: {port + 1}}}" in words
            assert f"WATCHPOST__WEB__PORT={port + 1}" in words

    asyncio.run(story())


def test_an_address_of_another_machine_is_invalid() -> None:
    async def story() -> None:
        async with TestHub() as hub:
            with pytest.raises(Invalid, match=r"192\.0\.2\.1, which is not an address of this"):
                await hub.service(WebService, {"host": "192.0.2.1", "port": 0})

    asyncio.run(story())


@pytest.mark.parametrize(
    ("host", "warned"),
    [("127.0.0.1", False), ("localhost", False), ("0.0.0.0", True)],  # noqa: S104
)
def test_listening_for_other_machines_is_warned_about(
    host: str, warned: bool, caplog: pytest.LogCaptureFixture
) -> None:
    async def story(site: Site) -> None:
        assert (await site.get("/health/live"))[0] == 200

    caplog.set_level(logging.WARNING)
    serve(story, host=host)
    assert ("there are no accounts yet" in caplog.text) is warned


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"port": 70000}, "from 0 to 65535"),
        ({"host": "http://hub"}, "is not a host"),
        ({"host": "hub:8080"}, "is not a host"),
        ({"allowed_hosts": ["hub.local/x"]}, "is not a host"),
    ],
)
def test_wrong_options_are_explained(given: dict[str, object], words: str) -> None:
    with pytest.raises(vol.MultipleInvalid) as raised:
        vol.Schema(dict(WebService.SCHEMA))(given)
    assert words in str(raised.value)


def test_one_host_may_stand_alone() -> None:
    checked = vol.Schema(dict(WebService.SCHEMA))({"allowed_hosts": "Hub.local"})
    assert checked["allowed_hosts"] == ["hub.local"]


def test_a_bug_is_answered_without_details_and_logged(caplog: pytest.LogCaptureFixture) -> None:
    async def story(site: Site) -> None:
        site.hub.pictures.jpeg = RuntimeError("c4nary in a bug")
        status, headers, body = await site.get(
            "/api/cameras/porch/picture.jpg", headers={"Accept": "text/html"}
        )
        assert status == 500
        assert b"c4nary" not in body
        assert headers["X-Content-Type-Options"] == "nosniff"

    serve(story)
    assert "c4nary in a bug" in caplog.text


def test_detectors_tell_what_they_spend() -> None:
    def figure(hub: TestHub, name: str, what: str, state: str, **facts: object) -> None:
        attributes = {"friendly_name": "x", "detector": name, "figure": what, **facts}
        hub.states.set(f"sensor.detector_{name}_{what}", state, attributes)

    async def story(site: Site) -> None:
        hub = site.hub
        assert (await site.get("/api/detectors"))[2] == {"detectors": []}
        figure(hub, "openvino", "inference_ms", "9.2", p95=14.1, unit_of_measurement="ms")
        figure(hub, "openvino", "load", "46", unit_of_measurement="%")
        figure(hub, "openvino", "dropped", "3", cameras={"porch": {"replaced": 3}})
        figure(hub, "builtin", "load", "unavailable")
        hub.states.set("sensor.porch_doorstep_person_count", "1", {"figure": 7})
        status, headers, body = await site.get("/api/detectors")

        assert status == 200
        assert headers["Cache-Control"] == "no-store, private"
        (told,) = body["detectors"]
        assert told == {
            "name": "openvino",
            "inference_ms": {"value": 9.2, "p95": 14.1, "unit_of_measurement": "ms"},
            "load": {"value": 46.0, "unit_of_measurement": "%"},
            "dropped": {"value": 3.0, "cameras": {"porch": {"replaced": 3}}},
        }

    serve(story)
