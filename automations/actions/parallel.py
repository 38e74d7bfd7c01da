"""``parallel:`` and ``sequence:``: several sequences at once, or one of them by itself."""

import asyncio
from collections.abc import Mapping
from typing import Any, Final

from automations.reading import Reader
from automations.steps import Run, Sequence, Step
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
        failed: list[HubError] = []

        async def branch(sequence: Sequence) -> None:
            try:
                await sequence.run(run.beside())
            except HubError as error:
                failed.append(error)

        await asyncio.sleep(0)  # a group of tasks belongs to a task, and a run begins without one
        async with asyncio.TaskGroup() as group:
            for each in self._branches:
                group.create_task(branch(each))
        if failed:
            raise failed[0]
        return True


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
