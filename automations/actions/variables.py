"""``variables:``: compute values for the steps that follow."""

from collections.abc import Mapping
from typing import Any, Final

from automations.reading import Reader, Value
from automations.steps import Run, Step
from hub.api import Path

KEYS: Final = frozenset({"variables"})


class Variables(Step):
    """Sets variables, each able to use those before it."""

    __slots__ = ("_values",)

    def __init__(self, where: str, values: Mapping[str, Value]) -> None:
        super().__init__(where)
        self._values = tuple(values.items())

    async def run(self, run: Run) -> bool:
        for name, value in self._values:
            run.variables[name] = value(run.variables)
        if run.trace is not None:
            run.details = {name: run.variables[name] for name, _ in self._values}
        return True


def read_values(reader: Reader, raw: object, path: Path) -> dict[str, Value]:
    """Read a mapping of variables."""
    given = reader.mapping(raw, path, "a mapping of variables")
    for name in given:
        if not str(name).isidentifier():
            words = f"'{name}' is not a variable's name: use letters, digits and underscores"
            reader.say((*path, name), words, on_key=True)
    return {str(name): reader.value(each, (*path, name)) for name, each in given.items()}


def read(reader: Reader, raw: Mapping[str, Any], path: Path) -> Step:
    """Read variables."""
    place = (*path, "variables")
    return Variables(reader.place(path), read_values(reader, raw["variables"], place))
