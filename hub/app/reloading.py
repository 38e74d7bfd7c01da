"""A configuration read anew while the hub runs: what differs is changed, if all of it is right."""

import asyncio
import contextlib
import gc
import logging
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

from hub.api import Answer, Bus, HubReloaded, Invalid
from hub.app.bare import STORAGE
from hub.plugins import Lifecycle
from hub.settings import ComponentSettings, Settings

_log = logging.getLogger("hub")

Reread = Callable[[], Settings]
"""Reads the configuration; blocks, so it is called in a thread."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reloaded:
    """What a reload did: words for each part that changed, and what waits for a restart."""

    changed: Mapping[str, str] = field(default_factory=dict)
    restart: tuple[str, ...] = ()

    def said(self) -> Answer:
        """Return it as an action's answer."""
        return {"changed": dict(self.changed), "restart": list(self.restart)}


class Reloading:
    """Takes up a changed configuration, one reload after the other."""

    def __init__(
        self,
        bus: Bus,
        lifecycle: Lifecycle,
        reread: Reread,
        take: Callable[[Settings], list[ComponentSettings]],
    ) -> None:
        self._bus = bus
        self._lifecycle = lifecycle
        self._reread = reread
        self._take = take
        self._lock = asyncio.Lock()

    async def reload(self, present: Callable[[], Settings]) -> Reloaded:
        """Read and check everything off the loop, then change what differs.

        Raises ``Invalid`` with every error, and has changed nothing then.
        """
        async with self._lock:
            with _undisturbed():
                return await self._change(present())

    async def _change(self, old: Settings) -> Reloaded:
        new = await asyncio.to_thread(self._reread)
        if new.problems:
            said = "\n".join(map(str, new.problems))
            problems = tuple(map(str, new.problems))
            self._bus.fire(HubReloaded(problems=problems, source="hub"))
            _log.error("Not reloaded, all goes on as it was:\n%s", said)
            raise Invalid(f"not reloaded, all goes on as it was:\n{said}")
        restart = _restart(old, new)
        changed = await self._lifecycle.apply(self._take(new))
        self._bus.fire(HubReloaded(changed=changed, restart=restart, source="hub"))
        self._tell(changed, restart)
        return Reloaded(changed=changed, restart=restart)

    @staticmethod
    def _tell(changed: Mapping[str, str], restart: tuple[str, ...]) -> None:
        words = ", ".join(f"{name} ({how})" for name, how in changed.items()) or "nothing changed"
        _log.info("Reloaded: %s", words)
        if restart:
            _log.warning("Restart the hub for what changed in: %s", ", ".join(restart))


@contextlib.contextmanager
def _undisturbed() -> Iterator[None]:
    """Keep Python from looking through all the new objects for rubbish, which holds up the loop."""
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.enable()


def _restart(old: Settings, new: Settings) -> tuple[str, ...]:
    """Return what differs and cannot be taken up by a hub that runs."""
    found = [] if old.hub == new.hub else ["hub"]
    found += [STORAGE] if old.services.get(STORAGE) != new.services.get(STORAGE) else []
    for section, before, after in (
        ("cameras", old.cameras, new.cameras),
        ("detectors", old.detectors, new.detectors),
    ):
        names = sorted({*before, *after})
        found += [f"{section}: {each}" for each in names if before.get(each) != after.get(each)]
    return tuple(found)
