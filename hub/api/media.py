"""What cameras give and detectors take: streams, packets and regions of a frame."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from urllib.parse import quote, urlsplit

from msgspec import Struct

from hub.api.values import Box


class Role(StrEnum):
    """What a stream is used for; a camera with one stream gives ``MAIN`` and it serves all."""

    MAIN = "main"
    SUB = "sub"


class Pace(StrEnum):
    """Who decides how fast packets come."""

    LIVE = "live"
    """The source does: it is a camera."""
    OWN = "own"
    """The hub does, by presentation times: it is a recording played as if live."""
    MAX = "max"
    """Nobody does: as fast as it can be read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StreamSource:
    """An address that FFmpeg can open, and how.

    ``url`` may hold a password, so it is never logged as it is (the representation
    leaves it out). ``protocols`` is what FFmpeg's ``protocol_whitelist`` is set to. After
    ``silence`` seconds without a packet the connection counts as lost.
    """

    url: str = field(repr=False)
    role: Role = Role.MAIN
    protocols: tuple[str, ...]
    format: str | None = None
    options: Mapping[str, str] = field(default_factory=dict)
    pace: Pace = Pace.LIVE
    loop: bool = False
    silence: float = 6.0


def with_login(url: str, username: str | None, password: str | None) -> str:
    """Return an address with a name and a password in it, written so that any character works.

    Without a name the address is returned as it is.
    """
    if username is None:
        return url
    parts = urlsplit(url)
    login = quote(username, safe="") + (f":{quote(password, safe='')}" if password else "")
    return parts._replace(netloc=f"{login}@{parts.netloc.rpartition('@')[2]}").geturl()


class Packet(Struct, frozen=True, kw_only=True, gc=False):
    """One encoded picture, in decoding order; ``pts`` is in seconds on the stream's own clock."""

    data: bytes
    pts: float
    key: bool


class StreamFormat(Struct, frozen=True, kw_only=True):
    """How packets are to be decoded: FFmpeg's codec name, its extradata, width and height in px."""

    codec: str
    extradata: bytes = b""
    width: int = 0
    height: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Region:
    """Part of a frame for a detector: interleaved BGR, 8 bit, row after row without padding.

    ``pixels`` has ``height * width * 3`` bytes; ``place`` says where in the frame it was cut.
    """

    pixels: memoryview
    width: int
    height: int
    place: Box
