"""What a bare word in YAML means.

Like Home Assistant's files: YAML 1.1 with ``on``, ``off``, ``yes`` and ``no`` as booleans.
Unlike it: a clock time (``12:30``), a date, a number with leading zeros (a PIN) and a number
that does not fit 64 bits stay texts, because nobody who writes one means 750.
"""

import re
from typing import Final

from hub.settings.nodes import Scalar

_BOOLEANS: Final = {
    word: meaning
    for base, meaning in (("yes", True), ("true", True), ("on", True),
                          ("no", False), ("false", False), ("off", False))
    for word in (base, base.capitalize(), base.upper())
}  # fmt: skip
_NOTHING: Final = {"", "~", "null", "Null", "NULL"}
_WHOLE: Final = re.compile(r"[-+]?(?:0|[1-9][0-9]{0,18})")
_HEX: Final = re.compile(r"0x[0-9a-fA-F]{1,15}")
_DECIMAL: Final = re.compile(r"[-+]?(?:[0-9]+\.[0-9]*|\.[0-9]+)(?:[eE][-+]?[0-9]{1,3})?")
_LARGEST: Final = 2**63 - 1

PREFIX: Final = "tag:yaml.org,2002:"


def bare(word: str) -> Scalar:
    """Return what a word without quotes stands for."""
    if word in _NOTHING:
        return None
    if word in _BOOLEANS:
        return _BOOLEANS[word]
    number = _number(word)
    return word if number is None else number


def tagged(tag: str, word: str) -> Scalar:
    """Return what a word stands for under one of YAML's own tags; raises ``ValueError``."""
    kind = tag.removeprefix(PREFIX)
    if kind == "str":
        return word
    value = bare(word)
    if kind == "float" and isinstance(value, int) and not isinstance(value, bool):
        return float(value)
    wanted = {"int": int, "float": float, "bool": bool, "null": type(None)}
    if kind in wanted and type(value) is wanted[kind]:
        return value
    raise ValueError(f"'{word}' is not of the kind that '!!{kind}' says")


def _number(word: str) -> int | float | None:
    if _WHOLE.fullmatch(word):
        whole = int(word)
        return whole if abs(whole) <= _LARGEST else None
    if _HEX.fullmatch(word):
        return int(word, 16)
    if _DECIMAL.fullmatch(word):
        decimal = float(word)
        return decimal if decimal - decimal == 0 else None  # infinite: too large for a float
    return None
