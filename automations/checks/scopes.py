"""Which variables there are where a template stands: what nothing defines is a mistake."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Final

from automations.checks.texts import templates
from automations.checks.tree import Automation, Condition, Step, Trigger, every_step
from automations.templates.sandbox import SANDBOX
from automations.templates.syntax import said
from hub.api import Known, Path, Problem, did_you_mean

ALWAYS: Final = frozenset({"this", "trigger", "context"})
# Triggers that compute with more than these give a template names of their own.
_PLAIN: Final = frozenset({"state", "template", "event", "time"})
# What is in a step but belongs to its branches.
_INSIDE: Final[Mapping[str, frozenset[str]]] = {
    "if": frozenset({"if", "then", "else"}),
    "choose": frozenset({"choose", "default"}),
    "parallel": frozenset({"parallel"}),
    "sequence": frozenset({"sequence"}),
    "wait_for_trigger": frozenset({"wait_for_trigger"}),
    "variables": frozenset({"variables"}),
    "repeat": frozenset({"repeat"}),
}
# States and the like that are written without quotes by mistake.
_WORDS: Final = frozenset({
    "on", "off", "yes", "no", "open", "closed", "home", "not_home", "unknown", "unavailable",
    "online", "offline", "idle",
})  # fmt: skip
_THERE: Final[Mapping[str, str]] = {
    "repeat": "It is there only inside a 'repeat'.",
    "wait": "It is there only after a 'wait_for_trigger' or 'wait_template'.",
}


def check(automation: Automation, known: Known) -> Iterator[Problem]:
    """Look for variables that nothing defines, in all of an automation."""
    look = _Look(known, defined_in(automation.steps))
    scope = set(ALWAYS)
    for trigger in automation.triggers:
        yield from look.trigger(trigger, scope)
        given = trigger.raw.get("variables")
        yield from look.variables(given, (*trigger.path, "variables"), scope)
    given = automation.raw.get("variables")
    yield from look.variables(given, (*automation.path, "variables"), scope)
    yield from look.conditions(automation.conditions, scope)
    yield from look.steps(automation.steps, scope)


def check_steps(steps: tuple[Step, ...], known: Known, given: Collection[str]) -> Iterator[Problem]:
    """Look for variables that nothing defines in steps that are given some."""
    look = _Look(known, defined_in(steps))
    yield from look.steps(steps, {*ALWAYS, *given})


def defined_in(steps: tuple[Step, ...]) -> frozenset[str]:
    """Return the variables that steps define, wherever in them."""
    return frozenset(name for each in every_step(steps) for name in _defines(each))


def _defines(step: Step) -> Iterator[str]:
    raw = step.raw if isinstance(step.raw, Mapping) else {}
    if isinstance(given := raw.get("variables"), Mapping) and step.kind == "variables":
        yield from map(str, given)
    if step.kind == "action" and isinstance(answer := raw.get("response_variable"), str):
        yield answer
    if step.kind in {"wait_template", "wait_for_trigger"}:
        yield "wait"


class _Look:
    """Looks at templates in the order in which they are computed."""

    def __init__(self, known: Known, anywhere: frozenset[str]) -> None:
        self._known = known
        self._anywhere = anywhere

    def trigger(self, trigger: Trigger, scope: Collection[str]) -> Iterator[Problem]:
        """Look at what a trigger computes itself."""
        if trigger.kind in _PLAIN:
            for source, at in templates(trigger.raw, trigger.path, {"variables"}):
                yield from self._names(source, at, {*scope, *self._anywhere})

    def variables(self, given: object, path: Path, scope: set[str]) -> Iterator[Problem]:
        """Look at variables, each of which can use those before it."""
        for name, value in given.items() if isinstance(given, Mapping) else ():
            yield from self._templates(value, (*path, name), scope)
            scope.add(str(name))

    def conditions(self, found: Iterable[Condition], scope: set[str]) -> Iterator[Problem]:
        """Look at conditions."""
        for each in found:
            more = {"state"} if each.kind == "numeric_state" else set()
            if each.parts:
                yield from self.conditions(each.parts, scope)
            else:
                yield from self._templates(each.raw, each.path, scope | more)

    def steps(self, found: Iterable[Step], scope: set[str]) -> Iterator[Problem]:
        """Look at steps, one after the other."""
        for each in found:
            yield from self._step(each, scope)
            scope.update(_defines(each))

    def _step(self, step: Step, scope: set[str]) -> Iterator[Problem]:
        if step.condition is not None:
            yield from self.conditions((step.condition,), scope)
            return
        yield from self._templates(step.raw, step.path, scope, _INSIDE.get(step.kind, ()))
        for trigger in step.triggers:
            yield from self.trigger(trigger, scope)
        if step.kind == "variables":
            given = step.raw["variables"]
            yield from self.variables(given, (*step.path, "variables"), scope)
        if step.kind == "repeat":
            keys = {"sequence", "while", "until"}
            yield from self._templates(step.raw["repeat"], (*step.path, "repeat"), scope, keys)
        yield from self._branches(step, scope)

    def _branches(self, step: Step, scope: set[str]) -> Iterator[Problem]:
        inside = defined_in((step,))
        for branch in step.branches:
            there = set(scope)
            if step.kind in {"repeat", "parallel"}:  # what one round defines, the next one has
                there |= inside
            if step.kind == "repeat":
                there.add("repeat")
            yield from self.conditions(branch.conditions or (), there)
            yield from self.steps(branch.steps, there)
        scope |= inside

    def _templates(
        self, raw: object, path: Path, scope: Collection[str], without: Collection[str] = ()
    ) -> Iterator[Problem]:
        for source, at in templates(raw, path, without):
            yield from self._names(source, at, scope)

    def _names(self, source: str, path: Path, scope: Collection[str]) -> Iterator[Problem]:
        for name in said(source).names:
            if name in scope:
                continue
            if name in self._anywhere:
                words = f"'{name}' is used before it is set"
                yield Problem(path=path, words=words, hint=_THERE.get(name, ""), warning=True)
            else:
                words = f"there is no variable '{name}' here"
                yield Problem(path=path, words=words, hint=self._hint(name, scope))

    def _hint(self, name: str, scope: Collection[str]) -> str:
        if name in _THERE:
            return _THERE[name]
        close = did_you_mean(name, scope)
        if close.startswith("Did"):
            return close
        if name in _WORDS or name in self._names_of_things():
            return f"A text needs quotes: '{name}'."
        close = did_you_mean(name, SANDBOX.globals)
        return close or "Set it with 'variables:' above."

    def _names_of_things(self) -> Collection[str]:
        cameras = self._known.cameras
        parts = (each.zones | each.lines | each.objects for each in cameras.values())
        return frozenset(cameras).union(*parts)
