"""How triggers are read, and what is common to all of them: id, alias, variables, enabled."""

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from automations import names, refused
from automations.holding import Keeping
from automations.reading import Reader, Value, either, items, without
from automations.templates import Template
from automations.triggers.base import OwnTrigger
from hub.api import Cancel, Context, Event, HubError, Options, Path, Trigger, did_you_mean, schema

_log = logging.getLogger("automations.triggers")

COMMON: Final = frozenset({"trigger", "platform", "id", "alias", "enabled", "variables"})

Fired = Callable[["Source", dict[str, Any], Event | None], None]
"""Called when a trigger matched: which, what ``trigger`` holds, and the event."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A trigger of an automation, ready to be attached any number of times."""

    kind: type[Trigger]
    options: Options
    name: str
    place: str
    common: Mapping[str, object]
    variables: Value | None
    computed: "Computed | None" = None

    def attach(self, context: Context, fired: Fired, keeping: Keeping | None = None) -> Cancel:
        """Begin to watch, and go on with what was held ``for:`` a while when the hub ended."""
        trigger = self.kind(self.options, context)
        if isinstance(trigger, OwnTrigger):
            trigger.place(f"{self.name}: {self.place}")
            trigger.keep = None if keeping is None else keeping(self.place)
        common, computed = self.common, self.computed

        def fire(given: Mapping[str, object], event: Event | None) -> None:
            if computed is None or computed.fits(given):
                fired(self, {**common, **given}, event)

        return trigger.attach(fire)


@dataclass(frozen=True, slots=True)
class Computed:
    """A ``value_template`` over what a trigger gives, and what it must come to."""

    template: Template
    key: str
    wanted: object

    def fits(self, given: Mapping[str, object]) -> bool:
        """Say whether what is computed is what is wanted; anything that is there if nothing is."""
        variables = {"value": given.get(self.key), "value_json": given.get(f"{self.key}_json")}
        try:
            value = self.template({**variables, "trigger": given})
        except HubError as error:
            _log.warning("%s: %s", self.template.where, error)
            return False
        return value not in (None, "") if self.wanted is None else str(value) == str(self.wanted)


def read_triggers(reader: Reader, raw: object, path: Path) -> tuple[Source, ...]:
    """Read triggers; those that are switched off or wrong are left out."""
    found = []
    for at, (each, place) in enumerate(items(raw, path)):
        if (source := _read(reader, each, place, at)) is not None:
            found.append(source)
    return tuple(found)


def _read(reader: Reader, raw: object, path: Path, index: int) -> Source | None:
    if not isinstance(raw, Mapping):
        hint = f"Write: trigger: {raw}" if raw in list(reader.known.triggers) else ""
        reader.say(path, f"expected a trigger, got {schema.describe(raw)}", hint)
        return None
    if set(raw) == {"triggers"}:
        reader.say(path, "a list of triggers in a trigger is not here; put them side by side")
        return None
    key = either(reader, raw, path, "trigger", "platform")
    if key is None:
        hint = _without_kind(reader, raw)
        reader.say(path, "this is not a trigger: 'trigger' is missing", hint)
        return None
    enabled = reader.enabled(raw, path)
    kind = _kind(reader, raw[key], (*path, key))
    if kind is None:
        return None
    source = _source(reader, kind, raw, path, index)
    return source if enabled else None


def _without_kind(reader: Reader, raw: Mapping[str, object]) -> str:
    for key in raw:
        if key in reader.known.triggers:
            return f"Write 'trigger: {key}', and its options beside it."
        if (close := did_you_mean(str(key), ["trigger"])).startswith("Did"):
            return close
    return "Write the kind of trigger after 'trigger:'."


def _kind(reader: Reader, word: object, path: Path) -> type[Trigger] | None:
    known = reader.known.triggers
    kind = known.get(word) if isinstance(word, str) else None
    if kind is not None and issubclass(kind, Trigger):
        return kind
    if isinstance(word, str) and (hint := refused.TRIGGERS.get(word)):
        reader.say(path, f"the trigger '{word}' of Home Assistant is not here", hint)
    else:
        hint = names.offered(reader.known, str(word)) or did_you_mean(str(word), known)
        reader.say(path, f"there is no trigger {schema.describe(word)}", hint)
    return None


def _source(
    reader: Reader, kind: type[Trigger], raw: Mapping[str, Any], path: Path, index: int
) -> Source | None:
    name = reader.text(raw, "id", path)
    alias = reader.text(raw, "alias", path)
    variables = None
    if "variables" in raw:
        given = reader.mapping(raw["variables"], (*path, "variables"), "a mapping of variables")
        variables = reader.value(given, (*path, "variables"))
    computed = _computed(reader, kind, raw, path)
    taken = COMMON if computed is None else COMMON | {"value_template", kind.VALUE}
    options = reader.options(kind, without(raw, taken), path, f"the trigger '{kind.KEY}'")
    if options is None:
        return None
    common = {
        "platform": kind.KEY,
        "id": str(index) if name is None else name,
        "idx": str(index),
        "alias": alias,
    }
    return Source(
        kind=kind,
        options=options,
        name=reader.name,
        place=reader.place(path),
        common=common,
        variables=variables,
        computed=computed,
    )


def _computed(
    reader: Reader, kind: type[Trigger], raw: Mapping[str, Any], path: Path
) -> Computed | None:
    if not kind.VALUE or "value_template" not in raw:
        return None
    template = reader.template(raw["value_template"], (*path, "value_template"))
    return None if template is None else Computed(template, kind.VALUE, raw.get(kind.VALUE))
