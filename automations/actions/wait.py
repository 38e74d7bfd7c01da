"""``wait_for_trigger:`` and ``wait_template:``: wait until something happens, or long enough.

Afterwards ``wait`` holds ``completed``, ``remaining`` (seconds, or none without a timeout) and
``trigger`` (none when time ran out).
"""

import asyncio
import logging
from abc import abstractmethod
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from typing import Any, Final

from automations import scheduling
from automations.reading import Reader
from automations.steps import Run, Step, Stopped
from automations.templates import Template
from automations.triggers.listing import Source, read_triggers
from automations.values import Span
from automations.watching import Watch
from hub.api import Cancel, Event, HubError, Path, StateChanged

_log = logging.getLogger("automations")

_COMMON: Final = frozenset({"timeout", "continue_on_timeout"})
TRIGGER_KEYS: Final = frozenset({"wait_for_trigger"}) | _COMMON
TEMPLATE_KEYS: Final = frozenset({"wait_template"}) | _COMMON

Happened = Callable[[Mapping[str, Any] | None], None]


class _Wait(Step):
    """Waits, with a limit."""

    __slots__ = ("_goes_on", "_limit")

    def __init__(self, where: str, limit: Span | None, goes_on: bool) -> None:
        super().__init__(where)
        self._limit = limit
        self._goes_on = goes_on

    @abstractmethod
    def attach(self, run: Run, happened: Happened) -> Cancel:
        """Begin to watch."""

    async def run(self, run: Run) -> bool:
        mark: scheduling.Term | None = run.taken()
        limit = self._seconds(run) if mark is None else mark[1]
        done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        wait: dict[str, Any] = {"completed": False, "trigger": None, "remaining": limit}

        def happened(trigger: Mapping[str, Any] | None) -> None:
            if not done.done():
                wait.update(completed=True, trigger=trigger)
                done.set_result(None)

        detach = self.attach(run, happened)
        try:
            wait["remaining"] = await scheduling.wait(run, done, limit, mark)
        finally:
            detach()
        run.variables["wait"] = wait
        if run.trace is not None:
            run.details = {"wait": wait}
        if not wait["completed"] and not self._goes_on:
            raise Stopped("time ran out", failed=False)
        return True

    def _seconds(self, run: Run) -> float | None:
        return None if self._limit is None else self._limit.seconds(run.variables)


class WaitForTrigger(_Wait):
    """Waits until a trigger matches."""

    __slots__ = ("_sources",)

    def __init__(
        self, where: str, sources: tuple[Source, ...], limit: Span | None, goes_on: bool
    ) -> None:
        super().__init__(where, limit, goes_on)
        self._sources = sources

    def attach(self, run: Run, happened: Happened) -> Cancel:
        def fired(_: Source, trigger: dict[str, Any], __: Event | None) -> None:
            happened(trigger)

        with ExitStack() as attached:  # one that cannot be had takes the others along
            for each in self._sources:
                holds = None if run.keeper is None else run.keeper.holds
                attached.callback(each.attach(run.context, fired, holds))
            return attached.pop_all().close


class WaitTemplate(_Wait):
    """Waits until a template is true; it may be so already."""

    __slots__ = ("_template",)

    def __init__(self, where: str, template: Template, limit: Span | None, goes_on: bool) -> None:
        super().__init__(where, limit, goes_on)
        self._template = template

    def attach(self, run: Run, happened: Happened) -> Cancel:
        def seen(says: bool, _: StateChanged | None) -> None:
            if says:
                happened(None)

        def failed(error: HubError) -> None:
            _log.warning("%s: %s: %s", run.name, self.where, error)

        watch = Watch(run.context, self._template, run.variables, seen, failed)
        watch.look()
        return watch.close


def read_wait_for_trigger(reader: Reader, raw: Mapping[str, Any], path: Path) -> Step:
    """Read a wait for triggers."""
    key = "wait_for_trigger"
    sources = read_triggers(reader, raw[key], (*path, key))
    if not raw[key]:
        reader.say((*path, key), "there is no trigger to wait for")
    return WaitForTrigger(reader.place(path), sources, *_limit(reader, raw, path))


def read_wait_template(reader: Reader, raw: Mapping[str, Any], path: Path) -> Step | None:
    """Read a wait for a template."""
    template = reader.template(raw["wait_template"], (*path, "wait_template"))
    limit = _limit(reader, raw, path)
    return None if template is None else WaitTemplate(reader.place(path), template, *limit)


def _limit(reader: Reader, raw: Mapping[str, Any], path: Path) -> tuple[Span | None, bool]:
    given = raw.get("timeout") is not None
    span = reader.span(raw["timeout"], (*path, "timeout")) if given else None
    return span, reader.flag(raw, "continue_on_timeout", path, default=True)
