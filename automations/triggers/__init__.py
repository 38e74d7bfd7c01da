"""The triggers of the language, one file each."""

from automations.triggers.event import EventTrigger
from automations.triggers.homeassistant import HomeAssistantTrigger, HubTrigger
from automations.triggers.numeric_state import NumericStateTrigger
from automations.triggers.state import StateTrigger
from automations.triggers.template import TemplateTrigger
from automations.triggers.time import TimeTrigger
from automations.triggers.time_pattern import TimePatternTrigger
from automations.triggers.zone import ZoneTrigger

TRIGGERS = (
    EventTrigger,
    HomeAssistantTrigger,
    HubTrigger,
    NumericStateTrigger,
    StateTrigger,
    TemplateTrigger,
    TimePatternTrigger,
    TimeTrigger,
    ZoneTrigger,
)

__all__ = ["TRIGGERS"]
