"""Services and notifiers kept alive: started together, tried again, stopped in reverse.

Each component lives in a task of its own, so one that hangs while it starts holds nobody up,
and one that fails takes nobody down.
"""

import asyncio
import logging
from collections.abc import Iterable, Mapping
from typing import Final, TypeVar

from hub.api import Notifier, NotReady
from hub.plugins.context import ComponentContext, Hub
from hub.plugins.life import Life, PartState
from hub.settings import ComponentSettings

T = TypeVar("T")

_log: Final = logging.getLogger("hub.plugins")

# A broker on the far side of a slow network has answered within this; whoever takes longer
# goes on starting while the hub is already there.
START_LIMIT: Final = 10.0  # seconds
STOP_LIMIT: Final = 2.0  # seconds for one component
# SIGTERM must be through in 5 s, also with components that are stuck.
STOP_ALL: Final = 4.0  # seconds for all of them
_LEAST: Final = 0.1  # seconds that even the last one gets


class Lifecycle:
    """The components of a running hub."""

    def __init__(
        self, hub: Hub, *, start_limit: float = START_LIMIT, stop_limit: float = STOP_LIMIT
    ) -> None:
        self._hub = hub
        self._start_limit = start_limit
        self._stop_limit = stop_limit
        self._lives: dict[str, Life] = {}

    @property
    def states(self) -> Mapping[str, PartState]:
        """What state each component is in, by name."""
        return {name: life.state for name, life in self._lives.items()}

    async def apply(self, parts: Iterable[ComponentSettings]) -> dict[str, str]:
        """Run exactly these: stop those that went, start new ones, change those that changed.

        Those that cannot take up their new options while they run are restarted. Returns what was
        done to which, when each has started or failed to, or the start limit has passed.
        """
        wanted = {component_name(each): each for each in parts}
        told = await self._reload(wanted)
        gone = [name for name, life in self._lives.items() if wanted.get(name) != life.part]
        told.update({name: "restarted" if name in wanted else "stopped" for name in gone})
        await self._stop(gone)
        fresh = {name: part for name, part in wanted.items() if name not in self._lives}
        for name, part in fresh.items():
            self._lives[name] = Life(name, part, self._hub, self.ask)
            self._lives[name].begin()
        await self._settle([self._lives[name] for name in fresh])
        return {**dict.fromkeys(fresh, "started"), **told}

    async def _reload(self, wanted: Mapping[str, ComponentSettings]) -> dict[str, str]:
        told = {}
        for name, part in wanted.items():
            life = self._lives.get(name)
            if life is not None and life.part != part:
                words = await life.reload(part)
                if words is not None:
                    told[name] = words
        return told

    async def stop(self) -> None:
        """Stop everything, the last started first."""
        await self._stop(list(self._lives))

    def ask(self, kind: type[T]) -> T:
        """Return the running component of this class; raises ``NotReady``."""
        for life in self._lives.values():
            if isinstance(life.component, kind):
                return life.component
        raise NotReady(f"no {kind.__name__} is running")

    def context(self, name: str, plugin: str) -> ComponentContext:
        """Return a context for something that the hub itself looks after."""
        return ComponentContext(name, plugin, self._hub, self.ask)

    async def _settle(self, lives: list[Life]) -> None:
        waiting = {asyncio.ensure_future(each.settled.wait()) for each in lives}
        if waiting:
            _, slow = await asyncio.wait(waiting, timeout=self._start_limit)
            for each in slow:
                each.cancel()
        for life in lives:
            if not life.settled.is_set():
                _log.warning("%s is still starting; the others go on", life.name)

    async def _stop(self, names: list[str]) -> None:
        loop = asyncio.get_running_loop()
        end = loop.time() + STOP_ALL
        for name in reversed(names):
            left = max(end - loop.time(), _LEAST)
            await self._lives.pop(name).stop(min(self._stop_limit, left))


def component_name(part: ComponentSettings) -> str:
    """Return what a component is called in logs and events: ``mqtt``, ``notify.phone``."""
    return f"notify.{part.name}" if issubclass(part.component, Notifier) else part.name
