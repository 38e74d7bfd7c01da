"""Values as a trace shows them: plain, and no longer than somebody reads."""

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from itertools import islice
from typing import Any, Final

from msgspec import Struct, to_builtins

from automations.templates import EventView, StateView

_TEXT: Final = 1000  # characters
_ITEMS: Final = 50
_DEPTH: Final = 6


def shown(value: object, depth: int = 0) -> Any:
    """Return a value as JSON values."""
    if value is None or isinstance(value, bool | int | float):
        return value
    if isinstance(value, str):
        return value if len(value) <= _TEXT else f"{value[:_TEXT]}... ({len(value)} characters)"
    if depth >= _DEPTH:
        return "..."
    if isinstance(value, Mapping):
        return _mapping(value, depth)
    if isinstance(value, list | tuple | set | frozenset):
        found = [shown(each, depth + 1) for each in islice(value, _ITEMS)]
        return found if len(value) <= _ITEMS else [*found, f"... ({len(value)} items)"]
    return _other(value, depth)


def _mapping(value: Mapping[Any, object], depth: int) -> dict[str, Any]:
    found = {str(key): shown(each, depth + 1) for key, each in islice(value.items(), _ITEMS)}
    if len(value) > _ITEMS:
        found["..."] = f"{len(value)} entries"
    return found


def _other(value: object, depth: int) -> Any:
    if isinstance(value, StateView):
        given = {"entity_id": value.entity_id, "state": value.state}
        return {**given, "attributes": shown(value.attributes, depth + 1)}
    if isinstance(value, EventView):
        return {"event_type": value.event_type, "data": shown(value.data, depth + 1)}
    if isinstance(value, Struct):
        return shown(to_builtins(value), depth)
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    return str(value) if isinstance(value, timedelta) else shown(str(value), depth)
