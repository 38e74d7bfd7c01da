"""What every entity is right now, and the event that says it changed."""

import re
from collections.abc import Iterable, Mapping
from types import MappingProxyType

import msgspec

from hub.api import Bus, Clock, Invalid, State, StateChanged

_encode = msgspec.json.Encoder().encode
_ENTITY = re.compile(r"[a-z0-9_]{1,64}\.[a-z0-9_]{1,190}")


class StateTable:
    """Implements ``hub.api.States``."""

    def __init__(self, bus: Bus, clock: Clock) -> None:
        self._bus = bus
        self._clock = clock
        self._states: dict[str, State] = {}

    def restore(self, states: Iterable[State]) -> None:
        """Take up what was stored, without telling anybody."""
        self._states.update((each.entity, each) for each in states)

    def get(self, entity: str) -> State | None:
        return self._states.get(entity)

    def all(self) -> Mapping[str, State]:
        return MappingProxyType(self._states)

    def set(
        self,
        entity: str,
        state: str,
        attributes: Mapping[str, object] | None = None,
        *,
        cause: int | None = None,
    ) -> State:
        attributes = attributes or {}
        old = self._states.get(entity)
        if old is None:
            _check(entity)
        elif old.state == state and old.attributes == attributes:
            return old
        _check_plain(entity, state, attributes)
        now = self._clock.now()
        new = State(
            entity=entity,
            state=state,
            attributes=dict(attributes),
            changed=old.changed if old is not None and old.state == state else now,
            updated=now,
        )
        self._states[entity] = new
        self._bus.fire(StateChanged(entity=entity, old=old, new=new, cause=cause))
        return new

    def remove(self, entity: str) -> None:
        old = self._states.pop(entity, None)
        if old is not None:
            self._bus.fire(StateChanged(entity=entity, old=old, new=None))


def _check_plain(entity: str, state: str, attributes: Mapping[str, object]) -> None:
    """Refuse what cannot be written as JSON: it would break the page and the journal."""
    try:
        _encode((state, attributes))
    except (TypeError, ValueError) as error:
        raise Invalid(f"the state of {entity} does not hold plain values: {error}") from error


def _check(entity: str) -> None:
    if not _ENTITY.fullmatch(entity):
        raise Invalid(
            f"'{entity}' is not an entity: expected kind.name "
            "in small letters, digits and underscores"
        )
