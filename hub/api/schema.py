"""Pieces of voluptuous schema that plugins share, so that errors read alike everywhere.

Every key of a component's ``SCHEMA`` is made by ``required`` or ``optional`` and carries
a description: the reference page and editors' completion are made from it. A schema
yields plain values only (str, int, float, bool, None, list, dict), because options
travel to worker processes.
"""

import re
from collections.abc import Callable, Mapping
from math import isfinite
from typing import Any
from urllib.parse import urlsplit

import voluptuous as vol

from hub.api.shapes import shape, shaped

Schema = Mapping[vol.Marker, object]
"""Keys with their descriptions, and the validator of each value."""

Validator = Callable[[Any], Any]

_UNITS = {"ms": 0.001, "s": 1.0, "m": 60.0, "min": 60.0, "h": 3600.0, "d": 86400.0}
_BYTES = {
    "b": 1, "kb": 10**3, "mb": 10**6, "gb": 10**9, "tb": 10**12,
    "kib": 2**10, "mib": 2**20, "gib": 2**30, "tib": 2**40,
}  # fmt: skip
_AMOUNT = re.compile(r"(\d{1,15}(?:\.\d{1,9})?)\s*(b|[kmgt]i?b)?", re.IGNORECASE)
_DISKS = 10**18  # bytes; no disk is larger
_AGES = 1e12  # seconds; whoever means "for ever" has another way to say it
_PIXELS = 10  # what is as large as this is no fraction that was mistyped
_NAME = re.compile(r"[a-z0-9][a-z0-9_]*")
# What an address may have begun with instead; any other beginning could be a secret.
_SCHEMES = {
    "concat", "data", "echo", "exec", "ffmpeg", "file", "gopher", "http", "https", "pipe", "rtmp",
    "rtmps", "rtsp", "rtsps", "subfile", "unix",
}  # fmt: skip


def required(key: str, description: str) -> vol.Required:
    """Make a key that must be given."""
    return vol.Required(key, description=description)


def optional(key: str, description: str, default: object = vol.UNDEFINED) -> vol.Optional:
    """Make a key that may be left out; without a default it is then absent."""
    return vol.Optional(key, default=default, description=description)


class _Named:
    """Accepts any name; in the reference it stands as ``NAME``."""

    def __call__(self, value: object) -> str:
        return name(value)

    def __str__(self) -> str:
        return "NAME"


def named(description: str) -> vol.Optional:
    """Make a key that stands for whatever names the user gives."""
    return vol.Optional(_Named(), description=description)


def text(value: object) -> str:
    """Accept a text that is not empty; a number or a yes/no is a forgotten pair of quotes."""
    if isinstance(value, str) and value.strip():
        return value
    if isinstance(value, str):
        raise vol.Invalid("expected a text, got an empty one")
    quotes = ": write it in quotes" if isinstance(value, int | float) else ""
    raise vol.Invalid(f"expected a text, got {describe(value)}{quotes}")


def name(value: object) -> str:
    """Accept a name: small letters, digits and underscores."""
    word = text(value)
    if len(word) <= 64 and _NAME.fullmatch(word):  # noqa: PLR2004 - fits a file name with room
        return word
    raise vol.Invalid(f"'{word}' is not a name: use small letters, digits and underscores")


def camera(value: object) -> str:
    """Accept the name of a camera; automations check that there is one."""
    word = text(value)
    if word.startswith("camera."):
        plain = word.removeprefix("camera.")
        raise vol.Invalid(f"expected the camera's name '{plain}', not its entity '{word}'")
    return name(word)


def address(*schemes: str) -> Validator:
    """Accept a network address that begins with one of these schemes and names a host.

    Errors never repeat the address: it may hold a password.
    """
    known = " or ".join(f"{each}://" for each in schemes)

    def check(value: object) -> str:
        given = text(value)
        if not any(given.startswith(f"{each}://") for each in schemes):
            raise vol.Invalid(f"expected an address that begins with {known}{_beginning(given)}")
        if any(each.isspace() or not each.isprintable() for each in given):
            raise vol.Invalid("an address has no spaces or line ends in it: write them as %20")
        if not _host(given):
            raise vol.Invalid(
                "the address names no host (in a password, / ? # and % are written %2F %3F %23 %25)"
            )
        return given

    return shaped(check, {"type": "string", "format": "uri", "title": "address"})


