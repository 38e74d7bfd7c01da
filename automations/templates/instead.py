"""Home Assistant's functions that ask about what a hub does not have, and what to use instead."""

from typing import Final

_DEVICES: Final = "Watchpost has no devices; use the entity, as in states() or state_attr()"
_AREAS: Final = (
    "Watchpost has no areas, floors or labels; list the entities, or a group with expand()"
)

INSTEAD: Final = {
    **dict.fromkeys(
        ("device_attr", "device_entities", "device_id", "device_name", "is_device_attr",
         "config_entry_id", "config_entry_attr", "integration_entities"),
        _DEVICES,
    ),
    **dict.fromkeys(
        ("area_id", "area_name", "area_entities", "area_devices", "areas", "floors", "floor_id",
         "floor_name", "floor_areas", "floor_entities", "labels", "label_id", "label_name",
         "label_areas", "label_devices", "label_entities", "label_description"),
        _AREAS,
    ),
    "state_translated": "Watchpost has no translations; use states()",
    "is_hidden_entity": "Watchpost hides no entities; leave it out",
    "issue": "Watchpost has no repairs; use an event trigger",
    "issues": "Watchpost has no repairs; use an event trigger",
}  # fmt: skip
