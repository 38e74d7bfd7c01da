"""Conditions that contradict what the automation's only trigger has just told."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from automations.checks.texts import templates
from automations.checks.tree import Automation, Condition, Trigger
from automations.templates import is_template
from automations.templates.syntax import SAME, said
from hub.api import Path, Problem

_FIELDS: Final[Mapping[str, tuple[str, ...]]] = {
    "camera": ("camera",),
    "zone": ("zone",),
    "object": ("object", "objects"),
}


def check(automation: Automation) -> Iterator[Problem]:
    """Look for conditions that are false whenever the trigger fires."""
    if len(automation.triggers) != 1:
        return
    only = automation.triggers[0]
    if only.kind == "state" and "attribute" not in only.raw:
        for each in automation.conditions:
            yield from _state(only, each)
    elif only.kind == "zone":
        for key in ("condition", "conditions", "action", "actions"):
            for source, path in templates(automation.raw.get(key), (*automation.path, key)):
                yield from _compared(only, source, path)


def _state(trigger: Trigger, condition: Condition) -> Iterator[Problem]:
    if condition.kind != "state" or "attribute" in condition.raw:
        return
    became, wanted = _written(trigger.raw.get("to")), _written(condition.raw.get("state"))
    watched, asked = (_written(each.raw.get("entity_id")) for each in (trigger, condition))
    if len(watched) == 1 and watched == asked and became and wanted and not became & wanted:
        words = f"this is never true: '{min(watched)}' has just become {_or(became)}"
        hint = "Look at the state before in a template: trigger.from_state.state."
        yield Problem(path=(*condition.path, "state"), words=words, hint=hint, warning=True)


def _compared(trigger: Trigger, source: str, path: Path) -> Iterator[Problem]:
    for each in said(source).compared:
        field = each.of[1] if len(each.of) == 2 and each.of[0] == "trigger" else ""  # noqa: PLR2004
        given = [_written(trigger.raw.get(key)) for key in _FIELDS.get(field, ())]
        there = frozenset[str]().union(*given)
        never = there and not there & {str(value) for value in each.values}
        if SAME.get(each.how) and never:
            values = _or(frozenset(str(value) for value in each.values))
            words = f"trigger.{field} is never {values}: the trigger is for {_or(there)} alone"
            yield Problem(path=path, words=words, warning=True)


def _written(value: Any) -> frozenset[str]:
    """Return one or several texts; nothing where one of them is computed or something else."""
    several = value if isinstance(value, list) else [value]
    if not all(isinstance(each, str) and not is_template(each) for each in several):
        return frozenset()
    return frozenset(each.strip() for each in several)


def _or(words: frozenset[str]) -> str:
    return " or ".join(f"'{each}'" for each in sorted(words))