def number(low: float | None = None, high: float | None = None) -> Validator:
    """Accept a number between two bounds, both included."""

    def check(value: object) -> float | int:
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise vol.Invalid(f"expected a number, got {describe(value)}")
        if not isfinite(value):
            raise vol.Invalid(f"expected a number, got {value}")
        if (low is not None and value < low) or (high is not None and value > high):
            raise vol.Invalid(f"expected a number {_bounds(low, high)}, got {value}")
        return value

    return shaped(check, _between("number", low, high))


def whole(low: int | None = None, high: int | None = None) -> Validator:
    """Accept a whole number between two bounds, both included."""
    inner = number(low, high)

    def check(value: object) -> int:
        got = inner(value)
        if not isinstance(got, int):
            raise vol.Invalid(f"expected a whole number, got {got}")
        return got

    return shaped(check, _between("integer", low, high))


def flag(value: object) -> bool:
    """Accept true or false, in YAML's spellings only."""
    if isinstance(value, bool):
        return value
    raise vol.Invalid(f"expected true or false, got {describe(value)}")


def choice(*options: str) -> Validator:
    """Accept one of a few words."""

    def check(value: object) -> str:
        if isinstance(value, str) and value in options:
            return value
        raise vol.Invalid(f"expected one of {', '.join(options)}, got {describe(value)}")

    return shaped(check, {"enum": list(options)})


def seconds(value: object) -> float:
    """Accept a time span: ``0.4s``, ``5m``, ``00:05:00``, a number of seconds, or a mapping.

    Returns seconds. The mapping is Home Assistant's: ``{minutes: 5}``.
    """
    if isinstance(value, bool):
        raise vol.Invalid("expected a time span such as 2s or 00:00:02, got true or false")
    if isinstance(value, int | float) and 0 <= value <= _AGES:
        return float(value)
    if isinstance(value, Mapping):
        return _seconds_of_mapping(value)
    if isinstance(value, str) and (span := _seconds_of_text(value.strip())) is not None:
        return span
    raise vol.Invalid(f"expected a time span such as 2s or 00:00:02, got {describe(value)}")


def amount(value: object) -> int:
    """Accept a number of bytes: ``500MB``, ``1.5 GB``, ``2GiB``, or a bare number.

    Returns bytes. KB, MB, GB and TB are powers of 1000, as on a disk's label; KiB, MiB, GiB and
    TiB of 1024.
    """
    if isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= _DISKS:
        return value
    if isinstance(value, str) and (given := _AMOUNT.fullmatch(value.strip())):
        size = float(given[1]) * _BYTES[(given[2] or "b").lower()]
        if size <= _DISKS:
            return round(size)
    raise vol.Invalid(f"expected a number of bytes such as 500MB or 1GB, got {describe(value)}")


def point(value: object) -> list[float]:
    """Accept ``[x, y]`` in fractions of the picture; returns the same."""
    if not isinstance(value, list) or len(value) != 2:  # noqa: PLR2004 - x and y
        raise vol.Invalid(f"expected a point [x, y], got {describe(value)}")
    for part in value:
        if isinstance(part, bool) or not isinstance(part, int | float):
            raise vol.Invalid(f"expected a point [x, y] of numbers, got {describe(part)}")
        if not 0 <= part <= 1:
            raise vol.Invalid(f"a point's x and y are fractions of the picture, 0 to 1, got {part}")
    return [float(part) for part in value]


def polygon(value: object) -> list[list[float]]:
    """Accept three or more points; returns them as ``[[x, y], ...]`` in fractions."""
    if not isinstance(value, list):
        raise vol.Invalid(f"expected points [[x, y], [x, y], ...], got {describe(value)}")
    if value and all(isinstance(each, int | float) for each in value):
        raise vol.Invalid("expected points [[x, y], [x, y], ...], got numbers in a row")
    if any(_is_pixels(each) for each in value):
        raise vol.Invalid("a polygon's x and y are fractions of the picture, 0 to 1, not pixels")
    points: list[list[float]] = vol.Schema([point])(value)
    if len({tuple(each) for each in points}) < 3:  # noqa: PLR2004 - a surface has three corners
        raise vol.Invalid(f"a polygon needs at least three different points, got {len(points)}")
    return points


