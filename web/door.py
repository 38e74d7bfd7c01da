"""Who may come in while there are no accounts: browsers that opened our own page, local tools.

Loopback is no protection by itself: any web site a user visits can make the browser call
127.0.0.1, and a name of its own can be pointed there (DNS rebinding). So a request must
name us by a host we know, and what a browser sends on behalf of another site is refused.
"""

import ipaddress
from collections.abc import Iterable, Mapping
from enum import Enum
from typing import Final
from urllib.parse import urlsplit

LOOPBACK: Final = frozenset({"localhost", "127.0.0.1", "::1"})
_OWN: Final = frozenset({"same-origin", "none"})
_READS: Final = frozenset({"GET", "HEAD"})

HEADERS: Final = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; "
        "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}


class Policy(Enum):
    """Who may use a route; every route declares one."""

    LOCAL = "local"
    """Whoever reaches this address under a name of ours; other web sites may not."""


class Door:
    """Knows our own names, and turns away what does not use them."""

    def __init__(self, host: str, allowed: Iterable[str]) -> None:
        self._names = LOOPBACK | {host, *allowed}
        self._any_address = host in {"0.0.0.0", "::"}  # noqa: S104 - a comparison

    def refuse(self, method: str, headers: Mapping[str, str]) -> str | None:
        """Return why a request may not come in, or none when it may."""
        if not self._is_ours(headers.get("Host", "")):
            return (
                "this name is not one of the hub's; open it as localhost, "
                "or list the name: web: {allowed_hosts: [NAME]}"
            )
        changes = method not in _READS or headers.get("Upgrade", "").lower() == "websocket"
        if changes and not self._is_own_origin(headers):
            return "another web site may not do this"
        if headers.get("Sec-Fetch-Site", "none") in _OWN:
            return None
        if changes or headers.get("Sec-Fetch-Mode") != "navigate":
            return "another web site may not do this"
        return None

    def _is_ours(self, host: str) -> bool:
        try:
            name = urlsplit(f"//{host}").hostname or ""
        except ValueError:
            return False
        if name in self._names:
            return True
        # A name can be pointed at us by a stranger, a bare address cannot.
        return self._any_address and _is_address(name)

    def _is_own_origin(self, headers: Mapping[str, str]) -> bool:
        origin = headers.get("Origin")
        if origin is None:  # not a browser, or an old one's own page
            return True
        scheme, _, netloc = origin.partition("://")
        return scheme in {"http", "https"} and netloc.lower() == headers.get("Host", "").lower()


def _is_address(name: str) -> bool:
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True
