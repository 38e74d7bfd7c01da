"""Compared with what an entity can be: a state it never has, a text with a number."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from automations import names
from automations.checks.texts import templates
from automations.checks.tree import Automation, every_condition, every_step
from automations.templates import is_template
from automations.templates.syntax import BIGGER, Compared, said
from hub.api import Known, Path, Problem, did_you_mean

_ON: Final = ("off", "on")
_POSSIBLE: Final[Mapping[str, tuple[str, ...]]] = {
    "automation": _ON,
    "binary_sensor": _ON,
    "camera": ("offline", "online"),
    "input_boolean": _ON,
    "schedule": _ON,
    "script": _ON,
    "sun": ("above_horizon", "below_horizon"),
}
_ANY: Final = frozenset({"unavailable", "unknown"})
_STATE: Final = frozenset({("trigger", "to_state", "state"), ("trigger", "from_state", "state")})
_FROM_TO: Final = ("from", "to", "not_from", "not_to")


def check(automation: Automation, known: Known) -> Iterator[Problem]:
    """Look for states that are never so."""
    waited = (each for step in every_step(automation.steps) for each in step.triggers)
    for trigger in (*automation.triggers, *waited):
        if trigger.kind == "state":
            yield from _trigger(trigger.raw, trigger.path, known)
    for each in every_condition(automation):
        if each.kind == "state":
            yield from _wanted(each.raw, "state", each.path, known)
    yield from _templates(automation, known)


def _templates(automation: Automation, known: Known) -> Iterator[Problem]:
    for source, path in templates(automation.raw, automation.path):
        for compared in said(source).compared:
            if problem := _compared(compared, path, known):
                yield problem


def _trigger(raw: Mapping[str, Any], path: Path, known: Known) -> Iterator[Problem]:
    for key in _FROM_TO:
        yield from _wanted(raw, key, path, known)
    old, new = raw.get("from"), raw.get("to")
    if isinstance(old, str) and old == new:
        words = f"'from' and 'to' are both '{new}', so this never fires"
        yield Problem(path=(*path, "to"), words=words, hint="Leave one of them out.", warning=True)


def _wanted(raw: Mapping[str, Any], key: str, path: Path, known: Known) -> Iterator[Problem]:
    if key not in raw or "attribute" in raw:
        return
    entities, wanted = raw.get("entity_id"), raw[key]
    for entity in entities if isinstance(entities, list) else [entities]:
        for at, value in enumerate(wanted if isinstance(wanted, list) else [wanted]):
            place = (*path, key, at) if isinstance(wanted, list) else (*path, key)
            if isinstance(value, bool):
                yield _boolean(value, place)
            elif isinstance(value, str) and (problem := _never(str(entity), value, place, known)):
                yield problem


def _boolean(value: bool, path: Path) -> Problem:
    """Make the warning of a word that YAML has turned into true or false."""
    word = "on" if value else "off"
    words = f"without quotes this is {str(value).lower()} to YAML; it is taken for '{word}'"
    return Problem(path=path, words=words, hint=f"Write '{word}', in quotes.", warning=True)


def _never(entity: str, value: str, path: Path, known: Known) -> Problem | None:
    possible = _POSSIBLE.get(entity.partition(".")[0], ())
    if not possible or value in possible or value in _ANY or is_template(value):
        return None
    if names.entity(known, path, entity) is not None:  # told as not being there at all
        return None
    words = f"'{entity}' is never '{value}': it is {' or '.join(possible)}"
    hint = did_you_mean(value, possible)
    return Problem(path=path, words=words, hint=hint if "Did" in hint else "", warning=True)


def _compared(found: Compared, path: Path, known: Known) -> Problem | None:
    """Look at a comparison in a template."""
    own = len(found.of) == 1
    if not own and found.of not in _STATE:
        return None
    entity = found.of[0] if own else ""
    what = f"the state of '{entity}'" if own else ".".join(found.of)
    for value in found.values:
        if isinstance(value, bool):
            words = f"{what} is a text, so it is never {str(value).lower()}"
            possible = _POSSIBLE.get(entity.partition(".")[0], _ON)
            hint = f"Compare it with '{possible[value]}'."
            return Problem(path=path, words=words, hint=hint, warning=True)
        if isinstance(value, int | float):
            return _number(found, what, value, path)
        if own and isinstance(value, str) and (problem := _never(entity, value, path, known)):
            return problem
    return None


def _number(found: Compared, what: str, value: float, path: Path) -> Problem:
    source = f"states('{found.of[0]}')" if len(found.of) == 1 else what
    if found.how in BIGGER:
        words = f"{what} is a text, which cannot be compared with the number {value}"
    else:
        words = f"{what} is a text, so it is never the number {value}"
    hint = f"Write {source} | float(0)."
    return Problem(path=path, words=words, hint=hint, warning=True)
