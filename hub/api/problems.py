"""One mistake in a configuration: where it is, in the user's words, and what to do."""

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches

_FEW = 8  # names that can be listed in one line

Path = tuple[str | int, ...]
"""Keys and indices from the root of the configuration, as voluptuous reports them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A position in a file; ``line`` and ``column`` count from 1."""

    file: str
    line: int
    column: int

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """A mistake found in the configuration.

    ``path`` leads to the offending value (or, with ``on_key``, to its key);
    settings turn it into ``place``. ``words`` has no full stop; ``hint`` is a
    whole sentence, such as ``Did you mean 'porch'?``. A ``warning`` is shown and changes
    nothing else: what it is about is kept and runs, and ``check`` does not fail for it.
    """

    path: Path
    words: str
    hint: str = ""
    on_key: bool = False
    place: Place | None = None
    warning: bool = False

    def __str__(self) -> str:
        where = str(self.place) if self.place else ".".join(map(str, self.path)) or "configuration"
        kind = "warning" if self.warning else "error"
        return f"{where}: {kind}: {self.words}{'. ' + self.hint if self.hint else ''}"


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """Return ``Did you mean 'x'?`` for the closest known word, or what exists, or nothing."""
    choices = sorted(set(known))
    close = [each for each in choices if each.lower() == word.lower()]
    close = close or get_close_matches(word, choices, n=1, cutoff=0.6)
    if close:
        return f"Did you mean '{close[0]}'?"
    if choices and len(choices) <= _FEW:
        return f"Known: {', '.join(choices)}."
    return ""
