"""The conditions of the language, one file each."""

from automations.conditions.numeric_state import NumericStateCondition
from automations.conditions.presence import PresenceCondition
from automations.conditions.state import StateCondition
from automations.conditions.template import TemplateCondition
from automations.conditions.time import TimeCondition
from automations.conditions.trigger import TriggerCondition
from automations.conditions.zone import ZoneCondition

CONDITIONS = (
    NumericStateCondition,
    PresenceCondition,
    StateCondition,
    TemplateCondition,
    TimeCondition,
    TriggerCondition,
    ZoneCondition,
)

__all__ = ["CONDITIONS"]
