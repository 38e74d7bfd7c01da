"""A template that is looked at again whenever something it read has changed."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from automations import scheduling
from automations.templates import Reads, Template, Variables, truth
from hub.api import Cancel, Context, HubError, StateChanged

Seen = Callable[[bool, StateChanged | None], None]
"""Told the template's truth, and the change after which it was looked at."""


class Watch:
    """Follows the entities a template asks for, and the minutes if it asks for the time."""

    def __init__(
        self,
        context: Context,
        template: Template,
        variables: Variables,
        seen: Seen,
        failed: Callable[[HubError], None],
    ) -> None:
        self._context = context
        self._template = template
        self._variables = variables
        self._seen = seen
        self._failed = failed
        self._listens: dict[str, Cancel] = {}
        self._tick: Cancel | None = None
        self._closed = False

    def look(self, event: StateChanged | None = None) -> None:
        """Compute the template and tell what it says; a template that fails says no."""
        reads = Reads()
        try:
            says = truth(self._template.tracked(self._variables, reads))
        except HubError as error:
            self._failed(error)
            says = False
        if not self._closed:
            self._follow(reads)
            self._seen(says, event)

    def close(self) -> None:
        """Stop following."""
        self._closed = True
        for cancel in self._listens.values():
            cancel()
        self._listens.clear()
        self._stop_ticking()

    def _follow(self, reads: Reads) -> None:
        wanted = {"*"} if reads.everything else reads.entities
        for entity in self._listens.keys() - wanted:
            self._listens.pop(entity)()
        for entity in wanted - self._listens.keys():
            self._listens[entity] = self._listen(entity)
        if not reads.time:
            self._stop_ticking()
        elif self._tick is None:
            now = self._context.clock.now()
            when = now.replace(second=0, microsecond=0) + timedelta(minutes=1)
            self._tick = scheduling.at(self._context.clock, when, self._minute)

    def _listen(self, entity: str) -> Cancel:
        key: Any = None if entity == "*" else ("entity", entity)
        return self._context.bus.listen(StateChanged, self.look, key=key)

    def _minute(self) -> None:
        self._tick = None
        self.look()

    def _stop_ticking(self) -> None:
        if self._tick is not None:
            self._tick()
            self._tick = None
