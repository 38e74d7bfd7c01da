"""The section ``automation:``: reads the list, runs what is right, offers actions on them."""

import asyncio
import contextlib
import logging
import secrets
from collections.abc import Iterable, Mapping
from typing import Any, ClassVar, Final

from automations import language, loader
from automations.automation import Automation, Shared
from automations.chains import Chains
from automations.keeping import Book
from automations.ledger import Ledger, Row
from automations.traces import Rings
from automations.values import entities
from hub.api import (
    ActionCall,
    ActionSpec,
    Answer,
    Cancel,
    Context,
    Invalid,
    Known,
    Problem,
    Service,
    did_you_mean,
    schema,
)

_log = logging.getLogger("automations")

# Below the hub's data folder: what waits, so that it outlasts a restart.
_FILE: Final = "automations.db"

# What runs because the hub stops gets this long: less than the 2 s a component has to stop.
_FAREWELL: Final = 1.5  # seconds

_WHICH: Final[schema.Schema] = {
    schema.required("entity_id", "The automation's entity, or several."): entities
}


class Automations(Service):
    """Runs automations, a list of them: automations/README.md tells how they are written."""

    KEY = "automation"
    LIST: ClassVar[bool] = True
    ACTIONS = (
        ActionSpec(
            name="automation.trigger",
            description="Run an automation now, by default without asking its conditions.",
            schema={
                **_WHICH,
                schema.optional("skip_condition", "Leave out the conditions.", True): schema.flag,
                schema.optional("variables", "More variables for the run."): dict,
            },
        ),
        ActionSpec(
            name="automation.turn_on",
            description="Let an automation's triggers count.",
            schema=_WHICH,
        ),
        ActionSpec(
            name="automation.turn_off",
            description="Let an automation's triggers count no longer.",
            schema={
                **_WHICH,
                schema.optional("stop_actions", "Also stop what it is doing.", True): schema.flag,
            },
        ),
        ActionSpec(
            name="automation.toggle",
            description="Turn an automation off if it is on, and the other way round.",
            schema=_WHICH,
        ),
    )

    def __init__(self, context: Context, options: Any) -> None:
        super().__init__(context, options)
        self._automations: dict[str, Automation] = {}
        self._ledger: Ledger | None = None
        self._rings = Rings(context)
        self._withdraw: list[Cancel] = []

    @classmethod
    def check(cls, options: Any, known: Known) -> Iterable[Problem]:
        return loader.check(options, known)

    @classmethod
    def shape(cls, known: Known) -> Mapping[str, object]:
        return language.shape(known, loader.KEYS)

    @classmethod
    def entities(cls, options: Any) -> Iterable[str]:
        return loader.entities(options)

    async def start(self) -> None:
        self._load()
        rings = {key: each.tracer.ring for key, each in self._automations.items()}
        await self._rings.start({key: each for key, each in rings.items() if each is not None})
        for entity in [each for each in self.context.states.all() if _is_ours(each)]:
            if entity not in self._automations:
                self.context.states.remove(entity)
        handlers = (self._trigger, self._turn_on, self._turn_off, self._toggle)
        for spec, handler in zip(self.ACTIONS, handlers, strict=True):
            self._withdraw.append(self.context.actions.register(spec, handler))
        for each in self._automations.values():
            each.start()

    async def stop(self) -> None:
        if self._ledger is not None:
            self._ledger.freeze()
        ends = [end for each in self._automations.values() for end in each.leave()]
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(_FAREWELL):
                for end in ends:
                    await end.wait()
        while self._withdraw:
            self._withdraw.pop()()
        for each in self._automations.values():
            each.stop()
        await self._rings.close()
        if self._ledger is not None:
            self._ledger.close()

    def _load(self) -> None:
        shared = Shared(Chains(), self._rings, secrets.token_hex(3))
        ledger = self._ledger = Ledger(self.context.paths.data / _FILE, self._tidy)
        kept = _by_owner(ledger.rows())
        found = loader.automations(self.options)
        for (raw, path), entity in zip(found, loader.entities(self.options), strict=True):
            plan, problems = loader.load(raw, path, entity, self.context.known, self.context)
            errors = [each for each in problems if not each.warning]
            for problem in errors:
                _log.error("%s is left out: %s", entity, problem)
            if plan is not None and not errors:
                book = Book(ledger, entity, plan.digest, tuple(kept.pop(entity, ())))
                self._automations[entity] = Automation(plan, self.context, shared, book)
        self._let_go(ledger, kept)

    @staticmethod
    def _let_go(ledger: Ledger, kept: Mapping[str, list[Row]]) -> None:
        """Drop what is kept for automations that are gone."""
        for entity, rows in kept.items():
            _log.warning("%s is gone, and what it waited for with it", entity)
            for each in rows:
                ledger.drop(each.kind, each.id)

    def _tidy(self) -> None:
        if self._ledger is not None:
            work = asyncio.to_thread(self._ledger.tidy)
            _ = self.context.spawn(work, "tidy what automations wait for")

    async def _trigger(self, call: ActionCall) -> Answer:
        given: Mapping[str, Any] = call.data
        conditions = not given["skip_condition"]
        for each in self._named(call):
            variables = dict(given.get("variables", {}))
            each.call(variables, conditions=conditions, cause=call.cause)
        return None

    async def _turn_on(self, call: ActionCall) -> Answer:
        for each in self._named(call):
            each.turn(on=True, stop_runs=False, cause=call.cause)
        return None

    async def _turn_off(self, call: ActionCall) -> Answer:
        stop_runs = bool(call.data["stop_actions"])
        for each in self._named(call):
            each.turn(on=False, stop_runs=stop_runs, cause=call.cause)
        return None

    async def _toggle(self, call: ActionCall) -> Answer:
        for each in self._named(call):
            each.turn(on=not each.on, stop_runs=True, cause=call.cause)
        return None

    def _named(self, call: ActionCall) -> list[Automation]:
        found: Any = call.data["entity_id"]
        for entity in found:
            if entity not in self._automations:
                hint = did_you_mean(entity, self._automations)
                raise Invalid(f"there is no automation '{entity}'. {hint}".rstrip(". "))
        return [self._automations[entity] for entity in found]


def _by_owner(rows: Iterable[Row]) -> dict[str, list[Row]]:
    found: dict[str, list[Row]] = {}
    for each in rows:
        found.setdefault(each.owner, []).append(each)
    return found


def _is_ours(entity: str) -> bool:
    return entity.startswith("automation.")
