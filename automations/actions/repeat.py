"""``repeat:``: do a sequence again, so many times, while, until, or for each of a list."""

import asyncio
from collections.abc import Callable, Mapping
from typing import Any, Final

from automations.conditions.tree import read_conditions
from automations.reading import Reader, Test, Value
from automations.steps import Mark, Run, Sequence, Step
from hub.api import Invalid, Path, schema

KEYS: Final = frozenset({"repeat"})
_KINDS: Final = ("count", "for_each", "until", "while")
# A loop that never waits would hold up everything else: every so often it lets the others have
# their turn, and one that goes round this often without any time passing has no end.
_TURNS: Final = 50
_ENDLESS: Final = 10_000  # rounds
_PASSING: Final = 10.0  # seconds


class _Mark(Mark):
    """How far a repeat has come: the round, of how many, and what ``repeat`` was before it."""

    __slots__ = ("index", "items", "outer", "total")

    def __init__(self, outer: Any, total: int, items: list[Any] | None, index: int = 0) -> None:
        self.outer = outer
        self.total = total
        self.items = items
        self.index = index

    def said(self, pack: Callable[[object], Any]) -> Any:
        return [pack(self.outer), self.total, pack(self.items), self.index]

    def next(self, run: Run) -> bool:
        """Begin a round; return whether it is one that a restart has interrupted."""
        if run.again:
            return True
        self.index += 1
        return False


class _Repeat(Step):
    """Goes round; ``repeat`` holds index, first, last and item meanwhile."""

    __slots__ = ("_sequence",)

    def __init__(self, where: str, sequence: Sequence) -> None:
        super().__init__(where)
        self._sequence = sequence

    async def run(self, run: Run) -> bool:
        kept: list[Any] | None = run.taken()
        mark = (
            _Mark(run.variables.get("repeat"), *self.planned(run)) if kept is None else _Mark(*kept)
        )
        run.marks.append(mark)
        try:
            await self.rounds(run, mark)
        finally:
            run.variables["repeat"] = mark.outer
            if mark.outer is None:
                del run.variables["repeat"]
        return True

    def planned(self, run: Run) -> tuple[int, list[Any] | None]:
        """Return how often it goes round, as far as that is known before, and for what."""
        return 0, None

    async def rounds(self, run: Run, mark: _Mark) -> None:
        """Go round until it is enough."""
        raise NotImplementedError

    async def round(self, run: Run, index: int) -> None:
        """Go round once."""
        await self._sequence.run(run)
        if index % _TURNS == 0:
            await asyncio.sleep(0)


class RepeatEach(_Repeat):
    """Goes round once for each item, or so many times."""

    __slots__ = ("_count", "_items")

    def __init__(
        self, where: str, sequence: Sequence, count: Value | None, items: Value | None
    ) -> None:
        super().__init__(where, sequence)
        self._count = count
        self._items = items

    async def rounds(self, run: Run, mark: _Mark) -> None:
        total, items = mark.total, mark.items
        while mark.index < total or run.again:
            if not mark.next(run):
                index = mark.index
                repeat = {"index": index, "first": index == 1, "last": index == total}
                if items is not None:
                    repeat["item"] = items[index - 1]
                run.variables["repeat"] = repeat
            await self.round(run, mark.index)

    def planned(self, run: Run) -> tuple[int, list[Any] | None]:
        if self._items is not None:
            items = self._items(run.variables)
            if not isinstance(items, list | tuple):
                raise Invalid(f"for_each must be a list, got {schema.describe(items)}")
            return len(items), list(items)
        count = self._count(run.variables) if self._count is not None else 0
        if isinstance(count, bool) or not isinstance(count, int | float):
            raise Invalid(f"count must be a number, got {schema.describe(count)}")
        return int(count), None


class RepeatWhile(_Repeat):
    """Goes round while conditions hold, or until they do; ``until`` is asked afterwards."""

    __slots__ = ("_holds", "_until")

    def __init__(self, where: str, sequence: Sequence, holds: Test, until: bool) -> None:
        super().__init__(where, sequence)
        self._holds = holds.holds
        self._until = until

    async def rounds(self, run: Run, mark: _Mark) -> None:
        began = run.context.clock.monotonic()
        while True:
            if not mark.next(run):
                run.variables["repeat"] = {"index": mark.index, "first": mark.index == 1}
                if not self._until and not self._holds(run.variables):
                    return
            await self.round(run, mark.index)
            if self._until and self._holds(run.variables):
                return
            if mark.index % _ENDLESS == 0:
                began = self._still_time_passes(run, began)

    @staticmethod
    def _still_time_passes(run: Run, began: float) -> float:
        now = run.context.clock.monotonic()
        if now - began < _PASSING:
            raise Invalid(f"it went round {_ENDLESS} times in no time; put a delay into it")
        return now


def read(reader: Reader, raw: Mapping[str, Any], path: Path) -> Step | None:
    """Read a repeat."""
    place = (*path, "repeat")
    given = reader.mapping(raw["repeat"], place, "a mapping with a sequence")
    if not isinstance(raw["repeat"], Mapping):
        return None
    reader.keys(given, place, {*_KINDS, "sequence"}, "'repeat'")
    if "sequence" not in given:
        reader.say(place, "'repeat' needs 'sequence'")
    sequence = reader.sequence(given.get("sequence"), (*place, "sequence"))
    kinds = [each for each in _KINDS if each in given]
    if len(kinds) != 1:
        reader.say(place, f"'repeat' needs one of {', '.join(_KINDS)}")
        return None
    return _made(reader, kinds[0], given, sequence, place)


def _made(
    reader: Reader, kind: str, given: Mapping[str, Any], sequence: Sequence, path: Path
) -> Step | None:
    where, at, raw = reader.place(path[:-1]), (*path, kind), given[kind]
    if kind in {"while", "until"}:
        return RepeatWhile(where, sequence, read_conditions(reader, raw, at), kind == "until")
    if kind == "for_each":
        if not isinstance(raw, list | str):
            reader.say(at, f"expected a list, got {schema.describe(raw)}")
        return RepeatEach(where, sequence, None, reader.value(raw, at))
    if isinstance(raw, bool) or not isinstance(raw, int | str):
        reader.say(at, f"expected a whole number, got {schema.describe(raw)}")
    elif isinstance(raw, int) and raw < 0:
        reader.say(at, f"expected a number of at least 0, got {raw}")
    return RepeatEach(where, sequence, reader.value(raw, at), None)
