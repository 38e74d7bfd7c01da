"""``stop:``: end the run here, as planned or as an error."""

from collections.abc import Mapping
from typing import Any, Final

from automations.reading import Reader, Value
from automations.steps import Run, Step, Stopped
from hub.api import Path

KEYS: Final = frozenset({"stop", "error", "response_variable"})


class Stop(Step):
    """Ends the run."""

    __slots__ = ("_failed", "_reason", "_response")

    def __init__(self, where: str, reason: Value, failed: bool, response: str | None) -> None:
        super().__init__(where)
        self._reason = reason
        self._failed = failed
        self._response = response

    async def run(self, run: Run) -> bool:
        response = run.variables.get(self._response) if self._response else None
        reason = self._reason(run.variables)
        raise Stopped("" if reason is None else str(reason), self._failed, response)


def read(reader: Reader, raw: Mapping[str, Any], path: Path) -> Step:
    """Read a stop."""
    return Stop(
        reader.place(path),
        reader.value(raw["stop"], (*path, "stop")),
        reader.flag(raw, "error", path, default=False),
        reader.text(raw, "response_variable", path),
    )
