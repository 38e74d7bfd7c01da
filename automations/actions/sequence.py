"""How actions are read: which kind a step is, and what is common to all of them."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from automations import refused
from automations.actions import (
    call,
    check,
    choose,
    delay,
    event,
    parallel,
    repeat,
    stop,
    variables,
    wait,
)
from automations.conditions.tree import is_short
from automations.reading import Reader, items
from automations.steps import Sequence, Step
from hub.api import Path, did_you_mean, schema

Read = Callable[[Reader, Mapping[str, Any], Path], Step | None]

COMMON: Final = frozenset({"alias", "enabled", "continue_on_error"})

# The key that makes a step what it is; an earlier one wins, so "stop" may have its own "error".
KINDS: Final[Mapping[str, tuple[Read, frozenset[str]]]] = {
    "action": (call.read, call.KEYS),
    "service": (call.read, call.KEYS),
    "service_template": (call.read, call.KEYS),
    "delay": (delay.read, delay.KEYS),
    "scene": (call.read_scene, call.SCENE_KEYS),
    "wait_template": (wait.read_wait_template, wait.TEMPLATE_KEYS),
    "wait_for_trigger": (wait.read_wait_for_trigger, wait.TRIGGER_KEYS),
    "event": (event.read, event.KEYS),
    "repeat": (repeat.read, repeat.KEYS),
    "choose": (choose.read_choose, choose.CHOOSE_KEYS),
    "if": (choose.read_if, choose.IF_KEYS),
    "stop": (stop.read, stop.KEYS),
    "parallel": (parallel.read_parallel, parallel.PARALLEL_KEYS),
    "variables": (variables.read, variables.KEYS),
    "sequence": (parallel.read_sequence, parallel.SEQUENCE_KEYS),
}


def read_sequence(reader: Reader, raw: object, path: Path) -> Sequence:
    """Read one action or a list; those that are switched off or wrong are left out."""
    steps = [step for each, at in items(raw, path) if (step := _read(reader, each, at))]
    return Sequence(tuple(steps))


def _read(reader: Reader, raw: object, path: Path) -> Step | None:
    if isinstance(raw, str):
        return check.read(reader, raw, path)
    if not isinstance(raw, Mapping):
        reader.say(path, f"expected an action, got {schema.describe(raw)}")
        return None
    kind = next((key for key in KINDS if key in raw), None)
    if kind is None and ("condition" in raw or is_short(raw)):
        return check.read(reader, raw, path)
    if kind is None:
        _unknown(reader, raw, path)
        return None
    read, keys = KINDS[kind]
    data = call.options(reader, raw[kind]) if "action" in keys else ()
    reader.keys(raw, path, keys | COMMON, f"'{kind}'", data)
    enabled = reader.enabled(raw, path)
    step = read(reader, raw, path)
    if step is not None:
        step.continue_on_error = reader.flag(raw, "continue_on_error", path, default=False)
        step.what = reader.alias(raw) or kind
        if "action" in keys and isinstance(name := raw.get(kind), str):
            step.where += f" ({name})"
    return step if enabled else None


def _unknown(reader: Reader, raw: Mapping[str, Any], path: Path) -> None:
    for key, hint in refused.STEPS.items():
        if key in raw:
            reader.say((*path, key), f"'{key}' of Home Assistant is not here", hint, on_key=True)
            return
    known = {*KINDS, "condition", "and", "or", "not"}
    called = next((str(key) for key in raw if key in reader.known.actions), None)
    if called is not None:
        hint = f"Write 'action: {called}', and what it needs below 'data:'."
        reader.say((*path, called), f"'{called}' is not a key", hint, on_key=True)
        return
    split = next((f"{key}.{each}" for key, each in raw.items() if isinstance(each, str)), "")
    if split in reader.known.actions:
        hint = f"Write 'action: {split}', and what it needs below 'data:'."
        reader.say(path, f"this is not an action: {split.partition('.')[0]}", hint)
        return
    rest = [str(key) for key in raw if key not in COMMON]
    close = [hint for key in rest if (hint := did_you_mean(key, known)).startswith("Did")]
    words = f"this is not an action: {', '.join(rest) or 'it is empty'}"
    reader.say(path, words, close[0] if close else "Call one with 'action: domain.verb'.")
