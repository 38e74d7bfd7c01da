"""One syntax error must not hide the next, nor take the rest of the file with it.

YAML has no way to go on after an error, so the smallest block around it is cut out (a
camera, an automation, at worst a section), a mark is left in its place, and the text is
read again. Lines stay where they were, so that places stay true.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from hub.settings.composer import CUT
from hub.settings.syntax import Mistake, Unreadable, events, lines_of

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
        mistakes.append(mistake)
        mended = _untab(text, mistake.line) if mistake.tab else _without(text, mistake)
        if mistake.fatal or mended in {None, text} or len(mistakes) >= _ROUNDS:
            return Repaired(text="", mistakes=tuple(mistakes))
        if mistake.tab:
            tabbed.add(mistake.line)
        text = mended or ""
    return Repaired(text=text, mistakes=tuple(mistakes), tabbed=frozenset(tabbed))


def _first_mistake(text: str) -> Mistake | None:
    try:
        for _ in events(text):
            pass
    except Unreadable as error:
        return error.mistake
    return None


def _untab(text: str, line: int) -> str:
    """Indent a line with spaces: what its tabs were meant for is a guess."""
    lines = lines_of(text)
    above = next((each for each in reversed(lines[:line]) if _is_content(each)), "")
    deeper = 2 if above.split(" #")[0].rstrip().endswith(":") else 0
    lines[line] = " " * ((_indent(above) or 0) + deeper) + lines[line].lstrip(" \t")
    return "\n".join(lines)


def _without(text: str, mistake: Mistake) -> str | None:
    """Return the text without the smallest block that takes the mistake away."""
    if len(text) > _LARGEST:
        return None
    for start, end in _blocks(lines_of(text), mistake.line):
        shorter = _cut(text, start, end)
        left = _first_mistake(shorter)
        if left is None or left.line >= end:
            return shorter
    return None


def _blocks(lines: list[str], wrong: int) -> Iterator[tuple[int, int]]:
    """Yield the blocks around a line, the inner one first: where each starts and ends."""
    outer = _block(lines, wrong, 0, 0)
    if outer is None:
        return
    indents = (_indent(each) for each in lines[outer[0] + 1 : outer[1]])
    step = next((each for each in indents if each), None)
    inner = _block(lines, wrong, outer[0] + 1, step) if step else None
    if inner is not None:
        yield inner
    yield outer


def _block(lines: list[str], wrong: int, first: int, indent: int) -> tuple[int, int] | None:
    last = min(wrong, len(lines) - 1)
    starts = [at for at in range(first, last + 1) if _indent(lines[at]) == indent]
    if not starts or lines[starts[-1]].startswith(("---", "...", "%")):
        return None
    after = range(last + 1, len(lines))
    ends = (at for at in after if (_indent(lines[at]) or 0) <= indent and _is_content(lines[at]))
    return starts[-1], next(ends, len(lines))


def _cut(text: str, start: int, end: int) -> str:
    lines = lines_of(text)
    indent = " " * (_indent(lines[start]) or 0)
    key = _KEY.match(lines[start])
    mark = ""
    if lines[start].lstrip().startswith("- "):
        mark = f"{indent}- {CUT} x"
    elif key:
        mark = f"{indent}{key[1]}: {CUT} x"
    return "\n".join([*lines[:start], mark, *[""] * (end - start - 1), *lines[end:]])


def _indent(line: str) -> int | None:
    return len(line) - len(line.lstrip(" ")) if _is_content(line) else None


def _is_content(line: str) -> bool:
    return bool(line.strip()) and not line.lstrip().startswith("#")
