"""How conditions are read: and, or, not, their short forms, templates as bare texts, lists."""

from collections.abc import Mapping
from typing import Final

from automations import refused
from automations.conditions.base import OwnCondition
from automations.reading import Reader, Test, either, items, without, words_of
from automations.steps import StepFailed
from automations.templates import Variables
from hub.api import Condition, HubError, Path, did_you_mean, schema

LOGIC: Final = ("and", "or", "not")
COMMON: Final = frozenset({"condition", "alias", "enabled"})


def read_conditions(reader: Reader, raw: object, path: Path) -> Test:
    """Read one condition or a list, all of which must hold."""
    tests = [test for each, at in items(raw, path) if (test := read_condition(reader, each, at))]
    return _all(tests)


def read_condition(reader: Reader, raw: object, path: Path) -> Test | None:
    """Read one condition; none when it is switched off or wrong."""
    if isinstance(raw, bool | str):
        template = reader.template(raw, path)
        return None if template is None else _told(template.holds, path)
    if not isinstance(raw, Mapping):
        reader.say(path, f"expected a condition, got {schema.describe(raw)}")
        return None
    enabled = reader.flag(raw, "enabled", path, default=True)
    test = _read_short(reader, raw, path) if "condition" not in raw else _read(reader, raw, path)
    return test if enabled else None


def is_short(raw: Mapping[str, object]) -> bool:
    """Say whether a mapping is ``and:``, ``or:`` or ``not:`` with conditions below it."""
    return any(key in raw for key in LOGIC)


def _read_short(reader: Reader, raw: Mapping[str, object], path: Path) -> Test | None:
    key = either(reader, raw, path, *LOGIC)
    if key is None:
        hint = "Write the kind of condition after 'condition:'."
        if "platform" in raw:
            hint = "Write 'condition:' in place of 'platform:'."
        reader.say(path, "this is not a condition: 'condition' is missing", hint)
        return None
    reader.keys(raw, path, {key, *LOGIC, "alias", "enabled"}, f"'{key}'")
    return _combine(reader, key, raw[key], (*path, key))


def _read(reader: Reader, raw: Mapping[str, object], path: Path) -> Test | None:
    kind, place = raw["condition"], (*path, "condition")
    if isinstance(kind, list) or (isinstance(kind, str) and "{" in kind):
        reader.keys(raw, path, COMMON, "a condition")
        return read_conditions(reader, kind, place)
    if not isinstance(kind, str):
        reader.say(place, f"expected a kind of condition, got {schema.describe(kind)}")
        return None
    if kind in LOGIC:
        reader.keys(raw, path, {*COMMON, "conditions"}, f"the condition '{kind}'")
        if "conditions" not in raw:
            reader.say(path, f"the condition '{kind}' needs 'conditions'")
        return _combine(reader, kind, raw.get("conditions"), (*path, "conditions"))
    known = reader.known.conditions.get(kind)
    if known is None or not issubclass(known, Condition):
        _unknown(reader, kind, place)
        return None
    return _build(reader, known, raw, path)


def _build(
    reader: Reader, kind: type[Condition], raw: Mapping[str, object], path: Path
) -> Test | None:
    what = f"the condition '{kind.KEY}'"
    options = reader.options(kind, without(raw, COMMON), path, what)
    if options is None or reader.context is None:
        return None
    condition = kind(options, reader.context)
    if isinstance(condition, OwnCondition):
        condition.place(reader.where(path))
    return _told(condition.holds, path)


def _unknown(reader: Reader, kind: str, path: Path) -> None:
    if hint := refused.CONDITIONS.get(kind):
        reader.say(path, f"the condition '{kind}' of Home Assistant is not here", hint)
    else:
        known = {*reader.known.conditions, *LOGIC}
        hint = did_you_mean(kind, known)
        reader.say(path, f"there is no condition '{kind}'", hint)


def _combine(reader: Reader, logic: str, raw: object, path: Path) -> Test:
    tests = [test for each, at in items(raw, path) if (test := read_condition(reader, each, at))]
    if logic == "and":
        return _all(tests)
    return _any(tests) if logic == "or" else _none(tests)


def _all(tests: list[Test]) -> Test:
    if len(tests) == 1:
        return tests[0]
    return lambda variables: all(test(variables) for test in tests)


def _any(tests: list[Test]) -> Test:
    def holds(variables: Variables) -> bool:
        failed: HubError | None = None
        for test in tests:
            try:
                if test(variables):
                    return True
            except HubError as error:  # another one may still hold
                failed = failed or error
        if failed is not None:
            raise failed
        return False

    return holds


def _none(tests: list[Test]) -> Test:
    return lambda variables: not any(test(variables) for test in tests)


def _told(holds: Test, path: Path) -> Test:
    """Let an error say which condition it was."""
    where = words_of(path)

    def test(variables: Variables) -> bool:
        try:
            return holds(variables)
        except HubError as error:
            raise StepFailed(f"{where}: {error}") from error

    return test
