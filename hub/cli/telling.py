"""How problems are shown: by file, each with its line of the file and a mark below the mistake."""

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import groupby
from pathlib import Path
from typing import Final

import click

from hub.api import Place, Problem
from hub.core.logs import escaped, redactor
from hub.settings import Settings

_WIDEST: Final = 160  # characters of a line that are shown
_LARGEST: Final = 1_000_000  # bytes of a file that is looked into for its lines
_QUOTED: Final = re.compile(r"'([^'\s]{1,60})'")
# Lines that may hold what nobody should paste into a report.
_PRIVATE: Final = re.compile(
    r"passw|pwd|secret|token|api_?key|credential|://[^/\s]*@", re.IGNORECASE
)
_WORD: Final = re.compile(r"[\w.-]+")


def told(problems: Iterable[Problem]) -> Iterator[str]:
    """Yield lines for a terminal, with colours that ``click.echo`` drops where there is none.

    Problems of a file stand together; an empty line comes between files.
    """
    for at, (_, group) in enumerate(groupby(problems, key=_file)):
        if at:
            yield ""
        for each in group:
            yield _headline(each)
            if each.place is not None:
                yield from _excerpt(each, each.place)


def in_order(settings: Settings) -> list[Problem]:
    """Return errors and warnings as they stand in the files, which keep their order."""
    found = [*settings.problems, *settings.warnings]
    files = {str(file): index for index, file in enumerate(settings.files)}

    def place(problem: Problem) -> tuple[int, str, int, int]:
        at = problem.place
        if at is None:
            return (len(files), "", 0, 0)
        return (files.get(at.file, len(files)), at.file, at.line, at.column)

    return sorted(found, key=place)


def count(number: int, noun: str) -> str:
    """Return ``1 error``, ``2 errors``."""
    return f"{number} {noun}{'' if number == 1 else 's'}"


def _file(problem: Problem) -> str:
    return problem.place.file if problem.place else ""


def _headline(problem: Problem) -> str:
    kind = "warning" if problem.warning else "error"
    where, _, rest = escaped(redactor(str(problem))).partition(f": {kind}: ")
    shown = click.style(f"{kind}:", fg="yellow" if problem.warning else "red", bold=True)
    return f"{click.style(where, bold=True)}: {shown} {rest}"


def _excerpt(problem: Problem, place: Place) -> Iterator[str]:
    """Yield the line of the file and a mark; nothing where that would not help."""
    lines = _lines(place.file)
    text = lines[place.line - 1] if 0 < place.line <= len(lines) else ""
    if not text.strip() or len(text) > _WIDEST or _PRIVATE.search(text) or not text.isprintable():
        return
    shown = redactor(text)
    if shown != text:
        return
    start, end = _span(text, place.column - 1, problem.words)
    number = f"{place.line:>5} | "
    mark = click.style("^" * max(end - start, 1), fg="yellow" if problem.warning else "red")
    yield f"{click.style(number, dim=True)}{text}"
    yield f"{' ' * (len(number) - 2)}{click.style('| ', dim=True)}{' ' * start}{mark}"


def _span(text: str, column: int, words: str) -> tuple[int, int]:
    """Return what to mark: a word that the problem quotes, or the one at its column."""
    for quoted in _QUOTED.findall(words):
        found = re.search(rf"(?<![\w.]){re.escape(quoted)}(?!\w)", text[column:])
        if found is None and "." in quoted:
            found = re.search(rf"(?<!\w){re.escape(quoted.split('.')[-1])}(?!\w)", text[column:])
        if found is not None:
            return column + found.start(), column + found.end()
    word = _WORD.match(text, column)
    return column, word.end() if word else column + 1


@lru_cache(maxsize=32)
def _lines(file: str) -> list[str]:
    path = Path(file)
    if path.name == "secrets.yaml":
        return []
    try:
        if path.stat().st_size > _LARGEST:
            return []
        return path.read_text(encoding="utf-8").splitlines()
    except (OSError, ValueError):  # not there, or not a text: that is what the problem says
        return []
