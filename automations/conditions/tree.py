"""How conditions are read: and, or, not, their short forms, templates as bare texts, lists."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Final

import msgspec

from automations import refused
from automations.conditions.base import OwnCondition
from automations.reading import Holds, Reader, Test, either, items, without, words_of
from automations.steps import StepFailed
from automations.templates import Variables
from hub.api import Condition, Finding, HubError, Path, did_you_mean, schema

LOGIC: Final = ("and", "or", "not")
COMMON: Final = frozenset({"condition", "alias", "enabled"})


def read_conditions(reader: Reader, raw: object, path: Path) -> Test:
    """Read one condition or a list, all of which must hold."""
    tests = [test for each, at in items(raw, path) if (test := read_condition(reader, each, at))]
    return _all(tests, words_of(path))


def read_condition(reader: Reader, raw: object, path: Path) -> Test | None:
    """Read one condition; none when it is switched off or wrong."""
    if isinstance(raw, bool | str):
        template = reader.template(raw, path)
        return None if template is None else _leaf(template.holds, template.explain, path)
    if not isinstance(raw, Mapping):
        reader.say(path, f"expected a condition, got {schema.describe(raw)}")
        return None
    enabled = reader.enabled(raw, path)
    test = _read_short(reader, raw, path) if "condition" not in raw else _read(reader, raw, path)
    alias = reader.alias(raw)
    if test is not None and alias:
        test = Test(test.holds, _called(alias, test))
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
    return _leaf(condition.holds, _explained(condition), path)


def _unknown(reader: Reader, kind: str, path: Path) -> None:
    if hint := refused.CONDITIONS.get(kind):
        reader.say(path, f"the condition '{kind}' of Home Assistant is not here", hint)
    else:
        known = {*reader.known.conditions, *LOGIC}
        hint = did_you_mean(kind, known)
        reader.say(path, f"there is no condition '{kind}'", hint)


def _combine(reader: Reader, logic: str, raw: object, path: Path) -> Test:
    tests = [test for each, at in items(raw, path) if (test := read_condition(reader, each, at))]
    where = words_of(path)
    if logic == "and":
        return _all(tests, where)
    return _any(tests, where) if logic == "or" else _none(tests, where)


def _all(tests: list[Test], where: str) -> Test:
    if len(tests) == 1:
        return tests[0]
    asked = [test.holds for test in tests]

    def holds(variables: Variables) -> bool:
        return all(each(variables) for each in asked)

    return Test(holds, partial(_found, where, "all of these", holds, tests, True))


def _any(tests: list[Test], where: str) -> Test:
    def holds(variables: Variables) -> bool:
        failed: HubError | None = None
        for test in tests:
            try:
                if test.holds(variables):
                    return True
            except HubError as error:  # another one may still hold
                failed = failed or error
        if failed is not None:
            raise failed
        return False

    return Test(holds, partial(_found, where, "any of these", holds, tests, False))


def _none(tests: list[Test], where: str) -> Test:
    def holds(variables: Variables) -> bool:
        return not any(test.holds(variables) for test in tests)

    return Test(holds, partial(_found, where, "none of these", holds, tests, False))


def _leaf(holds: Holds, explain: Callable[[Variables], str], path: Path) -> Test:
    """Let an error say which condition it was."""
    where = words_of(path)

    def test(variables: Variables) -> bool:
        try:
            return holds(variables)
        except HubError as error:
            raise StepFailed(f"{where}: {error}") from error

    def found(variables: Variables) -> Finding:
        words = explain(variables)
        try:
            return Finding(place=where, words=words, result=holds(variables))
        except HubError as error:
            return Finding(place=where, words=words, error=str(error))

    return Test(test, found)


def _found(
    where: str, words: str, holds: Holds, tests: list[Test], until: bool, variables: Variables
) -> Finding:
    """Explain conditions one after the other, up to the one that decided."""
    parts = []
    for each in tests:
        parts.append(each.explain(variables))
        if parts[-1].result is not until and (parts[-1].result is not None or until):
            break
    try:
        return Finding(place=where, words=words, result=holds(variables), parts=tuple(parts))
    except HubError as error:
        return Finding(place=where, words=words, error=str(error), parts=tuple(parts))


def _explained(condition: Condition) -> Callable[[Variables], str]:
    def explain(variables: Variables) -> str:
        return condition.explain(variables) or f"the condition '{condition.KEY}'"

    return explain


def _called(alias: str, test: Test) -> Callable[[Variables], Finding]:
    def explain(variables: Variables) -> Finding:
        finding = test.explain(variables)
        return msgspec.structs.replace(finding, words=f"{alias}: {finding.words}")

    return explain
