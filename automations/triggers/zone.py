"""``trigger: zone``: a person, a car or anything enters or leaves a camera's zone."""

from collections.abc import Iterable
from typing import ClassVar, Final

from automations import names, scheduling
from automations.triggers.base import OwnTrigger
from automations.values import some
from hub.api import Cancel, Context, Fire, Known, Options, Problem, ZoneEntered, ZoneLeft, schema

_texts: Final = some(schema.text)


class ZoneTrigger(OwnTrigger):
    """Fires when a person, or anything else, has entered a zone, or has left it."""

    KEY = "zone"
    GIVES = frozenset(
        {
            "camera",
            "zone",
            "object",
            "event",
            "score",
            "track",
            "count",
            "box",
            "seconds",
            "captured",
            "description",
        }
    )
    SCHEMA: ClassVar[schema.Schema] = {
        schema.optional("camera", "The camera, or several; any with such a zone if left out."):
            _texts,
        schema.required("zone", "The zone, or several."): _texts,
        schema.optional("object", "What it must be, or several; anything if left out."): _texts,
        schema.optional("objects", "The same as object."): _texts,
        schema.optional("event", "Whether it enters or leaves.", "enter"):
            schema.choice("enter", "leave"),
    }  # fmt: skip

    def __init__(self, options: Options, context: Context) -> None:
        super().__init__(options, context)
        self._cameras = frozenset(options.get("camera", ()))
        self._objects = frozenset((*options.get("object", ()), *options.get("objects", ())))
        self._verb = "entered" if options["event"] == "enter" else "left"

    @classmethod
    def check(cls, options: Options, known: Known) -> Iterable[Problem]:
        return names.place(known, options)

    def attach(self, fire: Fire) -> Cancel:
        cameras, objects = self._cameras, self._objects
        verb, word = self._verb, self.options["event"]

        def happened(event: ZoneEntered | ZoneLeft) -> None:
            if cameras and event.camera not in cameras:
                return
            if objects and event.object not in objects:
                return
            given = {
                "camera": event.camera,
                "zone": event.zone,
                "object": event.object,
                "event": word,
                "score": event.score,
                "track": event.track,
                "count": event.count,
                "box": event.box,
                "captured": event.captured,
                "description": f"{event.object} {verb} {event.zone} of {event.camera}",
            }
            if isinstance(event, ZoneLeft):
                given["seconds"] = event.seconds
            fire(given, event)

        listen = self.context.bus.listen
        zones = dict.fromkeys(self.options["zone"])
        if word == "enter":
            return scheduling.together(
                listen(ZoneEntered, happened, key=("zone", z)) for z in zones
            )
        return scheduling.together(listen(ZoneLeft, happened, key=("zone", z)) for z in zones)
