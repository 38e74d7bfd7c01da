"""What templates calculate beyond plain arithmetic: angles, ranges, bits, the commonest value."""

import math
import operator
import statistics
from collections.abc import Callable, Mapping
from typing import Any, Final

_NEEDED: Final = object()  # marks a default that was not given


def _angle(name: str, calculate: Callable[[float], float]) -> Callable[..., Any]:
    def call(value: Any, default: Any = _NEEDED) -> Any:
        try:
            return calculate(float(value))
        except (ValueError, TypeError, OverflowError) as error:
            return _fallback(name, value, default, error)

    return call


def arc_tangent_2(*values: Any, default: Any = _NEEDED) -> Any:
    """Return the angle of a point, given as ``y, x`` or as a list of both."""
    try:
        y, x = values[0] if len(values) == 1 else values
        return math.atan2(float(y), float(x))
    except (ValueError, TypeError) as error:
        return _fallback("atan2", values, default, error)


def statistical_mode(*values: Any, default: Any = _NEEDED) -> Any:
    """Return the commonest of some values or of a list; the first of several."""
    try:
        listed = len(values) == 1 and isinstance(values[0], list | tuple | set)
        return statistics.mode(values[0] if listed else values)
    except (TypeError, statistics.StatisticsError) as error:
        return _fallback("statistical_mode", values, default, error)


def clamp(value: Any, min_value: Any, max_value: Any) -> float:
    """Return a number, or the bound that it exceeds."""
    return min(max(float(value), float(min_value)), float(max_value))


def wrap(value: Any, min_value: Any, max_value: Any) -> float:
    """Return a number carried round into a range, as 370 degrees are 10."""
    low, high = float(min_value), float(max_value)
    return low if low == high else (float(value) - low) % (high - low) + low


def _bits(calculate: Callable[[int, int], int]) -> Callable[[Any, Any], int]:
    return lambda left, right: calculate(int(left), int(right))


def _fallback(function: str, value: object, default: Any, error: Exception) -> Any:
    if default is _NEEDED:
        raise ValueError(f"{function} got '{value}', and no default was given") from error
    return default


FILTERS: Final[Mapping[str, Any]] = {
    **{
        name: _angle(name, getattr(math, name))
        for name in ("sin", "cos", "tan", "asin", "acos", "atan")
    },
    "atan2": arc_tangent_2,
    "statistical_mode": statistical_mode,
    "clamp": clamp,
    "wrap": wrap,
    "bitwise_and": _bits(operator.and_),
    "bitwise_or": _bits(operator.or_),
    "bitwise_xor": _bits(operator.xor),
}

FUNCTIONS: Final[Mapping[str, Any]] = {**FILTERS, "tau": math.tau, "inf": math.inf}
