"""A file fetched over HTTP in bounded time, going on where an earlier attempt was cut."""

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

import aiohttp

from detectors.catalogue.files import Part
from detectors.catalogue.resolving import Resolver
from detectors.catalogue.sources import Patience, host
from hub.api import ModelFile, NotReady, Progress, Rejected

# A server that sends less than this within ``stall`` is as good as gone (6.5 kB/s).
_WINDOW = 64 * 1024  # bytes
_REDIRECTS = 5  # GitHub needs one
_ASTRAY = (
    aiohttp.InvalidURL,
    aiohttp.NonHttpUrlClientError,
    aiohttp.RedirectClientError,
    aiohttp.TooManyRedirects,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """A file to fetch: from where, what it must be, where it goes and who wants to know."""

    address: str
    file: ModelFile
    part: Part
    progress: Progress
    patience: Patience

    @property
    def host(self) -> str:
        return host(self.address)


class _Cut(Exception):
    """An attempt that ended early; another may go on."""


async def fetch(order: Order) -> None:
    """Bring the part to its full size.

    Raises ``NotReady`` when the network gives up, ``Rejected`` when the server has no such file
    or one of another size. What has arrived stays in the part for the next time.
    """
    words = "it stays cut short"
    until = _now() + order.patience.reach
    async with _session(order) as session:
        for pause in order.patience.pauses:
            await asyncio.sleep(pause)
            had = order.part.size
            try:
                return await _attempt(session, order, until)
            except _Cut as cut:
                words = str(cut)
            if order.part.size > had:
                until = _now() + order.patience.reach
            elif _now() >= until:
                break
    raise NotReady(words)


async def _attempt(session: aiohttp.ClientSession, order: Order, until: float) -> None:
    if order.part.size > order.file.bytes:
        order.part.restart()
    if order.part.size == order.file.bytes:
        return
    async with _answer(session, order, until) as response:
        _judge(response, order)
        await _receive(response, order)


@asynccontextmanager
async def _session(order: Order) -> AsyncIterator[aiohttp.ClientSession]:
    timeout = aiohttp.ClientTimeout(total=None, connect=order.patience.connect)
    connector = aiohttp.TCPConnector(resolver=Resolver())
    # The bytes themselves are wanted, so that they can be counted and resumed.
    headers = {"Accept-Encoding": "identity", "User-Agent": "watchpost"}
    async with aiohttp.ClientSession(
        connector=connector,
        timeout=timeout,
        headers=headers,
        auto_decompress=False,
        trust_env=True,
    ) as session:
        yield session


@asynccontextmanager
async def _answer(
    session: aiohttp.ClientSession, order: Order, until: float
) -> AsyncIterator[aiohttp.ClientResponse]:
    headers = {"Range": f"bytes={order.part.size}-"} if order.part.size else {}
    try:
        async with asyncio.timeout_at(until):
            response = await session.get(order.address, headers=headers, max_redirects=_REDIRECTS)
    except TimeoutError as error:
        raise _Cut(f"{order.host} does not answer") from error
    except _ASTRAY as error:
        raise Rejected(f"{order.host} sends us to an address that cannot be right") from error
    except aiohttp.ClientError as error:
        raise _Cut(_words(error, order.host)) from error
    async with response:
        yield response


def _judge(response: aiohttp.ClientResponse, order: Order) -> None:
    """Make the part end where this response begins, or refuse the response."""
    match response.status:
        case 206 if _begins(response) == order.part.size:
            pass
        case 200:
            order.part.restart()
        case 206 | 416:
            order.part.restart()
            raise _Cut(f"{order.host} cannot go on with a file that was cut")
        case status if status == 429 or status >= 500:  # noqa: PLR2004 - HTTP's own numbers
            raise _Cut(f"{order.host} answers {status} {response.reason}")
        case status:
            raise Rejected(f"{order.host} answers {status} {response.reason}")
    length = response.content_length
    if length is not None and order.part.size + length != order.file.bytes:
        raise Rejected(
            f"{order.host} has a file of {order.part.size + length} bytes there, "
            f"not of {order.file.bytes}"
        )


def _begins(response: aiohttp.ClientResponse) -> int | None:
    found = re.match(r"bytes (\d+)-", response.headers.get("Content-Range", ""))
    return int(found[1]) if found else None


async def _receive(response: aiohttp.ClientResponse, order: Order) -> None:
    part, stall, seen = order.part, order.patience.stall, 0
    try:
        async with asyncio.timeout(stall) as limit:
            async for data in response.content.iter_any():
                _keep(data, order)
                seen += len(data)
                if seen >= _WINDOW:
                    seen = 0
                    limit.reschedule(_now() + stall)
    except TimeoutError as error:
        raise _Cut(f"{order.host} stopped sending") from error
    except aiohttp.ClientError as error:
        raise _Cut(f"the connection to {order.host} was cut") from error
    if part.size < order.file.bytes:
        raise _Cut(f"{order.host} sent only {part.size} of {order.file.bytes} bytes")


def _keep(data: bytes, order: Order) -> None:
    if order.part.size + len(data) > order.file.bytes:
        raise Rejected(f"{order.host} sends more than the {order.file.bytes} bytes it should have")
    order.part.write(data)
    order.progress(order.part.size, order.file.bytes)


def _words(error: aiohttp.ClientError, name: str) -> str:
    match error:
        case aiohttp.ClientConnectorDNSError():
            return f"the name {name} cannot be looked up"
        case aiohttp.ClientSSLError():
            return f"{name} shows no certificate that is trusted here"
        case aiohttp.ClientConnectorError():
            return f"nothing answers at {name}"
        case _:
            return f"{name} does not speak HTTP as it should"


def _now() -> float:
    return asyncio.get_running_loop().time()
