"""All checks of one automation, in one place."""

from collections.abc import Collection, Iterable, Iterator, Mapping

from automations.checks import (
    effects,
    flow,
    gives,
    literals,
    logic,
    loops,
    scopes,
    states,
    tree,
    triggered,
)
from hub.api import Known, Path, Problem


def check_automation(
    raw: object, path: Path, entity: str, known: Known, said: Iterable[Problem]
) -> Iterator[Problem]:
    """Look at one automation as a whole; ``said`` is what reading it has found already.

    Paths of what is found begin at the root, like ``path``.
    """
    if not isinstance(raw, Mapping) or raw.get("enabled") is False:
        return
    found = tree.automation(raw, path, entity)
    told = list(said)
    wrong = {each.path for each in told if not each.warning}
    later: set[Path] = set()
    misspelt = any(each.on_key for each in told)  # such a key may have held what is missed
    for each in _all(found, known, names=not misspelt):
        if each.path in wrong or (each.warning and each.path in later):
            continue  # what is wrong with this place is said
        if not each.warning:
            later.add(each.path)
        yield each


def _all(found: tree.Automation, known: Known, *, names: bool) -> Iterator[Problem]:
    """Look for errors first, for where there is one, no warning is needed."""
    if names:
        if found.triggers:  # what is only called is given variables by its caller
            yield from scopes.check(found, known)
        yield from gives.check(found, known)
    yield from literals.check(found, known)
    yield from logic.check(found)
    yield from states.check(found, known)
    yield from effects.check(found)
    yield from loops.check(found)
    yield from triggered.check(found)
    yield from flow.check(found.steps)


def check_sequence(
    raw: object, path: Path, known: Known, given: Collection[str]
) -> Iterator[Problem]:
    """Look at a sequence that is not an automation's; ``given`` are variables it gets."""
    steps = tree.steps(raw, path)
    yield from scopes.check_steps(steps, known, given)
    yield from logic.check_steps(steps)
    yield from flow.check(steps)
    yield from literals.entities(raw, path, known)
    yield from literals.check_steps(steps, known)
