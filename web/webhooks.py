"""The webhooks that are served, and how a signed request is told from another.

A signature is that of Standard Webhooks:
HMAC-SHA256 over id, timestamp and body, not older than five minutes, and not twice.
"""

import base64
import binascii
import hashlib
import hmac
from collections import OrderedDict
from collections.abc import Mapping
from typing import Final

from hub.api import Cancel, Clock, Webhook

_WINDOW: Final = 300.0  # seconds
_REMEMBERED: Final = 10_000  # signatures
_PREFIX: Final = "whsec_"


class Hooks:
    """The webhooks that are served just now."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._hooks: dict[str, list[Webhook]] = {}
        self._seen: OrderedDict[str, float] = OrderedDict()

    def offer(self, webhook: Webhook) -> Cancel:
        """Serve a webhook; return what ends that."""
        self._hooks.setdefault(webhook.id, []).append(webhook)

        def withdraw() -> None:
            left = self._hooks.get(webhook.id, [])
            if webhook in left:
                left.remove(webhook)
            if not left:
                self._hooks.pop(webhook.id, None)

        return withdraw

    def find(self, name: str) -> list[Webhook]:
        """Return those that are served under an id."""
        return self._hooks.get(name, [])

    def is_signed(self, hook: Webhook, headers: Mapping[str, str], body: bytes) -> bool:
        """Say whether a request is signed as the webhook asks, and for the first time."""
        if not hook.secret:
            return True
        name, stamp = headers.get("webhook-id", ""), headers.get("webhook-timestamp", "")
        now = self._clock.now().timestamp()
        if not stamp.isdecimal() or abs(now - int(stamp[:12])) > _WINDOW:
            return False
        content = f"{name}.{stamp}.".encode() + body
        right = base64.b64encode(hmac.digest(_key(hook.secret), content, hashlib.sha256)).decode()
        given = headers.get("webhook-signature", "").split()
        if not any(hmac.compare_digest(each.encode(), f"v1,{right}".encode()) for each in given):
            return False
        return self._first(f"{hook.id} {right}", now)

    def _first(self, signature: str, now: float) -> bool:
        """Note a signature; say whether it has not been used yet."""
        while self._seen and (
            len(self._seen) > _REMEMBERED or now - next(iter(self._seen.values())) > 2 * _WINDOW
        ):
            self._seen.popitem(last=False)
        if signature in self._seen:
            return False
        self._seen[signature] = now
        return True


def _key(secret: str) -> bytes:
    if secret.startswith(_PREFIX):
        try:
            return base64.b64decode(secret.removeprefix(_PREFIX), validate=True)
        except binascii.Error:
            return secret.encode()
    return secret.encode()
