"""What ``trigger`` and ``wait.trigger`` hold: a field that no trigger gives is a mistake."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from msgspec import Struct

from automations.checks.texts import templates
from automations.checks.tree import Automation, Trigger, every_step
from automations.templates.syntax import Compared, said
from automations.templates.views import EventView, StateView
from hub.api import Event, EventFired, Known, KnownCamera, Path, Problem, did_you_mean
from hub.api import Trigger as KindOfTrigger

COMMON: Final = frozenset({"platform", "id", "idx", "alias", "description"})
_STATES: Final = frozenset({"to_state", "from_state"})
_VISION: Final = frozenset({"zone", "line", "object"})
_METHODS: Final = frozenset(dir(dict))
_STAMP: Final = frozenset(Event.__struct_fields__)


def _public(kind: type) -> frozenset[str]:
    return frozenset(each for each in dir(kind) if not each.startswith("_"))


_STATE: Final = _public(StateView) | {"context", "last_reported", "state"}
_EVENT: Final = _public(EventView) | {"context"}


class Given(Struct, frozen=True):
    """What some triggers give: names after ``trigger.``, fields of events; none: not known."""

    names: frozenset[str] | None
    data: frozenset[str] | None
    kinds: tuple[str, ...]
    types: tuple[str, ...]
    ids: frozenset[str]


def given(triggers: Iterable[Trigger], known: Known) -> Given:
    """Return what triggers give."""
    found = tuple(triggers)
    kinds = [known.triggers.get(each.kind) for each in found]
    gives = [each.GIVES if each and issubclass(each, KindOfTrigger) else None for each in kinds]
    sets = [each for each in gives if each is not None]
    types = tuple(name for each in found for name in _types(each))
    return Given(
        names=COMMON.union(*sets) if found and len(sets) == len(gives) else None,
        data=_data(found, types, known),
        kinds=tuple(dict.fromkeys(each.kind for each in found)),
        types=tuple(dict.fromkeys(types)),
        ids=frozenset(each.name for each in found),
    )


def _types(trigger: Trigger) -> Iterator[str]:
    if trigger.kind == "event":
        types = trigger.raw.get("event_type")
        yield from map(str, types if isinstance(types, list) else [types])


def _data(
    found: tuple[Trigger, ...], types: tuple[str, ...], known: Known
) -> frozenset[str] | None:
    kinds = [known.events.get(each) for each in types]
    if any(each is None or issubclass(each, EventFired) for each in kinds):
        return None
    if any(each.kind != "event" and "event" in _gives(each, known) for each in found):
        return None
    return frozenset(name for each in kinds if each for name in fields(each))


def _gives(trigger: Trigger, known: Known) -> frozenset[str]:
    kind = known.triggers.get(trigger.kind)
    return (kind.GIVES if kind and issubclass(kind, KindOfTrigger) else None) or frozenset()


def fields(kind: type[Event]) -> tuple[str, ...]:
    """Return the fields of an event that are its own."""
    return tuple(each for each in kind.__struct_fields__ if each not in _STAMP)


def check(automation: Automation, known: Known) -> Iterator[Problem]:
    """Look for fields of ``trigger`` and ``wait.trigger`` that are never there."""
    own = given(automation.triggers, known)
    waited = given((t for each in every_step(automation.steps) for t in each.triggers), known)
    look = _Look(own, waited, known)
    keys = {"variables", "condition", "conditions", "action", "actions"}
    for key in keys & automation.raw.keys():
        yield from look.at(automation.raw[key], (*automation.path, key))


class _Look:
    def __init__(self, own: Given, waited: Given, known: Known) -> None:
        self._own = own
        self._waited = waited
        self._known = known

    def at(self, raw: object, path: Path) -> Iterator[Problem]:
        for source, place in templates(raw, path):
            found = said(source)
            for chain in found.fields:
                if problem := self._chain(chain, place):
                    yield problem
            for each in found.compared:
                yield from self._compared(each, place)

    def _chain(self, chain: tuple[str, ...], path: Path) -> Problem | None:
        if chain[0] == "trigger":
            return self._field(chain[1:], self._own, "trigger", path)
        if chain[:2] == ("wait", "trigger") and self._waited.kinds:
            return self._field(chain[2:], self._waited, "wait.trigger", path)
        return None

    def _field(self, chain: tuple[str, ...], own: Given, root: str, path: Path) -> Problem | None:
        if own.names is None or not chain or chain[0] in _METHODS:
            return None
        name, rest = chain[0], chain[1:]
        if name not in own.names:
            owner = "this automation" if root == "trigger" else "this wait"
            words = f"no trigger of {owner} gives '{root}.{name}'"
            return Problem(path=path, words=words, hint=self._hint(name, own))
        if name in _STATES and rest and rest[0] not in _STATE:
            hint = did_you_mean(rest[0], _STATE)
            if not hint.startswith("Did"):
                hint = f"Its attributes are in '{root}.{name}.attributes'."
            return Problem(path=path, words=f"a state has no '{rest[0]}'", hint=hint)
        if name == "event" and rest and own.types and own.data is not None:
            return _event(rest, own, root, path)
        return None

    def _hint(self, name: str, own: Given) -> str:
        if own.data and name in own.data:
            return f"Write trigger.event.data.{name}."
        close = did_you_mean(name, own.names or ())
        if close.startswith("Did"):
            return close
        others = sorted(
            key
            for key, kind in self._known.triggers.items()
            if issubclass(kind, KindOfTrigger) and kind.GIVES and name in kind.GIVES
        )
        if others:
            shown = "' or '".join(others)
            return f"It comes with the trigger '{shown}'."
        return f"There are: {', '.join(sorted(own.names or ()))}."

    def _compared(self, found: Compared, path: Path) -> Iterator[Problem]:
        """Look at what is compared with names of cameras, zones, objects and ids."""
        if found.of[:1] != ("trigger",):
            return
        if found.of == ("trigger", "id") and self._own.kinds:
            yield from self._ids(found, path)
        direct = found.of[:-1] == ("trigger",) and set(self._own.kinds) <= _VISION
        inside = found.of[:-1] == ("trigger", "event", "data") and self._own.data is not None
        if direct or inside:
            for value in found.values:
                if problem := named(self._known, found.of[-1], value, path):
                    yield problem

    def _ids(self, found: Compared, path: Path) -> Iterator[Problem]:
        for value in found.values:
            if str(value) not in self._own.ids:
                words = f"no trigger here has the id '{value}'"
                hint = id_hint(str(value), self._own.ids)
                yield Problem(path=path, words=words, hint=hint, warning=True)


def _event(rest: tuple[str, ...], own: Given, root: str, path: Path) -> Problem | None:
    data = own.data or frozenset()
    types = " or ".join(own.types)
    if rest[0] not in _EVENT:
        hint = did_you_mean(rest[0], _EVENT)
        if rest[0] in data:
            hint = f"Write {root}.event.data.{rest[0]}."
        return Problem(path=path, words=f"an event has no '{rest[0]}'", hint=hint)
    if rest[0] == "data" and len(rest) > 1 and rest[1] not in data | _METHODS:
        hint = did_you_mean(rest[1], data) or f"There are: {', '.join(sorted(data))}."
        return Problem(path=path, words=f"{types} has no '{rest[1]}'", hint=hint)
    return None


def id_hint(word: str, there: Iterable[str]) -> str:
    """Return the id that is meant, or how a trigger gets one."""
    close = did_you_mean(word, there)
    return close if close.startswith("Did") else f"Give the trigger that is meant 'id: {word}'."


def named(known: Known, field: str, value: object, path: Path) -> Problem | None:
    """Look for the camera, zone, line or object that a field of an event names."""
    if not isinstance(value, str) or not known.cameras:
        return None
    if field == "camera":
        return _among(value, known.cameras, f"there is no camera '{value}'", path)
    parts = [_parts(field, each) for each in known.cameras.values()]
    there = {name for each in parts if each is not None for name in each}
    words = {
        "zone": f"no camera has a zone '{value}'",
        "line": f"no camera has a line '{value}'",
        "object": f"no camera looks for '{value}'",
    }
    return _among(value, there, words[field], path) if field in words else None


def _parts(field: str, camera: KnownCamera) -> frozenset[str] | None:
    return {"zone": camera.zones, "line": camera.lines, "object": camera.objects}.get(field)


def _among(
    value: str, there: Mapping[str, object] | set[str], words: str, path: Path
) -> Problem | None:
    if value in there:
        return None
    return Problem(path=path, words=words, hint=did_you_mean(value, there))
