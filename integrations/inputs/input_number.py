"""``input_number``: a number between two bounds."""

import math
from collections.abc import Mapping
from typing import Any, ClassVar

from hub.api import Invalid, State, schema
from integrations.inputs.section import COMMON, Helper, Item, Shown, section, specs


class InputNumber(Helper):
    """Numbers of one's own, such as a threshold."""

    KEY = "input_number"
    ITEM: ClassVar[schema.Schema] = {
        **COMMON,
        schema.required("min", "The least it can be."): schema.number(),
        schema.required("max", "The most it can be."): schema.number(),
        schema.optional("step", "How much is added or taken at once.", 1): schema.number(0.001),
        schema.optional("initial", "What it is after each start; as it was if left out."): (
            schema.number()
        ),
        schema.optional("mode", "How a panel shows it.", "slider"): schema.choice("box", "slider"),
        schema.optional("unit_of_measurement", "Its unit, such as lx."): schema.text,
    }
    SCHEMA = section(ITEM)
    ACTIONS = specs(KEY, {
        "set_value": ("Set a number.", {
            schema.required("value", "The number it shall have."): schema.number(),
        }),
        "increment": ("Add one step.", {}),
        "decrement": ("Take one step away.", {}),
    })  # fmt: skip

    def first(self, name: str, item: Item, before: State | None) -> Shown:
        low, high = item["min"], item["max"]
        if low >= high:
            raise Invalid(f"{name}: min ({low}) has to be less than max ({high})")
        number = item.get("initial", _number(before))
        if number is None or not low <= number <= high:
            number = low
        return self._shown(item, number)

    def done(self, verb: str, name: str, data: Mapping[str, Any]) -> Shown:
        item = self.options[name]
        low, high = item["min"], item["max"]
        if verb == "set_value":
            number = data["value"]
            if not low <= number <= high:
                raise Invalid(f"{number} is not between {low} and {high}")
            return self._shown(item, number)
        now = _number(self.state(name))
        step = item["step"] if verb == "increment" else -item["step"]
        return self._shown(item, min(max((low if now is None else now) + step, low), high))

    @staticmethod
    def _shown(item: Item, number: float) -> Shown:
        keys = ("initial", "min", "max", "step", "mode", "unit_of_measurement")
        return str(round(float(number), 6)), {key: item[key] for key in keys if key in item}


def _number(state: State | None) -> float | None:
    try:
        found = float("nan" if state is None else state.state)
    except ValueError:
        return None
    return found if math.isfinite(found) else None
