"""The aiohttp application: every route behind one door, and a stop that never hangs."""

import logging
from collections.abc import Callable, Iterable
from http import HTTPStatus
from typing import Final

from aiohttp import web as http
from aiohttp.http_exceptions import HttpProcessingError
from aiohttp.typedefs import Handler, Middleware

from hub.api import Context
from web.answers import refusal
from web.api import Api
from web.door import HEADERS, Door, Policy
from web.live import Live
from web.receiving import Receiver
from web.webhooks import Hooks

# An action's data is a few lines; nothing larger has to be taken in.
_MAX_BODY: Final = 64 * 1024  # bytes
# What a request may still take when the hub stops.
_LAST_WORDS: Final = 0.5  # seconds


def _is_ours(record: logging.LogRecord) -> bool:
    """Keep strangers' broken requests, each with a traceback, out of the user's log."""
    return not (record.exc_info and isinstance(record.exc_info[1], HttpProcessingError))


_log = logging.getLogger(__name__)
_log.addFilter(_is_ours)

POLICIES: Final = http.AppKey("policies", dict[http.AbstractRoute, Policy])


class Server:
    """A web server over one hub's context."""

    def __init__(
        self,
        context: Context,
        host: str,
        allowed: Iterable[str],
        hooks: Hooks,
        is_ready: Callable[[], bool],
    ) -> None:
        self._host = host
        self._live = Live(context)
        self._app = http.Application(
            middlewares=[_guard(Door(host, allowed))], client_max_size=_MAX_BODY
        )
        self._app[POLICIES] = {}
        for route in Api(context, self._live, Receiver(hooks), is_ready).routes():
            added = self._app.router.add_route(route.method, route.path, route.handler)
            self._app[POLICIES][added] = route.policy
        require_policies(self._app)
        self._app.on_response_prepare.append(_add_headers)
        self._app.on_shutdown.append(self._hang_up)
        self._runner = http.AppRunner(
            self._app, access_log=None, logger=_log, shutdown_timeout=_LAST_WORDS
        )
        self._port = 0

    @property
    def address(self) -> str:
        """Where a browser on this machine finds it."""
        name = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(self._host, self._host)  # noqa: S104
        return f"http://[{name}]:{self._port}" if ":" in name else f"http://{name}:{self._port}"

    async def open(self, port: int) -> None:
        """Listen; raises ``OSError`` when that cannot be."""
        await self._runner.setup()
        await http.TCPSite(self._runner, self._host, port).start()
        self._port = self._runner.addresses[0][1]

    async def close(self) -> None:
        """Stop listening and end every connection, within about a second."""
        await self._runner.cleanup()

    async def _hang_up(self, app: http.Application) -> None:
        await self._live.close()


def require_policies(app: http.Application) -> None:
    """Raise ``AssertionError`` when a route does not say who may use it."""
    for route in app.router.routes():
        if route not in app[POLICIES]:
            raise AssertionError(f"the route {route.method} {route.resource} declares no policy")


def _guard(door: Door) -> Middleware:
    @http.middleware
    async def guard(request: http.Request, handler: Handler) -> http.StreamResponse:
        if words := door.refuse(request.method, request.headers):
            return refusal(HTTPStatus.FORBIDDEN, words)
        try:
            return await handler(request)
        except http.HTTPException as error:
            response = refusal(error.status, error.text or error.reason)
            if "Allow" in error.headers:
                response.headers["Allow"] = error.headers["Allow"]
            return response

    return guard


async def _add_headers(_: http.Request, response: http.StreamResponse) -> None:
    response.headers.update(HEADERS)
    response.headers.pop("Server", None)
    response.headers.setdefault("Cache-Control", "no-store, private")
