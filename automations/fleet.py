"""All automations of a running hub: made from the list, and changed when the list changes."""

import asyncio
import logging
import secrets
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, Final

from msgspec import Struct

from automations import blueprints, loader
from automations.automation import Automation, Shared
from automations.chains import Chains
from automations.keeping import Book
from automations.ledger import Ledger, Row
from automations.model import Plan
from automations.traces import Rings
from hub.api import Context, Known, Path, Problem

_log = logging.getLogger("automations")

# Reading one takes a quarter of a millisecond: after a few the loop has its turn.
_SLICE: Final = 10  # automations
# What is cancelled ends within a few turns of the loop.
_TURNS: Final = 100


class _Made(Struct, frozen=True):
    """An automation beside what it was made from."""

    raw: object
    automation: Automation


Listed = Callable[[Any], list[tuple[str, object, Path]]]
Load = Callable[[object, Path, str, Known, Context | None], tuple[Plan | None, list[Problem]]]


class Kind(Struct, frozen=True):
    """Whether these are automations or scripts: where they are kept, and how they are read."""

    domain: str
    file: str
    listed: Listed
    load: Load


def _automations(options: Any) -> list[tuple[str, object, Path]]:
    found = loader.automations(options)
    named = zip(loader.entities(options), found, strict=True)
    return [(entity, raw, path) for entity, (raw, path) in named]


AUTOMATIONS: Final = Kind("automation", "automations.db", _automations, loader.load)


class Fleet:
    """The automations, or the scripts, by entity."""

    def __init__(self, context: Context, kind: Kind = AUTOMATIONS) -> None:
        self._context = context
        self._kind = kind
        self._ledger = Ledger(context.paths.data / kind.file, self._tidy)
        self._rings = Rings(context)
        self._shared = Shared(Chains(), self._rings, secrets.token_hex(3))
        self._made: dict[str, _Made] = {}

    def __contains__(self, entity: str) -> bool:
        return entity in self._made

    def __iter__(self) -> Iterator[str]:
        return iter(self._made)

    def __getitem__(self, entity: str) -> Automation:
        return self._made[entity].automation

    async def start(self, options: Any) -> None:
        """Make and start them, and go on with what waited when the hub ended."""
        kept = _by_owner(self._ledger.rows())
        for entity, raw, path in self._listed(options):
            if (made := self._make(entity, raw, path, kept.pop(entity, ()))) is not None:
                self._made[entity] = made
        self._let_go(kept)
        await self._rings.start(self._kind.domain, self._traced())
        for each in self._made.values():
            each.automation.start()

    async def change(self, options: Any) -> str:
        """Touch only those that are written differently; return what changed, in words.

        Those that are as they were go on with what they do.
        """
        before, made = self._made, await self._remade(options)
        fresh = [key for key, each in made.items() if before.get(key) is not each]
        gone = [key for key, each in before.items() if made.get(key) is not each]
        self._made = made
        await self._stop([before[key].automation for key in gone])
        for entity in set(before) - set(made):
            self._context.states.remove(entity)
        for entity in fresh:
            made[entity].automation.start()
        return _words(set(before), set(made), set(fresh))

    async def _remade(self, options: Any) -> dict[str, _Made]:
        found: dict[str, _Made] = {}
        for entity, raw, path in self._listed(options):
            old = self._made.get(entity)
            new = old if old is not None and old.raw == raw else self._make(entity, raw, path, ())
            if new is not None:
                found[entity] = new
            if new is not old and len(found) % _SLICE == 0:
                await asyncio.sleep(0)
        return found

    def leave(self) -> list[asyncio.Event]:
        """Begin to end; returns what tells that runs begun by the hub's end have ended."""
        self._ledger.freeze()
        return [end for each in self._made.values() for end in each.automation.leave()]

    async def stop(self) -> None:
        """End; what waits is gone on with by the next start."""
        for each in self._made.values():
            each.automation.stop()
        await self._rings.close()
        self._ledger.close()

    def _listed(self, options: Any) -> Iterator[tuple[str, object, Path]]:
        """Yield each with its blueprint filled in, so that a changed one is noticed."""
        folder = self._context.known.folder
        for entity, raw, path in self._kind.listed(options):
            yield entity, blueprints.expanded(raw, folder, self._kind.domain), path

    def _make(self, entity: str, raw: object, path: Path, kept: Iterable[Row]) -> _Made | None:
        plan, problems = self._kind.load(raw, path, entity, self._context.known, self._context)
        wrong = [each for each in problems if not each.warning]
        for problem in wrong:
            _log.error("%s is left out: %s", entity, problem)
        if plan is None or wrong:
            return None
        book = Book(self._ledger, entity, plan.digest, tuple(kept))
        return _Made(raw, Automation(plan, self._context, self._shared, book))

    async def _stop(self, automations: list[Automation]) -> None:
        for each in automations:
            each.stop()
        for _ in range(_TURNS):
            if not any(each.busy for each in automations):
                return
            await asyncio.sleep(0)

    def _traced(self) -> dict[str, Any]:
        rings = {key: each.automation.tracer.ring for key, each in self._made.items()}
        return {key: ring for key, ring in rings.items() if ring is not None}

    def _let_go(self, kept: Mapping[str, list[Row]]) -> None:
        """Drop what is kept for automations that are gone."""
        for entity, rows in kept.items():
            _log.warning("%s is gone, and what it waited for with it", entity)
            for each in rows:
                self._ledger.drop(each.kind, each.id)

    def _tidy(self) -> None:
        work = asyncio.to_thread(self._ledger.tidy)
        _ = self._context.spawn(work, "tidy what automations wait for")


def _by_owner(rows: Iterable[Row]) -> dict[str, list[Row]]:
    found: dict[str, list[Row]] = {}
    for each in rows:
        found.setdefault(each.owner, []).append(each)
    return found


def _words(old: set[str], new: set[str], fresh: set[str]) -> str:
    counts = {
        "added": len(new - old),
        "changed": len(fresh & old),
        "removed": len(old - new),
        "kept": len(new - fresh),
    }
    return ", ".join(f"{number} {word}" for word, number in counts.items() if number)
