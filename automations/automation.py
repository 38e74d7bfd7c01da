"""One automation at work: its triggers watch, its conditions decide, its runs are begun."""

import asyncio
import logging
from collections.abc import Callable
from functools import partial
from typing import Any, Final

from msgspec import Struct

from automations import scheduling
from automations.chains import Chains, Link
from automations.face import Face
from automations.keeping import Book
from automations.model import Plan
from automations.runs import Ended, Runs, Wanted
from automations.templates import view
from automations.traces import Occasion, Rings
from automations.tracing import Tracer
from automations.triggers.listing import Source
from hub.api import AutomationTriggered, Cancel, Context, Event, HubError, HubStopping, NotReady

_log = logging.getLogger("automations")

# A trigger whose plugin is not ready yet (a broker that does not answer) is tried again.
_AGAIN: Final = 5.0  # seconds


class Shared(Struct, frozen=True):
    """What all automations have together; ``prefix`` tells the runs of this start from others."""

    chains: Chains
    rings: Rings
    prefix: str


class Automation:
    """An automation that is part of a running hub."""

    def __init__(self, plan: Plan, context: Context, shared: Shared, book: Book) -> None:
        self.plan = plan
        self._book = book
        self._context = context
        self._chains = shared.chains
        self._face = Face(plan, context)
        slug = plan.entity.partition(".")[2]
        prefix = f"{shared.prefix}-{slug}"
        self.tracer = Tracer(plan, shared.rings, prefix)
        self._runs = Runs(plan, context, self._begun, self._ended, book, self.tracer)
        self._watches: list[Cancel] = []
        self._attached = False
        self._trouble = ""

    @property
    def on(self) -> bool:
        """Whether its triggers count."""
        return self._face.on

    @property
    def busy(self) -> bool:
        """Whether anything of it runs."""
        return len(self._runs) > 0

    def start(self) -> None:
        """Take up the last state and what waited when the hub ended, and begin to watch."""
        self._face.restore(self._context.states.get(self.plan.entity))
        runs, outdated = self._book.runs()
        if self.on:
            self._attach()
        self._book.settle()
        for each in outdated:
            began = each.began.astimezone(self._context.zone)
            self._complain(f"it was changed while its run of {began:%H:%M} waited; that is ended")
            self._runs.give_up(each)
        for each in runs:
            self._face.current += self._runs.go_on(each)
        self._face.show()

    def leave(self) -> list[asyncio.Event]:
        """Watch no longer; returns what tells that runs begun by the hub's end have ended."""
        self._detach()
        return self._runs.leave()

    def stop(self) -> None:
        """Watch no longer and cancel what runs."""
        self._detach()
        self._runs.cancel()
        self._face.close()

    def turn(self, on: bool, *, stop_runs: bool, cause: int | None) -> None:
        """Switch it on or off."""
        if on:
            self._attach()
        else:
            self._detach()
            if stop_runs:
                self._runs.cancel()
        self._face.on = on
        self._face.show(cause)

    def cancel(self) -> None:
        """Cancel what it is doing."""
        self._runs.cancel()

    def call(
        self,
        variables: dict[str, Any],
        *,
        conditions: bool,
        cause: int | None,
        done: Callable[[Ended], None] | None = None,
    ) -> None:
        """Run it because somebody asks for it; raises ``HubError`` when a condition fails."""
        trigger = {"platform": None, "id": None, "idx": None, "alias": None}
        scope = self._scope({**trigger, "description": "called"}, None, cause)
        scope.update(variables)
        self._compute(scope)
        if not conditions or self.plan.conditions.holds(scope):
            link = self._chains.called(self.plan.name, cause, self._context.clock.now())
            self._want(Wanted(scope, "called", cause, link, done=done))

    def _attach(self) -> None:
        if self._attached:
            return
        self._attached = True
        for source in self.plan.sources:
            self._watch(source)

    def _watch(self, source: Source) -> None:
        try:
            self._watches.append(source.attach(self._context, self._fired, self._book.holds))
        except NotReady as error:
            self._complain(f"{source.place}: waits: {error}")
            again = partial(self._watch, source)
            self._watches.append(scheduling.after(self._context.clock, _AGAIN, again))
        except HubError as error:
            self._complain(f"{source.place}: {error}")

    def _detach(self) -> None:
        self._attached = False
        scheduling.together(self._watches)()
        self._watches.clear()

    def _fired(self, source: Source, trigger: dict[str, Any], event: Event | None) -> None:
        number, origin = (None, None) if event is None else (event.sequence, event.cause)
        scope = self._scope(trigger, number, origin)
        try:
            if source.variables is not None:
                scope.update(source.variables(scope))
            self._compute(scope)
            if not self.plan.conditions.holds(scope):
                self._missed(scope, trigger, event)
                return
            link = self._chains.follow(self.plan.name, event)
        except HubError as error:
            self._complain(str(error))
            self._missed(scope, trigger, event)
            return
        cause = None if event is None else event.sequence
        farewell = isinstance(event, HubStopping)
        led = self._chains.led_to(event)
        self._want(Wanted(scope, _words(trigger), cause, link, led, farewell=farewell))

    def _missed(self, scope: dict[str, Any], trigger: dict[str, Any], event: Event | None) -> None:
        cause = None if event is None else event.sequence
        now, led = self._context.clock.now(), self._chains.led_to(event)
        self.tracer.missed(Occasion("", now, _words(trigger), cause, led, trigger), scope)

    def _scope(
        self, trigger: dict[str, Any], event: int | None, cause: int | None
    ) -> dict[str, Any]:
        """Return what a run begins with; numbers of events stand for Home Assistant's contexts."""
        context = {"id": event, "parent_id": cause, "user_id": None}
        this = view(self._context.states.get(self.plan.entity))
        return {"this": this, "trigger": trigger, "context": context}

    def _compute(self, scope: dict[str, Any]) -> None:
        for name, value in self.plan.variables.items():
            if name not in scope:
                scope[name] = value(scope)

    def _want(self, wanted: Wanted) -> None:
        self._runs.want(wanted)
        if self._runs:
            self._face.show(wanted.cause)

    def _begun(self, event: AutomationTriggered, parent: Link | None) -> None:
        self._chains.add(event, parent)
        self._face.triggered(event.time, event.trigger)

    def _ended(self, ended: Ended) -> None:
        self._face.ended(ended.result, ended.error)
        if ended.error:
            self._complain(ended.error)
        else:
            self._trouble = ""
        self._face.show(ended.cause, ended.now)

    def _complain(self, words: str) -> None:
        """Say what is wrong, once until it works again."""
        if words != self._trouble:
            self._trouble = words
            _log.warning("automation '%s': %s", self.plan.name, words)
        self._face.last["last_error"] = words
        self._face.show()


def _words(trigger: dict[str, Any]) -> str:
    return str(trigger.get("description") or trigger["platform"])
