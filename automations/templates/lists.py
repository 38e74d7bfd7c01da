"""What templates do with lists, sets and mappings, and with macros as functions."""

import random
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, Final

from jinja2 import pass_context
from jinja2.runtime import Context, Macro

from automations.templates import bounds


def contains(value: Any, item: Any) -> bool:
    """Say whether something is in a list, a mapping or a text."""
    return item in value


def flatten(value: Iterable[Any], levels: int | None = None) -> list[Any]:
    """Return the items of lists within a list, down to so many levels."""
    found = []
    for each in _flat(value, levels):
        found.append(each)
        bounds.length(len(found))
    return found


def _flat(value: Iterable[Any], levels: int | None) -> Iterator[Any]:
    if isinstance(value, str | Mapping):
        raise TypeError(f"flatten needs a list, not '{value}'")
    for each in value:
        if isinstance(each, list | tuple | set) and levels != 0:
            yield from _flat(each, None if levels is None else levels - 1)
        else:
            yield each


def combine(*mappings: Any, recursive: bool = False) -> dict[Any, Any]:
    """Return mappings as one; later ones win, within them too where ``recursive``."""
    whole: dict[Any, Any] = {}
    for each in mappings:
        if not isinstance(each, Mapping):
            raise TypeError(f"combine needs mappings, not '{each}'")
        for key, value in each.items():
            old = whole.get(key)
            deeper = recursive and isinstance(old, Mapping) and isinstance(value, Mapping)
            whole[key] = combine(old, value, recursive=True) if deeper else value
    return whole


def intersect(value: Iterable[Any], other: Iterable[Any]) -> list[Any]:
    """Return what is in both lists."""
    return list(set(value) & set(other))


def difference(value: Iterable[Any], other: Iterable[Any]) -> list[Any]:
    """Return what is in the first list alone."""
    return list(set(value) - set(other))


def union(value: Iterable[Any], other: Iterable[Any]) -> list[Any]:
    """Return what is in either list."""
    return list(set(value) | set(other))


def symmetric_difference(value: Iterable[Any], other: Iterable[Any]) -> list[Any]:
    """Return what is in one of two lists but not in both."""
    return list(set(value) ^ set(other))


def shuffle(value: Iterable[Any], seed: Any = None) -> list[Any]:
    """Return a list in another order: the same each time where there is a ``seed``."""
    items = list(value)
    random.Random(seed).shuffle(items)  # noqa: S311 - an order, not a secret
    return items


def typeof(value: Any) -> str:
    """Return the name of a value's type, such as ``list``."""
    return type(value).__name__


@pass_context
def apply(context: Context, value: Any, function: Any, *given: Any, **named: Any) -> Any:
    """Call a macro or function with a value: ``names | map('apply', greet)``."""
    return context.environment.call(context, function, value, *given, **named)  # type: ignore[attr-defined]


def as_function(macro: Macro) -> Callable[..., Any]:
    """Make a function of a macro which tells its result by ``returns(value)``."""
    if not isinstance(macro, Macro):  # whatever else can be called goes through the sandbox
        raise TypeError(f"as_function needs a macro, not '{typeof(macro)}'")

    def call(*given: Any, **named: Any) -> Any:
        told: list[Any] = []
        macro(*given, **named, returns=told.append)
        return told[-1] if told else None

    return call


FILTERS: Final[Mapping[str, Any]] = {
    "contains": contains,
    "flatten": flatten,
    "combine": combine,
    "intersect": intersect,
    "difference": difference,
    "union": union,
    "symmetric_difference": symmetric_difference,
    "shuffle": shuffle,
    "typeof": typeof,
    "apply": apply,
    "as_function": as_function,
    "set": set,
    "tuple": tuple,
}

FUNCTIONS: Final[Mapping[str, Any]] = {**FILTERS, "list": list, "zip": zip}

TESTS: Final[Mapping[str, Any]] = {
    "contains": contains,
    "apply": apply,
    "list": lambda value: isinstance(value, list),
    "set": lambda value: isinstance(value, set),
    "tuple": lambda value: isinstance(value, tuple),
}
