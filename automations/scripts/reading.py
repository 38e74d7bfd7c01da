"""From the section ``script`` to plans, with everything that is wrong with it."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

import voluptuous as vol

from automations import blueprints, loader
from automations.actions.sequence import read_sequence
from automations.actions.variables import read_values
from automations.checks import check_sequence
from automations.conditions.tree import read_conditions
from automations.keeping import digest
from automations.model import Plan
from automations.reading import Reader
from automations.scripts.fields import read_fields
from hub.api import ActionSpec, Context, Known, Path, Problem, schema

KEYS: Final = frozenset({
    "alias", "description", "fields", "icon", "max", "max_exceeded", "mode", "sequence", "trace",
    "variables",
})  # fmt: skip
_ANYTHING: Final = vol.Extra
# What a script may use beside its fields and its own variables.
_GIVEN: Final = ("this", "context", "trigger")


def scripts(raw: object) -> list[tuple[str, object, Path]]:
    """Return each script with its entity and its path."""
    if not isinstance(raw, Mapping):
        return []
    return [(f"script.{name}", each, (str(name),)) for name, each in raw.items()]


def check(raw: object, known: Known) -> Iterator[Problem]:
    """Return everything that is wrong with the scripts."""
    for entity, each, path in scripts(raw):
        yield from load(each, path, entity, known, None)[1]
        if isinstance(each, Mapping) and each.get("fields"):
            given = (*_GIVEN, *each["fields"], *(each.get("variables") or {}))
            yield from check_sequence(each.get("sequence"), (*path, "sequence"), known, given)


def actions(raw: object) -> Iterator[ActionSpec]:
    """Return an action for each script, which takes its fields, or anything if it has none."""
    for entity, each, path in scripts(raw):
        script = each if isinstance(each, Mapping) else {}
        fields = read_fields(_silent(entity), script.get("fields"), (*path, "fields"))[0]
        about = script.get("description") or script.get("alias") or f"Run the script {entity}"
        taken: Any = fields or {_ANYTHING: object}
        yield ActionSpec(name=entity, description=str(about), schema=taken, answers=True)


def load(
    raw: object, path: Path, entity: str, known: Known, context: Context | None
) -> tuple[Plan | None, list[Problem]]:
    """Read one script; with errors there may be no plan, and none should be run."""
    reader = Reader(known, context, f"script '{entity}'", read_sequence)
    if blueprints.uses(raw):
        made, problems = blueprints.fill(raw, path, known.folder, "script")
        if problems:
            return None, problems
        plan, problems = load(made, path, entity, known, context)
        return plan, blueprints.told(problems, raw, path)  # type: ignore[arg-type] # it is one
    if not isinstance(raw, Mapping):
        reader.say(path, f"expected a script, got {schema.describe(raw)}", "It needs 'sequence:'.")
        return None, reader.problems
    reader.keys(raw, path, KEYS, "a script")
    if "sequence" not in raw and not reader.guessed("sequence", path):
        reader.say(path, "a script needs 'sequence'")
    _, defaults = read_fields(reader, raw.get("fields"), (*path, "fields"))
    values = read_values(reader, raw.get("variables") or {}, (*path, "variables"))
    common = loader.common(reader, raw, path)
    plan = Plan(
        entity=entity,
        identity=entity.partition(".")[2],
        name=reader.alias(raw) or entity.partition(".")[2].replace("_", " "),
        starts_on=True,
        sources=(),
        conditions=read_conditions(reader, None, path),
        actions=read_sequence(reader, raw.get("sequence"), (*path, "sequence")),
        variables={**{name: _fixed(each) for name, each in defaults.items()}, **values},
        digest=digest(raw),
        **common,
    )
    return plan, reader.problems


def _fixed(value: object) -> Any:
    return lambda _: value


def _silent(entity: str) -> Reader:
    return Reader(Known(), None, entity, read_sequence)
