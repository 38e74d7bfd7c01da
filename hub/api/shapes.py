"""What a validator accepts, as JSON Schema, since a function cannot be asked.

The reference page, ``watchpost reference --json`` and editors' completion are made from it.
"""

from collections.abc import Callable, Mapping
from typing import Any, Final, TypeVar
from weakref import WeakKeyDictionary

V = TypeVar("V", bound=Callable[..., Any])

_SHAPES: Final[WeakKeyDictionary[Callable[..., Any], Mapping[str, object]]] = WeakKeyDictionary()


def shaped(validator: V, shape: Mapping[str, object]) -> V:
    """Say what a validator accepts; validators may stand in the shape where a schema would.

    Returns the validator: ``angle = shaped(angle, {"type": "number", "maximum": 360})``.
    """
    _SHAPES[validator] = shape
    return validator


def shape(validator: object) -> Mapping[str, object] | None:
    """Return what a validator was said to accept."""
    return _SHAPES.get(validator) if callable(validator) else None
