"""Names written out in templates, and templates that lack their braces."""

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

import msgspec

from automations import names
from automations.checks.gives import named
from automations.checks.texts import templates, texts
from automations.checks.tree import Automation, Step, Trigger, every_step
from automations.templates import is_template
from automations.templates.syntax import said
from hub.api import Event, EventFired, Known, Path, Problem, did_you_mean, schema

_CALLS: Final = ("action", "service", "service_template")
# What is hardly ever meant as a text.
_BARE: Final = re.compile(
    r"\s*(?:(?:states|is_state|state_attr|is_state_attr)\(\s*['\"]\w+\.\w+['\"]"
    r"|(?:trigger|wait|repeat)\.\w+(?:\.\w+)*\s*(?:$|[|=<>!]))"
)
_SINGLE: Final = re.compile(
    r"(?<![{%$])\{\s*(?:trigger|states|state_attr|repeat|wait|this)\b[^{}]*\}(?!\})"
)
_EXPECTED: Final = re.compile(r"Expected `(\w+)")
_KINDS: Final[Mapping[str, str]] = {
    "int": "a whole number", "float": "a number", "str": "a text", "bool": "true or false",
    "array": "a list", "object": "a mapping", "datetime": "a time",
}  # fmt: skip
_SAID: Final = frozenset({
    "alias", "description", "event", "event_type", "id", "stop", "title",
})  # fmt: skip
_REMARKS: Final = frozenset({"description", "alias", "id", "use_blueprint"})


def check(automation: Automation, known: Known) -> Iterator[Problem]:
    """Look at every text of an automation."""
    for each in automation.triggers:
        yield from _event_data(each, known)
    yield from entities(automation.raw, automation.path, known)
    yield from check_steps(automation.steps, known)
    for text, path in texts(automation.raw, automation.path, _REMARKS):
        if problem := _unmarked(text, path):
            yield problem


def entities(raw: object, path: Path, known: Known) -> Iterator[Problem]:
    """Look for entities that templates name and nothing makes."""
    for source, at in templates(raw, path):
        for name in said(source).entities:
            if "." in name and (problem := names.entity(known, at, name)):
                yield problem


def check_steps(steps: tuple[Step, ...], known: Known) -> Iterator[Problem]:
    """Look at names of actions and entities among which a template chooses."""
    for step in every_step(steps):
        if step.kind != "action":
            continue
        for key in _CALLS:
            yield from _actions(step.raw.get(key), (*step.path, key), known)
        for key in ("target", "data"):
            given = step.raw.get(key)
            if isinstance(given, Mapping):
                yield from _targets(given.get("entity_id"), (*step.path, key, "entity_id"), known)
                yield from _camera(given.get("camera"), (*step.path, key, "camera"), known)


def _actions(raw: object, path: Path, known: Known) -> Iterator[Problem]:
    for name in said(str(raw)).results if is_template(raw) else ():
        if name not in known.actions:
            hint = names.offered(known, name) or did_you_mean(name, known.actions)
            yield Problem(path=path, words=f"there is no action '{name}'", hint=hint)


def _targets(raw: object, path: Path, known: Known) -> Iterator[Problem]:
    for name in said(str(raw)).results if is_template(raw) else ():
        for each in name.split(","):
            if "." in each and (problem := names.entity(known, path, each.strip())):
                yield problem


def _camera(raw: object, path: Path, known: Known) -> Iterator[Problem]:
    for name in said(str(raw)).results if is_template(raw) else ():
        if problem := named(known, "camera", name, path):
            yield problem


def _event_data(trigger: Trigger, known: Known) -> Iterator[Problem]:
    """Look at the values an event must have: of the right type, and of what there is."""
    data = trigger.raw.get("event_data")
    types = trigger.raw.get("event_type")
    kinds = [
        known.events.get(str(each)) for each in (types if isinstance(types, list) else [types])
    ]
    if trigger.kind != "event" or not isinstance(data, Mapping):
        return
    found = [each for each in kinds if each is not None and not issubclass(each, EventFired)]
    if len(found) != len(kinds):
        return
    for key, value in data.items():
        path = (*trigger.path, "event_data", key)
        for kind in [] if is_template(value) else found[:1]:
            problem = _mistyped(kind, key, value, path) or named(known, str(key), value, path)
            if problem is None and key in {"entity", "automation"} and isinstance(value, str):
                problem = names.entity(known, path, value)
            if problem is not None:
                yield problem


def _mistyped(kind: type[Event], key: object, value: Any, path: Path) -> Problem | None:
    found = {each.name: each.type for each in msgspec.structs.fields(kind)}
    if key not in found or isinstance(value, Mapping):
        return None
    try:
        msgspec.convert(value, found[str(key)])
    except msgspec.ValidationError as error:
        wanted = _EXPECTED.search(str(error))
        what = _KINDS.get(wanted[1], wanted[1]) if wanted else "something else"
        words = f"'{key}' of {kind.type} is {what}, never {schema.describe(value)}"
        return Problem(path=path, words=words)
    return None


def _unmarked(text: str, path: Path) -> Problem | None:
    if path and path[-1] in _SAID:
        return None
    if not is_template(text) and _BARE.match(text):
        words = f"this is a text, not a template: {_short(text)}"
        return Problem(
            path=path, words=words, hint=f'Write "{{{{ {text.strip()} }}}}".', warning=True
        )
    if not is_template(text) and (single := _SINGLE.search(text)):
        words = f"{_short(single[0])} stays as it is: a template has two braces on each side"
        inside = single[0].strip("{} ")
        return Problem(path=path, words=words, hint=f'Write "{{{{ {inside} }}}}".', warning=True)
    return None


def _short(text: str) -> str:
    return text.strip() if len(text) < 60 else f"{text.strip()[:50]}..."  # noqa: PLR2004 - a line
