"""What templates ask about time, in the home's own time zone."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from datetime import time as clock_time
from typing import Any, Final

from automations.templates.rendering import context, read_time

_NEEDED: Final = object()  # marks a default that was not given


def now() -> datetime:
    """Return the time at home."""
    read_time()
    return context().clock.now().astimezone(context().zone)


def utcnow() -> datetime:
    """Return the time in UTC."""
    read_time()
    return context().clock.now()


def today_at(text: str = "00:00") -> datetime:
    """Return a time of today, such as ``07:30``."""
    return datetime.combine(now().date(), clock_time.fromisoformat(text), context().zone)


def as_datetime(value: Any, default: Any = _NEEDED) -> Any:
    """Return a date and time from a text or from seconds since 1970."""
    if isinstance(value, datetime):
        return value
    try:
        if isinstance(value, int | float):
            return datetime.fromtimestamp(value, UTC)
        return datetime.fromisoformat(str(value).strip())
    except (ValueError, OverflowError, OSError) as error:
        return _fallback("as_datetime", value, default, error)


def as_timestamp(value: Any, default: Any = _NEEDED) -> Any:
    """Return seconds since 1970."""
    try:
        return _aware(as_datetime(value)).timestamp()
    except (ValueError, OverflowError) as error:
        return _fallback("as_timestamp", value, default, error)


def as_local(value: datetime) -> datetime:
    """Return a time as clocks at home show it."""
    return _aware(value).astimezone(context().zone)


def strptime(text: str, pattern: str, default: Any = _NEEDED) -> Any:
    """Read a time written in a pattern of one's own."""
    try:
        return datetime.strptime(text, pattern)  # noqa: DTZ007 - the pattern says
    except (ValueError, TypeError) as error:
        return _fallback("strptime", text, default, error)


def timestamp_custom(
    value: Any, pattern: str = "%Y-%m-%d %H:%M:%S", local: bool = True, default: Any = _NEEDED
) -> Any:
    """Write seconds since 1970 in a pattern of one's own."""
    try:
        moment = datetime.fromtimestamp(float(value), context().zone if local else UTC)
    except (ValueError, TypeError, OverflowError, OSError) as error:
        return _fallback("timestamp_custom", value, default, error)
    return moment.strftime(pattern)


def timestamp_local(value: Any, default: Any = _NEEDED) -> Any:
    """Write seconds since 1970 as a time at home."""
    return timestamp_custom(value, "%Y-%m-%dT%H:%M:%S%z", default=default)


def timestamp_utc(value: Any, default: Any = _NEEDED) -> Any:
    """Write seconds since 1970 as a time in UTC."""
    return timestamp_custom(value, "%Y-%m-%dT%H:%M:%S+00:00", local=False, default=default)


def _aware(value: datetime) -> datetime:
    return value if value.tzinfo is not None else value.replace(tzinfo=context().zone)


def _fallback(function: str, value: object, default: Any, error: Exception) -> Any:
    if default is _NEEDED:
        raise ValueError(f"{function} got '{value}', and no default was given") from error
    return default


FUNCTIONS: Final[Mapping[str, Any]] = {
    "now": now,
    "utcnow": utcnow,
    "today_at": today_at,
    "as_datetime": as_datetime,
    "as_timestamp": as_timestamp,
    "as_local": as_local,
    "strptime": strptime,
    "timedelta": timedelta,
}

FILTERS: Final[Mapping[str, Any]] = {
    "as_datetime": as_datetime,
    "as_timestamp": as_timestamp,
    "as_local": as_local,
    "timestamp_custom": timestamp_custom,
    "timestamp_local": timestamp_local,
    "timestamp_utc": timestamp_utc,
}
