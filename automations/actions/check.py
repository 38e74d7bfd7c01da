"""A condition among the actions: the sequence goes on only if it holds."""

from collections.abc import Mapping
from typing import Any

from automations.conditions.tree import read_condition
from automations.reading import Reader, Test
from automations.steps import Run, Step
from hub.api import Path


class Check(Step):
    """Ends the sequence it stands in when its condition does not hold."""

    __slots__ = ("_test",)

    def __init__(self, where: str, holds: Test) -> None:
        super().__init__(where)
        self._test = holds

    async def run(self, run: Run) -> bool:
        holds = self._test.holds(run.variables)
        if run.trace is not None:
            run.details = {"findings": [self._test.explain(run.variables)]}
        return holds


def read(reader: Reader, raw: str | bool | Mapping[str, Any], path: Path) -> Step | None:
    """Read a condition; its own reading knows its keys."""
    test = read_condition(reader, raw, path)
    return None if test is None else Check(reader.place(path), test)
