"""What a selector lets through: Home Assistant's words for what a form asks for."""

from collections.abc import Callable, Mapping
from typing import Any, Final

import voluptuous as vol

from automations.values import entities, entity
from hub.api import schema

_Options = Mapping[str, Any]


def selected(selector: Mapping[str, Any]) -> object:
    """Return what checks a value by its selector; kinds that are not known take anything."""
    for kind, options in selector.items():
        make = _SELECTORS.get(str(kind))
        return object if make is None else make(options if isinstance(options, Mapping) else {})
    return object


def _number(options: _Options) -> object:
    return schema.number(options.get("min"), options.get("max"))


def _select(options: _Options) -> object:
    several = [
        str(each["value"]) if isinstance(each, Mapping) and "value" in each else str(each)
        for each in options.get("options", ())
    ]
    if not several or options.get("custom_value"):
        return object
    one = schema.choice(*several)
    return schema.each(one) if options.get("multiple") else one


def _entity(options: _Options) -> object:
    return entities if options.get("multiple") else entity


def _text(_: _Options) -> object:
    def check(value: object) -> object:
        if isinstance(value, str | int | float):
            return value
        raise vol.Invalid(f"expected a text, got {schema.describe(value)}")

    return schema.shaped(check, {"type": ["string", "number"], "title": "text"})


_SELECTORS: Final[Mapping[str, Callable[[_Options], object]]] = {
    "boolean": lambda _: schema.flag,
    "duration": lambda _: schema.seconds,
    "entity": _entity,
    "number": _number,
    "select": _select,
    "text": _text,
}
