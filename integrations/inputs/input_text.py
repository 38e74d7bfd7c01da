"""``input_text``: a text of one's own."""

import re
from collections.abc import Mapping
from typing import Any, ClassVar

import voluptuous as vol

from hub.api import Invalid, State, schema
from integrations.inputs.section import COMMON, Helper, Item, Shown, section, specs

_MOST = 255  # characters, as in Home Assistant


def pattern(value: object) -> str:
    """Accept a regular expression."""
    word = schema.text(value)
    try:
        re.compile(word)
    except re.error as error:
        raise vol.Invalid(f"'{word}' is not a regular expression: {error}") from error
    return word


def words(value: object) -> str:
    """Accept a text, also an empty one or a number."""
    if isinstance(value, str | int | float) and not isinstance(value, bool):
        return str(value)
    raise vol.Invalid(f"expected a text, got {schema.describe(value)}")


schema.shaped(pattern, {"type": "string", "format": "regex", "title": "regular expression"})
schema.shaped(words, {"type": ["string", "number"], "title": "text"})


class InputText(Helper):
    """Texts of one's own."""

    KEY = "input_text"
    ITEM: ClassVar[schema.Schema] = {
        **COMMON,
        schema.optional("min", "The fewest characters.", 0): schema.whole(0, _MOST),
        schema.optional("max", "The most characters.", 100): schema.whole(1, _MOST),
        schema.optional("pattern", "What all of it must match."): pattern,
        schema.optional("initial", "What it is after each start; as it was if left out."): words,
        schema.optional("mode", "How a panel shows it.", "text"): schema.choice("text", "password"),
    }
    SCHEMA = section(ITEM)
    ACTIONS = specs(KEY, {
        "set_value": ("Set a text.", {schema.required("value", "The new text."): words}),
    })  # fmt: skip

    def first(self, name: str, item: Item, before: State | None) -> Shown:
        was = "" if before is None or before.state == "unknown" else before.state
        return self._shown(item, item.get("initial", was))

    def done(self, verb: str, name: str, data: Mapping[str, Any]) -> Shown:
        item, text = self.options[name], data["value"]
        if not item["min"] <= len(text) <= item["max"]:
            raise Invalid(f"a text of {item['min']} to {item['max']} characters, not {len(text)}")
        if "pattern" in item and not re.fullmatch(item["pattern"], text):
            raise Invalid(f"'{text}' does not match {item['pattern']}")
        return self._shown(item, text)

    @staticmethod
    def _shown(item: Item, text: str) -> Shown:
        keys = ("initial", "min", "max", "pattern", "mode")
        return text, {key: item[key] for key in keys if key in item}
