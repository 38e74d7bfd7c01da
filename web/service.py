"""The web server as a part of the hub: its options, and what to say when it cannot listen.

aiohttp takes 0.13 s to import, so only a start pays for it, not ``watchpost check``.
"""

import errno
import ipaddress
import logging
import re
from typing import TYPE_CHECKING, ClassVar, Final

import voluptuous as vol

from hub.api import (
    Cancel,
    Context,
    HubStarted,
    Invalid,
    Options,
    Rejected,
    Service,
    Webhook,
    Webhooks,
    schema,
)
from web.webhooks import Hooks

if TYPE_CHECKING:
    from web.server import Server

_log = logging.getLogger(__name__)
# The hub gives its parts 10 s to start. A server that has not been told by now that all is set
# up was started anew in a hub that runs already.
_LATE: Final = 15.0  # seconds
_HOST: Final = re.compile(r"(?!-)[a-z0-9._-]+(?<!-)", re.IGNORECASE)


def host(value: object) -> str:
    """Accept an IP address or a machine's name, without scheme, port or path."""
    word = schema.text(value).strip()
    bare = word.removeprefix("[").removesuffix("]")
    if _is_address(bare) or _HOST.fullmatch(word):
        return bare.lower()
    raise vol.Invalid(f"'{word}' is not a host: use a name or an address alone, such as 127.0.0.1")


schema.shaped(host, {"type": "string", "title": "host"})


class WebService(Service, Webhooks):
    """Serves the page and the API for as long as the hub runs."""

    KEY = "web"
    SCHEMA: ClassVar[schema.Schema] = {
        schema.optional(
            "host", "Address to listen on; 127.0.0.1 is reached from this machine only", "127.0.0.1"
        ): host,
        schema.optional("port", "Port to listen on; 0 takes any free one", 8080): schema.whole(
            0, 65535
        ),
        schema.optional(
            "allowed_hosts", "More names under which browsers may open the page", []
        ): schema.each(host),
    }

    def __init__(self, context: Context, options: Options) -> None:
        super().__init__(context, options)
        self._server: Server | None = None
        self._hooks = Hooks(context.clock)
        self._ready = False
        self._cancels: list[Cancel] = []

    @property
    def address(self) -> str:
        """Where the page is, such as ``http://127.0.0.1:8080``; empty while it is not served."""
        return self._server.address if self._server else ""

    def offer(self, webhook: Webhook) -> Cancel:
        return self._hooks.offer(webhook)

    async def start(self) -> None:
        from web.server import Server

        where, port = self.options["host"], self.options["port"]
        self._cancels.append(self.context.bus.listen(HubStarted, self._be_ready))
        self._cancels.append(self.context.clock.call_later(_LATE, self._be_ready))
        names = self.options["allowed_hosts"]
        server = Server(self.context, where, names, self._hooks, lambda: self._ready)
        try:
            await server.open(port)
        except OSError as error:
            await server.close()
            raise _refusal(error, where, port) from error
        self._server = server
        _log.info("The page is at %s", server.address)
        if not _is_loopback(where):
            _log.warning(
                "The page can be opened from other machines (host %s), and there are no accounts "
                "yet: whoever reaches it sees the cameras and can call actions",
                where,
            )

    async def stop(self) -> None:
        for cancel in self._cancels:
            cancel()
        if self._server:
            await self._server.close()
        self._server = None

    def _be_ready(self, event: HubStarted | None = None) -> None:
        self._ready = True


def _refusal(error: OSError, where: str, port: int) -> Rejected | Invalid:
    change = f"web: {{port: {port + 1}}} or WATCHPOST__WEB__PORT={port + 1}"
    if error.errno == errno.EADDRINUSE:
        return Rejected(
            f"port {port} on {where} is taken by another program; stop it, or choose another port: "
            f"{change}"
        )
    if error.errno == errno.EACCES:
        return Rejected(
            f"port {port} needs rights that this user does not have; choose one from 1024: "
            "web: {port: 8080} or WATCHPOST__WEB__PORT=8080"
        )
    return Invalid(f"cannot listen on {where}, which is not an address of this machine")


def _is_address(word: str) -> bool:
    try:
        ipaddress.ip_address(word)
    except ValueError:
        return False
    return True


def _is_loopback(word: str) -> bool:
    return ipaddress.ip_address(word).is_loopback if _is_address(word) else word == "localhost"
