"""One syntax error must not hide the next, nor take the rest of the file with it.

YAML has no way to go on after an error. Tabs are read as the spaces they were meant for; of
anything else the smallest block around it is cut out (a line, a camera, at worst a section),
a mark is left in its place, and the text is read again. Lines stay where they were, so that
places stay true.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice, takewhile
from typing import Final

from hub.settings.composer import CUT
from hub.settings.indents import indent_of, is_content, shifted, tabbed_run, untabbed
from hub.settings.syntax import Mistake, Unreadable, events, lines_of

# Rounds of reading a broken file again; whoever has more to mend sees the rest afterwards.
_ROUNDS: Final = 20
_LARGEST: Final = 256 * 1024  # characters; reading again costs about 0.1 s at this size
_ITEM: Final = re.compile(r" *- +")
_KEY: Final = re.compile(r"""\s*(?:-\s+)?("[^"]*"|'[^']*'|[^\s:#'"&*!|>{\[][^:#]*?)\s*:(?:\s|$)""")


@dataclass(frozen=True, slots=True, kw_only=True)
class Repaired:
    """A text that can be read, and what had to be mended.

    ``guessed`` are the lines whose spaces are a guess: how far left of here each was written.
    """

    text: str
    mistakes: tuple[Mistake, ...] = ()
    guessed: Mapping[int, int] = field(default_factory=dict)


def repair(text: str) -> Repaired:
    """Return a text that can be read; an empty one when nothing can be saved."""
    mistakes: list[Mistake] = []
    written, guessed = lines_of(text), set[int]()
    while (mistake := _first_mistake(text)) is not None:
        mended, run = _mended(text, mistake)
        if run or not mistake.tab:
            left = _moved(written, text, mistake.line) if mistake.line in guessed else 0
            mistakes.append(mistake._replace(column=max(mistake.column - left, 0)))
        if mended in {None, text} or len(mistakes) >= _ROUNDS:
            return Repaired(text="", mistakes=tuple(mistakes or [mistake]))
        guessed.update(run)
        text = mended or ""
    moved = {line: _moved(written, text, line) for line in guessed}
    return Repaired(text=text, mistakes=tuple(mistakes), guessed=moved)


def _moved(written: list[str], text: str, line: int) -> int:
    """Return how far to the right a line was moved."""
    now = lines_of(text)[line]
    if CUT in now:
        return indent_of(now) - len(written[line]) + len(written[line].lstrip(" \t"))
    return len(now) - len(written[line])


def _first_mistake(text: str) -> Mistake | None:
    try:
        for _ in events(text):
            pass
    except Unreadable as error:
        return error.mistake
    return None


def _mistake_near(lines: list[str], first: int, last: int) -> Mistake | None:
    """Return the first mistake between two lines, or not far behind; reads no more than that."""
    above = (at for at in range(min(first, len(lines) - 1), -1, -1) if _is_outer(lines[at]))
    start = next(above, 0)
    item = _ITEM.match(lines[start]) is not None
    after = [*islice((at for at in range(last + 1, len(lines)) if _is_outer(lines[at])), 2)]
    other = (at for at in after if (_ITEM.match(lines[at]) is not None) != item)
    end = next(other, after[-1] if len(after) > 1 else len(lines))
    found = _first_mistake("\n".join(lines[start:end]))
    return found and found._replace(line=found.line + start)


def _is_outer(line: str) -> bool:
    return is_content(line) and indent_of(line) == 0


def _mended(text: str, mistake: Mistake) -> tuple[str | None, tuple[int, ...]]:
    """Return the text without a mistake, and the lines whose spaces were guessed."""
    if mistake.control:
        at = mistake.control
        return f"{text[: at - 1]} {text[at:]}", ()
    if mistake.fatal or len(text) > _LARGEST:
        return None, ()
    lines = lines_of(text)
    for candidate, run, last in _indented(lines, mistake):
        left = _mistake_near(candidate, mistake.line, last)
        if left is None or left.line > last:
            return "\n".join(candidate), run
    return _without(text, mistake.line), (mistake.line,) if mistake.tab else ()


def _indented(
    lines: list[str], mistake: Mistake
) -> Iterator[tuple[list[str], tuple[int, ...], int]]:
    """Yield the lines with the spaces put right; see ``indents``."""
    if mistake.tab:
        run = tabbed_run(lines, mistake.line)
        yield from ((each, run, last) for each, last in untabbed(lines, run))
    elif mistake.space:
        at, end = mistake.line, mistake.column + 1
        spaced = f"{lines[at][:end]} {lines[at][end:]}"
        below = [*takewhile(lambda line: _holds(lines[at], line), lines[at + 1 :])]
        aligned = [f" {line}" if is_content(line) else line for line in below]
        rest = lines[at + 1 + len(below) :]
        if mistake.column == indent_of(lines[at]):  # a dash: what is below was aligned to it
            yield [*lines[:at], spaced, *aligned, *rest], (*range(at, at + 1 + len(below)),), at
        yield [*lines[:at], spaced, *lines[at + 1 :]], (at,), at
    elif mistake.indent and mistake.line < len(lines) and _KEY.match(lines[mistake.line]):
        yield from shifted(lines, mistake.line)


def _without(text: str, wrong: int) -> str | None:
    """Return the text without the smallest block that takes the mistake in a line away.

    What is wrong directly below a cut may be a consequence of it, so a larger block is tried;
    but rather the next mistake is told than a whole section lost.
    """
    lines = lines_of(text)
    spare = None
    for start, end, cut in _blocks(lines, wrong):
        kept = [*lines[:start], cut, *[""] * (end - start - 1), *lines[end:]]
        below = next((at for at in range(end, len(lines)) if is_content(lines[at])), end)
        left, shorter = _mistake_near(kept, start, below), "\n".join(kept)
        if left is None or left.line > below:
            return shorter if spare is None or indent_of(lines[start]) else spare
        if left.line >= end:
            spare = spare or shorter
    return spare


def _blocks(lines: list[str], wrong: int) -> Iterator[tuple[int, int, str]]:
    """Yield the blocks around a line, the inner one first: start, end, and what is left of it."""
    start: int | None = min(wrong, len(lines) - 1)
    while start is not None and not is_content(lines[start]):
        start = start - 1 if start else None
    while start is not None and not lines[start].startswith(("---", "...", "%")):
        line = lines[start]
        after = range(max(start, wrong) + 1, len(lines))
        if item := _ITEM.match(line):
            column = " " * len(item[0])
            end = next((at for at in after if not _holds(column + "x", lines[at])), len(lines))
            yield start, end, _cut(line)
        end = next((at for at in after if not _holds(line, lines[at])), len(lines))
        yield start, end, f"{item[0]}{CUT} x" if item else _cut(line)
        above = range(start - 1, -1, -1)
        holders = (at for at in above if is_content(lines[at]) and _holds(lines[at], line))
        start = next(holders, None)


def _holds(above: str, line: str) -> bool:
    """Say whether a line belongs to one above it; a list may stand as far left as its key."""
    if not is_content(line) or indent_of(line) > indent_of(above):
        return True
    return bool(
        _ITEM.match(line) and not _ITEM.match(above) and indent_of(line) == indent_of(above)
    )


def _cut(line: str) -> str:
    """Return a line whose value is gone; one without a key is gone altogether."""
    key = _KEY.match(line)
    return f"{line[: key.end(1)]}: {CUT} x" if key else ""
