"""``/api/webhook/<id>``: requests that start automations.

Whoever knows the id may call it, so an unknown one and one that is not for the caller are answered
like any other address that is not there.
"""

import ipaddress
from collections.abc import Mapping
from http import HTTPStatus
from typing import Final

import msgspec
from aiohttp import web as http

from hub.api import WebhookCall
from web.answers import answer, refusal
from web.webhooks import Hooks

METHODS: Final = ("GET", "HEAD", "POST", "PUT")
_FORMS: Final = frozenset({"application/x-www-form-urlencoded", "multipart/form-data"})


class Receiver:
    """Hands requests to the webhooks they are for."""

    def __init__(self, hooks: Hooks) -> None:
        self._hooks = hooks

    async def serve(self, request: http.Request) -> http.Response:
        """Answer a request."""
        hooks = self._hooks.find(request.match_info["id"])
        near = [each for each in hooks if not each.local_only or _is_local(request.remote)]
        if not near:
            return refusal(HTTPStatus.NOT_FOUND, "there is nothing at this address")
        fitting = [each for each in near if request.method in each.methods]
        if not fitting:
            allowed = sorted({method for each in near for method in each.methods})
            response = refusal(HTTPStatus.METHOD_NOT_ALLOWED, f"use {' or '.join(allowed)}")
            response.headers["Allow"] = ", ".join(allowed)
            return response
        body = await request.read()
        signed = [each for each in fitting if self._hooks.is_signed(each, request.headers, body)]
        if not signed:
            words = "the signature is missing, wrong, too old, or was used before"
            return refusal(HTTPStatus.UNAUTHORIZED, words)
        call = await _call(request, body)
        for each in signed:
            each.heard(call)
        return answer({"heard": True})


def _is_local(remote: str | None) -> bool:
    try:
        address = ipaddress.ip_address((remote or "").partition("%")[0])
    except ValueError:
        return False
    return address.is_loopback or address.is_private or address.is_link_local


async def _call(request: http.Request, body: bytes) -> WebhookCall:
    form: Mapping[str, str] = {}
    if request.content_type in _FORMS:
        found = await request.post()
        form = {key: each for key, each in found.items() if isinstance(each, str)}
    return WebhookCall(
        method=request.method, query=dict(request.query), json=_json(body), data=form
    )


def _json(body: bytes) -> object:
    try:
        return msgspec.json.decode(body)
    except (ValueError, RecursionError):
        return None
