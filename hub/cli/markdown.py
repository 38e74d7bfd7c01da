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
from hub.cli.catalogue import Catalogue, hub_schemas, summary
from hub.settings.json_schema import Json, json_schema

_PLURALS: Final = {"string": "texts", "number": "numbers", "integer": "whole numbers"}
_WORDS: Final = {
    "string": "text",
    "integer": "whole number",
    "number": "number",
    "boolean": "true or false",
    "object": "options",
    "array": "list",
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
        lines += _entry(3, path, about, schema)
    lines += _part("Camera platforms", found.cameras)
    lines += _part("Detector platforms", found.detectors)
    lines += _part("Notifier platforms", found.notifiers)
    lines += _part("Services", found.services)
    lines += _part("Triggers", found.triggers)
    lines += _part("Conditions", found.conditions)
    lines += ["## Actions", ""]
    for action in found.actions.values():
        answers = " It answers." if action.answers else ""
        lines += _entry(3, action.name, action.description + answers, action.schema)
    lines += ["## Events", ""]
    lines += [line for name, each in found.events.items() for line in _event(name, each)]
    lines += ["## Hooks", "", *_hooks()]
    return "\n".join(lines).rstrip() + "\n"


def _part(title: str, things: Mapping[str, type[Described]]) -> Iterator[str]:
    yield from (f"## {title}", "")
    for key, each in things.items():
        yield from _entry(3, key, summary(each), each.SCHEMA)


def _entry(level: int, title: str, about: str, schema: Schema) -> Iterator[str]:
    yield from (f"{'#' * level} {title}", "", about, "")
    if not schema:
        return
    shape = json_schema(schema)
    required = shape.get("required", [])
    yield from ("| key | what | kind | default |", "|---|---|---|---|")
    for key, each in shape["properties"].items():
        default = "required" if key in required else _default(each)
        cells = (f"`{key}`", _cell(each.get("description", "")), _cell(kind(each)), default)
        yield f"| {' | '.join(cells)} |"
    yield ""


def _default(shape: Json) -> str:
    return f"`{json.dumps(shape['default'])}`" if "default" in shape else ""


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


def kind(shape: Json) -> str:
    """Say in a few words what a shape accepts."""
    if "enum" in shape:
        return ", ".join(f"`{each}`" for each in shape["enum"])
    if "anyOf" in shape:
        return " or ".join(dict.fromkeys(kind(each) for each in shape["anyOf"]))
    if "title" in shape:
        return str(shape["title"])
    if "const" in shape:
        return f"`{shape['const']}`"
    return _of_type(shape)


def _of_type(shape: Json) -> str:
    named = shape.get("type")
    if named == "array" and "items" in shape:
        inner = kind(shape["items"])
        return f"list of {_PLURALS.get(str(shape['items'].get('type')), inner)}"
    word = _WORDS.get(str(named), "")
    low, high = shape.get("minimum"), shape.get("maximum")
    if low is not None and high is not None:
        return f"{word}, {low} to {high}"
    return f"{word}, at least {low}" if low is not None else word


def _event(name: str, event: type[Event]) -> Iterator[str]:
    yield from (f"### {name}", "", summary(event), "")
    fields = [each for each in msgspec.structs.fields(event) if each.name not in _BASE]
    if not fields:
        return
    yield from ("| field | kind |", "|---|---|")
    for each in fields:
        yield f"| `{each.name}` | {_cell(_type(each.type))} |"
    yield ""


def _type(annotation: Any) -> str:
    words = _MODULES.sub("", inspect.formatannotation(annotation))
    return words.replace("str", "text").replace("int", "whole number").replace("float", "number")


def _hooks() -> Iterator[str]:
    for name, each in inspect.getmembers(hooks, inspect.isfunction):
        if name.startswith("hub_"):
            signature = _MODULES.sub("", str(inspect.signature(each)))
            yield from (f"### `{name}{signature}`", "", inspect.getdoc(each) or "", "")
