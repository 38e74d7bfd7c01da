"""What a template's text stands for: a number, a list and so on where it reads as one.

The rules are Home Assistant's, so that ``{{ 5 }}`` is a number, ``{{ '05' }}`` and ``1e5`` stay
texts, ``{{ [1, 2] }}`` is a list and everything else is the text as it is.
"""

import math
import re
from ast import literal_eval
from collections.abc import Mapping
from typing import Final

from automations.templates.bounds import written

# Anything else that Python reads as a number (1e5, 0x1F, 1_000) is somebody's text.
_NUMBER: Final = re.compile(r"[+-]?(?!0\d)\d*(?:\.\d*)?")
# Most numbers by far, read without Python's parser.
_PLAIN: Final = re.compile(r"-?(?:0|[1-9][0-9]{0,17})(?:\.[0-9]{1,17})?")
# The first letter of every literal that is not a text: numbers, brackets, True, False, None.
_OPENINGS: Final = frozenset("+-.0123456789[({TFN")
# A literal nested deeper than people write makes Python's parser slow.
_LONGEST: Final = 65_536  # characters
_TRUE: Final = frozenset({"1", "true", "yes", "on", "enable"})


def parsed(text: str) -> object:
    """Return what a rendered text stands for."""
    if not text or text[0] not in _OPENINGS or len(text) > _LONGEST:
        return text
    if _PLAIN.fullmatch(text):
        return float(text) if "." in text else int(text)
    try:
        value = literal_eval(text)
    except (ValueError, TypeError, SyntaxError, MemoryError, RecursionError):
        return text
    if isinstance(value, str | bytes | complex):
        return text
    if isinstance(value, int | float) and not isinstance(value, bool):
        return value if _NUMBER.fullmatch(text) else text
    return value


def finished(value: object) -> object:
    """Return the same as ``parsed`` of a value's text, without the text where there is no need."""
    if value is None or isinstance(value, bool | int):
        return value
    if isinstance(value, str):
        return parsed(value.strip())
    if isinstance(value, float):
        return value if _NUMBER.fullmatch(repr(value)) else repr(value)
    if isinstance(value, list) and all(map(_simple, value)):
        return list(value)
    return parsed(str(written(value)).strip())


def truth(value: object) -> bool:
    """Say whether a template's result lets a condition hold, as Home Assistant does."""
    if isinstance(value, bool):
        return value
    if isinstance(value, str):
        return value.strip().lower() in _TRUE
    return isinstance(value, int | float) and value != 0


def plain(value: object) -> object:
    """Return a value as JSON can carry it; what it cannot carry becomes a text."""
    if value is None or isinstance(value, bool | int):
        return value
    if isinstance(value, str):
        # Half of a character, which "\ud800" in somebody's JSON is, can be written nowhere.
        return value if value.isascii() else value.encode(errors="replace").decode()
    if isinstance(value, float):
        return value if math.isfinite(value) else repr(value)
    if isinstance(value, Mapping):
        return {str(key): plain(each) for key, each in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [plain(each) for each in value]
    return str(value)


def _simple(value: object) -> bool:
    return value is None or isinstance(value, bool | int | str)
