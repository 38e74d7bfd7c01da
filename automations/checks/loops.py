"""Automations that surely start themselves again, or end themselves."""

from collections.abc import Iterator, Mapping
from itertools import pairwise
from typing import Final

from automations.checks.tree import Automation, Step, Trigger, surely
from automations.templates import is_template
from hub.api import Path, Problem

# After these a step may not be reached, or only after a while: then it is a timer.
_ENDS: Final = frozenset({
    "if", "choose", "stop", "repeat", "delay", "wait_template", "wait_for_trigger",
})  # fmt: skip
_WAIT: Final = "Give the trigger an 'event_data', or add a condition."


def check(automation: Automation) -> Iterator[Problem]:
    """Look for what an automation does to itself, whatever happens."""
    yield from _ended(automation.entity, automation.steps)
    if automation.conditions:
        return
    again = str(automation.raw.get("mode")) in {"queued", "parallel", "restart"}
    for step in _certain(automation.steps):
        if step.kind == "event" and again:
            yield from _event(step, automation.triggers)
        elif step.kind == "action":
            yield from _action(step, automation, again)


def _certain(steps: tuple[Step, ...]) -> Iterator[Step]:
    """Yield the steps that are reached in every run."""
    for each in steps:
        if each.condition is not None or each.kind in _ENDS or not surely(each.raw):
            return
        if each.kind == "sequence":
            for branch in each.branches:
                yield from _certain(branch.steps)
            return
        yield each


def _event(step: Step, triggers: tuple[Trigger, ...]) -> Iterator[Problem]:
    name = step.raw["event"]
    for each in triggers:
        types = each.raw.get("event_type")
        named = types if isinstance(types, list) else [types]
        if each.kind == "event" and name in named and not each.raw.get("event_data"):
            words = f"the event '{name}' starts this automation again, without end"
            yield _warning((*step.path, "event"), words, _WAIT)
            return


def _action(step: Step, automation: Automation, again: bool) -> Iterator[Problem]:
    name = _name(step)
    entities = set(_entities(step))
    if name == "automation.trigger" and automation.entity in entities and again:
        words = "this automation starts itself again, without end"
        yield _warning(step.path, words, "Use 'repeat:' to do something again.")
    if not name.endswith(".toggle") or not again:
        return
    for each in automation.triggers:
        given = each.raw.get("entity_id")
        watched = {str(one) for one in (given if isinstance(given, list) else [given])}
        filtered = {"from", "to", "not_from", "not_to", "attribute", "for"} & each.raw.keys()
        if each.kind == "state" and not filtered and (both := sorted(watched & entities)):
            words = f"'{both[0]}' changes, and that starts this automation again, without end"
            yield _warning(step.path, words, "Say what it changes to: add 'to:' to the trigger.")


def _ended(entity: str, steps: tuple[Step, ...]) -> Iterator[Problem]:
    for step, following in pairwise(steps):
        data = step.raw.get("data") if isinstance(step.raw, Mapping) else None
        stays = isinstance(data, Mapping) and data.get("stop_actions") is False
        off = _name(step) == "automation.turn_off" and surely(step.raw)
        if off and entity in _entities(step) and not stays:
            words = "this is never reached: the automation turned itself off, and so ended its run"
            hint = "Add 'stop_actions: false' to that action's data."
            yield _warning(following.path, words, hint)


def _name(step: Step) -> str:
    if step.kind != "action":
        return ""
    found = next((step.raw[key] for key in ("action", "service") if key in step.raw), "")
    return found if isinstance(found, str) else ""


def _entities(step: Step) -> list[str]:
    holders = [step.raw, step.raw.get("target"), step.raw.get("data")]
    found: list[str] = []
    for each in holders:
        given = each.get("entity_id") if isinstance(each, Mapping) else None
        several = given if isinstance(given, list) else [given]
        found += [one for one in several if isinstance(one, str) and not is_template(one)]
    return found


def _warning(path: Path, words: str, hint: str) -> Problem:
    return Problem(path=path, words=words, hint=hint, warning=True)
