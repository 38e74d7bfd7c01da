"""``parallel:`` and ``sequence:``: several sequences at once, or one of them by itself."""

import asyncio
from collections.abc import Mapping
from typing import Any, Final

from automations.reading import Reader
from automations.steps import Branches, Run, Sequence, Step, StepFailed, Stopped
from hub.api import HubError, Path

PARALLEL_KEYS: Final = frozenset({"parallel"})
SEQUENCE_KEYS: Final = frozenset({"sequence"})


class Parallel(Step):
    """Does several sequences at once; when one fails the others still go on to their end."""

    __slots__ = ("_branches",)

    def __init__(self, where: str, branches: tuple[Sequence, ...]) -> None:
        super().__init__(where)
        self._branches = branches

    async def run(self, run: Run) -> bool:
        mark = self._mark(run)
        run.marks.append(mark)
        run.waits()
        await asyncio.sleep(0)  # a group of tasks belongs to a task, and a run begins without one
        async with asyncio.TaskGroup() as group:
            for index in range(len(self._branches)):
                group.create_task(self._branch(index, mark))
        if mark.failed is not None:
            raise mark.failed
        return True

    def _mark(self, run: Run) -> Branches:
        kept: dict[str, Any] | None = run.taken()
        if kept is None:
            return Branches([run.beside() for _ in self._branches])
        runs = [each and _again(run, *each) for each in kept["runs"]]
        return Branches(runs, kept["failed"] and _error(*kept["failed"]))

    async def _branch(self, index: int, mark: Branches) -> None:
        run = mark.runs[index]
        if run is None:  # it had ended before the hub did
            return
        try:
            await self._branches[index].run(run)
        except HubError as error:
            mark.failed = mark.failed or error
        mark.runs[index] = None
        run.acts()


def _error(words: str, stopped: bool | None) -> HubError:
    return StepFailed(words) if stopped is None else Stopped(words, stopped)


def _again(run: Run, position: list[Any], variables: dict[str, Any]) -> Run:
    beside = run.beside()
    beside.variables = variables
    beside.again = position[::-1]
    return beside


class Nested(Step):
    """Does a sequence inside another; a condition in it ends only the inner one."""

    __slots__ = ("_sequence",)

    def __init__(self, where: str, sequence: Sequence) -> None:
        super().__init__(where)
        self._sequence = sequence

    async def run(self, run: Run) -> bool:
        await self._sequence.run(run)
        return True


def read_parallel(reader: Reader, raw: Mapping[str, Any], path: Path) -> Step:
    """Read branches: each an action, a list of them, or a mapping with ``sequence``."""
    place = (*path, "parallel")
    given = raw["parallel"] if isinstance(raw["parallel"], list) else [raw["parallel"]]
    branches = [
        reader.sequence(each, (*place, at) if isinstance(raw["parallel"], list) else place)
        for at, each in enumerate(given)
    ]
    return Parallel(reader.place(path), tuple(branches))


def read_sequence(reader: Reader, raw: Mapping[str, Any], path: Path) -> Step:
    """Read a sequence in a sequence."""
    inner = reader.sequence(raw["sequence"], (*path, "sequence"))
    return Nested(reader.place(path), inner)
