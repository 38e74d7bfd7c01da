"""The newest runs and near misses of each automation, and how they get to the disk.

A run that is pushed out of its ring before it was written never becomes words at all, so an
automation that runs fifty thousand times a second pays for the notes alone.
"""

import contextlib
from collections import OrderedDict
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Final

from automations import scheduling
from automations.traces.recording import Miss, RunTrace
from hub.api import Cancel, Context, Finding, Trace

STORED: Final = 5
"""Runs that are kept of an automation, and as many near misses, as in Home Assistant."""

_FAILED: Final = 2  # the last ones that failed are kept longer
_ALL: Final = 1_000_000
_FLUSH: Final = 1.0  # seconds
# To explain a condition costs many times what asking it does.
_EXPLAINED: Final = 10  # near misses a second of an automation


class Ring:
    """Traces of one automation."""

    def __init__(self, automation: str, name: str, stored: int, rings: "Rings") -> None:
        self.automation = automation
        self.name = name
        self._rings = rings
        self._stored = stored
        # Lists: an empty deque takes 760 bytes, and there may be thousands of rings.
        self._runs: list[RunTrace] = []
        self._failed: list[RunTrace] = []
        self._misses: OrderedDict[object, Miss] = OrderedDict()
        self._fresh: dict[str, RunTrace | Miss] = {}
        self._written: set[str] = set()
        self._dropped: list[str] = []
        self._budget = _EXPLAINED
        self._old: dict[str, list[str]] = {}

    def found(self, kind: str, ids: Iterable[str]) -> None:
        """Take up the ids of traces from before a restart, the newest first."""
        self._old[kind] = [*ids]
        self._make_room(kind, 0)

    def add(self, run: RunTrace) -> None:
        """Take in a run that begins."""
        self._runs.append(run)
        self._renew(run.id, run)
        if len(self._runs) > self._stored:
            self._push_out(self._runs.pop(0))
        self._make_room("run", len(self._runs))

    def ended(self, run: RunTrace) -> None:
        """Note that a run has ended."""
        if run in self._runs or run in self._failed:
            self._renew(run.id, run)

    def explains(self) -> bool:
        """Say whether a near miss may be explained now: not hundreds of times a second."""
        self._budget -= 1
        if self._budget < 0:
            self._rings.wake(self)
        return self._budget >= 0

    def miss(self, miss: Miss) -> None:
        """Take in a near miss; of those that are alike the first is kept, with the last reason."""
        alike = _alike(miss.finding)
        if (known := self._misses.pop(alike, None)) is not None:
            known.count += 1
            known.last = miss.last
            known.finding = miss.finding
            miss = known
        self._misses[alike] = miss
        self._renew(miss.id, miss)
        if len(self._misses) > self._stored:
            _, gone = self._misses.popitem(last=False)
            self._drop(gone.id)
        self._make_room("miss", len(self._misses))

    def missed(self, now: datetime) -> None:
        """Count a near miss that was not explained: it came right after the latest one."""
        if self._misses:
            latest = next(reversed(self._misses.values()))
            latest.count += 1
            latest.last = now
            self._renew(latest.id, latest)

    def take(self) -> tuple[list[RunTrace | Miss], list[str]]:
        """Return what is to be written, and the ids of what is to go."""
        self._budget = _EXPLAINED
        fresh, self._fresh = self._fresh, {}
        self._written |= fresh.keys()
        dropped, self._dropped = self._dropped, []
        return [*fresh.values()], dropped

    def said(self, fresh: Iterable[RunTrace | Miss]) -> Iterator[Trace]:
        """Yield traces as values, in a thread: what changes under it meanwhile is left out."""
        for each in fresh:
            with contextlib.suppress(RuntimeError):
                yield each.said(self.automation, self.name)

    def _renew(self, id: str, trace: RunTrace | Miss) -> None:  # noqa: A002
        self._fresh[id] = trace
        self._rings.wake(self)

    def _make_room(self, kind: str, taken: int) -> None:
        old = self._old.get(kind, [])
        while old and len(old) + taken > self._stored + (_FAILED if kind == "run" else 0):
            self._dropped.append(old.pop())

    def _push_out(self, run: RunTrace) -> None:
        if not run.failed:
            self._drop(run.id)
            return
        self._failed.append(run)
        if len(self._failed) > _FAILED:
            self._drop(self._failed.pop(0).id)

    def _drop(self, id: str) -> None:  # noqa: A002
        self._fresh.pop(id, None)
        if id in self._written:
            self._written.discard(id)
            self._dropped.append(id)


class Rings:
    """Writes the traces of all automations, once a second at most."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._awake: dict[int, Ring] = {}
        self._pending: Cancel | None = None

    async def start(self, domain: str, rings: Mapping[str, Ring]) -> None:
        """Take up what is on disk of a domain; of those that are gone it goes too."""
        found: dict[tuple[str, str], list[str]] = {}
        for each in await self._context.traces.newest(limit=_ALL):
            found.setdefault((each.automation, each.kind), []).append(each.id)
        gone: list[str] = []
        for (automation, kind), ids in found.items():
            if automation in rings:
                rings[automation].found(kind, ids)
            elif automation.startswith(f"{domain}."):
                gone += ids
        if gone:
            await self._context.traces.write((), gone)

    def wake(self, ring: Ring) -> None:
        """Note that a ring has something to be written."""
        self._awake[id(ring)] = ring
        if self._pending is None:
            self._pending = scheduling.after(self._context.clock, _FLUSH, self._flush)

    async def close(self) -> None:
        """Write what is left."""
        if self._pending is not None:
            self._pending()
            self._pending = None
        await self._write()

    def _flush(self) -> None:
        self._pending = None
        _ = self._context.spawn(self._write(), "write traces")

    async def _write(self) -> None:
        rings, self._awake = self._awake, {}
        taken = [(ring, *ring.take()) for ring in rings.values()]
        put = (trace for ring, fresh, _ in taken for trace in ring.said(fresh))
        dropped = [each for _, _, gone in taken for each in gone]
        await self._context.traces.write(put, dropped)


def _alike(finding: Finding) -> object:
    """Return what near misses have in common that are told as one: which conditions failed."""
    if finding.parts:
        return tuple(_alike(each) for each in finding.parts if not each.result)
    return finding.place, bool(finding.error)