def _is_pixels(point: object) -> bool:
    parts = point if isinstance(point, list) else []
    return any(isinstance(part, int | float) and part >= _PIXELS for part in parts)


def each(of: object) -> Validator:
    """Accept one value or a list of them; returns a list."""
    inner = vol.Schema([of])

    def check(value: object) -> list[Any]:
        got: list[Any] = inner(value if isinstance(value, list) else [value])
        return got

    return shaped(check, {"anyOf": [of, {"type": "array", "items": of}]})


def describe(value: object) -> str:
    """Say what a value is, in the words of somebody who writes YAML."""
    match value:
        case None:
            return "nothing"
        case bool():
            return "true" if value else "false"
        case list():
            return "a list"
        case dict():
            return "a mapping"
        case str():
            return f"'{value}'"
        case _:
            return str(value)


def _beginning(given: str) -> str:
    start, separator, _ = given.lstrip().replace(",", ":", 1).partition(":")
    return f", not with '{start}'" if separator and start.lower() in _SCHEMES else ""


def _host(given: str) -> str | None:
    try:
        parts = urlsplit(given)
        host = parts.hostname if parts.port != 0 else None
    except ValueError:
        return None
    return host


def _between(kind: str, low: float | None, high: float | None) -> dict[str, object]:
    bounds = {"minimum": low, "maximum": high}
    return {"type": kind, **{key: each for key, each in bounds.items() if each is not None}}


def _bounds(low: float | None, high: float | None) -> str:
    if low is None:
        return f"of at most {high}"
    if high is None:
        return f"of at least {low}"
    return f"from {low} to {high}"


def _seconds_of_text(value: str) -> float | None:
    if clock := re.fullmatch(r"(\d{1,9}):([0-5]?\d)(?::([0-5]?\d(?:\.\d+)?))?", value):
        hours, minutes, rest = clock.groups(default="0")
        return int(hours) * 3600 + int(minutes) * 60 + float(rest)
    if span := re.fullmatch(r"(\d{1,12}(?:\.\d+)?)\s*(ms|s|m|min|h|d)?", value):
        return float(span[1]) * _UNITS[span[2] or "s"]
    return None


def _seconds_of_mapping(value: Mapping[str, object]) -> float:
    parts = {
        "days": 86400.0, "hours": 3600.0, "minutes": 60.0, "seconds": 1.0, "milliseconds": 0.001,
    }  # fmt: skip
    total = 0.0
    for key, amount in value.items():
        if key not in parts:
            raise vol.Invalid(f"'{key}' is not a part of a time span: use {', '.join(parts)}")
        total += number(0)(amount) * parts[key]
    return total


shaped(text, {"type": "string", "minLength": 1})
shaped(name, {"type": "string", "pattern": f"^{_NAME.pattern}$", "maxLength": 64})
shaped(
    camera, {"type": "string", "pattern": f"^{_NAME.pattern}$", "maxLength": 64, "title": "camera"}
)
shaped(flag, {"type": "boolean"})
shaped(seconds, {"type": ["string", "number", "object"], "title": "time span"})
shaped(amount, {"type": ["string", "integer"], "title": "bytes"})
shaped(
    point,
    {
        "title": "point",
        "type": "array",
        "minItems": 2,
        "maxItems": 2,
        "items": {"type": "number", "minimum": 0, "maximum": 1},
    },
)
shaped(polygon, {"title": "polygon", "type": "array", "minItems": 3, "items": point})

__all__ = [
    "Schema",
    "Validator",
    "address",
    "amount",
    "camera",
    "choice",
    "describe",
    "each",
    "flag",
    "name",
    "number",
    "optional",
    "point",
    "polygon",
    "required",
    "seconds",
    "shape",
    "shaped",
    "text",
    "whole",
]
