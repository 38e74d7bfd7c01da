"""States and events as templates see them, with Home Assistant's names on them."""

from collections.abc import Mapping
from datetime import datetime

from msgspec import to_builtins

from hub.api import Event, EventFired, State

# What every event has; the rest is the event's own.
_STAMP = frozenset({"type", "sequence", "time", "source", "cause", "version"})


class StateView:
    """An entity's state as it was."""

    __slots__ = ("_state",)

    def __init__(self, state: State) -> None:
        self._state = state

    def __eq__(self, other: object) -> bool:
        return isinstance(other, StateView) and self._state == other._state

    def __hash__(self) -> int:
        return hash((self._state.entity, self._state.state, self._state.updated))

    def __str__(self) -> str:
        return f"<{self.entity_id}={self.state}>"

    @property
    def entity_id(self) -> str:
        return self._state.entity

    @property
    def domain(self) -> str:
        return self._state.entity.partition(".")[0]

    @property
    def object_id(self) -> str:
        return self._state.entity.partition(".")[2]

    @property
    def state(self) -> str:
        return self._state.state

    @property
    def attributes(self) -> Mapping[str, object]:
        return self._state.attributes

    @property
    def name(self) -> str:
        given = self._state.attributes.get("friendly_name")
        return str(given) if given else self.object_id.replace("_", " ")

    @property
    def last_changed(self) -> datetime:
        return self._state.changed

    @property
    def last_updated(self) -> datetime:
        return self._state.updated

    @property
    def state_with_unit(self) -> str:
        unit = self._state.attributes.get("unit_of_measurement")
        return f"{self.state} {unit}" if unit else self.state


class EventView:
    """An event: one of the user's own by its name and data, one of the hub's by its fields."""

    __slots__ = ("_data", "_event")

    def __init__(self, event: Event) -> None:
        self._event = event
        self._data: Mapping[str, object] | None = None

    @property
    def event_type(self) -> str:
        return self._event.name if isinstance(self._event, EventFired) else self._event.type

    @property
    def data(self) -> Mapping[str, object]:
        if self._data is None:
            self._data = fields(self._event)
        return self._data

    @property
    def time_fired(self) -> datetime:
        return self._event.time

    @property
    def sequence(self) -> int:
        return self._event.sequence

    @property
    def origin(self) -> str:
        return "LOCAL"


def state_of(view: StateView) -> State:
    """Return the state behind what templates see."""
    return view._state  # noqa: SLF001 - for this module, not for templates


def event_of(view: EventView) -> Event:
    """Return the event behind what templates see."""
    return view._event  # noqa: SLF001 - for this module, not for templates


def view(state: State | None) -> StateView | None:
    """Return a state as templates see it."""
    return None if state is None else StateView(state)


def fields(event: Event) -> Mapping[str, object]:
    """Return what an event says, without what every event has."""
    if isinstance(event, EventFired):
        return event.data
    whole = to_builtins(event, builtin_types=(datetime,))
    return {key: value for key, value in whole.items() if key not in _STAMP}
