"""What templates do with codes: Base64, checksums, bytes, ordinals."""

import base64
import hashlib
import struct
from collections.abc import Callable, Mapping
from typing import Any, Final

from automations.templates import bounds

_TEENS: Final = range(10, 20)
_ENDINGS: Final = {1: "st", 2: "nd", 3: "rd"}


def base64_encode(value: Any) -> str:
    """Write a text or bytes as Base64."""
    return base64.b64encode(_bytes(value)).decode()


def base64_decode(value: str, encoding: str | None = "utf-8") -> Any:
    """Read Base64: a text, or bytes where ``encoding`` is none."""
    data = base64.b64decode(value)
    return data.decode(encoding) if encoding else data


def pack(value: Any, format_string: str) -> bytes:
    """Write a number as bytes, in the words of Python's ``struct``."""
    _bounded(format_string)
    try:
        return struct.pack(format_string, value)
    except struct.error as error:
        raise ValueError(f"pack cannot write '{value}' as '{format_string}'") from error


def unpack(value: bytes, format_string: str, offset: int = 0) -> Any:
    """Read a number out of bytes, in the words of Python's ``struct``."""
    _bounded(format_string)
    try:
        return struct.unpack_from(format_string, value, offset)[0]
    except (struct.error, IndexError) as error:
        raise ValueError(f"unpack cannot read '{value!r}' as '{format_string}'") from error


def ordinal(value: Any) -> str:
    """Write a number as a place in a row, such as ``3rd``."""
    number = int(value)
    ending = "th" if number % 100 in _TEENS else _ENDINGS.get(number % 10, "th")
    return f"{number}{ending}"


def _checksum(name: str) -> Callable[[Any], str]:
    return lambda value: hashlib.new(name, _bytes(value), usedforsecurity=False).hexdigest()


def _bytes(value: Any) -> bytes:
    return value if isinstance(value, bytes) else bounds.joined([value]).encode()


def _bounded(format_string: str) -> None:
    try:
        bounds.length(struct.calcsize(format_string))
    except struct.error as error:
        raise ValueError(f"'{format_string}' is no format of bytes") from error


FUNCTIONS: Final[Mapping[str, Any]] = {
    name: _checksum(name) for name in ("md5", "sha1", "sha256", "sha512")
} | {"pack": pack, "unpack": unpack, "ordinal": ordinal}

FILTERS: Final[Mapping[str, Any]] = {
    **FUNCTIONS,
    "base64_encode": base64_encode,
    "base64_decode": base64_decode,
    "ord": ord,
}
