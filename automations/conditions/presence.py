"""``condition: presence``: who is where, by the states of ``person.<name>``."""

from collections.abc import Mapping
from typing import ClassVar, Final

from automations.conditions.base import OwnCondition
from automations.values import some
from hub.api import entity_word, schema

_texts: Final = some(schema.text)
_AWAY: Final = frozenset({"away", "not_home", "unknown", "unavailable"})


class PresenceCondition(OwnCondition):
    """Whether somebody is in a room, or anywhere at home."""

    KEY = "presence"
    SCHEMA: ClassVar[schema.Schema] = {
        schema.optional("person", "Who, or several; anybody if left out."): _texts,
        schema.optional("room", "The room, or several; anywhere at home if left out."): _texts,
        schema.optional("match", "Whether all of the persons must be there, or any one.", "any"):
            schema.choice("all", "any"),
    }  # fmt: skip

    def holds(self, variables: Mapping[str, object]) -> bool:
        places = self._places()
        which = all if self.options["match"] == "all" else any
        return bool(places) and which(map(self._is_there, places.values()))

    def explain(self, variables: Mapping[str, object]) -> str:
        said = [f"{person} is in {room}" for person, room in self._places().items()]
        where = " or ".join(self.options.get("room", ["anywhere at home"]))
        return f"{', '.join(said) or 'nobody is known'}; asked for: {where}"

    def _places(self) -> dict[str, str]:
        states = self.context.states
        if "person" in self.options:
            found = {
                each: states.get(f"person.{entity_word(each)}") for each in self.options["person"]
            }
            return {
                each: "nowhere" if state is None else state.state for each, state in found.items()
            }
        return {
            entity.partition(".")[2]: state.state
            for entity, state in states.all().items()
            if entity.startswith("person.")
        }

    def _is_there(self, room: str) -> bool:
        rooms = self.options.get("room")
        return room in rooms if rooms is not None else room not in _AWAY | {"nowhere"}
