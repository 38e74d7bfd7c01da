"""Requests from outside that start automations: who may, how, and what the automation is told."""

import base64
import hashlib
import hmac
from typing import Any

import pytest

from automations.triggers.webhook import WebhookTrigger
from hub.api import Known
from tests.web.conftest import Site, serve

ID = "a-long-and-secret-word"
SECRET = "whsec_" + base64.b64encode(b"something that nobody knows").decode()


def attach(site: Site, **options: object) -> list[dict[str, Any]]:
    """Have a trigger, and return what it will be told."""
    import voluptuous as vol

    checked = vol.Schema(dict(WebhookTrigger.SCHEMA))({"webhook_id": ID, **options})
    told: list[dict[str, Any]] = []
    trigger = WebhookTrigger(checked, site.hub.context("automation"))
    site.cancel = trigger.attach(lambda given, _: told.append(dict(given)))  # type: ignore[attr-defined]
    return told


def sign(body: bytes, stamp: int, secret: bytes = b"something that nobody knows") -> dict[str, str]:
    content = f"msg_1.{stamp}.".encode() + body
    right = base64.b64encode(hmac.digest(secret, content, hashlib.sha256)).decode()
    return {
        "webhook-id": "msg_1",
        "webhook-timestamp": str(stamp),
        "webhook-signature": f"v1,xxx v1,{right}",
    }


@pytest.mark.feature("trigger: webhook", "supported")
def test_a_request_starts_it_and_tells_what_it_brought() -> None:
    async def story(site: Site) -> None:
        told = attach(site)
        status, _, body = await site.post(f"/api/webhook/{ID}?room=hall", json={"who": "anna"})
        assert (status, body) == (200, {"heard": True})
        assert told[0]["json"] == {"who": "anna"}
        assert told[0]["query"] == {"room": "hall"}
        assert told[0]["method"] == "POST"
        await site.post(f"/api/webhook/{ID}", data={"who": "ben"})
        assert told[1]["data"] == {"who": "ben"}
        assert told[1]["json"] is None

    serve(story)


def test_other_methods_are_refused_with_those_that_work() -> None:
    async def story(site: Site) -> None:
        told = attach(site)
        status, headers, body = await site.get(f"/api/webhook/{ID}")
        assert (status, body["error"]) == (405, "use POST or PUT")
        assert headers["Allow"] == "POST, PUT"
        assert told == []

    serve(story)


def test_get_can_be_allowed() -> None:
    async def story(site: Site) -> None:
        told = attach(site, allowed_methods=["get"])
        assert (await site.get(f"/api/webhook/{ID}"))[0] == 200
        assert len(told) == 1

    serve(story)


def test_unknown_ones_are_not_there_and_gone_ones_no_more() -> None:
    async def story(site: Site) -> None:
        assert (await site.post("/api/webhook/guessed"))[0] == 404
        attach(site)
        site.cancel()  # type: ignore[attr-defined]
        assert (await site.post(f"/api/webhook/{ID}"))[0] == 404

    serve(story)


@pytest.mark.parametrize(
    ("remote", "local"),
    [("127.0.0.1", True), ("10.0.0.7", True), ("fe80::1%eth0", True), ("::1", True),
     ("8.8.8.8", False), ("2001:4860:4860::8888", False), (None, False), ("nonsense", False)],
)  # fmt: skip
def test_what_counts_as_this_network(remote: str | None, local: bool) -> None:
    from web.receiving import _is_local

    assert _is_local(remote) is local


@pytest.mark.feature("trigger: webhook, signed", "different", "here alone")
def test_a_signed_request_counts_once() -> None:
    async def story(site: Site) -> None:
        told = attach(site, secret=SECRET)
        now = int(site.hub.clock.now().timestamp())
        body = b'{"a": 1}'
        headers = sign(body, now)
        assert (await site.post(f"/api/webhook/{ID}", data=body, headers=headers))[0] == 200
        assert told[0]["json"] == {"a": 1}
        status, _, answer = await site.post(f"/api/webhook/{ID}", data=body, headers=headers)
        assert (status, len(told)) == (401, 1)
        assert "used before" in answer["error"]

    serve(story)


@pytest.mark.parametrize("wrong", ["none", "late", "early", "key", "body", "stamp"])
def test_wrong_signatures_are_refused(wrong: str) -> None:
    async def story(site: Site) -> None:
        told = attach(site, secret=SECRET)
        now = int(site.hub.clock.now().timestamp())
        stamp = {"late": now - 400, "early": now + 400}.get(wrong, now)
        key = b"another" if wrong == "key" else b"something that nobody knows"
        headers = {} if wrong == "none" else sign(b"{}", stamp, key)
        if wrong == "stamp":
            headers["webhook-timestamp"] = "soon"
        body = b"[]" if wrong == "body" else b"{}"
        assert (await site.post(f"/api/webhook/{ID}", data=body, headers=headers))[0] == 401
        assert told == []

    serve(story)


def test_another_web_site_cannot_call_one() -> None:
    async def story(site: Site) -> None:
        told = attach(site)
        headers = {"Origin": "https://evil.example", "Sec-Fetch-Site": "cross-site"}
        assert (await site.post(f"/api/webhook/{ID}", headers=headers))[0] == 403
        assert told == []

    serve(story)


def test_an_id_that_is_easy_to_guess_is_warned_of() -> None:
    (problem,) = WebhookTrigger.check({"webhook_id": "door"}, Known())
    assert problem.warning
    assert not [*WebhookTrigger.check({"webhook_id": "door", "secret": "x"}, Known())]
