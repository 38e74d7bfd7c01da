"""What Home Assistant's language has and this one has not (yet), and what to write instead."""

from collections.abc import Mapping
from typing import Final

TRIGGERS: Final[Mapping[str, str]] = {
    "calendar": "Calendars are not here; use a time trigger with weekday.",
    "conversation": "There is no voice assistant here; use an event or an mqtt trigger.",
    "device": "There are no devices here; use a state, zone, event or mqtt trigger.",
    "geo_location": "Places outside the house are not here; use a state or an mqtt trigger.",
    "persistent_notification": "Use an event trigger with event_type: notification.created.",
    "sentence": "There is no voice assistant here; use an event or an mqtt trigger.",
    "tag": "Tags are not here; use an event or an mqtt trigger.",
}

CONDITIONS: Final[Mapping[str, str]] = {
    "device": "There are no devices here; use a state, zone or template condition.",
}

STEPS: Final[Mapping[str, str]] = {
    "device_id": "There are no devices here; call an action with 'action:' instead.",
    "set_conversation_response": "There is no voice assistant here; remove this step.",
    "wait_for_state": "Use wait_for_trigger with a state trigger.",
}

TARGETS: Final[Mapping[str, str]] = {
    "area_id": "Areas are not here; name the entities with entity_id.",
    "device_id": "There are no devices here; name the entities with entity_id.",
    "floor_id": "Floors are not here; name the entities with entity_id.",
    "label_id": "Labels are not here; name the entities with entity_id.",
}

AUTOMATION: Final[Mapping[str, str]] = {
    "trigger_variables": "Write the values into the trigger itself, or use 'variables:'.",
}

EVENTS: Final[Mapping[str, str]] = {
    "automation_triggered": "automation.triggered",
    "homeassistant_final_write": "hub.stopping",
    "homeassistant_start": "hub.started",
    "homeassistant_started": "hub.started",
    "homeassistant_stop": "hub.stopping",
    "state_changed": "state.changed",
}
"""Home Assistant's own events, and what they are called here."""
