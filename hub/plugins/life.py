"""One component's life: what it raises decides whether it is tried again, or waits, or failed."""

import asyncio
import contextlib
import logging
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from hub.api import (
    ActionCall,
    Answer,
    Cancel,
    HubError,
    Invalid,
    Message,
    Notifier,
    NotReady,
    PluginChanged,
    Rejected,
    Service,
)
from hub.core.redaction import redactor
from hub.plugins.backoff import Backoff
from hub.plugins.context import Ask, ComponentContext, Hub
from hub.plugins.hooks import described, outcome
from hub.settings import ComponentSettings, notify_action

_log: Final = logging.getLogger("hub.plugins")

# A message that cannot be delivered for a moment is worth a few seconds, not a queue.
_SENDS: Final = 3
# A component that hangs while it is put away before the next try is left behind after this.
_PUT_AWAY: Final = 2.0  # seconds


@dataclass(frozen=True, slots=True, kw_only=True)
class PartState:
    """``starting``, ``ready``, ``waiting``, ``rejected``, ``failed`` or ``stopped``; and why."""

    state: str
    reason: str = ""


class Life:
    """A service or notifier from its first start to its stop."""

    def __init__(self, name: str, part: ComponentSettings, hub: Hub, ask: Ask) -> None:
        self.name = name
        self.part = part
        self.state = PartState(state="starting")
        self.settled = asyncio.Event()
        self.component: Service | None = None
        self._hub = hub
        self._ask = ask
        self._made: tuple[Service | None, ComponentContext] | None = None
        self._task: asyncio.Task[None] | None = None
        self._undo: Cancel = lambda: None

    def begin(self) -> None:
        """Start in a task of its own."""
        if issubclass(self.part.component, Notifier):
            with contextlib.suppress(Invalid):  # the name is taken; whoever has it keeps it
                self._undo = self._hub.actions.register(notify_action(self.part.name), self._notify)
        self._task = asyncio.get_running_loop().create_task(self._run(), name=self.name)

    async def reload(self, part: ComponentSettings) -> str | None:
        """Let the component take up its new options; none when it has to be restarted."""
        running = self.component
        if running is None or not running.RELOADS or part.component is not type(running):
            return None
        words: list[str] = []

        async def take() -> None:
            words.append(await running.reload(part.options))

        if (error := await outcome(take())) is not None:
            _log.error("%s could not take up its options: %s", self.name, described(error))
            return None
        self.part = part
        return words[0]

    async def stop(self, limit: float) -> None:
        """End, within about ``limit`` seconds even if the component does not want to."""
        self._undo()
        if self._task is not None:
            self._task.cancel()
            await asyncio.wait({self._task}, timeout=limit)
        await self._put_away(limit)
        self._set("stopped")
        self.settled.set()

    async def _run(self) -> None:
        backoff = Backoff()
        while (error := await self._try()) is not None:
            await self._put_away(_PUT_AWAY)
            self._explain(error)
            self.settled.set()
            if not isinstance(error, NotReady):
                return
            await self._hub.clock.sleep(backoff.delay())
        self._set("ready")
        self.settled.set()

    async def _try(self) -> Exception | None:
        """Make the component and start it; returns what it raised."""
        context = ComponentContext(self.name, self.part.plugin, self._hub, self._ask)
        self._made = (None, context)
        return await outcome(self._start(context))

    async def _start(self, context: ComponentContext) -> None:
        if not issubclass(self.part.component, Service):
            raise Invalid(f"{self.part.component.__name__} is not a service")
        made = self.part.component(context, self.part.options)
        self._made = (made, context)
        await made.start()
        self.component = made

    async def _put_away(self, limit: float) -> None:
        """Stop the component, if there is one, and undo what it did."""
        self.component = None
        if self._made is None:
            return
        (made, context), self._made = self._made, None
        try:
            if made is not None:
                await self._stop_component(made, limit)
        finally:
            await context.close(limit)

    async def _stop_component(self, made: Service, limit: float) -> None:
        stopping = asyncio.get_running_loop().create_task(outcome(made.stop()))
        done, _ = await asyncio.wait({stopping}, timeout=limit)
        if not done:
            stopping.cancel()
            _log.warning("%s did not stop within %.0f s", self.name, limit)
        elif (error := stopping.result()) is not None:
            _log.warning("%s did not stop cleanly: %s", self.name, described(error))

    def _explain(self, error: Exception) -> None:
        """Note why it does not run; the class of the error decides what happens next."""
        reason = redactor(str(error) if isinstance(error, HubError) else described(error))
        match error:
            case NotReady():
                self._set("waiting", reason)
            case Rejected() | Invalid():
                self._set("rejected", reason)
            case _:
                _log.error("%s failed and will not be started again", self.name, exc_info=error)
                self._set("failed", reason)

    def _set(self, state: str, reason: str = "") -> None:
        before, self.state = self.state, PartState(state=state, reason=reason)
        if before == self.state:
            return
        if state == "waiting":
            _log.warning("%s is not ready, trying again: %s", self.name, reason)
        elif state == "rejected":
            _log.error("%s cannot run until its options change: %s", self.name, reason)
        elif state == "ready" and before.state == "waiting":
            _log.info("%s is ready now", self.name)
        changed = PluginChanged(plugin=self.name, state=state, reason=reason, source="hub")
        self._hub.bus.fire(changed)

    async def _notify(self, call: ActionCall) -> Answer:
        message = _message(call)
        backoff = Backoff()
        for left in reversed(range(_SENDS)):
            if not isinstance(self.component, Notifier):
                raise NotReady(f"{self.name} is {self.state.state}: {self.state.reason}")
            try:
                await self.component.send(message)
            except NotReady:
                if not left:
                    raise
                await self._hub.clock.sleep(backoff.delay())
            else:
                break
        return None


def _message(call: ActionCall) -> Message:
    data = call.data
    image, more = data.get("image"), data.get("data")
    return Message(
        text=str(data["message"]),
        title=str(data.get("title", "")),
        image=Path(str(image)) if image else None,
        data=more if isinstance(more, dict) else None,
    )
