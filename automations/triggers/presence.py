"""``trigger: presence``: a person enters or leaves a room."""

from collections.abc import Iterable
from typing import Any, ClassVar, Final

from automations import scheduling
from automations.triggers.base import OwnTrigger
from automations.values import some
from hub.api import Cancel, Fire, PersonEntered, PersonLeft, schema

_texts: Final = some(schema.text)


class PresenceTrigger(OwnTrigger):
    """Fires when a person has entered a room, or has left it."""

    KEY = "presence"
    GIVES = frozenset({"person", "room", "other", "event", "confidence", "description"})
    SCHEMA: ClassVar[schema.Schema] = {
        schema.optional("person", "Who, or several; anybody if left out."): _texts,
        schema.optional("room", "The room, or several; any if left out."): _texts,
        schema.optional("event", "Whether somebody enters or leaves.", "enter"): schema.choice(
            "enter", "leave"
        ),
    }

    def attach(self, fire: Fire) -> Cancel:
        word = self.options["event"]
        rooms = frozenset(self.options.get("room", ()))

        def happened(event: PersonEntered | PersonLeft) -> None:
            if rooms and event.room not in rooms:
                return
            verb = "entered" if word == "enter" else "left"
            given = {
                "person": event.person,
                "room": event.room,
                "other": event.other,
                "event": word,
                "confidence": event.confidence,
                "description": f"{event.person} {verb} {event.room}",
            }
            fire(given, event)

        listen = self.context.bus.listen
        persons: Iterable[str] = dict.fromkeys(self.options.get("person", ()))
        keys: list[Any] = [("person", each) for each in persons] or [None]
        if word == "enter":
            return scheduling.together(listen(PersonEntered, happened, key=key) for key in keys)
        return scheduling.together(listen(PersonLeft, happened, key=key) for key in keys)
