"""Steps that are never reached, and branches that are never taken."""

from collections.abc import Iterator, Mapping
from itertools import pairwise
from typing import Final

from automations.checks.logic import all_of, truth
from automations.checks.tree import Branch, Step, surely
from hub.api import Path, Problem

_RUN: Final = "run"
_SEQUENCE: Final = "sequence"


def check(steps: tuple[Step, ...]) -> Iterator[Problem]:
    """Look at steps and at all that are inside them."""
    yield from _sequence(steps)
    for step in steps:
        yield from _branches(step)
        for branch in step.branches:
            yield from check(branch.steps)


def _sequence(steps: tuple[Step, ...]) -> Iterator[Problem]:
    for step, following in pairwise(steps):
        if ended := _ends(step):
            why = _why(step, ended)
            yield _warning(following.path, f"this is never reached: {why}")
            return


def _ends(step: Step) -> str:
    """Say what a step surely ends: the run, the sequence it stands in, or nothing."""
    if not surely(step.raw):
        return ""
    if step.kind == "stop":
        return _RUN
    if step.condition is not None:
        return _SEQUENCE if truth(step.condition) is False else ""
    if step.kind == "sequence":
        return _RUN if any(_all_end(each.steps) for each in step.branches) else ""
    if step.kind in {"if", "choose"}:
        complete = any(each.word in {"else", "default"} for each in step.branches)
        return _RUN if complete and all(_all_end(each.steps) for each in step.branches) else ""
    return ""


def _all_end(steps: tuple[Step, ...]) -> bool:
    return any(_ends(each) == _RUN for each in steps)


def _why(step: Step, ended: str) -> str:
    if step.kind == "stop":
        return "the 'stop' before it ends the run"
    if ended == _SEQUENCE:
        return "the condition before it is never true"
    return f"the '{step.kind}' before it ends the run either way"


def _branches(step: Step) -> Iterator[Problem]:
    if step.kind == "if":
        yield from _if(step)
    elif step.kind == "choose":
        yield from _choose(step)
    elif step.kind == "repeat":
        yield from _repeat(step)


def _if(step: Step) -> Iterator[Problem]:
    asked = step.branches[0]
    always = all_of(asked.conditions or ())
    if always is False:
        yield _warning(asked.path, "this is never reached: the 'if' is never true")
    otherwise = next((each for each in step.branches if each.word == "else"), None)
    if always is True and otherwise is not None:
        yield _warning(otherwise.path, "this is never reached: the 'if' is always true")


def _choose(step: Step) -> Iterator[Problem]:
    taken = 0
    options = [each for each in step.branches if each.word == "choose"]
    for number, each in enumerate(options, start=1):
        if taken:
            yield _warning(each.path, f"this is never reached: choice {taken} is always taken")
            continue
        always = all_of(each.conditions or ())
        if always is False:
            yield _warning(each.path, "this choice is never taken: its condition is never true")
        elif always is True:
            taken = number
        elif (first := _same(each, options[: number - 1])) is not None:
            words = f"this choice is never taken: choice {first + 1} has the same conditions"
            yield _warning(each.path, words)
    for each in step.branches:
        if each.word == "default" and taken:
            yield _warning(each.path, f"this is never reached: choice {taken} is always taken")


def _same(branch: Branch, before: list[Branch]) -> int | None:
    raw = [each.raw for each in branch.conditions or ()]
    for index, each in enumerate(before):
        if raw == [other.raw for other in each.conditions or ()]:
            return index
    return None


def _repeat(step: Step) -> Iterator[Problem]:
    given = step.raw["repeat"]
    if not isinstance(given, Mapping):
        return
    place: Path = (*step.path, "repeat")
    asked = step.branches[0].conditions if step.branches else None
    if "while" in given and asked and all_of(asked) is False:
        words = "this is never reached: the 'while' is never true"
        yield _warning((*place, "sequence"), words)
    if given.get("count") == 0 and given.get("count") is not False:
        yield _warning((*place, "count"), "it goes round 0 times, so its sequence never runs")
    if given.get("for_each") == []:
        words = "there is nothing to go round for, so its sequence never runs"
        yield _warning((*place, "for_each"), words)


def _warning(path: Path, words: str) -> Problem:
    return Problem(path=path, words=words, warning=True)
