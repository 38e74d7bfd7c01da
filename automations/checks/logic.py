"""What conditions can never be, alone or together."""

from collections.abc import Iterable, Iterator, Mapping
from math import floor, inf, isfinite
from typing import Any, Final

from automations.checks.gives import id_hint
from automations.checks.tree import Automation, Condition, Step, every_condition, every_step, surely
from automations.templates import is_template
from automations.templates.syntax import said
from hub.api import Path, Problem

_FEW: Final = 3  # states that are listed


def truth(condition: Condition) -> bool | None:
    """Return what a condition always is; none for one that depends."""
    parts = [truth(each) for each in condition.parts]
    match condition.kind if surely(condition.raw) else "":
        case "template":
            return said(condition.raw).always
        case "and":
            return together(parts)
        case "or":
            known = [each is False for each in parts]
            return True if True in parts else (False if parts and all(known) else None)
        case "not":
            return False if True in parts else (True if all(p is False for p in parts) else None)
        case "time":
            return False if _no_time(condition.raw) else None
    return None


def together(parts: Iterable[bool | None]) -> bool | None:
    """Return what several conditions are that must all hold."""
    found = list(parts)
    if False in found:
        return False
    return None if None in found else True


def all_of(conditions: tuple[Condition, ...]) -> bool | None:
    """Return what a list of conditions always is."""
    return together(truth(each) for each in conditions)


def check(automation: Automation) -> Iterator[Problem]:
    """Look for conditions that never hold."""
    never = [each for each in automation.conditions if truth(each) is False]
    if never and never[0].kind != "time":  # which is told by itself
        at = never[0].path
        words = "this is never true, so no trigger ever starts the automation"
        yield _warning(at, words, "Write 'enabled: false' to switch an automation off.")
    yield from _list(automation.conditions)
    yield from check_steps(automation.steps)
    yield from _ids(automation)


def check_steps(steps: tuple[Step, ...]) -> Iterator[Problem]:
    """Look for conditions among steps that never hold."""
    for step in every_step(steps):
        yield from _list(() if step.condition is None else (step.condition,))
        for branch in step.branches:
            yield from _list(branch.conditions or ())


def _list(conditions: tuple[Condition, ...]) -> Iterator[Problem]:
    """Look at conditions that must all hold."""
    yield from _states(conditions)
    yield from _bounds(conditions)
    yield from _sets(conditions, "trigger", "id", "trigger")
    yield from _sets(conditions, "time", "weekday", "weekday")
    for each in conditions:
        yield from _list(each.parts) if each.kind == "and" else _apart(each.parts)
        if each.kind == "zone" and (problem := _no_count(each)):
            yield problem
        if each.kind == "time" and _no_time(each.raw):
            words = "'after' and 'before' are the same time, so this never holds"
            yield _warning((*each.path, "before"), words, "Leave one of them out.")


def _apart(conditions: tuple[Condition, ...]) -> Iterator[Problem]:
    for each in conditions:
        yield from _list((each,))


def _no_count(condition: Condition) -> Problem | None:
    """Tell of bounds between which no whole number lies."""
    above, below = condition.raw.get("above"), condition.raw.get("below")
    low, high = _number(above, -1), _number(below, inf)
    if floor(low) + 1 < high:
        return None
    between = f"above {above} and below {below}" if above is not None else f"below {below}"
    hint = "The bounds themselves do not count."
    return _warning((*condition.path, "below"), f"no number of objects is {between}", hint)


def _no_time(raw: Mapping[str, Any]) -> bool:
    after, before = raw.get("after"), raw.get("before")
    return isinstance(after, str) and isinstance(before, str) and _clock(after) == _clock(before)


def _clock(text: str) -> str:
    return f"{text.strip()}:00" if text.count(":") == 1 else text.strip()


def _texts(value: object) -> frozenset[str] | None:
    """Return one or several texts, none where one of them is computed."""
    several = value if isinstance(value, list) else [value]
    if not several or any(not isinstance(each, str | int) or is_template(each) for each in several):
        return None
    return frozenset(str(each).strip() for each in several)


def _states(conditions: tuple[Condition, ...]) -> Iterator[Problem]:
    seen: dict[tuple[str, str], frozenset[str]] = {}
    for each in conditions:
        if each.kind != "state" or each.raw.get("match", "all") != "all":
            continue
        wanted = _texts(each.raw.get("state"))
        for entity in (_texts(each.raw.get("entity_id")) or ()) if wanted else ():
            key = (entity, str(each.raw.get("attribute", "")))
            before = seen.get(key)
            if wanted and before is not None and not wanted & before:
                words = f"'{entity}' is never {_or(wanted)} and {_or(before)} at once"
                yield _warning((*each.path, "state"), words, _EITHER)
            seen[key] = (wanted or frozenset()) & (before or wanted or frozenset())


def _bounds(conditions: tuple[Condition, ...]) -> Iterator[Problem]:
    ranges: dict[tuple[str, str], tuple[float, float]] = {}
    for each in conditions:
        if each.kind != "numeric_state" or "value_template" in each.raw:
            continue
        low = _number(each.raw.get("above"), -inf)
        high = _number(each.raw.get("below"), inf)
        for entity in (_texts(each.raw.get("entity_id")) or ()) if low < high else ():
            key = (entity, str(each.raw.get("attribute", "")))
            below, above = ranges.get(key, (-inf, inf))
            ranges[key] = (max(below, low), min(above, high))
            if ranges[key][0] >= ranges[key][1]:
                words = f"'{entity}' is never above {ranges[key][0]:g} and below {ranges[key][1]:g}"
                yield _warning(each.path, words, _EITHER)


def _sets(conditions: tuple[Condition, ...], kind: str, key: str, what: str) -> Iterator[Problem]:
    before: frozenset[str] | None = None
    for each in conditions:
        wanted = _texts(each.raw.get(key)) if each.kind == kind else None
        if not wanted:
            continue
        if before is not None and not wanted & before:
            words = f"the {what} is never {_or(wanted)} and {_or(before)} at once"
            yield _warning((*each.path, key), words, _EITHER)
        before = wanted if before is None else wanted & before


_EITHER: Final = "Where one of them is enough, put them into 'or:'."


def _number(value: object, other: float) -> float:
    number = isinstance(value, int | float) and not isinstance(value, bool)
    return float(value) if number and isfinite(value) else other  # type: ignore[arg-type] # is one


def _or(words: frozenset[str]) -> str:
    shown = [f"'{each}'" for each in sorted(words)]
    return " or ".join(shown[:_FEW]) + (" ..." if len(shown) > _FEW else "")


def _ids(automation: Automation) -> Iterator[Problem]:
    """Look for ids in conditions that no trigger has."""
    there = {each.name for each in automation.triggers}
    for each in every_condition(automation):
        if each.kind != "trigger":
            continue
        wanted = each.raw.get("id")
        for at, name in enumerate(wanted if isinstance(wanted, list) else [wanted]):
            if isinstance(name, str | int) and str(name) not in there:
                place = (*each.path, "id", at) if isinstance(wanted, list) else (*each.path, "id")
                hint = id_hint(str(name), there)
                words = f"no trigger here has the id '{name}'"
                yield Problem(path=place, words=words, hint=hint)


def _warning(path: Path, words: str, hint: str = "") -> Problem:
    return Problem(path=path, words=words, hint=hint, warning=True)
