"""``trigger: homeassistant`` (also ``hub``): the hub has started, or is about to stop."""

from typing import ClassVar

from automations.triggers.base import OwnTrigger
from hub.api import Cancel, Event, Fire, HubStarted, HubStopping, schema


class HubTrigger(OwnTrigger):
    """Fires when the hub has started or is about to stop."""

    KEY = "hub"
    GIVES = frozenset({"event", "description"})
    SCHEMA: ClassVar[schema.Schema] = {
        schema.required("event", "Which of the two."): schema.choice("start", "shutdown"),
    }

    def attach(self, fire: Fire) -> Cancel:
        word = self.options["event"]

        def happened(event: Event) -> None:
            fire({"event": word, "description": f"hub {word}"}, event)

        if word == "start":
            return self.context.bus.listen(HubStarted, happened)
        return self.context.bus.listen(HubStopping, happened)


class HomeAssistantTrigger(HubTrigger):
    """The same as ``hub``, under Home Assistant's name."""

    KEY = "homeassistant"
