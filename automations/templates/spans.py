"""What templates ask about spans of time: how long ago, how long until."""

import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from automations.templates.times import as_local, now

_UNITS: Final = {
    "year": 365 * 86_400, "month": 30 * 86_400, "day": 86_400, "hour": 3_600, "minute": 60,
    "second": 1,
}  # fmt: skip
_SPAN: Final = re.compile(
    r"(?P<sign>-)?(?:(?P<days>\d{1,6})(?: days?,?)?\s+)?"
    r"(?P<hours>\d{1,6}):(?P<minutes>\d{1,2})(?::(?P<seconds>\d{1,2}(?:\.\d{1,6})?))?"
)


def relative_time(value: Any) -> Any:
    """Return how long ago a moment was, such as ``2 hours``; one to come is returned as it is."""
    return time_since(value)


def time_since(value: Any, precision: int = 1) -> Any:
    """Return how long ago a moment was, in so many units; one to come is returned as it is."""
    if not isinstance(value, datetime):
        return value
    span = (now() - as_local(value)).total_seconds()
    return value if span < 0 else _words(span, precision)


def time_until(value: Any, precision: int = 1) -> Any:
    """Return how long it is until a moment; one that is over is returned as it is."""
    if not isinstance(value, datetime):
        return value
    span = (as_local(value) - now()).total_seconds()
    return value if span < 0 else _words(span, precision)


def as_timedelta(value: Any) -> timedelta | None:
    """Return a span of time from a text such as ``1 02:30:00``, or none."""
    found = _SPAN.fullmatch(str(value).strip())
    if found is None:
        return None
    parts = {unit: float(found[unit] or 0) for unit in ("days", "hours", "minutes", "seconds")}
    span = timedelta(**parts)
    return -span if found["sign"] else span


def _words(seconds: float, precision: int) -> str:
    said: list[str] = []
    for unit, size in _UNITS.items():
        if seconds < size:
            continue
        last = len(said) + 1 == precision
        count = round(seconds / size) if last else int(seconds // size)
        said.append(f"{count} {unit}" + ("" if count == 1 else "s"))
        if last:
            break
        seconds -= count * size
    return " ".join(said) or "0 seconds"


FUNCTIONS: Final[Mapping[str, Any]] = {
    "relative_time": relative_time,
    "time_since": time_since,
    "time_until": time_until,
    "as_timedelta": as_timedelta,
}
