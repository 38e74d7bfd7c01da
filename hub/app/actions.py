"""The actions that are the hub's own; everything else that can be called comes from plugins."""

from typing import Final

from hub.api import ActionSpec, schema

SNAPSHOT: Final = ActionSpec(
    name="camera.snapshot",
    description="Save a camera's latest picture as JPEG and answer with its path.",
    schema={
        schema.required("camera", "The camera's name."): schema.camera,
        schema.optional("boxes", "Draw boxes and zones on it.", True): schema.flag,
    },
    answers=True,
)

SPECS: Final = (SNAPSHOT,)
