"""From voluptuous to JSON Schema, for editors, other programs and the reference page."""

from collections.abc import Iterable, Mapping
from typing import Any, Final

import voluptuous as vol

from hub.api.schema import shape

Json = dict[str, Any]

_TYPES: Final[Mapping[object, Json]] = {
    str: {"type": "string"},
    int: {"type": "integer"},
    float: {"type": "number"},
    bool: {"type": "boolean"},
    dict: {"type": "object"},
    list: {"type": "array"},
    object: {},
}


def json_schema(schema: object) -> Json:
    """Convert a schema; what cannot be expressed accepts anything."""
    found: Json
    match schema:
        case vol.Schema():
            found = json_schema(schema.schema)
        case Mapping():
            found = _object(schema)
        case list():
            found = {"type": "array", **({"items": any_of(schema)} if schema else {})}
        case vol.All():
            found = all_of(schema.validators)
        case vol.Any():
            found = any_of(schema.validators)
        case None | str() | int() | float():
            found = {"const": schema}
        case _:
            found = _validator(schema)
    return found


def spelled(shape: object) -> Any:
    """Convert whatever validators stand in a JSON Schema, at any depth."""
    if isinstance(shape, Mapping) and all(type(key) is str for key in shape):
        return {key: spelled(each) for key, each in shape.items()}
    if isinstance(shape, list | tuple):
        return [spelled(each) for each in shape]
    if shape is None or isinstance(shape, str | int | float):
        return shape
    return json_schema(shape)


def any_of(schemas: Iterable[object]) -> Json:
    """Convert alternatives."""
    found = [json_schema(each) for each in schemas]
    return found[0] if len(found) == 1 else {"anyOf": found}


def all_of(schemas: Iterable[object]) -> Json:
    """Convert validators in a row; what is written need only be what the first takes."""
    found = [each for each in map(json_schema, schemas) if each]
    if len({str(each.get("type")) for each in found}) == 1 < len(found):
        return {"allOf": found}
    return found[0] if found else {}


def _object(schema: Mapping[Any, object]) -> Json:
    properties: Json = {}
    found: Json = {"type": "object", "properties": properties, "additionalProperties": False}
    for key, value in schema.items():
        name = key.schema if isinstance(key, vol.Marker) else key
        if not isinstance(name, str):
            about = {"description": key.description} if isinstance(key, vol.Marker) else {}
            found["additionalProperties"] = {**about, **json_schema(value)}
            continue
        properties[name] = {**_about(key), **json_schema(value)}
        if isinstance(key, vol.Required):
            found.setdefault("required", []).append(name)
    return found


def _about(key: object) -> Json:
    found = {}
    if isinstance(key, vol.Marker) and key.description:
        found["description"] = key.description
    default = getattr(key, "default", vol.UNDEFINED)
    if not isinstance(default, vol.Undefined):
        found["default"] = default()
    return found


def _validator(schema: object) -> Json:
    if isinstance(schema, type):
        return dict(_TYPES.get(schema, {}))
    said = shape(schema)
    return {} if said is None else _converted(said)


def _converted(said: Mapping[str, object]) -> Json:
    """Replace the validators that stand in a shape."""
    found: Json = dict(said)
    if "items" in found:
        found["items"] = _inner(found["items"])
    for key in ("anyOf", "allOf", "oneOf"):
        if key in found:
            found[key] = [_inner(each) for each in found[key]]
    return found


def _inner(part: object) -> Json:
    if isinstance(part, dict) and all(isinstance(key, str) for key in part):
        return _converted(part)
    return json_schema(part)
