"""``condition: state``: an entity is in a state, perhaps for some time already."""

from collections.abc import Iterable, Mapping
from typing import ClassVar

from automations import names
from automations.conditions.base import OwnCondition, unless
from automations.values import Span, entities, span, states
from hub.api import Context, Invalid, Known, Options, Problem, State, schema


class StateCondition(OwnCondition):
    """Whether entities are in a state."""

    KEY = "state"
    SCHEMA: ClassVar[schema.Schema] = {
        schema.required("entity_id", "The entity, or several."): entities,
        schema.required("state", "The state, or several of which one is enough."): states,
        schema.optional("attribute", "Compare this attribute in place of the state."): schema.text,
        schema.optional("for", "How long it has been so at least."): span,
        schema.optional(
            "match", "Whether all of the entities must be so, or any one.", "all"
        ): schema.choice("all", "any"),
    }

    def __init__(self, options: Options, context: Context) -> None:
        super().__init__(options, context)
        self._wanted = frozenset(options["state"])
        self._attribute = options.get("attribute")
        self._span = Span(options["for"], context) if "for" in options else None

    @classmethod
    def check(cls, options: Options, known: Known) -> Iterable[Problem]:
        return names.entities(known, "entity_id", options["entity_id"])

    def holds(self, variables: Mapping[str, object]) -> bool:
        which = any if self.options["match"] == "any" else all
        return which(self._is_so(each, variables) for each in self.options["entity_id"])

    def explain(self, variables: Mapping[str, object]) -> str:
        return ", ".join(self._said(each, variables) for each in self.options["entity_id"])

    def _said(self, entity: str, variables: Mapping[str, object]) -> str:
        found = self.context.states.get(entity)
        if found is None:
            return f"there is no {entity}"
        what = entity if self._attribute is None else f"{self._attribute} of {entity}"
        value = found.state if self._attribute is None else found.attributes.get(self._attribute)
        if not self._matches(found):
            return f"{what} is {value!r}{unless(self.options['state'], value)}"
        if self._span is None or self._long_enough(found, variables):
            return f"{what} is {value!r}"
        passed, wanted = self._passed(found), self._span.seconds(variables)
        return f"{what} is {value!r} for {passed:.1f} s, not for {wanted:g} s"

    def _is_so(self, entity: str, variables: Mapping[str, object]) -> bool:
        found = self.context.states.get(entity)
        if found is None:
            raise Invalid(f"there is no entity '{entity}' now")
        return self._matches(found) and self._long_enough(found, variables)

    def _matches(self, found: State) -> bool:
        if self._attribute is None:
            return found.state in self._wanted
        value = found.attributes.get(self._attribute)
        if isinstance(value, bool):
            return ("on" if value else "off") in self._wanted or str(value) in self._wanted
        return str(value) in self._wanted

    def _long_enough(self, found: State, variables: Mapping[str, object]) -> bool:
        if self._span is None:
            return True
        return self._passed(found) >= self._span.seconds(variables)

    def _passed(self, found: State) -> float:
        since = found.changed if self._attribute is None else found.updated
        return (self.context.clock.now() - since).total_seconds()
