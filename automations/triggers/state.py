"""``trigger: state``: an entity changes, from something, to something, and stays so a while."""

from collections.abc import Iterable
from functools import partial
from typing import ClassVar

from automations import names, scheduling
from automations.holding import Held
from automations.templates import EventView, event_of, view
from automations.triggers.base import OwnTrigger
from automations.values import Span, entities, some_states, span, states
from hub.api import (
    Cancel,
    Context,
    Fire,
    HubError,
    Known,
    Options,
    Problem,
    State,
    StateChanged,
    schema,
)

_FILTERS = ("from", "to", "not_from", "not_to")


class StateTrigger(OwnTrigger):
    """Fires when the state of an entity, or one of its attributes, changes."""

    KEY = "state"
    GIVES = frozenset({"entity_id", "from_state", "to_state", "attribute", "for", "description"})
    SCHEMA: ClassVar[schema.Schema] = {
        schema.required("entity_id", "The entity, or several."): entities,
        schema.optional("from", "What it was; nothing means any, attributes aside."): some_states,
        schema.optional("to", "What it becomes; nothing means any, attributes aside."): some_states,
        schema.optional("not_from", "What it was not."): states,
        schema.optional("not_to", "What it does not become."): states,
        schema.optional("attribute", "Look at this attribute in place of the state."): schema.text,
        schema.optional("for", "How long it must stay so before this fires."): span,
    }

    def __init__(self, options: Options, context: Context) -> None:
        super().__init__(options, context)
        self._attribute = options.get("attribute")
        self._every_change = not any(key in options for key in _FILTERS)
        self._span = Span(options["for"], context) if "for" in options else None
        self._holds = scheduling.Holds(context.clock)
        self._waited: dict[str, StateChanged] = {}

    @classmethod
    def check(cls, options: Options, known: Known) -> Iterable[Problem]:
        yield from names.entities(known, "entity_id", options["entity_id"])
        for one, other in (("from", "not_from"), ("to", "not_to")):
            if one in options and other in options:
                words = f"'{one}' and '{other}' exclude each other"
                yield Problem(path=(other,), words=words, on_key=True)

    def attach(self, fire: Fire) -> Cancel:
        self._holds = scheduling.Holds(self.context.clock, self.keep)
        for entity, held in self._holds.taken().items():
            self._go_on(entity, held, fire)

        def changed(event: StateChanged) -> None:
            self._changed(event, fire)

        listens = [
            self.context.bus.listen(StateChanged, changed, key=("entity", entity))
            for entity in dict.fromkeys(self.options["entity_id"])
        ]
        return scheduling.together([*listens, self._holds.close])

    def _changed(self, event: StateChanged, fire: Fire) -> None:
        old, new = self._value(event.old), self._value(event.new)
        if self._span is not None and event.entity in self._holds:
            self._look_again(event)
        if not self._matches(event, old, new):
            return
        if self._span is None:
            self._fire(event, fire, None)
            return
        try:
            seconds = self._span.seconds({"trigger": self._given(event, None)})
        except HubError as error:
            self.failed(error)
            return
        self._waited[event.entity] = event
        memo = EventView(event)
        held = partial(self._fire, event, fire, seconds)
        self._holds.start(event.entity, seconds, memo, held)

    def _go_on(self, entity: str, held: Held, fire: Fire) -> None:
        """Take up what was held when the hub ended, if it still is as it was."""
        event = event_of(held.memo) if isinstance(held.memo, EventView) else None
        now = self.context.states.get(entity)
        if not isinstance(event, StateChanged) or not self._stays(event, now):
            self._holds.forget(entity)
            return
        self._waited[entity] = event
        self._holds.go_on(entity, held, partial(self._fire, event, fire, held.seconds))

    def _look_again(self, event: StateChanged) -> None:
        """Stop waiting when the state did not stay what it had become."""
        if not self._stays(self._waited[event.entity], event.new):
            self._holds.drop(event.entity)

    def _stays(self, since: StateChanged, now: State | None) -> bool:
        old, new, present = (self._value(each) for each in (since.old, since.new, now))
        only_left = "from" in self.options and "to" not in self.options
        return now is not None and (present != old if only_left else present == new)

    def _matches(self, event: StateChanged, old: object, new: object) -> bool:
        if old == new and (self._attribute is not None or not self._every_change):
            return False
        if event.new is None and not self._every_change and self.options.get("to"):
            return False
        return self._allowed("from", old) and (event.new is None or self._allowed("to", new))

    def _allowed(self, key: str, value: object) -> bool:
        if (wanted := self.options.get(key)) is not None:
            return value in wanted
        unwanted = self.options.get(f"not_{key}")
        return unwanted is None or value not in unwanted

    def _value(self, state: State | None) -> object:
        if state is None:
            return None
        if self._attribute is None:
            return state.state
        value = state.attributes.get(self._attribute)
        if isinstance(value, bool):
            return "on" if value else "off"
        return value if value is None or isinstance(value, list | dict) else str(value)

    def _fire(self, event: StateChanged, fire: Fire, seconds: float | None) -> None:
        fire(self._given(event, seconds), event)

    def _given(self, event: StateChanged, seconds: float | None) -> dict[str, object]:
        return {
            "entity_id": event.entity,
            "from_state": view(event.old),
            "to_state": view(event.new),
            "attribute": self._attribute,
            "for": seconds,
            "description": f"state of {event.entity}",
        }
