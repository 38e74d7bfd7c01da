"""The triggers of the language, one file each; what cameras see shares one."""

from automations.triggers.event import EventTrigger
from automations.triggers.homeassistant import HomeAssistantTrigger, HubTrigger
from automations.triggers.numeric_state import NumericStateTrigger
from automations.triggers.presence import PresenceTrigger
from automations.triggers.state import StateTrigger
from automations.triggers.template import TemplateTrigger
from automations.triggers.time import TimeTrigger
from automations.triggers.time_pattern import TimePatternTrigger
from automations.triggers.vision import (
    FaceTrigger,
    LineTrigger,
    ObjectTrigger,
    ReviewTrigger,
    TrackTrigger,
)
from automations.triggers.webhook import WebhookTrigger
from automations.triggers.zone import ZoneTrigger

TRIGGERS = (
    EventTrigger,
    FaceTrigger,
    HomeAssistantTrigger,
    HubTrigger,
    LineTrigger,
    NumericStateTrigger,
    ObjectTrigger,
    PresenceTrigger,
    ReviewTrigger,
    StateTrigger,
    TemplateTrigger,
    TimePatternTrigger,
    TimeTrigger,
    TrackTrigger,
    WebhookTrigger,
    ZoneTrigger,
)

__all__ = ["TRIGGERS"]
