"""Templates: Jinja2 in a sandbox, with Home Assistant's functions, compiled once."""

from automations.templates.native import plain, truth
from automations.templates.rendering import Reads, TemplateFailed
from automations.templates.template import Template, Variables, fault, is_template
from automations.templates.views import EventView, StateView, event_of, fields, state_of, view

__all__ = [
    "EventView",
    "Reads",
    "StateView",
    "Template",
    "TemplateFailed",
    "Variables",
    "event_of",
    "fault",
    "fields",
    "is_template",
    "plain",
    "state_of",
    "truth",
    "view",
]
