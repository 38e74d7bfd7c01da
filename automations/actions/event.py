"""``event:``: fire an event of the user's own, which other automations can wait for."""

from collections.abc import Mapping
from typing import Any, Final

from automations.reading import Reader, Value
from automations.steps import Run, Step
from automations.templates import plain
from hub.api import EventFired, Invalid, Path, schema

KEYS: Final = frozenset({"event", "event_data", "event_data_template"})


class Fire(Step):
    """Fires an event."""

    __slots__ = ("_data", "_name")

    def __init__(self, where: str, name: Value, data: tuple[Value, ...]) -> None:
        super().__init__(where)
        self._name = name
        self._data = data

    async def run(self, run: Run) -> bool:
        data: dict[str, object] = {}
        for part in self._data:
            given = plain(part(run.variables))
            if not isinstance(given, dict):
                raise Invalid(f"event_data must be a mapping, got {schema.describe(given)}")
            data.update(given)
        name = str(self._name(run.variables))
        run.acts()
        if run.trace is not None:
            run.details = {"event": name, "data": data}
        run.context.bus.fire(EventFired(name=name, data=data, source="automation", cause=run.cause))
        return True


def read(reader: Reader, raw: Mapping[str, Any], path: Path) -> Step | None:
    """Read an event; the hub's own events are not the user's to fire."""
    name = raw["event"]
    if not isinstance(name, str) or not name.strip():
        reader.say((*path, "event"), f"expected an event's name, got {schema.describe(name)}")
        return None
    if name in reader.known.events:
        hint = "Choose a name of your own."
        reader.say((*path, "event"), f"only the hub itself fires '{name}'", hint)
    parts = []
    for key in ("event_data", "event_data_template"):
        if raw.get(key):
            data = raw[key]
            if not isinstance(data, str):
                data = reader.mapping(data, (*path, key), "a mapping of data")
            parts.append(reader.value(data, (*path, key)))
    return Fire(reader.place(path), reader.value(name, (*path, "event")), tuple(parts))
