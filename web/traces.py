"""Why automations ran, or did not: read from the ring that the hub keeps on disk."""

import re
from http import HTTPStatus
from typing import Final

from aiohttp import web as http

from hub.api import Context
from web.answers import answer, refusal

_MOST: Final = 1000
_NUMBER: Final = re.compile("[0-9]{1,9}")
_KINDS: Final = ("run", "miss")


class AutomationTraces:
    """Answers requests for traces."""

    def __init__(self, context: Context) -> None:
        self._context = context

    async def newest(self, request: http.Request) -> http.Response:
        """List traces, newest first, of one automation or kind where that is asked."""
        query = request.query
        limit, kind = query.get("limit", "100"), query.get("kind", "")
        if not _NUMBER.fullmatch(limit) or not 1 <= int(limit) <= _MOST:
            words = f"limit is a number from 1 to {_MOST}"
            return refusal(HTTPStatus.UNPROCESSABLE_ENTITY, words)
        if kind not in {"", *_KINDS}:
            words = f"kind is one of {', '.join(_KINDS)}"
            return refusal(HTTPStatus.UNPROCESSABLE_ENTITY, words)
        found = await self._context.traces.newest(
            automation=query.get("automation", ""), kind=kind, limit=int(limit)
        )
        return answer({"traces": found})

    async def one(self, request: http.Request) -> http.Response:
        """Send one trace as a whole."""
        found = await self._context.traces.get(request.match_info["id"])
        if found is None:
            return refusal(HTTPStatus.NOT_FOUND, "there is no trace of this id any more")
        return answer(found)
