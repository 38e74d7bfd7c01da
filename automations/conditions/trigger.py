"""``condition: trigger``: which of the automation's triggers it was."""

from collections.abc import Mapping
from typing import ClassVar

import voluptuous as vol

from automations.conditions.base import OwnCondition, unless
from automations.values import some
from hub.api import schema


def _id(value: object) -> str:
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    if isinstance(value, str):
        return value
    raise vol.Invalid(f"expected a trigger's id, got {schema.describe(value)}")


schema.shaped(_id, {"type": ["string", "integer"], "title": "text"})


class TriggerCondition(OwnCondition):
    """Whether the run was started by a trigger with this id."""

    KEY = "trigger"
    SCHEMA: ClassVar[schema.Schema] = {
        schema.required("id", "The trigger's id, or several."): some(_id)
    }

    def holds(self, variables: Mapping[str, object]) -> bool:
        trigger = variables.get("trigger")
        return isinstance(trigger, Mapping) and trigger.get("id") in self.options["id"]

    def explain(self, variables: Mapping[str, object]) -> str:
        trigger = variables.get("trigger")
        which = trigger.get("id") if isinstance(trigger, Mapping) else None
        return f"the trigger is {which!r}{unless(self.options['id'], which)}"
