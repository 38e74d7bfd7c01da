"""What templates do with numbers."""

import math
import statistics
from collections.abc import Iterable, Mapping
from typing import Any, Final

_NEEDED: Final = object()  # marks a default that was not given
_DECIMAL: Final = 10
_TRUE: Final = frozenset({"1", "true", "yes", "on", "enable"})
_FALSE: Final = frozenset({"0", "false", "no", "off", "disable"})


def to_float(value: Any, default: Any = _NEEDED) -> Any:
    """Return a number with decimals."""
    try:
        return float(value)
    except (ValueError, TypeError) as error:
        return _fallback("float", value, default, error)


def to_int(value: Any, default: Any = _NEEDED, base: int = _DECIMAL) -> Any:
    """Return a whole number; decimals are cut off."""
    try:
        if isinstance(value, str) and base != _DECIMAL:
            return int(value, base)
        return int(float(value))
    except (ValueError, TypeError, OverflowError) as error:
        return _fallback("int", value, default, error)


def to_bool(value: Any, default: Any = _NEEDED) -> Any:
    """Return yes or no from a text such as ``on``."""
    if isinstance(value, bool):
        return value
    word = str(value).strip().lower()
    if word in _TRUE | _FALSE:
        return word in _TRUE
    return _fallback("bool", value, default, ValueError(word))


def rounded(value: Any, precision: int = 0, method: str = "common", default: Any = _NEEDED) -> Any:
    """Round to some decimals: ``common``, ``ceil``, ``floor`` or ``half``."""
    try:
        number, scale = float(value), 10.0**precision
        if method == "ceil":
            number = math.ceil(number * scale) / scale
        elif method == "floor":
            number = math.floor(number * scale) / scale
        elif method == "half":
            number = round(number * 2) / 2
        else:
            number = round(number, precision)
    except (ValueError, TypeError, OverflowError) as error:
        return _fallback("round", value, default, error)
    return int(number) if precision == 0 and method != "half" else number


def is_number(value: Any) -> bool:
    """Say whether a value is a number, or a text of one, that is not endless."""
    try:
        return math.isfinite(float(value))
    except (ValueError, TypeError):
        return False


def average(*values: Any, default: Any = _NEEDED) -> Any:
    """Return the mean of some numbers or of a list."""
    try:
        return statistics.fmean(map(float, _spread(values)))
    except (ValueError, TypeError, statistics.StatisticsError) as error:
        return _fallback("average", values, default, error)


def median(*values: Any, default: Any = _NEEDED) -> Any:
    """Return the middle of some numbers or of a list."""
    try:
        return statistics.median(map(float, _spread(values)))
    except (ValueError, TypeError, statistics.StatisticsError) as error:
        return _fallback("median", values, default, error)


def smallest(*values: Any) -> Any:
    """Return the smallest of some values or of a list."""
    return min(_spread(values))


def largest(*values: Any) -> Any:
    """Return the largest of some values or of a list."""
    return max(_spread(values))


def iif(value: Any, if_true: Any = True, if_false: Any = False, if_none: Any = _NEEDED) -> Any:
    """Choose by a value: what for yes, what for no, what for none."""
    if value is None and if_none is not _NEEDED:
        return if_none
    return if_true if value else if_false


def add(value: Any, amount: Any, default: Any = _NEEDED) -> Any:
    """Add to a number."""
    return _calculated("add", value, default, lambda number: number + float(amount))


def multiply(value: Any, amount: Any, default: Any = _NEEDED) -> Any:
    """Multiply a number."""
    return _calculated("multiply", value, default, lambda number: number * float(amount))


def square_root(value: Any, default: Any = _NEEDED) -> Any:
    """Return the square root."""
    return _calculated("sqrt", value, default, math.sqrt)


def logarithm(value: Any, base: Any = math.e, default: Any = _NEEDED) -> Any:
    """Return the logarithm."""
    return _calculated("log", value, default, lambda number: math.log(number, float(base)))


def _calculated(function: str, value: Any, default: Any, calculate: Any) -> Any:
    try:
        return calculate(float(value))
    except (ValueError, TypeError, ArithmeticError) as error:
        return _fallback(function, value, default, error)


def _spread(values: tuple[Any, ...]) -> Iterable[Any]:
    if len(values) == 1 and isinstance(values[0], Iterable) and not isinstance(values[0], str):
        return values[0]
    return values


def _fallback(function: str, value: object, default: Any, error: Exception) -> Any:
    if default is _NEEDED:
        raise ValueError(f"{function} got '{value}', and no default was given") from error
    return default


FUNCTIONS: Final[Mapping[str, Any]] = {
    "float": to_float,
    "int": to_int,
    "bool": to_bool,
    "is_number": is_number,
    "average": average,
    "median": median,
    "min": smallest,
    "max": largest,
    "iif": iif,
    "sqrt": square_root,
    "log": logarithm,
    "pi": math.pi,
    "e": math.e,
}

FILTERS: Final[Mapping[str, Any]] = {
    "float": to_float,
    "int": to_int,
    "bool": to_bool,
    "round": rounded,
    "is_number": is_number,
    "average": average,
    "median": median,
    "iif": iif,
    "add": add,
    "multiply": multiply,
    "sqrt": square_root,
    "log": logarithm,
}
