"""The runs of one automation: how many at once, what waits, how each ends."""

import asyncio
import logging
from collections.abc import Callable
from typing import Any

import msgspec
from msgspec import Struct

from automations.chains import Link
from automations.eager import Eager
from automations.keeping import Book, Keeper, Kept
from automations.model import Mode, Plan
from automations.steps import Run, Stopped
from automations.traces import Occasion
from automations.tracing import Tracer
from hub.api import AutomationFinished, AutomationTriggered, Context, HubError

_log = logging.getLogger("automations")


class Wanted(Struct, frozen=True):
    """A run that is asked for: its variables, what asked for it, and what led to that."""

    variables: dict[str, Any]
    trigger: str
    cause: int | None
    parent: Link | None
    led: Link | None = None
    # Kept under this id while it waits for its turn.
    id: str = ""
    # Hears of the end, or that it is refused.
    done: "Callable[[Ended], None] | None" = None
    # Begun by the hub's end, it may go on while automations stop.
    farewell: bool = False


class Ended(Struct, frozen=True):
    """How a run ended: ``finished``, ``stopped``, ``failed`` or ``cancelled``."""

    result: str
    error: str
    cause: int | None
    now: float
    response: Any = None


class Runs:
    """Begins runs as the mode allows."""

    def __init__(
        self,
        plan: Plan,
        context: Context,
        begun: Callable[[AutomationTriggered, Link | None], None],
        ended: Callable[[Ended], None],
        book: Book,
        tracer: Tracer,
    ) -> None:
        self._book = book
        self._tracer = tracer
        self._plan = plan
        self._context = context
        self._begun = begun
        self._ended = ended
        self._number = 0
        self._running: dict[str, Eager] = {}
        self._farewells: dict[str, asyncio.Event] = {}
        self._waiting: dict[str, Callable[[Ended], None]] = {}
        self._queue: list[Wanted] = []
        self._draining = False
        self._refused = False

    def __len__(self) -> int:
        return len(self._running)

    def want(self, wanted: Wanted) -> None:
        """Begin a run, now or when its turn comes, or refuse it."""
        if not self._running and not self._queue:
            self._begin(wanted)
        elif self._plan.mode is Mode.RESTART:
            self.cancel()
            self._begin(wanted)
        elif self._is_full():
            self._refuse()
            if wanted.done is not None:
                wanted.done(Ended("refused", "", wanted.cause, 0.0))
        elif self._plan.mode is Mode.QUEUED:
            self._wait(wanted)
        else:
            self._begin(wanted)

    def go_on(self, kept: Kept) -> bool:
        """Go on with a run of before a restart; return whether it had begun."""
        if not kept.begun:
            wanted = Wanted(kept.variables, kept.trigger, kept.cause, None, id=kept.id)
            self._queue.append(wanted)
            self._drain()
            return False
        run = Run(self._context, self._plan.name, kept.variables, kept.cause)
        run.again = kept.position[::-1]
        keeper = self._keeper(run, kept.id, kept.trigger)
        keeper.began = kept.began
        keeper.kept = True
        words = f"goes on after a restart: {kept.trigger} (run {kept.id} until then)"
        now, data = self._context.clock.now(), run.variables.get("trigger")
        # The trace of what came before has the run's own id.
        occasion = Occasion(f"{kept.id}-on", now, words, kept.cause, None, data)
        run.trace = self._tracer.begin(occasion, run.variables)
        _log.info("%s: goes on with the run %s of before the restart", self._plan.name, kept.id)
        self._start(run, kept.id)
        return True

    def give_up(self, kept: Kept) -> None:
        """Tell that a run of before a restart is not gone on with."""
        self._tell_end(kept.id, Ended("cancelled", "the automation was changed", kept.cause, 0), 0)

    def cancel(self) -> None:
        """Cancel what runs and forget what waits."""
        self._forget()
        for each in list(self._running.values()):
            each.cancel()

    def leave(self) -> list[asyncio.Event]:
        """Cancel all but what the hub's end began; returns what tells that this has ended."""
        self._forget()
        for run_id, each in list(self._running.items()):
            if run_id not in self._farewells:
                each.cancel()
        return list(self._farewells.values())

    def _is_full(self) -> bool:
        if self._plan.mode is Mode.SINGLE:
            return True
        return len(self._running) + len(self._queue) >= self._plan.limit

    def _refuse(self) -> None:
        if self._refused or self._plan.loudness is None:
            return
        self._refused = True  # said once until there is room again
        _log.log(
            self._plan.loudness,
            "automation '%s' was triggered while it still runs (mode %s, %d running)",
            self._plan.name,
            self._plan.mode.value,
            len(self._running),
        )

    def _wait(self, wanted: Wanted) -> None:
        """Put a run into the queue, and keep that."""
        waiting = msgspec.structs.replace(wanted, id=self._next_id())
        run = Run(self._context, self._plan.name, wanted.variables, wanted.cause)
        keeper = Keeper(self._book, waiting.id, wanted.trigger, self._context.clock.now())
        keeper.begun = False
        keeper.write(run)
        self._queue.append(waiting)

    def _forget(self) -> None:
        while self._queue:
            wanted = self._queue.pop(0)
            self._book.drop_run(wanted.id)
            if wanted.done is not None:
                wanted.done(Ended("cancelled", "", wanted.cause, 0.0))

    def _next_id(self) -> str:
        self._number += 1
        return f"{self._tracer.prefix}-{self._number}"

    def _begin(self, wanted: Wanted) -> None:
        run_id = wanted.id or self._next_id()
        event = AutomationTriggered(
            automation=self._plan.entity,
            name=self._plan.name,
            trigger=wanted.trigger,
            run=run_id,
            source="automation",
            cause=wanted.cause,
        )
        self._context.bus.fire(event)
        self._begun(event, wanted.parent)
        variables = wanted.variables
        given, data = (wanted.trigger, wanted.cause, wanted.led), variables.get("trigger")
        occasion = Occasion(run_id, event.time, *given, data)
        if wanted.done is not None:
            self._waiting[run_id] = wanted.done
        if wanted.farewell:
            self._farewells[run_id] = asyncio.Event()
        run = Run(self._context, self._plan.name, wanted.variables, event.sequence)
        run.trace = self._tracer.begin(occasion, variables)
        if not wanted.farewell:
            self._keeper(run, run_id, wanted.trigger).kept = bool(wanted.id)
            run.acts()
        self._start(run, run_id)

    def _keeper(self, run: Run, run_id: str, trigger: str) -> Keeper:
        keeper = run.keeper = Keeper(self._book, run_id, trigger, self._context.clock.now())
        keeper.root = run
        return keeper

    def _start(self, run: Run, run_id: str) -> None:
        work = self._do(run, run_id)
        name = f"run {run_id}"
        eager = self._running[run_id] = Eager(work, self._context.spawn, name, run.waits)
        eager.begin()

    async def _do(self, run: Run, run_id: str) -> None:
        began = self._context.clock.monotonic()
        result, error, response = "failed", "something unexpected, see the log", None
        try:
            went_on = await self._plan.actions.run(run)
            result, error = "finished" if went_on else "stopped", ""
        except Stopped as stop:
            result, response = "failed" if stop.failed else "stopped", stop.response
            error = (str(stop) or "stopped as an error") if stop.failed else ""
        except HubError as failed:
            error = str(failed)
        except (asyncio.CancelledError, GeneratorExit):
            result, error = "cancelled", ""
            raise
        finally:
            now = self._context.clock.monotonic()
            self._end(run, run_id, Ended(result, error, run.cause, now, response), now - began)

    def _end(self, run: Run, run_id: str, ended: Ended, seconds: float) -> None:
        del self._running[run_id]
        if run_id in self._farewells:
            self._farewells.pop(run_id).set()
        if run.keeper is not None:
            if run.keeper.kept and self._book.frozen:
                self._tracer.end(run.trace, "interrupted", "")
                return  # it is gone on with when the hub runs again
            run.keeper.drop()
        self._refused = False
        self._tracer.end(run.trace, ended.result, ended.error)
        self._tell_end(run_id, ended, seconds)
        self._ended(ended)
        if (done := self._waiting.pop(run_id, None)) is not None:
            done(ended)
        self._drain()

    def _tell_end(self, run_id: str, ended: Ended, seconds: float) -> None:
        event = AutomationFinished(
            automation=self._plan.entity,
            name=self._plan.name,
            run=run_id,
            result=ended.result,
            seconds=round(seconds, 6),
            error=ended.error,
            source="automation",
            cause=ended.cause,
        )
        self._context.bus.fire(event)

    def _drain(self) -> None:
        if self._draining:
            return
        self._draining = True
        try:
            while self._queue and not self._running:
                self._begin(self._queue.pop(0))
        finally:
            self._draining = False
