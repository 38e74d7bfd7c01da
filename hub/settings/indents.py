"""Lines that are indented wrongly, or with tabs: what was meant can mostly be told."""

from collections.abc import Iterator
from typing import Final

_WIDTHS: Final = (2, 4, 8)  # columns that editors show a tab as


def is_content(line: str) -> bool:
    """Say whether a line holds more than spaces and a comment."""
    return bool(line.strip()) and not line.lstrip().startswith("#")


def indent_of(line: str) -> int:
    """Return how many spaces a line begins with."""
    return len(line) - len(line.lstrip(" "))


def tabbed_run(lines: list[str], first: int) -> tuple[int, ...]:
    """Return the lines with something in them that tabs indent, from one on without a break.

    None at all when a tab stands before a comment only, which hurts nobody.
    """
    run = []
    for at in range(first, len(lines)):
        if "\t" in _lead(lines[at]) and is_content(lines[at]):
            run.append(at)
        elif is_content(lines[at]):
            break
    return tuple(run) if run[:1] == [first] else ()


def untabbed(lines: list[str], run: tuple[int, ...]) -> Iterator[tuple[list[str], int]]:
    """Yield what may have been meant, the likeliest first, each with the last line it explains.

    That is the line after the run: where the run's indentation is wrong, that one does not fit.
    """
    plain = [line if is_content(line) else _spaced(line) for line in lines]
    if not run:
        yield plain, -1
        return
    above = next((each for each in reversed(lines[: run[0]]) if is_content(each)), "")
    after = (at for at in range(run[-1] + 1, len(lines)) if is_content(lines[at]))
    below = next(after, len(lines))
    leads = {_lead(lines[at]) for at in run}
    tried = [dict.fromkeys(leads, " " * width) for width in _beside(above, lines[below:][:1])]
    widths = [{lead: lead.expandtabs(width) for lead in leads} for width in _WIDTHS]
    guesses = [*tried, *widths] if len(leads) == 1 else widths
    for guess in sorted(guesses, key=lambda each: not _fits(above, each, lines[run[0]])):
        yield [_with(line, guess, at in run) for at, line in enumerate(plain)], below


def shifted(lines: list[str], first: int) -> Iterator[tuple[list[str], tuple[int, ...], int]]:
    """Yield what may have been meant by a line that does not fit in, and those like it below.

    Each with the lines that were moved, and the last line that this explains.
    """
    column = indent_of(lines[first])
    content = [at for at in range(first, len(lines)) if is_content(lines[at])]
    above = next((each for each in reversed(lines[:first]) if is_content(each)), "")
    for deepest in (None, column, column - 1):  # the line, with what is in it, with its like
        ends = (at for at in content[1:] if deepest is None or indent_of(lines[at]) <= deepest)
        end = next(ends, len(lines))
        run = tuple(at for at in content if at < end)
        for width in dict.fromkeys(_beside(above, lines[end : end + 1])):
            moved = [
                " " * (indent_of(line) - column + width) + line.lstrip() if at in run else line
                for at, line in enumerate(lines)
            ]
            yield moved, run, end


def _beside(above: str, below: list[str]) -> Iterator[int]:
    """Yield the indents of the neighbours, and the one below a key."""
    near = [_column(above), *map(indent_of, below), _column(above) + 2]
    yield from (each for each in near if each)


def _fits(above: str, guess: dict[str, str], first: str) -> bool:
    """Say whether the first line is deeper than a key without a value, and only then."""
    indent, column = len(guess[_lead(first)]), _column(above)
    if above.split(" #", maxsplit=1)[0].rstrip().endswith(":"):
        return indent > column or (indent == column and first.lstrip().startswith("- "))
    return indent <= column


def _column(line: str) -> int:
    """Return where a line's key begins; an item of a list may hold one."""
    return len(line) - len(line.lstrip(" -")) if line.lstrip().startswith("- ") else indent_of(line)


def _with(line: str, guess: dict[str, str], tabbed: bool) -> str:
    return guess[_lead(line)] + line.lstrip(" \t") if tabbed else line


def _spaced(line: str) -> str:
    return _lead(line).expandtabs(_WIDTHS[0]) + line.lstrip(" \t")


def _lead(line: str) -> str:
    return line[: len(line) - len(line.lstrip(" \t"))]
