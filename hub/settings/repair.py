"""One syntax error must not hide the next, nor take the rest of the file with it.

YAML has no way to go on after an error. Tabs are read as the spaces they were meant for; of
anything else the smallest block around it is cut out (a line, a camera, at worst a section),
a mark is left in its place, and the text is read again. Lines stay where they were, so that
places stay true.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from hub.settings.composer import CUT
from hub.settings.syntax import Mistake, Unreadable, events, lines_of
from hub.settings.tabs import indent_of, is_content, tabbed_run, untabbed

# Rounds of reading a broken file again; whoever has more to mend sees the rest afterwards.
_ROUNDS: Final = 20
_LARGEST: Final = 256 * 1024  # characters; reading again costs about 0.1 s at this size
_KEY: Final = re.compile(r"""\s*(?:-\s+)?("[^"]*"|'[^']*'|[^\s:#'"&*!|>{\[][^:#]*?)\s*:(?:\s|$)""")


@dataclass(frozen=True, slots=True, kw_only=True)
class Repaired:
    """A text that can be read, what had to be mended, and the lines whose indent is a guess."""

    text: str
    mistakes: tuple[Mistake, ...] = ()
    tabbed: frozenset[int] = frozenset()


def repair(text: str) -> Repaired:
    """Return a text that can be read; an empty one when nothing can be saved."""
    mistakes: list[Mistake] = []
    tabbed: set[int] = set()
    while (mistake := _first_mistake(text)) is not None:
        mended, run = _mended(text, mistake)
        if run or not mistake.tab:
            mistakes.append(mistake)
        if mended in {None, text} or len(mistakes) >= _ROUNDS:
            return Repaired(text="", mistakes=tuple(mistakes or [mistake]))
        tabbed.update(run)
        text = mended or ""
    return Repaired(text=text, mistakes=tuple(mistakes), tabbed=frozenset(tabbed))


def _first_mistake(text: str) -> Mistake | None:
    try:
        for _ in events(text):
            pass
    except Unreadable as error:
        return error.mistake
    return None


def _mended(text: str, mistake: Mistake) -> tuple[str | None, tuple[int, ...]]:
    """Return the text without a mistake, and the lines whose tabs were read as spaces."""
    if mistake.control:
        at = mistake.control
        return f"{text[: at - 1]} {text[at:]}", ()
    if mistake.fatal or len(text) > _LARGEST:
        return None, ()
    if not mistake.tab:
        return _without(text, mistake.line), ()
    lines = lines_of(text)
    run = tabbed_run(lines, mistake.line)
    for candidate, last in untabbed(lines, run):
        tried = "\n".join(candidate)
        left = _first_mistake(tried)
        if left is None or left.line > last:
            return tried, run
    return _without(text, mistake.line), run[:1]


def _without(text: str, wrong: int) -> str | None:
    """Return the text without the smallest block that takes the mistake in a line away.

    What is wrong directly below a cut may be a consequence of it; then a larger block goes.
    """
    lines = lines_of(text)
    whole = None
    for start, end in _blocks(lines, wrong):
        shorter = _cut(lines, start, end)
        left = _first_mistake(shorter)
        below = next((at for at in range(end, len(lines)) if is_content(lines[at])), end)
        if left is None or left.line > below:
            return shorter
        whole = shorter if left.line >= end else None
    return whole


def _blocks(lines: list[str], wrong: int) -> Iterator[tuple[int, int]]:
    """Yield the blocks around a line, the inner one first: where each starts and ends."""
    start: int | None = min(wrong, len(lines) - 1)
    while start is not None and not is_content(lines[start]):
        start = start - 1 if start else None
    while start is not None and not lines[start].startswith(("---", "...", "%")):
        after = range(max(start, wrong) + 1, len(lines))
        yield start, next((at for at in after if not _holds(lines[start], lines[at])), len(lines))
        before = range(start - 1, -1, -1)
        inner = lines[start]
        start = next((at for at in before if is_content(lines[at]) and _holds(lines[at], inner)), None)


def _holds(above: str, line: str) -> bool:
    """Say whether a line belongs to one above it; a list may stand as far left as its key."""
    if not is_content(line) or indent_of(line) > indent_of(above):
        return True
    return _is_item(line) and not _is_item(above) and indent_of(line) == indent_of(above)


def _is_item(line: str) -> bool:
    return line.lstrip().startswith("- ")


def _cut(lines: list[str], start: int, end: int) -> str:
    first = lines[start]
    indent = " " * indent_of(first)
    key = _KEY.match(first)
    mark = ""
    if _is_item(first):
        mark = f"{indent}- {CUT} x"
    elif key:
        mark = f"{indent}{key[1]}: {CUT} x"
    return "\n".join([*lines[:start], mark, *[""] * (end - start - 1), *lines[end:]])
