"""Reads the MOTChallenge's text files: a box a line, frames counted from 1.

``frame, id, left, top, width, height, score, class, visibility``, in pixels. Truth of 2015 has
ten columns, the last three a place in the world; there the class is missing. In a truth the
seventh column is 0 for what is not to be scored (Milan et al., 2016, arXiv:1603.00831).
"""

from collections.abc import Callable, Iterator
from math import isfinite
from pathlib import Path
from typing import Final

from msgspec import Struct

from hub.api import Invalid

_LEAST: Final = 6  # columns: up to the height
_SCORE: Final = 6
_CLASS: Final = 7
_WITH_CLASS: Final = (8, 9)  # columns of a line whose eighth is a class
_PEDESTRIAN: Final = 1
# Persons on vehicles, who do not move, in mirrors, and what only looks like one: finding
# them is neither right nor wrong.
_DOUBTFUL: Final = frozenset({2, 7, 8, 12})
_MOST: Final = 10_000_000  # frames; more is no frame number


class Row(Struct, frozen=True, kw_only=True, gc=False):
    """A box: sides in pixels. ``id`` is -1 in detections; ``score`` is 1 where none is given.

    ``counts`` is false for what is not to be scored, and ``doubtful`` says that whatever was
    found there is not to be scored either.
    """

    frame: int
    id: int
    left: float
    top: float
    right: float
    bottom: float
    score: float = 1.0
    counts: bool = True
    doubtful: bool = False


Rows = tuple[Row, ...]


def read_truth(path: Path) -> Rows:
    """Return a truth; raises ``Invalid`` naming file, line and mistake."""
    return _unique(path, _truth)


def read_tracks(path: Path) -> Rows:
    """Return what a tracker found; raises ``Invalid`` naming file, line and mistake."""
    return _unique(path, _plain)


def read_detections(path: Path) -> Rows:
    """Return what a detector found; raises ``Invalid`` naming file, line and mistake."""
    return tuple(row for _, row in _rows(path, _plain))


def _unique(path: Path, kind: Callable[[list[float]], Row]) -> Rows:
    """Return rows in which an id occurs once a frame."""
    first = dict[tuple[int, int], int]()
    found = list[Row]()
    for line, row in _rows(path, kind):
        if row.id < 0:
            raise Invalid(f"{path}:{line}: {row.id} is no id of a track; ids are 0 or more")
        before = first.setdefault((row.frame, row.id), line)
        if before != line:
            raise Invalid(
                f"{path}:{line}: id {row.id} is in frame {row.frame} already, in line {before}"
            )
        found.append(row)
    return tuple(found)


def _rows(path: Path, kind: Callable[[list[float]], Row]) -> Iterator[tuple[int, Row]]:
    try:
        text = path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise Invalid(f"{path} cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise Invalid(f"{path} is no text: byte {error.start} cannot be read") from error
    for number, line in enumerate(text.splitlines(), 1):
        if not (words := line.partition("#")[0].strip()):
            continue
        try:
            yield number, kind(_numbers(words))
        except ValueError as error:
            raise Invalid(f"{path}:{number}: {error}") from error


def _numbers(line: str) -> list[float]:
    words = line.rstrip(",").split(",") if "," in line else line.split()
    if len(words) < _LEAST:
        raise ValueError(
            f"{len(words)} columns, where frame, id, left, top, width and height are needed, "
            "with commas or spaces between them"
        )
    found = [_number(word, column) for column, word in enumerate(words, 1)]
    frame, _, _, _, width, height = found[:_LEAST]
    if frame != int(frame) or not 1 <= frame <= _MOST:
        raise ValueError(f"{words[0].strip()} is no frame; they are counted from 1 to {_MOST}")
    if found[1] != int(found[1]):
        raise ValueError(f"{words[1].strip()} is no id; ids are whole numbers")
    if width <= 0 or height <= 0:
        raise ValueError(f"a box of {width:g} x {height:g} pixels")
    return found


def _number(word: str, column: int) -> float:
    try:
        number = float(word)
    except ValueError:
        raise ValueError(f"{word.strip()!r} in column {column} is no number") from None
    if not isfinite(number):
        raise ValueError(f"{word.strip()!r} in column {column} is no number to reckon with")
    return number


def _plain(columns: list[float]) -> Row:
    frame, each, left, top, width, height = columns[:_LEAST]
    return Row(
        frame=int(frame),
        id=int(each),
        left=left,
        top=top,
        right=left + width,
        bottom=top + height,
        score=columns[_SCORE] if len(columns) > _SCORE else 1.0,
    )


def _truth(columns: list[float]) -> Row:
    row = _plain(columns)
    what = int(columns[_CLASS]) if len(columns) in _WITH_CLASS else -1
    return Row(
        frame=row.frame,
        id=row.id,
        left=row.left,
        top=row.top,
        right=row.right,
        bottom=row.bottom,
        score=row.score,
        counts=row.score != 0 and (what < 0 or what == _PEDESTRIAN),
        doubtful=what in _DOUBTFUL,
    )
