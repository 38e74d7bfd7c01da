"""``counter``: a number that is counted up and down."""

from collections.abc import Mapping
from typing import Any, ClassVar

from hub.api import State, schema
from integrations.inputs.section import COMMON, Helper, Item, Shown, section, specs


class Counter(Helper):
    """Counters of one's own."""

    KEY = "counter"
    ITEM: ClassVar[schema.Schema] = {
        **COMMON,
        schema.optional("initial", "Where it begins, and where reset leads.", 0): schema.whole(),
        schema.optional("step", "How much is added or taken at once.", 1): schema.whole(1),
        schema.optional("minimum", "It never goes below this."): schema.whole(),
        schema.optional("maximum", "It never goes above this."): schema.whole(),
        schema.optional("restore", "Go on after a restart where it was.", True): schema.flag,
    }
    SCHEMA = section(ITEM)
    ACTIONS = specs(KEY, {
        "increment": ("Count up.", {}),
        "decrement": ("Count down.", {}),
        "reset": ("Go back to where it begins.", {}),
        "set_value": ("Set a counter.", {
            schema.required("value", "The number it shall have."): schema.whole(),
        }),
    })  # fmt: skip

    def first(self, name: str, item: Item, before: State | None) -> Shown:
        number = item["initial"]
        if item["restore"] and before is not None and _is_whole(before.state):
            number = int(before.state)
        return self._within(item, number)

    def done(self, verb: str, name: str, data: Mapping[str, Any]) -> Shown:
        item, text = self.options[name], self.state(name).state
        now = int(text) if _is_whole(text) else item["initial"]
        steps = {"increment": now + item["step"], "decrement": now - item["step"]}
        return self._within(item, data.get("value", steps.get(verb, item["initial"])))

    @staticmethod
    def _within(item: Item, number: int) -> Shown:
        number = max(number, item.get("minimum", number))
        number = min(number, item.get("maximum", number))
        keys = ("initial", "step", "minimum", "maximum")
        return str(number), {key: item[key] for key in keys if key in item}


def _is_whole(text: str) -> bool:
    return text.removeprefix("-").isdecimal()
