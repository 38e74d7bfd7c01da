"""What a YAML parser complains about, in words for somebody who only wants a camera.

The parser names what it was doing; a user needs the character that is wrong. An unclosed
quote or bracket is shown where it opens, not where the file ends.
"""

import contextlib
import re
from collections.abc import Iterator
from typing import Final, NamedTuple

import yaml

from hub.settings.nodes import DEEPEST, MOST_NODES

# Where PyYAML was built with the parser written in C, that one takes a fifteenth of the time.
_LOADER: Final = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

_BREAK: Final = re.compile("\r\n|[\n\r\x85\u2028\u2029]")
_NO_DASH: Final = re.compile(r"( *-)([A-Za-z_]\w*):(?: |$)")
_TEMPLATE: Final = re.compile(r"(?:^\s*-|:)\s+(\{[{%])")
_NO_SPACE: Final = re.compile(r" *(?:- +)?([A-Za-z_]\w*):[^\s:/]\S*")
_OPENED: Final = {
    "while scanning a quoted scalar": "this quote is never closed",
    "while parsing a flow sequence": "this '[' is never closed, or a comma is missing in it",
    "while parsing a flow mapping": "this '{' is never closed, or a comma is missing in it",
}
_TOO_DEEP: Final = f"nested more than {DEEPEST} levels deep"
_WORDS: Final = {
    "mapping values are not allowed in this context": (
        "a ':' where none can be",
        "Check the indentation of this line and the one above, or put quotes around the text.",
    ),
    "did not find expected key": (
        "this line does not belong to what is above it",
        "Check its indentation.",
    ),
    "did not find expected '-' indicator": (
        "a list item beginning with '-' was expected here",
        "Check the indentation.",
    ),
    "could not find expected ':'": ("a ':' is missing after this key", ""),
    "found unknown escape character": (
        "an unknown escape after '\\'",
        "Use single quotes, in which '\\' means itself.",
    ),
    "did not find expected alphabetic or numeric character": (
        "a name is missing after '*' or '&'",
        "Put quotes around the text.",
    ),
    "block sequence entries are not allowed in this context": (
        "a list cannot begin in the line of its key",
        "Write '- ' in a line of its own, indented below.",
    ),
    "did not find expected comment or line break": (
        "nothing can follow '|' or '>' in their line",
        "Begin the text in the next line, or put quotes around it.",
    ),
    "did not find expected whitespace or line break": (
        "a space is missing after this tag, or it holds a character too many",
        "",
    ),
    "found unexpected ':'": ("a ':' where none can be", "Put quotes around the text."),
    "found undefined tag handle": ("this tag is not known", "Put quotes around a text with '!'."),
    "did not find expected <document start>": ("a second document begins here", ""),
}


class Mistake(NamedTuple):
    """A syntax error: ``line`` and ``column`` count from 0.

    ``tab`` says that one indents the line, ``control`` at which character, from 1, stands one
    that cannot be shown, ``indent`` that the line may be indented wrongly, ``space`` that
    one is missing behind the character; ``fatal`` that nothing can be made of the text.
    """

    line: int
    column: int
    words: str
    hint: str = ""
    tab: bool = False
    control: int = 0
    indent: bool = False
    space: bool = False
    fatal: bool = False


class Unreadable(Exception):
    """The text is not YAML; ``mistake`` says why."""

    def __init__(self, mistake: Mistake) -> None:
        super().__init__(mistake.words)
        self.mistake = mistake


def lines_of(text: str) -> list[str]:
    """Split a text where YAML counts a new line."""
    return _BREAK.split(text)


def position(event: yaml.Event) -> tuple[int, int]:
    """Return the line and column where an event begins, from 0."""
    mark = event.start_mark
    return (mark.line, mark.column) if mark else (0, 0)


def events(text: str) -> Iterator[yaml.Event]:
    """Yield the parser's events; raises ``Unreadable``."""
    try:
        yield from _bounded(yaml.parse(text, Loader=_LOADER))
    except yaml.MarkedYAMLError as error:
        raise Unreadable(_explain(error, text)) from error
    except yaml.reader.ReaderError as error:
        before = _before(text, error.position)
        line, column = before.count("\n"), len(before) - before.rfind("\n") - 1
        words = "a control character that no text may hold"
        raise Unreadable(Mistake(line, column, words, control=len(before) + 1)) from error


def _before(text: str, position: int) -> str:
    """Return what stands before a position; the parser in C counts bytes."""
    if _LOADER is yaml.SafeLoader:
        return text[:position]
    return text.encode()[:position].decode(errors="ignore")


def _bounded(stream: Iterator[yaml.Event]) -> Iterator[yaml.Event]:
    """Yield the same events, but no more and no deeper than a configuration may be."""
    depth = 0
    for count, event in enumerate(stream):
        depth += isinstance(event, yaml.CollectionStartEvent)
        depth -= isinstance(event, yaml.CollectionEndEvent)
        if depth > DEEPEST or count > 2 * MOST_NODES:
            words = _TOO_DEEP
            if depth <= DEEPEST:
                words = f"the file holds more than {MOST_NODES:,} values"
            raise Unreadable(Mistake(*position(event), words, fatal=True))
        yield event


