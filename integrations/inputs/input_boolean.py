"""``input_boolean``: a switch of one's own."""

from collections.abc import Mapping
from typing import Any, ClassVar

from hub.api import State, schema
from integrations.inputs.section import COMMON, Helper, Item, Shown, section, specs


class InputBoolean(Helper):
    """Switches of one's own, such as guests or holidays."""

    KEY = "input_boolean"
    ITEM: ClassVar[schema.Schema] = {
        **COMMON,
        schema.optional("initial", "What it is after each start; as it was if left out."): (
            schema.flag
        ),
    }
    SCHEMA = section(ITEM)
    ACTIONS = specs(KEY, {
        "turn_on": ("Turn a switch on.", {}),
        "turn_off": ("Turn a switch off.", {}),
        "toggle": ("Turn a switch on if it is off, and the other way round.", {}),
    })  # fmt: skip

    def first(self, name: str, item: Item, before: State | None) -> Shown:
        on = item.get("initial", before is not None and before.state == "on")
        return "on" if on else "off", {}

    def done(self, verb: str, name: str, data: Mapping[str, Any]) -> Shown:
        if verb == "toggle":
            return "off" if self.state(name).state == "on" else "on", {}
        return verb.removeprefix("turn_"), {}
