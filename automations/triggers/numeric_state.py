"""``trigger: numeric_state``: an entity's number comes within bounds, and stays there a while."""

from collections.abc import Iterable
from functools import partial
from typing import ClassVar

from automations import ranges, scheduling
from automations.holding import Held
from automations.templates import EventView, Template, event_of, view
from automations.triggers.base import OwnTrigger
from automations.values import Span, span
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


class NumericStateTrigger(OwnTrigger):
    """Fires when the number crosses into the bounds, not again while it stays within."""

    KEY = "numeric_state"
    GIVES = frozenset(
        {"entity_id", "above", "below", "from_state", "to_state", "for", "description"}
    )
    SCHEMA: ClassVar[schema.Schema] = {
        **ranges.KEYS,
        schema.optional("for", "How long it must stay within before this fires."): span,
    }

    def __init__(self, options: Options, context: Context) -> None:
        super().__init__(options, context)
        source = options.get("value_template")
        self._template = None if source is None else Template(source, context)
        self._range = ranges.Range(options, context, self._template)
        self._span = Span(options["for"], context) if "for" in options else None
        self._holds = scheduling.Holds(context.clock)
        self._within: set[str] = set()

    def place(self, where: str) -> None:
        super().place(where)
        if self._template is not None:
            self._template.where = where

    @classmethod
    def check(cls, options: Options, known: Known) -> Iterable[Problem]:
        return ranges.check(options, known)

    def attach(self, fire: Fire) -> Cancel:
        self._holds = scheduling.Holds(self.context.clock, self.keep)

        def changed(event: StateChanged) -> None:
            self._changed(event, fire)

        listens = []
        for entity in dict.fromkeys(self.options["entity_id"]):
            if self._is_within(entity, self.context.states.get(entity)):
                self._within.add(entity)  # only a crossing counts
            listens.append(self.context.bus.listen(StateChanged, changed, key=("entity", entity)))
        for entity, held in self._holds.taken().items():
            self._go_on(entity, held, fire)
        return scheduling.together([*listens, self._holds.close])

    def _changed(self, event: StateChanged, fire: Fire) -> None:
        if not self._is_within(event.entity, event.new):
            self._within.discard(event.entity)
            self._holds.drop(event.entity)
            return
        if event.entity in self._within:
            return
        self._within.add(event.entity)
        if self._span is None:
            fire(self._given(event, None), event)
            return
        try:
            seconds = self._span.seconds({"trigger": self._given(event, None)})
        except HubError as error:
            self.failed(error)
            return
        held = partial(self._held, event, fire, seconds)
        self._holds.start(event.entity, seconds, EventView(event), held)

    def _go_on(self, entity: str, held: Held, fire: Fire) -> None:
        """Take up what was held when the hub ended, if the number still is within."""
        event = event_of(held.memo) if isinstance(held.memo, EventView) else None
        if not isinstance(event, StateChanged) or entity not in self._within:
            self._holds.forget(entity)
            return
        self._holds.go_on(entity, held, partial(self._held, event, fire, held.seconds))

    def _held(self, event: StateChanged, fire: Fire, seconds: float) -> None:
        fire(self._given(event, seconds), event)

    def _is_within(self, entity: str, state: State | None) -> bool:
        if state is None or state.state in {"unknown", "unavailable"}:
            return False
        try:
            return self._range.holds(state, {})
        except HubError as error:
            self.failed(error)
            return False

    def _given(self, event: StateChanged, seconds: float | None) -> dict[str, object]:
        return {
            "entity_id": event.entity,
            "above": self.options.get("above"),
            "below": self.options.get("below"),
            "from_state": view(event.old),
            "to_state": view(event.new),
            "for": seconds,
            "description": f"numeric state of {event.entity}",
        }
