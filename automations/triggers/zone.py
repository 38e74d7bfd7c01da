"""``trigger: zone``: a person, a car or anything enters or leaves a camera's zone, or stays."""

from typing import Any, ClassVar, Final

from automations.triggers.vision import SeenTrigger, fields
from automations.values import some
from hub.api import (
    Context,
    Event,
    Options,
    ZoneCleared,
    ZoneCrowded,
    ZoneDispersed,
    ZoneEntered,
    ZoneLeft,
    ZoneLoitering,
    schema,
)

_texts: Final = some(schema.text)
_WORDS: Final = {
    "enter": "entered", "leave": "left", "loiter": "loiters in",
    "crowd": "are a crowd in", "disperse": "are no crowd any more in", "clear": "has left",
}  # fmt: skip


class ZoneTrigger(SeenTrigger):
    """Fires when a person, or anything else, enters a zone or leaves it, stays, or gathers."""

    KEY = "zone"
    EVENTS: ClassVar = {
        "enter": ZoneEntered,
        "leave": ZoneLeft,
        "loiter": ZoneLoitering,
        "crowd": ZoneCrowded,
        "disperse": ZoneDispersed,
        "clear": ZoneCleared,
    }
    FIELDS: ClassVar = {"zone": "zone", "camera": "camera", "object": "object"}
    KEYED = "zone"
    GIVES = fields(*EVENTS.values())
    SCHEMA: ClassVar[schema.Schema] = {
        schema.optional("camera", "The camera, or several; any with such a zone if left out."):
            _texts,
        schema.required("zone", "The zone, or several."): _texts,
        schema.optional("object", "What it must be, or several; anything if left out."): _texts,
        schema.optional("objects", "The same as object."): _texts,
        schema.optional("event", "What happens there.", "enter"): schema.choice(*EVENTS),
    }  # fmt: skip

    def __init__(self, options: Options, context: Context) -> None:
        objects = [*options.get("object", ()), *options.get("objects", ())]
        super().__init__({**options, **({"object": objects} if objects else {})}, context)

    @classmethod
    def wants(cls, kind: type[Event], field: str) -> bool:
        return field in kind.__struct_fields__  # a crowd is of whatever the zone counts

    def words(self, event: Any) -> str:
        verb = _WORDS[self.options["event"]]
        what = getattr(event, "object", "everybody" if verb == "has left" else "objects")
        return f"{what} {verb} {event.zone} of {event.camera}"
