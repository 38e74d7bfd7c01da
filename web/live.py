"""Events as they happen, over a WebSocket, to readers that may be slow or gone."""

import asyncio
import logging
from typing import Final

import msgspec
from aiohttp import WSCloseCode, WSMsgType
from aiohttp import web as http

from hub.api import Context, Subscription

_log = logging.getLogger(__name__)

# A phone on a bad line falls behind by this much before it loses the oldest.
BEHIND: Final = 500  # events
# A page takes silence of 25 s for a dead hub; this is often enough to lose one.
BEAT: Final = 10.0  # seconds
# One home has a handful of pages open; this many is somebody's mistake or attack.
SOCKETS: Final = 64
# Readers have nothing to say to us.
_MAX_MESSAGE: Final = 4096  # bytes


class Live:
    """The open sockets, so that they can be closed when the hub stops."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._sockets: set[http.WebSocketResponse] = set()

    async def serve(self, request: http.Request) -> http.StreamResponse:
        """Send every event until the reader leaves or the hub stops."""
        if len(self._sockets) >= SOCKETS:
            raise http.HTTPServiceUnavailable(text="too many pages are open")
        socket = http.WebSocketResponse(heartbeat=2 * BEAT, max_msg_size=_MAX_MESSAGE)
        self._sockets.add(socket)
        try:
            with self._context.bus.subscribe(size=BEHIND) as events:
                await socket.prepare(request)
                await self._converse(socket, events)
        finally:
            self._sockets.discard(socket)
        return socket

    async def close(self) -> None:
        """Tell every reader that the hub goes away."""
        async with asyncio.TaskGroup() as group:
            for each in tuple(self._sockets):
                group.create_task(_say_goodbye(each))

    async def _converse(self, socket: http.WebSocketResponse, events: Subscription) -> None:
        async with asyncio.TaskGroup() as group:
            speaking = (
                group.create_task(_send(socket, events)),
                group.create_task(_beat(socket)),
            )
            # Without a reader a closed connection would never be noticed.
            async for message in socket:
                if message.type is WSMsgType.ERROR:
                    break
            for each in speaking:
                each.cancel()


async def _send(socket: http.WebSocketResponse, events: Subscription) -> None:
    told = 0
    async for event in events:
        if events.dropped > told:
            told = events.dropped
            await _tell(socket, {"type": "live.dropped", "dropped": told})
        await _tell(socket, event)


async def _beat(socket: http.WebSocketResponse) -> None:
    while True:
        await _tell(socket, {"type": "live.beat"})
        await asyncio.sleep(BEAT)


async def _tell(socket: http.WebSocketResponse, message: object) -> None:
    try:
        text = msgspec.json.encode(message).decode()
    except (TypeError, ValueError) as error:
        _log.debug("An event cannot be written as JSON and is not shown: %s", error)
        return
    try:
        await socket.send_str(text)
    except ConnectionError:
        await socket.close()  # ends the reading side as well


async def _say_goodbye(socket: http.WebSocketResponse) -> None:
    try:
        async with asyncio.timeout(0.5):
            await socket.close(code=WSCloseCode.GOING_AWAY, message=b"the hub stops")
    except TimeoutError:
        return
