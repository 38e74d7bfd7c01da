"""From the list in ``automations.yaml`` to plans, with everything that is wrong with it."""

import logging
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from automations import blueprints, refused
from automations.actions.sequence import read_sequence
from automations.actions.variables import read_values
from automations.checks import check_automation
from automations.conditions.tree import read_conditions
from automations.keeping import digest
from automations.model import Mode, Plan
from automations.reading import Reader, either
from automations.templates.texts import slugify
from automations.traces import STORED
from automations.triggers.listing import read_triggers
from hub.api import Context, Known, Path, Problem, did_you_mean, schema

KEYS: Final = frozenset({
    "id", "alias", "description", "mode", "max", "max_exceeded", "variables", "enabled",
    "initial_state", "trigger", "triggers", "condition", "conditions", "action", "actions",
    "trace", "use_blueprint",
})  # fmt: skip

# Home Assistant's own default: more than this at once is usually a mistake.
_LIMIT: Final = 10  # runs
_LOUDNESS: Final[Mapping[str, int | None]] = {
    "silent": None,
    "debug": logging.DEBUG,
    "info": logging.INFO,
    "warning": logging.WARNING,
    "error": logging.ERROR,
    "critical": logging.CRITICAL,
}
_MOST_STORED: Final = 100  # traces
# An entity's name has at most 190 characters after the dot; a number may follow.
_LONGEST: Final = 180  # characters


def automations(raw: object) -> list[tuple[object, Path]]:
    """Return each automation with its path; a single mapping is one automation."""
    if raw is None:
        return []
    if not isinstance(raw, list):
        return [(raw, ())]
    return [(each, (at,)) for at, each in enumerate(raw)]


def check(raw: object, known: Known) -> Iterator[Problem]:
    """Return everything that is wrong with a list of automations."""
    found = automations(raw)
    for (each, path), entity in zip(found, entities(raw), strict=True):
        told = load(each, path, entity, known, None)[1]
        yield from told
        if not blueprints.uses(each):
            yield from check_automation(each, path, entity, known, told)
    yield from _twice(found)


def entities(raw: object) -> list[str]:
    """Return the entity of each automation, in their order; no two are the same."""
    taken: set[str] = set()
    numbers: dict[str, int] = {}  # where to go on counting, of a name that many have
    found = []
    for at, (each, _) in enumerate(automations(raw)):
        base = _slug(each) or f"automation_{at + 1}"
        slug, number = base, numbers.get(base, 2)
        while slug in taken:
            slug, number = f"{base}_{number}", number + 1
        numbers[base] = number
        taken.add(slug)
        found.append(f"automation.{slug}")
    return found


def load(
    raw: object, path: Path, entity: str, known: Known, context: Context | None
) -> tuple[Plan | None, list[Problem]]:
    """Read one automation; with errors there may be no plan, and none should be run."""
    if blueprints.uses(raw):
        return _from_blueprint(raw, path, entity, known, context)
    reader = Reader(known, context, f"automation '{_name(raw, entity)}'", read_sequence)
    if not isinstance(raw, Mapping):
        file = isinstance(raw, str) and raw.endswith((".yaml", ".yml"))
        hint = f"Write: !include {raw}" if file else ""
        reader.say(path, f"expected an automation, got {schema.describe(raw)}", hint)
        return None, reader.problems
    if not KEYS & raw.keys() and not refused.AUTOMATION.keys() & raw.keys():
        _not_one(reader, raw, path)
        return None, reader.problems
    _check_keys(reader, raw, path)
    numbers = common(reader, raw, path)
    trigger, condition, action = _parts(reader, raw, path)
    plan = Plan(
        entity=entity,
        identity=reader.text(raw, "id", path),
        name=reader.text(raw, "alias", path) or _name(raw, entity),
        starts_on=_starts_on(reader, raw, path),
        sources=read_triggers(reader, *trigger),
        conditions=read_conditions(reader, *condition),
        actions=read_sequence(reader, *action),
        variables=read_values(reader, raw.get("variables") or {}, (*path, "variables")),
        digest=digest(raw),
        **numbers,
    )
    return plan, reader.problems


def _from_blueprint(
    raw: Any, path: Path, entity: str, known: Known, context: Context | None
) -> tuple[Plan | None, list[Problem]]:
    made, problems = blueprints.fill(raw, path, known.folder, "automation")
    if problems:
        return None, problems
    plan, problems = load(made, path, entity, known, context)
    return plan, blueprints.told(problems, raw, path)


def common(reader: Reader, raw: Mapping[str, Any], path: Path) -> dict[str, Any]:
    """Read how many runs there may be and how many traces are kept, as scripts have it too."""
    mode = _word(reader, raw, "mode", path, [each.value for each in Mode], "single")
    return {
        "mode": Mode(mode),
        "limit": _limit(reader, raw, path),
        "loudness": _LOUDNESS[_word(reader, raw, "max_exceeded", path, _LOUDNESS, "warning")],
        "stored": _stored(reader, raw, path),
    }


