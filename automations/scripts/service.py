"""The section ``script:``: offers each script as an action, and runs it when it is called."""

import asyncio
from collections.abc import Iterable, Mapping
from typing import Any, ClassVar, Final

from automations.automation import Automation
from automations.fleet import Fleet, Kind
from automations.runs import Ended
from automations.scripts import reading
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

_WHICH: Final[schema.Schema] = {
    schema.required("entity_id", "The script's entity, or several."): entities
}


class Scripts(Service):
    """Runs scripts, each with a name of its own: docs/scripts.md tells how they are written."""

    KEY = "script"
    SCHEMA: ClassVar[schema.Schema] = {
        schema.named("The script's name, with its sequence below."): object
    }
    RELOADS: ClassVar[bool] = True
    SIMULATES: ClassVar[bool] = True
    ACTIONS = (
        ActionSpec(
            name="script.turn_on",
            description="Start a script and go on without waiting for its end.",
            schema={**_WHICH, schema.optional("variables", "Values for its fields."): dict},
        ),
        ActionSpec(name="script.turn_off", description="Stop a script.", schema=_WHICH),
        ActionSpec(
            name="script.toggle",
            description="Start a script, or stop it if it runs.",
            schema=_WHICH,
        ),
        ActionSpec(
            name="script.reload",
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
        return reading.check(options, known)

    @classmethod
    def entities(cls, options: Any) -> Iterable[str]:
        return [entity for entity, _, _ in reading.scripts(options)]

    @classmethod
    def actions(cls, options: Any) -> Iterable[ActionSpec]:
        return (*cls.ACTIONS, *reading.actions(options))

    async def start(self) -> None:
        kind = Kind("script", "scripts.db", reading.scripts, reading.load)
        self._fleet = Fleet(self.context, kind)
        await self._fleet.start(self.options)
        handlers = (self._turn_on, self._turn_off, self._toggle, self._reload)
        for spec, handler in zip(self.ACTIONS, handlers, strict=True):
            self._withdraw.append(self.context.actions.register(spec, handler))
        self._offer()

    async def reload(self, options: Any) -> str:
        words = await self._running.change(options)
        self.options = options
        while len(self._withdraw) > len(self.ACTIONS):
            self._withdraw.pop()()
        self._offer()
        return words

    async def stop(self) -> None:
        while self._withdraw:
            self._withdraw.pop()()
        if self._fleet is not None:
            self._fleet.leave()
            await self._fleet.stop()
            self._fleet = None

    @property
    def _running(self) -> Fleet:
        if self._fleet is None:
            raise NotReady("scripts have not been started")
        return self._fleet

    def _offer(self) -> None:
        for spec in reading.actions(self.options):
            self._withdraw.append(self.context.actions.register(spec, self._run))

    async def _run(self, call: ActionCall) -> Answer:
        """Run a script to its end; answers what it stopped with."""
        ended = await self._ended(self._running[call.name], call)
        if ended.result == "failed":
            raise Invalid(f"{call.name}: {ended.error}")
        if ended.response is not None and not isinstance(ended.response, Mapping):
            raise Invalid(f"{call.name}: a response has to be a mapping")
        return ended.response

    @staticmethod
    async def _ended(script: Automation, call: ActionCall) -> Ended:
        done: asyncio.Future[Ended] = asyncio.get_running_loop().create_future()

        def tell(ended: Ended) -> None:
            if not done.done():
                done.set_result(ended)

        script.call(dict(call.data), conditions=False, cause=call.cause, done=tell)
        return await done

    async def _turn_on(self, call: ActionCall) -> Answer:
        variables: Any = call.data.get("variables", {})
        for each in self._named(call):
            each.call(dict(variables), conditions=False, cause=call.cause)
        return None

    async def _turn_off(self, call: ActionCall) -> Answer:
        for each in self._named(call):
            each.cancel()
        return None

    async def _toggle(self, call: ActionCall) -> Answer:
        for each in self._named(call):
            if each.busy:
                each.cancel()
            else:
                each.call({}, conditions=False, cause=call.cause)
        return None

    async def _reload(self, call: ActionCall) -> Answer:
        return await self.context.actions.call("hub.reload", {}, cause=call.cause)

    def _named(self, call: ActionCall) -> list[Automation]:
        names: Any = call.data["entity_id"]
        fleet = self._running
        for entity in names:
            if entity not in fleet:
                raise Invalid(f"there is no '{entity}'. {did_you_mean(entity, fleet)}".rstrip(". "))
        return [fleet[entity] for entity in names]