def _explain(error: yaml.MarkedYAMLError, text: str) -> Mistake:
    mark = error.problem_mark or error.context_mark
    if mark is None:
        return Mistake(0, 0, error.problem or "not YAML")
    if error.problem == "exceeded maximum nesting depth":  # the parser's own limit, a higher one
        return Mistake(mark.line, mark.column, _TOO_DEEP, fatal=True)
    lines = lines_of(text)
    line = lines[mark.line] if mark.line < len(lines) else ""
    indent = line[: len(line) - len(line.lstrip(" \t"))]
    if "\t" in indent:
        hint = "YAML is indented with spaces; most editors can turn tabs into them."
        return Mistake(mark.line, indent.index("\t"), "a tab in the indentation", hint, tab=True)
    known = _template(line, mark) or _quoted(text, mark) or _opened(error, text)
    return known or _space_missing(lines, mark.line) or _other(error.problem or "", line, mark)


def _template(line: str, mark: yaml.Mark) -> Mistake | None:
    """Explain what YAML makes of a template without quotes."""
    if found := _TEMPLATE.search(line):
        words, hint = "a template needs quotes around it", 'Such as: "{{ trigger.object }}"'
        return Mistake(mark.line, found.start(1), words, hint)
    return None


def _opened(error: yaml.MarkedYAMLError, text: str) -> Mistake | None:
    """Explain what is open until the end."""
    if error.problem == "did not find expected node content" and error.problem_mark:
        return _bracket(text, error.problem_mark)
    opened = _OPENED.get(error.context or "")
    if opened and error.context_mark and "escape" not in (error.problem or ""):
        return Mistake(error.context_mark.line, error.context_mark.column, opened)
    return None


def _bracket(text: str, mark: yaml.Mark) -> Mistake | None:
    """Find the bracket that is open at a place."""
    brackets: list[yaml.Token] = []
    with contextlib.suppress(yaml.YAMLError):
        for token in yaml.scan(text, Loader=_LOADER):
            if (token.start_mark.line, token.start_mark.column) >= (mark.line, mark.column):
                break
            if isinstance(token, yaml.FlowSequenceStartToken | yaml.FlowMappingStartToken):
                brackets.append(token)
            elif brackets and isinstance(
                token, yaml.FlowSequenceEndToken | yaml.FlowMappingEndToken
            ):
                brackets.pop()
    if not brackets:
        return None
    start = brackets[-1].start_mark
    kind = "sequence" if isinstance(brackets[-1], yaml.FlowSequenceStartToken) else "mapping"
    return Mistake(start.line, start.column, _OPENED[f"while parsing a flow {kind}"])


def _other(problem: str, line: str, mark: yaml.Mark) -> Mistake:
    words, hint = _WORDS.get(problem, (problem or "not YAML", ""))
    if "mapping values" in problem and re.search(r":\s+\S", line[: mark.column]):
        hint = "Put quotes around the text, or begin a new line after the first ':'."
        return Mistake(mark.line, mark.column, "a second ':' in this line", hint)
    if problem == "did not find expected key" and line[mark.column :].startswith(":"):
        words, hint = "a key is missing before ':'", ""
    if "cannot start any token" in words and mark.column < len(line):
        words = f"a text cannot begin with '{line[mark.column]}'"
        hint = "Put quotes around it."
    return Mistake(mark.line, mark.column, words, hint, indent="indentation" in hint)


def _space_missing(lines: list[str], wrong: int) -> Mistake | None:
    """Explain an error that comes from a key above it, or in its line, such as ``port:80``."""
    above = next((at for at in range(wrong - 1, -1, -1) if lines[at].strip()), wrong)
    if dash := _NO_DASH.match(lines[above]):
        hint = f"Write: - {dash[2]}"
        return Mistake(above, dash.end(1) - 1, "a space is missing after '-'", hint, space=True)
    for at in (above, wrong):
        if at < len(lines) and (found := _NO_SPACE.fullmatch(lines[at])):
            hint = f"Write '{found[1]}: ' and then the value."
            return Mistake(at, found.end(1), "a space is missing after ':'", hint, space=True)
    return None


def _quoted(text: str, mark: yaml.Mark) -> Mistake | None:
    """Explain an error that stands right behind a text in quotes: they are the wrong ones."""
    found = None
    with contextlib.suppress(yaml.YAMLError):
        for token in yaml.scan(text, Loader=_LOADER):
            if (token.start_mark.line, token.start_mark.column) >= (mark.line, mark.column):
                break
            found = token
    if not isinstance(found, yaml.ScalarToken) or found.style not in {"'", '"'}:
        return None
    start, end = found.start_mark, found.end_mark
    if end.line != mark.line or lines_of(text)[end.line][end.column : mark.column].strip():
        return None
    if start.line < end.line:
        words = f"this quote is closed only in line {end.line + 1}"
        return Mistake(start.line, start.column, words, "Put a quote at the end of the text.")
    other = {"'": "double", '"': "single"}[found.style]
    hint = f"Put {other} quotes around the whole text."
    return Mistake(mark.line, mark.column, "the text has ended at the quote before this", hint)
