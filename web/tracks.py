"""What was seen lately, with its pictures: read from where the hub stored them, nowhere else."""

import asyncio
import os
import re
from collections.abc import Mapping
from http import HTTPStatus
from pathlib import Path
from stat import S_ISREG
from typing import Final
from urllib.parse import quote

import msgspec
from aiohttp import web as http

from hub.api import Context, SeenReview, SeenTrack
from web.answers import PRIVATE, answer, refusal

_MOST: Final = 500
_NUMBER: Final = re.compile("[0-9]{1,9}")
_SEVERITIES: Final = ("alert", "detection")
# A 1280 pixels wide JPEG has 0.3 MB; nothing that is larger was stored as a picture.
_LARGEST: Final = 8 * 1024 * 1024  # bytes
_FIELDS: Final = {"picture.jpg": "picture", "box.jpg": "annotated", "thumbnail.jpg": "thumbnail"}


class Tracks:
    """Answers requests for tracks, reviews and their pictures."""

    def __init__(self, context: Context) -> None:
        self._context = context

    async def tracks(self, request: http.Request) -> http.Response:
        """List tracks, newest first."""
        query = request.query
        if (refused := self._refused(query)) is not None:
            return refused
        found = self._context.seen.tracks(
            camera=query.get("camera", ""), object=query.get("object", ""), limit=_limit(query)
        )
        return answer({"tracks": [_track(each) for each in found]})

    async def reviews(self, request: http.Request) -> http.Response:
        """List review items, newest first, each with the best picture of its tracks."""
        query = request.query
        severity = query.get("severity", "")
        if severity not in {"", *_SEVERITIES}:
            words = f"severity is one of {', '.join(_SEVERITIES)}"
            return refusal(HTTPStatus.UNPROCESSABLE_ENTITY, words)
        if (refused := self._refused(query)) is not None:
            return refused
        found = self._context.seen.reviews(
            camera=query.get("camera", ""), severity=severity, limit=_limit(query)
        )
        return answer({"reviews": [self._review(each) for each in found]})

    async def picture(self, request: http.Request) -> http.Response:
        """Send one of a track's pictures; its path is the hub's own, never the client's."""
        track = self._context.seen.track(request.match_info["id"])
        field = _FIELDS.get(request.match_info["picture"])
        path = getattr(track, field) if track is not None and field is not None else None
        content = await asyncio.to_thread(_read, path, self._context.paths.media)
        if content is None:
            return refusal(HTTPStatus.NOT_FOUND, "there is no such picture")
        return http.Response(body=content, content_type="image/jpeg", headers=PRIVATE)

    def _refused(self, query: Mapping[str, str]) -> http.Response | None:
        limit = query.get("limit", "100")
        if not _NUMBER.fullmatch(limit) or not 1 <= int(limit) <= _MOST:
            return refusal(HTTPStatus.UNPROCESSABLE_ENTITY, f"limit is a number from 1 to {_MOST}")
        if query.get("camera", "") not in {"", *self._context.known.cameras}:
            return refusal(HTTPStatus.NOT_FOUND, "there is no camera of this name")
        return None

    def _review(self, review: SeenReview) -> dict[str, object]:
        tracks = [self._context.seen.track(each) for each in review.tracks]
        shown = [each for each in tracks if each is not None and each.thumbnail is not None]
        best = max(shown, key=lambda each: each.score, default=None)
        facts: dict[str, object] = msgspec.to_builtins(review)
        return {**facts, "pictures": _pictures(best) if best else {}}


def _limit(query: Mapping[str, str]) -> int:
    return int(query.get("limit", "100"))


def _track(track: SeenTrack) -> dict[str, object]:
    return {
        "id": track.id,
        "camera": track.camera,
        "object": track.object,
        "score": track.score,
        "started": track.started,
        "ended": track.ended,
        "zones": track.zones,
        "attributes": track.attributes,
        "pictures": _pictures(track),
    }


def _pictures(track: SeenTrack) -> dict[str, str]:
    base = f"/api/tracks/{quote(track.id, safe='')}"
    return {
        name.removesuffix(".jpg"): f"{base}/{name}"
        for name, field in _FIELDS.items()
        if getattr(track, field) is not None
    }


def _read(path: Path | None, media: Path) -> bytes | None:
    """Return a file's content if it truly lies below the media folder, and is a plain file."""
    if path is None:
        return None
    try:
        if not path.resolve(strict=True).is_relative_to(media.resolve()):
            return None
        held = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC | os.O_NONBLOCK)
    except (OSError, ValueError, RuntimeError):  # gone, a link, or a name no system has
        return None
    about = os.fstat(held)
    if not S_ISREG(about.st_mode) or about.st_size > _LARGEST:
        os.close(held)
        return None
    with os.fdopen(held, "rb") as file:
        return file.read()
