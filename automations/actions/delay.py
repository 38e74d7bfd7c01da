"""``delay:``: wait a while."""

from collections.abc import Mapping
from typing import Any, Final

from automations import scheduling
from automations.reading import Reader
from automations.steps import Run, Step
from automations.values import Span
from hub.api import Path

KEYS: Final = frozenset({"delay"})


class Delay(Step):
    """Waits."""

    __slots__ = ("_span",)

    def __init__(self, where: str, span: Span) -> None:
        super().__init__(where)
        self._span = span

    async def run(self, run: Run) -> bool:
        mark = run.taken()
        seconds = self._span.seconds(run.variables) if mark is None else mark[1]
        await scheduling.pause(run, seconds, mark)
        if run.trace is not None:
            run.details = {"seconds": seconds}
        return True


def read(reader: Reader, raw: Mapping[str, Any], path: Path) -> Step:
    """Read a delay."""
    return Delay(reader.place(path), reader.span(raw["delay"], (*path, "delay")))
