"""Names looked up in threads that nobody waits for.

A resolver behind a dead router keeps ``getaddrinfo`` busy for half a minute, and both asyncio
and the interpreter wait for their own threads before they exit. These are daemons.
"""

import asyncio
import socket
import threading
from contextlib import suppress
from typing import Any

from aiohttp.abc import AbstractResolver, ResolveResult

_Found = list[tuple[Any, ...]]


class Resolver(AbstractResolver):
    """Asks the system, as aiohttp's own threaded resolver does."""

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        loop = asyncio.get_running_loop()
        answer: asyncio.Future[_Found] = loop.create_future()

        def ask() -> None:
            found = _ask(host, port, family)
            with suppress(RuntimeError):  # the loop is closed: nobody wants to know
                loop.call_soon_threadsafe(_answer, answer, found)

        threading.Thread(target=ask, name=f"resolve {host}", daemon=True).start()
        return [_result(host, *each) for each in await answer]

    async def close(self) -> None:
        """Nothing to let go."""


def _ask(host: str, port: int, family: int) -> _Found | OSError:
    try:
        return socket.getaddrinfo(host, port, family, socket.SOCK_STREAM)
    except OSError as error:
        return error


def _answer(future: "asyncio.Future[_Found]", found: _Found | OSError) -> None:
    if future.done():
        return
    if isinstance(found, OSError):
        future.set_exception(found)
    else:
        future.set_result(found)


def _result(host: str, family: int, _: int, proto: int, __: str, at: Any) -> ResolveResult:
    return ResolveResult(
        hostname=host,
        host=at[0],
        port=at[1],
        family=family,
        proto=proto,
        flags=socket.AI_NUMERICHOST | socket.AI_NUMERICSERV,
    )
