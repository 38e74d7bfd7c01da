"""A run's variables as JSON and back, with their types, so that a run outlasts the hub."""

import base64
import math
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any, Final

import msgspec

from automations.templates import EventView, StateView, event_of, state_of
from hub.api import Event, State
from hub.api.events import subclasses

# A mapping with this key is a value of another type: ``{"~": "date", "v": "2026-06-01"}``.
_TAG: Final = "~"


def pack(value: object) -> Any:
    """Return a value as plain JSON values; what cannot be kept becomes none."""
    if value is None or isinstance(value, bool | str | int):
        return value
    if isinstance(value, float):
        return value if math.isfinite(value) else _tagged("float", str(value))
    if isinstance(value, Mapping):
        return _mapping(value)
    if isinstance(value, list):
        return [pack(each) for each in value]
    return _other(value)


def unpack(value: Any) -> Any:
    """Return what ``pack`` was given."""
    if isinstance(value, list):
        return [unpack(each) for each in value]
    if not isinstance(value, dict):
        return value
    if _TAG in value:
        return _READ[value[_TAG]](value["v"])
    return {key: unpack(each) for key, each in value.items()}


def _mapping(value: Mapping[Any, object]) -> Any:
    if all(isinstance(key, str) and key != _TAG for key in value):
        return {key: pack(each) for key, each in value.items()}
    return _tagged("dict", [[pack(key), pack(each)] for key, each in value.items()])


def _other(value: object) -> Any:
    for name, kind, write in _WRITE:
        if isinstance(value, kind):
            return _tagged(name, write(value))
    return None


def _tagged(name: str, value: object) -> dict[str, object]:
    return {_TAG: name, "v": value}


def _event(value: EventView) -> object:
    event = event_of(value)
    return [event.type, msgspec.to_builtins(event)]


def _read_event(value: Any) -> EventView | None:
    kind: type[Event] | None = subclasses().get(value[0])
    return None if kind is None else EventView(msgspec.convert(value[1], kind))


def _read_state(value: Any) -> StateView:
    return StateView(msgspec.convert(value, State))


# The first that fits is taken: a datetime is a date as well.
_WRITE: Final[Sequence[tuple[str, Any, Callable[[Any], object]]]] = (
    ("tuple", tuple, lambda value: [pack(each) for each in value]),
    ("set", set | frozenset, lambda value: [pack(each) for each in value]),
    ("datetime", datetime, datetime.isoformat),
    ("date", date, date.isoformat),
    ("time", time, time.isoformat),
    ("timedelta", timedelta, lambda value: [value.days, value.seconds, value.microseconds]),
    ("state", StateView, lambda value: msgspec.to_builtins(state_of(value))),
    ("event", EventView, _event),
    ("bytes", bytes, lambda value: base64.b64encode(value).decode()),
)
_READ: Final[Mapping[str, Callable[[Any], Any]]] = {
    "dict": lambda value: {unpack(key): unpack(each) for key, each in value},
    "float": float,
    "tuple": lambda value: tuple(unpack(each) for each in value),
    "set": lambda value: {unpack(each) for each in value},
    "datetime": datetime.fromisoformat,
    "date": date.fromisoformat,
    "time": time.fromisoformat,
    "timedelta": lambda value: timedelta(*value),
    "state": _read_state,
    "event": _read_event,
    "bytes": base64.b64decode,
}
