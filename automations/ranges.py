"""Whether an entity's number lies between two bounds, which may be other entities' numbers."""

from collections.abc import Iterable, Mapping
from typing import Any

from automations import names
from automations.templates import StateView, Template
from automations.values import entities, template, threshold
from hub.api import Context, HubError, Invalid, Known, Options, Problem, State, schema

KEYS = {
    schema.required("entity_id", "The entity, or several."): entities,
    schema.optional("above", "It must be greater than this number or entity."): threshold,
    schema.optional("below", "It must be less than this number or entity."): threshold,
    schema.optional("attribute", "Look at this attribute in place of the state."): schema.text,
    schema.optional("value_template", "Compute the number from `state`."): template,
}


def check(options: Options, known: Known) -> Iterable[Problem]:
    """Look for unknown entities and for bounds that are missing or the wrong way round."""
    yield from names.entities(known, "entity_id", options["entity_id"])
    above, below = options.get("above"), options.get("below")
    for key, bound in (("above", above), ("below", below)):
        if isinstance(bound, str) and (problem := names.entity(known, (key,), bound)):
            yield problem
    if above is None and below is None:
        yield Problem(path=(), words="numeric_state needs 'above' or 'below'")
    if isinstance(above, int | float) and isinstance(below, int | float) and above >= below:
        words = f"no number is above {above} and below {below}"
        yield Problem(path=("above",), words=words)


class Range:
    """The bounds, and how the number is found."""

    def __init__(self, options: Options, context: Context, source: Template | None) -> None:
        self._context = context
        self._above = options.get("above")
        self._below = options.get("below")
        self._attribute = options.get("attribute")
        self._template = source

    def holds(self, state: State, variables: Mapping[str, object]) -> bool:
        """Say whether a state's number is within; raises ``Invalid`` when it is no number."""
        value = self._number(state, variables)
        if self._above is not None and value <= self._bound(self._above):
            return False
        return self._below is None or value < self._bound(self._below)

    def said(self, state: State, variables: Mapping[str, object]) -> str:
        """Say the number and the bounds: ``sensor.lux is 40, not below 30``."""
        try:
            value, inside = self._number(state, variables), self.holds(state, variables)
        except HubError as error:
            return str(error)
        bounds = (("above", self._above), ("below", self._below))
        words = " and ".join(
            f"{name} {self._named(each)}" for name, each in bounds if each is not None
        )
        return f"{state.entity} is {value:g}, {'' if inside else 'not '}{words}"

    def _named(self, bound: Any) -> str:
        return f"{bound} ({self._bound(bound):g})" if isinstance(bound, str) else f"{bound:g}"

    def _number(self, state: State, variables: Mapping[str, object]) -> float:
        value: Any = state.state
        if self._template is not None:
            value = self._template({**variables, "state": StateView(state)})
        elif self._attribute is not None:
            value = state.attributes.get(self._attribute)
        return _float(value, state.entity)

    def _bound(self, bound: Any) -> float:
        if not isinstance(bound, str):
            return float(bound)
        found = self._context.states.get(bound)
        return _float(None if found is None else found.state, bound)


def _float(value: Any, entity: str) -> float:
    try:
        return float(value)
    except (TypeError, ValueError) as error:
        raise Invalid(f"{entity} is '{value}', which is not a number") from error
