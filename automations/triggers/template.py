"""``trigger: template``: a template becomes true, and stays so a while."""

from functools import partial
from typing import ClassVar

from automations import scheduling
from automations.holding import Held
from automations.templates import EventView, Template, event_of, view
from automations.triggers.base import OwnTrigger
from automations.values import Span, span, template
from automations.watching import Watch
from hub.api import (
    Cancel,
    Context,
    Fire,
    HubError,
    Options,
    StateChanged,
    schema,
)


class TemplateTrigger(OwnTrigger):
    """Fires when the template turns from false to true; what it reads is followed."""

    KEY = "template"
    GIVES = frozenset({"entity_id", "from_state", "to_state", "for", "description"})
    SCHEMA: ClassVar[schema.Schema] = {
        schema.required("value_template", "The template."): template,
        schema.optional("for", "How long it must stay true before this fires."): span,
    }

    def __init__(self, options: Options, context: Context) -> None:
        super().__init__(options, context)
        self._template = Template(options["value_template"], context)
        self._span = Span(options["for"], context) if "for" in options else None
        self._holds = scheduling.Holds(context.clock)
        self._was: bool | None = None

    def place(self, where: str) -> None:
        super().place(where)
        self._template.where = where

    def attach(self, fire: Fire) -> Cancel:
        self._holds = scheduling.Holds(self.context.clock, self.keep)

        def seen(says: bool, event: StateChanged | None) -> None:
            self._seen(says, event, fire)

        watch = Watch(self.context, self._template, {}, seen, self.failed)
        watch.look()
        for name, held in self._holds.taken().items():
            self._go_on(name, held, fire)
        return scheduling.together([self._holds.close, watch.close])

    def _seen(self, says: bool, event: StateChanged | None, fire: Fire) -> None:
        was, self._was = self._was, says
        if not says:
            self._holds.drop("")
        if not says or was or was is None:  # what is true from the beginning has not turned true
            return
        if self._span is None:
            fire(self._given(event, None), event)
            return
        try:
            seconds = self._span.seconds({"trigger": self._given(event, None)})
        except HubError as error:
            self.failed(error)
            return
        memo = None if event is None else EventView(event)
        held = partial(self._held, event, fire, seconds)
        self._holds.start("", seconds, memo, held)

    def _go_on(self, name: str, held: Held, fire: Fire) -> None:
        """Take up what was held when the hub ended, if it is true now."""
        if not self._was:
            self._holds.forget(name)
            return
        event = event_of(held.memo) if isinstance(held.memo, EventView) else None
        change = event if isinstance(event, StateChanged) else None
        self._holds.go_on(name, held, partial(self._held, change, fire, held.seconds))

    def _held(self, event: StateChanged | None, fire: Fire, seconds: float) -> None:
        fire(self._given(event, seconds), event)

    @staticmethod
    def _given(event: StateChanged | None, seconds: float | None) -> dict[str, object]:
        return {
            "entity_id": None if event is None else event.entity,
            "from_state": None if event is None else view(event.old),
            "to_state": None if event is None else view(event.new),
            "for": seconds,
            "description": "the template turned true" + (f" ({event.entity})" if event else ""),
        }
