"""All checks of one automation, in one place."""

from collections.abc import Collection, Iterable, Iterator, Mapping

from automations.checks import effects, flow, gives, literals, logic, loops, scopes, states, tree
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
    if not any(each.on_key for each in told):  # a misspelt key may have held what is missed
        if found.triggers:  # what is only called is given variables by its caller
            yield from _fresh(scopes.check(found, known), told)
        yield from _fresh(gives.check(found, known), told)
    for check in (logic.check, effects.check, loops.check):
        yield from _fresh(check(found), told)
    yield from _fresh(states.check(found, known), told)
    yield from _fresh(flow.check(found.steps), told)
    yield from _fresh(literals.check(found, known), told)


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


def _fresh(found: Iterable[Problem], told: list[Problem]) -> Iterator[Problem]:
    """Pass over what has been said of the same place."""
    for each in found:
        if not any(each.path == other.path and not other.warning for other in told):
            yield each
