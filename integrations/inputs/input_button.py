"""``input_button``: something to press; its state is when it last was."""

from collections.abc import Mapping
from typing import Any, ClassVar

from hub.api import State, schema
from integrations.inputs.section import COMMON, Helper, Item, Shown, section, specs


class InputButton(Helper):
    """Buttons of one's own; a state trigger on one fires whenever it is pressed."""

    KEY = "input_button"
    ITEM: ClassVar[schema.Schema] = COMMON
    SCHEMA = section(ITEM)
    ACTIONS = specs(KEY, {"press": ("Press a button.", {})})

    def first(self, name: str, item: Item, before: State | None) -> Shown:
        return "unknown" if before is None else before.state, {}

    def done(self, verb: str, name: str, data: Mapping[str, Any]) -> Shown:
        return self.context.clock.now().isoformat(), {}
