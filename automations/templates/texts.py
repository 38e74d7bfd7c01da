"""What templates do with texts: JSON, names, regular expressions."""

import re
import unicodedata
from collections.abc import Mapping
from functools import lru_cache
from typing import Any, Final

import msgspec

from automations.templates import bounds
from automations.templates.native import plain

# Letters that Unicode does not take apart, so that a name in Cyrillic gives a name in Latin.
_LETTERS: Final = str.maketrans(
    "абвгдеёзийклмнопрстуфыэґіøđłı",
    "abvgdeeziyklmnoprstufyegiodli",
) | {
    ord(letter): latin
    for letter, latin in {
        "ж": "zh", "\u0445": "kh", "ц": "ts", "ч": "ch", "ш": "sh", "щ": "shch", "ъ": "", "ь": "",
        "ю": "yu", "я": "ya", "є": "ie", "ї": "i", "ß": "ss", "æ": "ae", "œ": "oe",
    }.items()
}  # fmt: skip
_LONGEST_PATTERN: Final = 1_000  # characters


def slugify(text: Any, separator: str = "_") -> str:
    """Return a text in small letters, digits and separators."""
    lower = bounds.joined([text]).lower().translate(_LETTERS).replace("_", " ")
    ascii_only = unicodedata.normalize("NFKD", lower).encode("ascii", "ignore").decode()
    words = re.findall(r"[a-z0-9]+", ascii_only.replace("'", ""))
    return separator.join(words)


def to_json(value: Any, pretty_print: bool = False, sort_keys: bool = False) -> str:
    """Write a value as JSON."""
    bounds.printable(value)
    text = msgspec.json.encode(plain(value), order="sorted" if sort_keys else None)
    return (msgspec.json.format(text) if pretty_print else text).decode()


def from_json(text: Any, default: Any = ...) -> Any:
    """Read JSON."""
    try:
        return msgspec.json.decode(text)
    except (msgspec.DecodeError, TypeError) as error:
        if default is ...:
            raise ValueError(f"from_json got '{text}', and no default was given") from error
        return default


def regex_match(text: Any, find: str, ignorecase: bool = False) -> bool:
    """Say whether a text begins with a pattern."""
    return _compiled(find, ignorecase).match(_bounded(text)) is not None


def regex_search(text: Any, find: str, ignorecase: bool = False) -> bool:
    """Say whether a pattern occurs in a text."""
    return _compiled(find, ignorecase).search(_bounded(text)) is not None


def regex_findall(text: Any, find: str, ignorecase: bool = False) -> list[Any]:
    """Return everything in a text that matches a pattern."""
    return _compiled(find, ignorecase).findall(_bounded(text))


def regex_findall_index(text: Any, find: str, index: int = 0, ignorecase: bool = False) -> Any:
    """Return one of the things in a text that match a pattern."""
    return regex_findall(text, find, ignorecase)[index]


def regex_replace(text: Any, find: str = "", replace: str = "", ignorecase: bool = False) -> str:
    """Replace whatever matches a pattern."""
    size = 0

    def put(match: re.Match[str]) -> str:
        nonlocal size
        new = match.expand(replace)
        size += len(new)
        bounds.length(size)
        return new

    return _compiled(find, ignorecase).sub(put, _bounded(text))


def _bounded(text: Any) -> str:
    words = bounds.joined([text])
    bounds.length(len(words))
    return words


@lru_cache(maxsize=256)
def _compiled(pattern: str, ignorecase: bool) -> re.Pattern[str]:
    if len(pattern) > _LONGEST_PATTERN:
        raise bounds.TooMuch(f"a pattern longer than {_LONGEST_PATTERN} characters is not allowed")
    return re.compile(pattern, re.IGNORECASE if ignorecase else 0)


FUNCTIONS: Final[Mapping[str, Any]] = {"slugify": slugify}

FILTERS: Final[Mapping[str, Any]] = {
    "slugify": slugify,
    "to_json": to_json,
    "from_json": from_json,
    "regex_match": regex_match,
    "regex_search": regex_search,
    "regex_findall": regex_findall,
    "regex_findall_index": regex_findall_index,
    "regex_replace": regex_replace,
}

TESTS: Final[Mapping[str, Any]] = {"match": regex_match, "search": regex_search}
