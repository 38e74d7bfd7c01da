"""When a frame was taken, as events and files tell it."""

from datetime import UTC, datetime


def moment(captured: float) -> datetime:
    """Return seconds since 1970 as a time, to the microsecond."""
    return datetime.fromtimestamp(round(captured, 6), UTC)