def _parts(reader: Reader, raw: Mapping[str, Any], path: Path) -> list[tuple[object, Path]]:
    """Return triggers, conditions and actions, in either spelling, with their paths."""
    words = ("trigger", "condition", "action")
    keys = {word: either(reader, raw, path, f"{word}s", word) for word in words}
    for word in ("trigger", "action"):
        if keys[word] is None and not any(reader.guessed(w, path) for w in (word, f"{word}s")):
            reader.say(path, f"an automation needs '{word}s'")
    found = [keys[word] or f"{word}s" for word in words]
    return [(raw.get(key), (*path, key)) for key in found]


def _not_one(reader: Reader, raw: Mapping[str, Any], path: Path) -> None:
    """Say what to do with something that has nothing an automation has."""
    hint = "Begin each automation with '- alias: ...'."
    if "automation" in raw:
        hint = "Remove the line 'automation:': this is below that already."
    close = [did_you_mean(str(key), KEYS) for key in raw]
    found = next((each for each in close if each.startswith("Did")), "")
    words = f"this is not an automation: {', '.join(map(str, raw)) or 'it is empty'}"
    reader.say(path, words, hint if "automation" in raw or not found else found)


def _check_keys(reader: Reader, raw: Mapping[str, Any], path: Path) -> None:
    for key, hint in refused.AUTOMATION.items():
        if key in raw:
            reader.say((*path, key), f"'{key}' of Home Assistant is not here", hint, on_key=True)
    reader.keys(raw, path, KEYS | refused.AUTOMATION.keys(), "an automation")
    reader.text(raw, "description", path)


def _word(
    reader: Reader,
    raw: Mapping[str, Any],
    key: str,
    path: Path,
    words: Iterable[str],
    default: str,
) -> str:
    value = raw.get(key, default)
    known = list(words)
    if isinstance(value, str) and value.lower() in known:
        return value.lower()
    said = f"expected one of {', '.join(known)}, got {schema.describe(value)}"
    close = did_you_mean(str(value), known)
    reader.say((*path, key), said, close if close.startswith("Did") else "")
    return default


def _limit(reader: Reader, raw: Mapping[str, Any], path: Path) -> int:
    value = raw.get("max", _LIMIT)
    if isinstance(value, int) and not isinstance(value, bool) and value >= 1:
        return value
    said = f"expected a whole number of at least 1, got {schema.describe(value)}"
    digits = isinstance(value, str) and value.strip().isdecimal()
    reader.say((*path, "max"), said, "Write it without quotes." if digits else "")
    return _LIMIT


def _starts_on(reader: Reader, raw: Mapping[str, Any], path: Path) -> bool | None:
    if not reader.enabled(raw, path):
        return False
    if "initial_state" not in raw:
        return None
    return reader.flag(raw, "initial_state", path, default=True)


def _stored(reader: Reader, raw: Mapping[str, Any], path: Path) -> int:
    given, place = raw.get("trace", True), (*path, "trace")
    if isinstance(given, bool):
        return STORED if given else 0
    if not isinstance(given, Mapping):
        reader.say(place, f"expected true, false or a mapping, got {schema.describe(given)}")
        return STORED
    reader.keys(given, place, {"stored_traces"}, "'trace'")
    number = given.get("stored_traces", STORED)
    if isinstance(number, int) and not isinstance(number, bool) and 0 <= number <= _MOST_STORED:
        return number
    said = f"expected a number from 0 to {_MOST_STORED}, got {schema.describe(number)}"
    reader.say((*place, "stored_traces"), said)
    return STORED


def _twice(found: list[tuple[object, Path]]) -> Iterator[Problem]:
    ids: set[str] = set()
    aliases: set[str] = set()
    for raw, path in found:
        if not isinstance(raw, Mapping):
            continue
        identity, alias = raw.get("id"), raw.get("alias")
        if identity is not None:
            if str(identity) in ids:
                words = f"the id '{identity}' is used twice"
                hint = "Give each automation an id of its own."
                yield Problem(path=(*path, "id"), words=words, hint=hint, warning=True)
            ids.add(str(identity))
        elif isinstance(alias, str):
            if alias in aliases:
                words = f"the alias '{alias}' is used twice"
                hint = "Give each automation an id, or another alias."
                yield Problem(path=(*path, "alias"), words=words, hint=hint, warning=True)
            aliases.add(alias)


def _slug(raw: object) -> str:
    if not isinstance(raw, Mapping):
        return ""
    return slugify(raw.get("alias") or "")[:_LONGEST] or slugify(raw.get("id") or "")[:_LONGEST]


def _name(raw: object, entity: str) -> str:
    if not isinstance(raw, Mapping):
        return entity
    return str(raw.get("alias") or raw.get("id") or entity)
