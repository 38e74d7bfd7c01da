"""The fields of a script: what it takes when it is called, and how that is checked."""

from collections.abc import Mapping
from typing import Any, Final

import voluptuous as vol

from automations.reading import Reader
from automations.selectors import selected
from hub.api import Path, schema

_KEYS: Final = frozenset({
    "name", "description", "required", "default", "example", "selector", "advanced", "filter",
})  # fmt: skip
_RUNNING: Final = "_"  # no field begins with it
_Options = Mapping[str, Any]


def read_fields(reader: Reader, raw: object, path: Path) -> tuple[schema.Schema, dict[str, Any]]:
    """Read fields; return a schema for calls, and the values of those that may be left out."""
    checks: dict[vol.Marker, object] = {}
    defaults: dict[str, Any] = {}
    for name, field, place in _flat(reader, raw, path):
        reader.keys(field, place, _KEYS, "a field")
        about = str(field.get("description") or field.get("name") or name)
        check = _check(reader, field.get("selector"), (*place, "selector"))
        needed = reader.flag(field, "required", place, default=False) and "default" not in field
        make = schema.required if needed else schema.optional
        checks[make(name, about)] = check
        if "default" in field:
            defaults[name] = field["default"]
            _fits(reader, check, field["default"], (*place, "default"))
    return checks, defaults


def _flat(reader: Reader, raw: object, path: Path) -> list[tuple[str, _Options, Path]]:
    """Return the fields of a script, also those in sections of a panel."""
    found: list[tuple[str, _Options, Path]] = []
    for name, field in reader.mapping({} if raw is None else raw, path, "fields by name").items():
        place = (*path, name)
        if not str(name).isidentifier() or str(name).startswith(_RUNNING):
            words = f"'{name}' is not a field's name: use letters, digits and underscores"
            reader.say(place, words, on_key=True)
        elif isinstance(field, Mapping) and isinstance(field.get("fields"), Mapping):
            found += _flat(reader, field["fields"], (*place, "fields"))
        else:
            given = {} if field is None else field
            found.append((str(name), reader.mapping(given, place, "a field's options"), place))
    return found


def _check(reader: Reader, raw: object, path: Path) -> object:
    """Return what checks a value by its selector; anything is right without one."""
    if raw is None:
        return object
    if isinstance(raw, str):
        raw = {raw: None}
    given = reader.mapping(raw, path, "a selector such as {number: {min: 0, max: 10}}")
    if len(given) != 1:
        reader.say(path, "a selector has one kind, such as {text: }")
        return object
    return selected(given)


def _fits(reader: Reader, check: object, value: object, path: Path) -> None:
    try:
        vol.Schema(check)(value)
    except vol.Invalid as error:
        reader.say(path, f"the default does not fit the selector: {error.msg}")
