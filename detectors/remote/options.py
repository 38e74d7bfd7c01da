"""What a user may say about a model server, and what the worker is told after it."""

from collections.abc import Mapping
from typing import Final

import voluptuous as vol
from msgspec import Struct

from detectors.heads.names import AUTO, NAMES
from detectors.heads.wishes import INPUT, labels, size
from hub.api import schema

_LONGEST: Final = 8192  # characters; a token of a cloud has one or two thousand


def token(value: object) -> str:
    """Accept a token that fits a header; errors do not repeat it."""
    given = schema.text(value)
    if len(given) > _LONGEST or not given.isascii() or not given.isprintable():
        raise vol.Invalid("a token is one line of plain characters")
    return given


schema.shaped(token, {"type": "string"})

SCHEMA: Final[schema.Schema] = {
    schema.required(
        "server", "Its address: http://, https://, grpc:// or grpcs://, host and port."
    ): schema.address("http", "https", "grpc", "grpcs"),
    schema.required("model", "The model's name on the server."): schema.text,
    schema.optional("version", "The model's version; the server's own choice if absent."): (
        schema.text
    ),
    schema.optional("token", "Sent as 'Authorization: Bearer ...'; write !secret."): token,
    schema.optional("timeout", "Time after which an answer is given up.", "2s"): schema.seconds,
    schema.optional("requests", "How many questions are under way at once.", 4): (
        schema.whole(1, 64)
    ),
    schema.optional(
        "size", "Size of the pictures it is sent: a side, or [width, height], in pixels."
    ): size,
    schema.optional("head", "How its outputs are read; auto finds out.", AUTO): (
        schema.choice(AUTO, *NAMES)
    ),
    schema.optional("labels", "Its classes: a list, or the name of a known list."): labels,
    schema.optional("input", "What it wants to see, where that is unusual for its head."): INPUT,
    schema.optional("fractions", "Whether its boxes are fractions, not pixels.", default=False): (
        schema.flag
    ),
    schema.optional(
        "min_score", "Detections below this score are never seen by anybody.", 0.1
    ): schema.number(0.01, 1),
    schema.optional(
        "iou", "Two boxes of a kind that overlap by more than this are one.", 0.45
    ): schema.number(0, 1),
}


class Load(Struct, frozen=True, kw_only=True):
    """All the worker needs; ``width`` and ``height`` are in pixels, 0 for the model's own."""

    server: str
    model: str
    labels: tuple[str, ...]
    assumed: bool = False
    version: str = ""
    token: str = ""
    timeout: float = 2.0
    requests: int = 4
    width: int = 0
    height: int = 0
    head: str = AUTO
    wishes: Mapping[str, object] = {}
    fractions: bool = False
    min_score: float = 0.1
    iou: float = 0.45
