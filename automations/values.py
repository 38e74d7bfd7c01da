"""How values are written in the language: time spans, times of day, states, thresholds.

Validators for schemas, which take what Home Assistant takes and give plain values.
"""

import re
from collections.abc import Callable, Mapping
from datetime import time
from typing import Any, Final

import voluptuous as vol

from automations.templates import Template, Variables, fault, is_template
from hub.api import Context, Invalid, schema

WEEKDAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_CLOCK: Final = re.compile(r"([01]?\d|2[0-3]):([0-5]\d)(?::([0-5]\d))?")
_CONSTANTS: Final = frozenset({"true", "false", "on", "off", "yes", "no"})
_NUMBER: Final = re.compile(r"-?\d+(\.\d+)?")
_ENTITY: Final = re.compile(r"[a-z0-9_]+\.[a-z0-9_]+")


def span(value: object) -> object:
    """Accept a time span; also a template of one, or a mapping with templates in it."""
    if is_template(value):
        return template(value)
    if isinstance(value, Mapping) and any(map(is_template, value.values())):
        fixed = {key: 0 if is_template(each) else each for key, each in value.items()}
        schema.seconds(fixed)
        return {key: template(each) if is_template(each) else each for key, each in value.items()}
    return schema.seconds(value)


class Span:
    """A time span that may have to be computed first."""

    def __init__(self, raw: object, context: Context | None, where: str = "") -> None:
        self._fixed = raw if isinstance(raw, int | float) else None
        self._whole = Template(raw, context, where) if isinstance(raw, str) else None
        self._parts: dict[str, object] = {}
        if isinstance(raw, Mapping):
            self._parts = {
                key: Template(each, context, where) if is_template(each) else each
                for key, each in raw.items()
            }

    def seconds(self, variables: Variables) -> float:
        """Return the span in seconds; raises ``Invalid`` when what was computed is none."""
        if self._fixed is not None:
            return self._fixed
        computed: object
        if self._whole is not None:
            computed = self._whole(variables)
        else:
            computed = {
                key: each(variables) if isinstance(each, Template) else each
                for key, each in self._parts.items()
            }
        try:
            return schema.seconds(computed)
        except vol.Invalid as error:
            raise Invalid(str(error)) from error


def template(value: object) -> str:
    """Accept the source of a template that compiles."""
    source = str(value) if isinstance(value, bool | int | float) else schema.text(value)
    if words := fault(source) or unmarked(source):
        raise vol.Invalid(words)
    return source


def unmarked(source: str) -> str:
    """Say what is wrong with a template that computes nothing; true, false and numbers are fine."""
    word = source.strip().lower()
    if is_template(source) or word in _CONSTANTS or _NUMBER.fullmatch(word):
        return ""
    return f"expected a template such as '{{{{ ... }}}}', got '{source}'"


def some(of: Callable[[Any], Any]) -> Callable[[object], list[Any]]:
    """Accept one value or a list of them, but not an empty one, which would never match."""
    several = schema.each(of)

    def check(value: object) -> list[Any]:
        if value == []:
            raise vol.Invalid("expected at least one, got an empty list")
        return several(value)  # type: ignore[no-any-return]

    return schema.shaped(check, {"anyOf": [of, {"type": "array", "minItems": 1, "items": of}]})


def entity(value: object) -> str:
    """Accept an entity's name."""
    word = schema.text(value).strip().lower()
    if _ENTITY.fullmatch(word):
        return word
    raise vol.Invalid(f"expected an entity such as camera.porch, got '{word}'")


def entities(value: object) -> list[str]:
    """Accept one entity, a list, or several in one text with commas between them."""
    if isinstance(value, str):
        value = [each.strip() for each in value.split(",")]
    return some(entity)(value)


def state(value: object) -> str:
    """Accept a state; YAML reads ``on`` and ``off`` as true and false."""
    if isinstance(value, bool):
        return "on" if value else "off"
    if isinstance(value, int | float):
        return str(value)
    return schema.text(value)


def states(value: object) -> list[str]:
    """Accept one state or a list of them."""
    return some(state)(value)


def some_states(value: object) -> list[str] | None:
    """Accept states, or nothing, which means any."""
    return None if value is None else states(value)


def threshold(value: object) -> Any:
    """Accept a number, also as a text, or an entity whose state is one."""
    if not isinstance(value, str):
        return schema.number()(value)
    try:
        return schema.number()(float(value))
    except ValueError:
        return entity(value)


def clock_time(value: object) -> str:
    """Accept a time of day, ``HH:MM`` or ``HH:MM:SS``; returns it with seconds."""
    if isinstance(value, str) and (found := _CLOCK.fullmatch(value.strip())):
        return f"{int(found[1]):02}:{found[2]}:{found[3] or '00'}"
    hint = "; write it in quotes" if isinstance(value, int) else ""
    raise vol.Invalid(f"expected a time of day such as '07:30', got {schema.describe(value)}{hint}")


def clock_time_or_entity(value: object) -> str:
    """Accept a time of day, or an entity that tells one (``input_datetime.wake``)."""
    if isinstance(value, str) and _ENTITY.fullmatch(value.strip().lower()):
        return entity(value)
    return clock_time(value)


def weekdays(value: object) -> list[str]:
    """Accept one day of the week or a list of them."""
    return some(schema.choice(*WEEKDAYS))(value)


def _said(shape: Any, title: str) -> dict[str, object]:
    return {"title": title, "anyOf": [shape, {"type": "array", "items": shape}]}


_TEXT: Final = {"type": "string"}
_STATE: Final = {"type": ["string", "boolean", "number"]}
schema.shaped(span, {"type": ["string", "number", "object"], "title": "time span or template"})
schema.shaped(template, {"type": ["string", "boolean", "number"], "title": "template"})
schema.shaped(entity, {**_TEXT, "title": "entity"})
schema.shaped(entities, _said(_TEXT, "entity or list of entities"))
schema.shaped(state, {**_STATE, "title": "text"})
schema.shaped(states, _said(_STATE, "text or list of texts"))
schema.shaped(
    some_states,
    {
        "title": "text or list of texts, or nothing",
        "anyOf": [_STATE, {"type": "array", "items": _STATE}, {"type": "null"}],
    },
)
schema.shaped(threshold, {"type": ["number", "string"], "title": "number or entity"})
schema.shaped(clock_time, {**_TEXT, "title": "time of day"})
schema.shaped(clock_time_or_entity, {**_TEXT, "title": "time of day or entity"})
schema.shaped(weekdays, _said({"enum": list(WEEKDAYS)}, f"{', '.join(WEEKDAYS)}, or several"))


def day_time(text: str) -> time:
    """Return a checked time of day as a value."""
    return time.fromisoformat(text)
