"""The one form that answers of the API have."""

from http import HTTPStatus
from typing import Final

import msgspec
from aiohttp import web as http

PRIVATE: Final = {"Cache-Control": "no-store, private"}


def answer(value: object, status: int = HTTPStatus.OK) -> http.Response:
    """Return a JSON response that nobody may keep."""
    return http.Response(
        body=msgspec.json.encode(value),
        status=status,
        content_type="application/json",
        headers=PRIVATE,
    )


def refusal(status: int, words: str) -> http.Response:
    """Return an error in the one form that all of them have."""
    return answer({"error": words}, status)
