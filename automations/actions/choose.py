"""``choose:`` and ``if:``: do one of several things, by conditions."""

from collections.abc import Mapping
from typing import Any, Final

from automations.conditions.tree import read_conditions
from automations.reading import Reader, Test, either, items
from automations.steps import Run, Sequence, Step
from hub.api import Finding, Path, schema

CHOOSE_KEYS: Final = frozenset({"choose", "default"})
IF_KEYS: Final = frozenset({"if", "then", "else"})
_OPTION_KEYS: Final = frozenset({"alias", "condition", "conditions", "sequence"})


class Choose(Step):
    """Does the sequence of the first option whose conditions hold."""

    __slots__ = ("_default", "_options")

    def __init__(
        self, where: str, options: tuple[tuple[Test, Sequence], ...], default: Sequence
    ) -> None:
        super().__init__(where)
        self._options = options
        self._default = default

    async def run(self, run: Run) -> bool:
        chosen: int | None = run.taken()
        if chosen is None:
            chosen = self._choice(run)
        run.marks.append(chosen)
        options = self._options
        findings = None if run.trace is None else self._findings(run, chosen)
        await (options[chosen][1] if chosen < len(options) else self._default).run(run)
        if findings is not None:
            run.details = {
                "choice": chosen if chosen < len(options) else None,
                "findings": findings,
            }
        return True

    def _findings(self, run: Run, chosen: int) -> list[Finding]:
        asked = self._options[: chosen + 1]
        return [test.explain(run.variables) for test, _ in asked]

    def _choice(self, run: Run) -> int:
        for index, (test, _) in enumerate(self._options):
            if test.holds(run.variables):
                return index
        return len(self._options)


def read_choose(reader: Reader, raw: Mapping[str, Any], path: Path) -> Step:
    """Read a choice."""
    options = [
        option
        for each, at in items(raw["choose"], (*path, "choose"))
        if (option := _option(reader, each, at)) is not None
    ]
    default = reader.sequence(raw.get("default"), (*path, "default"))
    return Choose(reader.place(path), tuple(options), default)


def read_if(reader: Reader, raw: Mapping[str, Any], path: Path) -> Step:
    """Read an if."""
    if "then" not in raw:
        reader.say(path, "'if' needs 'then'")
    option = (
        read_conditions(reader, raw["if"], (*path, "if")),
        reader.sequence(raw.get("then"), (*path, "then")),
    )
    otherwise = reader.sequence(raw.get("else"), (*path, "else"))
    return Choose(reader.place(path), (option,), otherwise)


def _option(reader: Reader, raw: object, path: Path) -> tuple[Test, Sequence] | None:
    if not isinstance(raw, Mapping):
        words = f"expected conditions and a sequence, got {schema.describe(raw)}"
        reader.say(path, words)
        return None
    reader.keys(raw, path, _OPTION_KEYS, "a choice")
    key = either(reader, raw, path, "conditions", "condition")
    if key is None:
        reader.say(path, "a choice needs 'conditions'")
    if "sequence" not in raw:
        reader.say(path, "a choice needs 'sequence'")
    conditions = raw.get(key) if key else None
    return (
        read_conditions(reader, conditions, (*path, key or "conditions")),
        reader.sequence(raw.get("sequence"), (*path, "sequence")),
    )
