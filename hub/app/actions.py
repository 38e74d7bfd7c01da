"""The actions that are the hub's own; everything else that can be called comes from plugins."""

from typing import Final

import voluptuous as vol

from hub.api import ActionSpec, schema

_MOST: Final = 20  # attributes at once
_LONGEST: Final = 200  # characters


def attributes(value: object) -> dict[str, str]:
    """Accept texts by name: a few, and none of them long."""
    found: dict[str, str] = vol.Schema({schema.name: schema.text})(value)
    if not 0 < len(found) <= _MOST:
        raise vol.Invalid(f"expected 1 to {_MOST} attributes, got {len(found)}")
    for name, each in found.items():
        if len(each) > _LONGEST:
            raise vol.Invalid(f"'{name}' is longer than {_LONGEST} characters")
    return found


schema.shaped(attributes, {"type": "object", "additionalProperties": {"type": "string"}})

SNAPSHOT: Final = ActionSpec(
    name="camera.snapshot",
    description="Save a camera's latest picture as JPEG and answer with its path.",
    schema={
        schema.required("camera", "The camera's name."): schema.camera,
        schema.optional("boxes", "Draw boxes and zones on it.", True): schema.flag,
    },
    answers=True,
)

ATTACH: Final = ActionSpec(
    name="object.attach",
    description="Say more of a track: whose face it has, which plate, what colour.",
    schema={
        schema.required("camera", "The camera's name."): schema.camera,
        schema.required("track", "The track's id, as its events name it."): schema.text,
        schema.required("attributes", "What is known, by name, such as {plate: AB 123}."): (
            attributes
        ),
        schema.required("by", "Who says so: a detector's or an automation's name."): schema.text,
    },
)

RELOAD: Final = ActionSpec(
    name="hub.reload",
    description="Take up a changed configuration; with an error in it nothing is changed.",
    schema={},
    answers=True,
)

SPECS: Final = (SNAPSHOT, ATTACH, RELOAD)
