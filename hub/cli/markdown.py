"""The reference as a page: one heading for everything that can be written or listened to."""

import inspect
import json
import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

import msgspec

from hub.api import Event, hooks
from hub.api.known import Described
from hub.api.schema import Schema
from hub.app.catalogue import Catalogue, hub_schemas, summary
from hub.settings.json_schema import Json, json_schema

_PLURALS: Final = {"entity": "entities", "options": "options", "time of day": "times of day"}
_WORDS: Final = {
    "string": "text",
    "integer": "whole number",
    "number": "number",
    "boolean": "true or false",
    "object": "options",
    "array": "list",
}
# What a person calls a field's type; the first that fits is taken.
_PLAIN: Final = {
    "dict[str, object]": "mapping",
    "str": "text",
    "int": "whole number",
    "float": "number",
    "datetime": "time",
    "Box": "left, top, right, bottom: 0 to 1",
    "State | None": "state or nothing",
}
_MODULES: Final = re.compile(r"\b[a-z_]+\.(?:[a-z_]+\.)*(?=[A-Za-z])")
_BASE: Final = frozenset(each.name for each in msgspec.structs.fields(Event))


def markdown(found: Catalogue) -> str:
    """Return the whole page."""
    lines = [
        "# Reference",
        "",
        "Written by `watchpost reference` from what is installed; `--json` gives JSON Schema.",
        "",
        "## Configuration",
        "",
    ]
    for path, about, schema in hub_schemas():
        lines += _entry(path, about, schema, deep=False)
    lines += _part("Camera platforms", found.cameras)
    lines += _part("Detector platforms", found.detectors)
    lines += _part("Notifier platforms", found.notifiers)
    lines += _part("Services", found.services)
    lines += _part("Triggers", found.triggers)
    lines += _part("Conditions", found.conditions)
    lines += ["## Actions", ""]
    for action in found.actions.values():
        answers = " It answers (`response_variable`)." if action.answers else ""
        lines += _entry(action.name, _sentence(action.description) + answers, action.schema)
    lines += ["## Events", ""]
    lines += [line for name, each in found.events.items() for line in _event(name, each)]
    lines += ["## Hooks", "", *_hooks()]
    return "\n".join(lines).rstrip() + "\n"


ANY: Final = "NAME"
"""Stands for names that the user gives."""


def _part(title: str, things: Mapping[str, type[Described]]) -> Iterator[str]:
    yield from (f"## {title}", "")
    for key, each in things.items():
        yield from _entry(key, summary(each), each.SCHEMA)


def _entry(title: str, about: str, schema: Schema, *, deep: bool = True) -> Iterator[str]:
    yield from (f"### {title}", "", _sentence(about), "")
    if not schema:
        return
    yield from ("| key | what | kind | default |", "|---|---|---|---|")
    yield from _rows(json_schema(schema), deep=deep)
    yield ""


def _rows(shape: Json, *, deep: bool, before: str = "") -> Iterator[str]:
    """Yield a row per key; ``deep``, also those of the options inside it."""
    keys = dict(shape["properties"])
    if isinstance(others := shape.get("additionalProperties"), dict) and "description" in others:
        keys[ANY] = {"title": "options", **others, **_options(others)}
    for key, each in keys.items():
        default = "required" if key in shape.get("required", []) else _default(each)
        what = _cell(_sentence(each.get("description", "")))
        yield f"| `{before}{key}` | {what} | {_cell(kind(each))} | {default} |"
        if deep and "properties" in each:
            yield from _rows(each, deep=True, before=f"{before}{key}.")


def _options(shape: Json) -> Json:
    """Return the options among what something may be."""
    found: Json = next((each for each in shape.get("anyOf", ()) if "properties" in each), {})
    return {key: found[key] for key in ("properties", "required") if key in found}


def _sentence(text: str) -> str:
    """Return a text as Markdown with a full stop."""
    plain = text.replace("``", "`")
    return plain if not plain or plain.endswith((".", "!", "?")) else f"{plain}."


def _default(shape: Json) -> str:
    return f"`{json.dumps(shape['default'])}`" if "default" in shape else ""


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


def kind(shape: Json) -> str:
    """Say in a few words what a shape accepts."""
    if "title" in shape:
        return str(shape["title"])
    if "enum" in shape:
        return ", ".join(f"`{each}`" for each in shape["enum"])
    if "anyOf" in shape:
        return " or ".join(dict.fromkeys(kind(each) for each in shape["anyOf"]))
    if "allOf" in shape:
        return kind(shape["allOf"][0])
    if "const" in shape:
        return f"`{shape['const']}`"
    return _of_type(shape)


def _of_type(shape: Json) -> str:
    named = shape.get("type")
    if named == "array" and "items" in shape:
        inner = kind(shape["items"])
        plain = re.fullmatch(r"[a-z ]+", inner)
        return f"list of {_PLURALS.get(inner, f'{inner}s' if plain else inner)}"
    word = _WORDS.get(str(named), "")
    low, high = shape.get("minimum"), shape.get("maximum")
    if low is not None and high is not None:
        return f"{word}, {low} to {high}"
    return f"{word}, at least {low}" if low is not None else word


def _event(name: str, event: type[Event]) -> Iterator[str]:
    yield from (f"### {name}", "", _sentence(summary(event)), "")
    fields = [each for each in msgspec.structs.fields(event) if each.name not in _BASE]
    if not fields:
        return
    yield from ("| field | kind |", "|---|---|")
    for each in fields:
        yield f"| `{each.name}` | {_cell(_type(each.type))} |"
    yield ""


def _type(annotation: Any) -> str:
    words = _MODULES.sub("", inspect.formatannotation(annotation))
    for code, plain in _PLAIN.items():
        words = words.replace(code, plain)
    return words


def _hooks() -> Iterator[str]:
    for name, each in inspect.getmembers(hooks, inspect.isfunction):
        if name.startswith("hub_"):
            signature = _MODULES.sub("", str(inspect.signature(each)))
            yield from (f"### `{name}{signature}`", "", _sentence(inspect.getdoc(each) or ""), "")
