"""``condition: numeric_state``: an entity's number is above or below something."""

from collections.abc import Iterable, Mapping

from automations import ranges
from automations.conditions.base import OwnCondition
from hub.api import Context, Invalid, Known, Options, Problem


class NumericStateCondition(OwnCondition):
    """Whether the numbers of all entities are within bounds."""

    KEY = "numeric_state"
    SCHEMA = ranges.KEYS

    def __init__(self, options: Options, context: Context) -> None:
        super().__init__(options, context)
        self._range = ranges.Range(options, context, self.template)

    @classmethod
    def check(cls, options: Options, known: Known) -> Iterable[Problem]:
        return ranges.check(options, known)

    def holds(self, variables: Mapping[str, object]) -> bool:
        return all(self._within(each, variables) for each in self.options["entity_id"])

    def explain(self, variables: Mapping[str, object]) -> str:
        return ", ".join(self._said(each, variables) for each in self.options["entity_id"])

    def _said(self, entity: str, variables: Mapping[str, object]) -> str:
        found = self.context.states.get(entity)
        return f"there is no {entity}" if found is None else self._range.said(found, variables)

    def _within(self, entity: str, variables: Mapping[str, object]) -> bool:
        found = self.context.states.get(entity)
        if found is None:
            raise Invalid(f"there is no entity '{entity}' now")
        return self._range.holds(found, variables)
