"""What templates ask about entities: ``states()``, ``is_state()`` and their relatives."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from automations.templates.rendering import context, read_entity, read_everything
from automations.templates.views import StateView
from hub.api import State

UNKNOWN: Final = "unknown"
_NO_VALUE: Final = frozenset({UNKNOWN, "unavailable"})


class DomainStates:
    """The states of one kind of entity, such as ``states.binary_sensor``."""

    unsafe_callable = False
    alters_data = False

    def __init__(self, domain: str) -> None:
        self._prefix = f"{domain}."

    def __getattr__(self, name: str) -> StateView:
        if (found := _get(self._prefix + name)) is None:
            raise AttributeError(name)
        return StateView(found)

    def __iter__(self) -> Iterator[StateView]:
        read_everything()
        for entity, state in sorted(context().states.all().items()):
            if entity.startswith(self._prefix):
                yield StateView(state)

    def __len__(self) -> int:
        return sum(1 for _ in self)


class AllStates:
    """``states``: called with an entity it is its state, without it is all of them."""

    unsafe_callable = False
    alters_data = False

    def __call__(self, entity: str, rounded: bool = False, with_unit: bool = False) -> str:
        found = _get(entity)
        if found is None:
            return UNKNOWN
        return StateView(found).state_with_unit if with_unit else found.state

    def __getattr__(self, domain: str) -> DomainStates:
        if domain.startswith(("_", "jinja")):  # what Jinja asks of everything that is called
            raise AttributeError(domain)
        return DomainStates(domain)

    def __getitem__(self, entity: str) -> StateView | None:
        found = _get(entity)
        return None if found is None else StateView(found)

    def __iter__(self) -> Iterator[StateView]:
        read_everything()
        for _, state in sorted(context().states.all().items()):
            yield StateView(state)


def is_state(entity: str, state: Any) -> bool:
    """Say whether an entity is in a state, or in one of several."""
    found = _get(entity)
    if found is None:
        return False
    return found.state in state if isinstance(state, list | tuple) else found.state == state


def state_attr(entity: str, name: str) -> object:
    """Return an attribute, or none."""
    found = _get(entity)
    return None if found is None else found.attributes.get(name)


def is_state_attr(entity: str, name: str, value: object) -> bool:
    """Say whether an attribute has a value."""
    return state_attr(entity, name) == value


def has_value(entity: str) -> bool:
    """Say whether an entity is there, and neither unknown nor unavailable."""
    found = _get(entity)
    return found is not None and found.state not in _NO_VALUE


def expand(*given: Any) -> list[StateView]:
    """Return the states of entities, groups' members in place of the groups, by name."""
    found: dict[str, StateView] = {}
    seen: set[str] = set()
    waiting = list(given)
    while waiting:
        each = waiting.pop()
        if isinstance(each, str | StateView):
            name = each.entity_id if isinstance(each, StateView) else each.strip().lower()
            state = None if name in seen else _get(name)
            seen.add(name)
            members = () if state is None else _members(state)
            waiting.extend(members)
            if state is not None and not members:
                found[name] = StateView(state)
        elif isinstance(each, Iterable):
            waiting.extend(each)
    return [found[name] for name in sorted(found)]


def _members(state: State) -> tuple[str, ...]:
    listed = state.attributes.get("entity_id")
    if not isinstance(listed, list | tuple):
        return ()
    return tuple(map(str, listed))


def _get(entity: str) -> State | None:
    name = str(entity).strip().lower()
    read_entity(name)
    return context().states.get(name)


states: Final = AllStates()

FUNCTIONS: Final[Mapping[str, Any]] = {
    "states": states,
    "is_state": is_state,
    "state_attr": state_attr,
    "is_state_attr": is_state_attr,
    "has_value": has_value,
    "expand": expand,
}
