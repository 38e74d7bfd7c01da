"""The shape of an automation, for checks: its triggers, conditions and steps, and where they stand.

Reading has said already what cannot be read; here such parts are passed over. What is switched off
(``enabled: false``) is not there.
"""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from msgspec import Struct

from automations.reading import items
from hub.api import Path

LOGIC: Final = ("and", "or", "not")
_STEPS: Final = (
    "action", "service", "service_template", "delay", "wait_template", "wait_for_trigger", "event",
    "repeat", "choose", "if", "stop", "parallel", "variables", "scene", "sequence",
)  # fmt: skip
_CALLS: Final = frozenset({"action", "service", "service_template"})


class Trigger(Struct, frozen=True):
    """One trigger: its kind, what was written, and its id."""

    kind: str
    raw: Mapping[str, Any]
    path: Path
    name: str


class Condition(Struct, frozen=True):
    """One condition; ``parts`` are those inside ``and``, ``or`` and ``not``.

    ``raw`` is a mapping, or the template itself where ``kind`` is template.
    """

    kind: str
    raw: Any
    path: Path
    parts: "tuple[Condition, ...]" = ()


class Branch(Struct, frozen=True):
    """Steps inside a step: under which key, on what conditions (none: always)."""

    word: str
    path: Path
    conditions: tuple[Condition, ...] | None
    steps: "tuple[Step, ...]"


class Step(Struct, frozen=True):
    """One step of a sequence."""

    kind: str
    raw: Any
    path: Path
    branches: tuple[Branch, ...] = ()
    condition: Condition | None = None
    triggers: tuple[Trigger, ...] = ()


class Automation(Struct, frozen=True):
    """One automation."""

    raw: Mapping[str, Any]
    path: Path
    entity: str
    triggers: tuple[Trigger, ...]
    conditions: tuple[Condition, ...]
    steps: tuple[Step, ...]


def automation(raw: Mapping[str, Any], path: Path, entity: str) -> Automation:
    """Return the shape of an automation."""
    key = {
        word: f"{word}s" if f"{word}s" in raw else word
        for word in ("trigger", "condition", "action")
    }
    return Automation(
        raw=raw,
        path=path,
        entity=entity,
        triggers=triggers(raw.get(key["trigger"]), (*path, key["trigger"])),
        conditions=conditions(raw.get(key["condition"]), (*path, key["condition"])),
        steps=steps(raw.get(key["action"]), (*path, key["action"])),
    )


def triggers(raw: object, path: Path) -> tuple[Trigger, ...]:
    """Return triggers that are switched on."""
    found = []
    for index, (each, at) in enumerate(items(raw, path)):
        if isinstance(each, Mapping) and _on(each):
            kind = each.get("trigger", each.get("platform"))
            name = str(each.get("id", index))
            if isinstance(kind, str):
                found.append(Trigger(kind, each, at, name))
    return tuple(found)


def conditions(raw: object, path: Path) -> tuple[Condition, ...]:
    """Return conditions that are switched on."""
    found = (_condition(each, at) for each, at in items(raw, path))
    return tuple(each for each in found if each is not None)


def _condition(raw: object, path: Path) -> Condition | None:
    if isinstance(raw, bool | str):
        return Condition("template", str(raw), path)
    return _long(raw, path) if isinstance(raw, Mapping) and _on(raw) else None


def _long(raw: Mapping[str, Any], path: Path) -> Condition | None:
    kind = raw.get("condition")
    short = next((each for each in LOGIC if each in raw), None)
    if kind is None and short is not None:
        return Condition(short, raw, path, conditions(raw[short], (*path, short)))
    if isinstance(kind, list) or (isinstance(kind, str) and "{" in kind):
        return Condition("and", raw, path, conditions(kind, (*path, "condition")))
    if kind == "template":
        said = "template" if surely(raw) else "perhaps a template"
        return Condition(said, str(raw.get("value_template", "")), (*path, "value_template"))
    if not isinstance(kind, str):
        return None
    inside = conditions(raw.get("conditions"), (*path, "conditions")) if kind in LOGIC else ()
    return Condition(kind, raw, path, inside)


def steps(raw: object, path: Path) -> tuple[Step, ...]:
    """Return steps that are switched on."""
    found = (_step(each, at) for each, at in items(raw, path))
    return tuple(each for each in found if each is not None)


def _step(raw: object, path: Path) -> Step | None:
    if isinstance(raw, Mapping) and not _on(raw):
        return None
    kind = (
        next((each for each in _STEPS if each in raw), None) if isinstance(raw, Mapping) else None
    )
    if kind is None or not isinstance(raw, Mapping):
        condition = _condition(raw, path)
        return None if condition is None else Step("condition", raw, path, condition=condition)
    return Step(
        "action" if kind in _CALLS else kind,
        raw,
        path,
        branches=tuple(_branches(kind, raw, path)),
        triggers=triggers(raw[kind], (*path, kind)) if kind == "wait_for_trigger" else (),
    )


def _branches(kind: str, raw: Mapping[str, Any], path: Path) -> Iterator[Branch]:
    match kind:
        case "if":
            yield _branch("then", raw, path, conditions(raw["if"], (*path, "if")))
            yield from _otherwise("else", raw, path)
        case "choose":
            yield from _options(raw, path)
            yield from _otherwise("default", raw, path)
        case "repeat":
            yield from _repeat(raw["repeat"], (*path, "repeat"))
        case "parallel":
            for each, at in items(raw["parallel"], (*path, "parallel")):
                yield Branch("parallel", at, None, steps(each, at))
        case "sequence":
            yield _branch("sequence", raw, path)


def _otherwise(key: str, raw: Mapping[str, Any], path: Path) -> Iterator[Branch]:
    if key in raw:
        yield _branch(key, raw, path)


def _repeat(raw: object, path: Path) -> Iterator[Branch]:
    if isinstance(raw, Mapping):
        asked = conditions(raw.get("while"), (*path, "while"))
        asked += conditions(raw.get("until"), (*path, "until"))
        yield _branch("sequence", raw, path, asked or None)


def _options(raw: Mapping[str, Any], path: Path) -> Iterator[Branch]:
    for each, at in items(raw["choose"], (*path, "choose")):
        if isinstance(each, Mapping):
            key = "conditions" if "conditions" in each else "condition"
            asked = conditions(each.get(key), (*at, key))
            inside = steps(each.get("sequence"), (*at, "sequence"))
            yield Branch("choose", at, asked, inside)


def _branch(
    key: str, raw: Mapping[str, Any], path: Path, asked: tuple[Condition, ...] | None = None
) -> Branch:
    return Branch(key, (*path, key), asked, steps(raw.get(key), (*path, key)))


def every_step(of: tuple[Step, ...]) -> Iterator[Step]:
    """Yield steps and all that are inside them, in the order in which they are written."""
    for each in of:
        yield each
        for branch in each.branches:
            yield from every_step(branch.steps)


def every_condition(of: Automation) -> Iterator[Condition]:
    """Yield all conditions of an automation, those inside others after them."""
    yield from _within(of.conditions)
    for step in every_step(of.steps):
        if step.condition is not None:
            yield from _within((step.condition,))
        for branch in step.branches:
            yield from _within(branch.conditions or ())


def _within(of: tuple[Condition, ...]) -> Iterator[Condition]:
    for each in of:
        yield each
        yield from _within(each.parts)


def _on(raw: Mapping[str, Any]) -> bool:
    return raw.get("enabled", True) is not False


def surely(raw: object) -> bool:
    """Say whether something is switched on whatever happens."""
    return not isinstance(raw, Mapping) or raw.get("enabled", True) is True
