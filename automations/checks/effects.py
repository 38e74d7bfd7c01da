"""What is written and changes nothing: a limit that does not count, a ``for:`` of no time."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

import voluptuous as vol

from automations.checks.tree import Automation, every_condition, every_step
from hub.api import Path, Problem, schema

_ALONE: Final = ("single", "restart")


def check(automation: Automation) -> Iterator[Problem]:
    """Look for options without effect."""
    yield from _mode(automation.raw, automation.path)
    waited = [each for step in every_step(automation.steps) for each in step.triggers]
    for each in [*automation.triggers, *waited]:
        yield from _no_time(each.raw, "for", each.path)
    for condition in every_condition(automation):
        if isinstance(condition.raw, Mapping):
            yield from _no_time(condition.raw, "for", condition.path)
    for step in every_step(automation.steps):
        if step.kind in {"wait_template", "wait_for_trigger"}:
            yield from _wait(step.raw, step.path)
        if step.kind == "delay":
            yield from _no_time(step.raw, "delay", step.path)


def _mode(raw: Mapping[str, Any], path: Path) -> Iterator[Problem]:
    mode, most = raw.get("mode", "single"), raw.get("max")
    if not isinstance(mode, str) or not isinstance(most, int):
        return
    if mode in _ALONE:
        words = f"'max' does nothing in mode {mode}: there is one run at a time"
        hint = "Write 'mode: parallel' or 'mode: queued' for more."
        yield Problem(path=(*path, "max"), words=words, hint=hint, on_key=True, warning=True)
    elif most == 1:
        words = f"with 'max: 1' the mode {mode} lets one run through, as 'mode: single' does"
        hint = "Write a larger 'max', or 'mode: single'."
        yield Problem(path=(*path, "max"), words=words, hint=hint, warning=True)


def _no_time(raw: Mapping[str, Any], key: str, path: Path) -> Iterator[Problem]:
    if key not in raw:
        return
    try:
        nothing = schema.seconds(raw[key]) == 0
    except vol.Invalid:  # a template, or told by reading already
        return
    if nothing:
        words = f"'{key}' of no time has no effect"
        hint = f"Write a time such as '{key}: 00:05:00', or leave it out."
        yield Problem(path=(*path, key), words=words, hint=hint, warning=True)


def _wait(raw: Mapping[str, Any], path: Path) -> Iterator[Problem]:
    if "continue_on_timeout" in raw and raw.get("timeout") is None:
        words = "'continue_on_timeout' has no effect without 'timeout'"
        place = (*path, "continue_on_timeout")
        hint = "Write how long to wait: 'timeout: 00:01:00'."
        yield Problem(path=place, words=words, hint=hint, on_key=True, warning=True)
