"""The section ``automation:``: reads the list, runs what is right, offers actions on them."""

import asyncio
import contextlib
import logging
from collections.abc import Iterable, Mapping
from typing import Any, ClassVar, Final

from automations import language, loader
from automations.automation import Automation
from automations.fleet import Fleet
from automations.values import entities
from hub.api import (
    ActionCall,
    ActionSpec,
    Answer,
    Cancel,
    Context,
    Invalid,
    Known,
    NotReady,
    Problem,
    Service,
    did_you_mean,
    schema,
)

_log = logging.getLogger("automations")

# What runs because the hub stops gets this long: less than the 2 s a component has to stop.
_FAREWELL: Final = 1.5  # seconds

_WHICH: Final[schema.Schema] = {
    schema.required("entity_id", "The automation's entity, or several."): entities
}


class Automations(Service):
    """Runs automations, a list of them: automations/README.md tells how they are written."""

    KEY = "automation"
    LIST: ClassVar[bool] = True
    RELOADS: ClassVar[bool] = True
    SIMULATES: ClassVar[bool] = True
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
        ActionSpec(
            name="automation.reload",
            description="Take up a changed configuration, as hub.reload does.",
            schema={},
            answers=True,
        ),
    )

    def __init__(self, context: Context, options: Any) -> None:
        super().__init__(context, options)
        self._fleet: Fleet | None = None
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
        self._fleet = fleet = Fleet(self.context)
        await fleet.start(self.options)
        for entity in [each for each in self.context.states.all() if _is_ours(each)]:
            if entity not in fleet:
                self.context.states.remove(entity)
        handlers = (self._trigger, self._turn_on, self._turn_off, self._toggle, self._reload)
        for spec, handler in zip(self.ACTIONS, handlers, strict=True):
            self._withdraw.append(self.context.actions.register(spec, handler))

    async def reload(self, options: Any) -> str:
        if self._fleet is None:
            raise NotReady("automations have not been started")
        self.options = options
        return await self._fleet.change(options)

    async def stop(self) -> None:
        if self._fleet is None:
            return
        ends = self._fleet.leave()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(_FAREWELL):
                for end in ends:
                    await end.wait()
        while self._withdraw:
            self._withdraw.pop()()
        await self._fleet.stop()
        self._fleet = None

    async def _reload(self, call: ActionCall) -> Answer:
        return await self.context.actions.call("hub.reload", {}, cause=call.cause)

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
        fleet = self._fleet
        if fleet is None:
            raise NotReady("automations have not been started")
        for entity in found:
            if entity not in fleet:
                hint = did_you_mean(entity, fleet)
                raise Invalid(f"there is no automation '{entity}'. {hint}".rstrip(". "))
        return [fleet[entity] for entity in found]


def _is_ours(entity: str) -> bool:
    return entity.startswith("automation.")
