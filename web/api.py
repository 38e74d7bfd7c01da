"""The routes: the page's files, the API, and who may use each."""

import asyncio
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from typing import Final

import msgspec
from aiohttp import web as http

from hub.api import Context, HubError, Invalid, NotReady, UnknownAction
from web import page, report
from web.album import Album
from web.answers import PRIVATE, answer, refusal
from web.door import Policy
from web.live import Live
from web.receiving import METHODS, Receiver
from web.traces import AutomationTraces
from web.tracks import Tracks

Handler = Callable[[http.Request], Awaitable[http.StreamResponse]]

_MOST_EVENTS: Final = 1000
_NUMBER: Final = re.compile("[0-9]{1,9}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """A method and a path, who may use it, and what answers."""

    method: str = "GET"
    path: str
    policy: Policy
    handler: Handler


class Api:
    """Answers requests from what the hub's context offers."""

    def __init__(
        self, context: Context, live: Live, receiver: Receiver, is_ready: Callable[[], bool]
    ) -> None:
        self._context = context
        self._live = live
        self._receiver = receiver
        self._is_ready = is_ready
        self._album = Album(context)
        self._tracks = Tracks(context)
        self._traces = AutomationTraces(context)
        self._started: datetime = context.clock.now()

    def routes(self) -> list[Route]:
        """Return every route of the server."""
        local, receive = Policy.LOCAL, self._receiver.serve
        return [
            *(Route(path=path, policy=local, handler=_file(path)) for path in page.FILES),
            Route(path="/health", policy=local, handler=self._health),
            Route(path="/health/live", policy=local, handler=self._alive),
            Route(path="/health/ready", policy=local, handler=self._readiness),
            Route(path="/api/state", policy=local, handler=self._state),
            Route(path="/api/events", policy=local, handler=self._events),
            Route(path="/api/detectors", policy=local, handler=self._detectors),
            Route(path="/api/live", policy=local, handler=self._live.serve),
            Route(path="/api/cameras/{name}/picture.jpg", policy=local, handler=self._picture),
            Route(path="/api/cameras/{name}/motion.jpg", policy=local, handler=self._motion),
            Route(path="/api/tracks", policy=local, handler=self._tracks.tracks),
            Route(path="/api/tracks/{id}/{picture}", policy=local, handler=self._tracks.picture),
            Route(path="/api/reviews", policy=local, handler=self._tracks.reviews),
            Route(path="/api/schema", policy=local, handler=self._schema),
            *(
                Route(method=each, path="/api/webhook/{id}", policy=local, handler=receive)
                for each in METHODS
            ),
            Route(path="/api/traces", policy=local, handler=self._traces.newest),
            Route(path="/api/traces/{id}", policy=local, handler=self._traces.one),
            Route(method="POST", path="/api/actions/{name}", policy=local, handler=self._call),
        ]

    async def _health(self, request: http.Request) -> http.Response:
        return answer(report.health(self._context, self._started))

    async def _alive(self, request: http.Request) -> http.Response:
        return answer({"status": "alive"})

    async def _readiness(self, request: http.Request) -> http.Response:
        if self._is_ready():
            return answer({"status": "ready"})
        return refusal(HTTPStatus.SERVICE_UNAVAILABLE, "the hub is still starting")

    async def _state(self, request: http.Request) -> http.Response:
        overview = report.overview(self._context, self._started)
        overview["events"] = await self._recent(100, ())
        return answer(overview)

    async def _schema(self, request: http.Request) -> http.Response:
        return answer(await asyncio.to_thread(self._context.schema))

    async def _detectors(self, request: http.Request) -> http.Response:
        return answer({"detectors": report.detectors(self._context.states.all())})

    async def _events(self, request: http.Request) -> http.Response:
        limit = request.query.get("limit", "100")
        if not _NUMBER.fullmatch(limit) or not 1 <= int(limit) <= _MOST_EVENTS:
            return refusal(
                HTTPStatus.UNPROCESSABLE_ENTITY, f"limit is a number from 1 to {_MOST_EVENTS}"
            )
        return answer({"events": await self._recent(int(limit), request.query.getall("type", ()))})

    async def _picture(self, request: http.Request) -> http.Response:
        boxes = request.query.get("boxes", "1") != "0"
        return await self._shown(request, lambda name: self._album.picture(name, boxes=boxes))

    async def _motion(self, request: http.Request) -> http.Response:
        return await self._shown(request, self._context.pictures.motion)

    async def _shown(
        self, request: http.Request, taken: Callable[[str], Awaitable[bytes]]
    ) -> http.Response:
        name = request.match_info["name"]
        if name not in self._context.known.cameras:
            return refusal(HTTPStatus.NOT_FOUND, "there is no camera of this name")
        try:
            jpeg = await taken(name)
        except NotReady as error:
            return refusal(HTTPStatus.SERVICE_UNAVAILABLE, str(error))
        except Invalid as error:
            return refusal(HTTPStatus.NOT_FOUND, str(error))
        return http.Response(body=jpeg, content_type="image/jpeg", headers=PRIVATE)

    async def _call(self, request: http.Request) -> http.Response:
        data = await _json_object(request)
        try:
            got = await self._context.actions.call(request.match_info["name"], data)
        except HubError as error:
            return refusal(_status(error), str(error))
        return answer({"answer": got})

    async def _recent(self, limit: int, asked: tuple[str, ...] | list[str]) -> list[msgspec.Raw]:
        types = report.wanted_types(self._context.known.events, asked)
        rows = await self._context.journal.recent(limit=limit, types=types)
        return [msgspec.Raw(row) for row in rows]


async def _json_object(request: http.Request) -> dict[str, object]:
    if request.content_type != "application/json":  # a form of another site could send the others
        raise http.HTTPUnsupportedMediaType(text="send the data as application/json")
    try:
        # Not Python's own: that takes NaN, and halves of characters that nothing can write.
        data = msgspec.json.decode(await request.read() or b"{}")
    except (ValueError, RecursionError) as error:
        raise http.HTTPBadRequest(text="this is not JSON") from error
    if not isinstance(data, dict):
        raise http.HTTPUnprocessableEntity(text="the data has to be a JSON object")
    return data


def _status(error: HubError) -> int:
    match error:
        case UnknownAction():
            return HTTPStatus.NOT_FOUND
        case Invalid():
            return HTTPStatus.UNPROCESSABLE_ENTITY
    return HTTPStatus.INTERNAL_SERVER_ERROR


def _file(path: str) -> Handler:
    content, kind = page.FILES[path]

    async def send(_: http.Request) -> http.Response:
        return http.Response(
            body=content, content_type=kind, charset="utf-8", headers={"Cache-Control": "no-cache"}
        )

    return send
