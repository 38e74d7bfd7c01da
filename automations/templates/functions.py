"""Everything templates can call beyond Jinja's own, gathered for the environment."""

import functools
from collections.abc import Callable, Mapping
from typing import Any, Final

from jinja2 import pass_context

from automations.templates import codes, entities, home, lists, maths, numbers, spans, texts, times


def _late(function: Callable[..., Any]) -> Callable[..., Any]:
    """Make a filter that Jinja cannot compute while it compiles: the answer is the hub's."""

    @pass_context
    @functools.wraps(function, updated=())
    def call(_: object, *given: Any, **named: Any) -> Any:
        return function(*given, **named)

    return call


_HUB: Final = {
    name: _late(each if name != "states" else entities.AllStates.__call__.__get__(each))
    for name, each in entities.FUNCTIONS.items()
}

GLOBALS: Final[Mapping[str, Any]] = {
    **entities.FUNCTIONS,
    **times.FUNCTIONS,
    **home.FUNCTIONS,
    **spans.FUNCTIONS,
    **numbers.FUNCTIONS,
    **maths.FUNCTIONS,
    **lists.FUNCTIONS,
    **codes.FUNCTIONS,
    **texts.FUNCTIONS,
    **{name: texts.FILTERS[name] for name in ("to_json", "from_json", "regex_match",
                                              "regex_search", "regex_replace")},
}  # fmt: skip

FILTERS: Final[Mapping[str, Any]] = {
    **_HUB,
    **{name: _late(each) for name, each in times.FILTERS.items()},
    **{name: _late(each) for name, each in spans.FUNCTIONS.items()},
    **numbers.FILTERS,
    **maths.FILTERS,
    **lists.FILTERS,
    **codes.FILTERS,
    **texts.FILTERS,
}

TESTS: Final[Mapping[str, Any]] = {
    "is_number": numbers.is_number,
    "is_state": _late(entities.is_state),
    "is_state_attr": _late(entities.is_state_attr),
    "has_value": _late(entities.has_value),
    **lists.TESTS,
    **texts.TESTS,
}

DIRECT: Final[Mapping[str, Any]] = {
    **entities.FUNCTIONS,
    "now": times.now,
    "utcnow": times.utcnow,
}
"""Functions that cost next to nothing, so that nobody need watch how long they take."""
