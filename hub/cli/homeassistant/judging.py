"""Whether something of Home Assistant's runs here: the real check, and changes that are sure."""

import copy
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, Final

from msgspec import Struct

from hub.api import Path, Problem
from hub.cli.homeassistant.reading import Found

Check = Callable[[str, Any], Iterable[Problem]]
"""Returns what is wrong with one automation or script (its section, and as it is written)."""

AS_IS: Final = "as is"
CHANGED: Final = "with changes"
NOT: Final = "cannot"
_RENAMED: Final = re.compile(r"It is called '([^']+)' here")
_NO_ENTITY: Final = re.compile(r"there is no entity '([^']+)'")
_NO_ACTION: Final = re.compile(r"there is no action '(notify\.[^']+)'")
_NOTIFY: Final = "notify.log"
_TRIES: Final = 50  # changes of one thing


class Change(Struct, frozen=True):
    """One word in place of another."""

    old: str
    new: str
    why: str


class Judged(Struct, frozen=True):
    """What becomes of one thing: as it is, with changes, or not at all, and why."""

    found: Found
    verdict: str
    changes: tuple[Change, ...] = ()
    reasons: tuple[str, ...] = ()
    entities: tuple[str, ...] = ()
    written: Any = None


def judge(found: Found, check: Check, renamed: Mapping[str, str]) -> Judged:
    """Say whether something runs here; ``renamed`` are entities and what they are called here."""
    raw = copy.deepcopy(found.raw)
    changes: list[Change] = []
    for old, new in renamed.items():
        raw, times = _replaced(raw, old, new)
        if times:
            changes.append(Change(old, new, "as you said"))
    raw, problems = _mended(raw, lambda value: check(found.section, value), changes)
    missing = [match[1] for each in problems if (match := _NO_ENTITY.search(each.words))]
    reasons = [_said(each) for each in problems if not _NO_ENTITY.search(each.words)]
    entities = tuple(dict.fromkeys(missing))
    if reasons:
        return Judged(found, NOT, tuple(changes), tuple(reasons), entities)
    verdict = CHANGED if changes or missing else AS_IS
    return Judged(found, verdict, tuple(changes), (), entities, raw)


def _mended(
    raw: Any, check: Callable[[Any], Iterable[Problem]], changes: list[Change]
) -> tuple[Any, list[Problem]]:
    """Make changes that are sure, one after the other; return what is wrong then."""
    for _ in range(_TRIES):
        problems = [each for each in check(raw) if not each.warning]
        change = next(filter(None, map(_change, problems)), None)
        if change is None:
            return raw, problems
        raw, times = _replaced(raw, change.old, change.new)
        if not times:
            return raw, problems
        changes.append(change)
    return raw, [each for each in check(raw) if not each.warning]


def _change(problem: Problem) -> Change | None:
    """Return the change that surely mends a problem."""
    words = problem.words
    if (renamed := _RENAMED.search(problem.hint)) and (old := re.search(r"'([^']+)'", words)):
        return Change(old[1], renamed[1], "the event has another name here")
    if missing := _NO_ACTION.search(words):
        return Change(missing[1], _NOTIFY, "there is no such notifier yet; configure one of yours")
    return None


def _said(problem: Problem) -> str:
    where = " ".join(_words(problem.path))
    hint = f" {problem.hint}" if problem.hint else ""
    words = problem.words if problem.words.endswith(".") else f"{problem.words}."
    return f"{where}: {words}{hint}" if where else f"{words}{hint}"


def _words(path: Path) -> Iterator[str]:
    for part in path[1:]:
        yield str(part + 1) if isinstance(part, int) else part


def _replaced(value: Any, old: str, new: str) -> tuple[Any, int]:
    """Return a value with one whole word in place of another, and how often it was there."""
    if isinstance(value, Mapping):
        pairs = {key: _replaced(each, old, new) for key, each in value.items()}
        return {k: each for k, (each, _) in pairs.items()}, sum(n for _, n in pairs.values())
    if isinstance(value, list):
        several = [_replaced(each, old, new) for each in value]
        return [each for each, _ in several], sum(n for _, n in several)
    if isinstance(value, str):
        return re.subn(rf"(?<![\w.]){re.escape(old)}(?![\w.]*\w)", new, value)
    return value, 0
