"""What all kinds share: entities by name, states that outlast a restart, actions on them."""

import re
from abc import abstractmethod
from collections.abc import Iterable, Mapping
from typing import Any, ClassVar, Final

import voluptuous as vol

from hub.api import (
    ActionCall,
    ActionSpec,
    Answer,
    Cancel,
    Context,
    Invalid,
    Service,
    State,
    did_you_mean,
    schema,
)

Item = Mapping[str, Any]
"""The validated options of one helper."""

Shown = tuple[str, Mapping[str, object]]
"""A state and its attributes."""

_ENTITY: Final = re.compile(r"[a-z0-9_]+\.[a-z0-9_]+")


def entity(value: object) -> str:
    """Accept an entity's name."""
    word = schema.text(value).strip().lower()
    if _ENTITY.fullmatch(word):
        return word
    raise vol.Invalid(f"expected an entity such as input_boolean.guests, got '{word}'")


def entities(value: object) -> list[str]:
    """Accept one entity, a list, or several in one text with commas between them."""
    found = [each.strip() for each in value.split(",")] if isinstance(value, str) else value
    return [entity(each) for each in (found if isinstance(found, list) else [found])]


schema.shaped(entity, {"type": "string", "title": "entity"})
schema.shaped(entities, {"type": ["string", "array"], "title": "entity or list of entities"})

COMMON: Final[schema.Schema] = {
    schema.optional("name", "What it is called."): schema.text,
    schema.optional("icon", "An icon's name, for panels; it is kept as it is."): schema.text,
}
_WHICH: Final[schema.Schema] = {
    schema.required("entity_id", "The entity, or several."): entities,
}


def specs(domain: str, verbs: Mapping[str, tuple[str, schema.Schema]]) -> tuple[ActionSpec, ...]:
    """Return actions of a domain: a description and more data by verb."""
    return tuple(
        ActionSpec(name=f"{domain}.{verb}", description=words, schema={**_WHICH, **more})
        for verb, (words, more) in verbs.items()
    )


class Helper(Service):
    """A section of things with names; each is an entity ``<section>.<name>``."""

    RELOADS: ClassVar[bool] = True
    SIMULATES: ClassVar[bool] = True

    def __init__(self, context: Context, options: Any) -> None:
        super().__init__(context, options)
        self._withdraw: list[Cancel] = []

    @classmethod
    def entities(cls, options: Any) -> Iterable[str]:
        return [f"{cls.KEY}.{name}" for name in options]

    @abstractmethod
    def first(self, name: str, item: Item, before: State | None) -> Shown:
        """Return what is shown at the start; ``before`` is what was shown when the hub ended."""

    @abstractmethod
    def done(self, verb: str, name: str, data: Mapping[str, Any]) -> Shown | None:
        """Do an action on one; return what is shown then, or none if nothing changes."""

    async def start(self) -> None:
        for name in self.options:
            self._begin(name)
        for spec in self.ACTIONS:
            self._withdraw.append(self.context.actions.register(spec, self._act))

    async def stop(self) -> None:
        while self._withdraw:
            self._withdraw.pop()()

    async def reload(self, options: Any) -> str:
        before, self.options = self.options, options
        for name in before:
            if name not in options:
                self.ended(name)
                self.context.states.remove(f"{self.KEY}.{name}")
        changed = [name for name, item in options.items() if before.get(name) != item]
        for name in changed:
            self._begin(name)
        gone = len(set(before) - set(options))
        return f"{len(changed)} changed, {gone} removed, {len(options) - len(changed)} kept"

    def ended(self, name: str) -> None:
        """Let go of what one that is gone was doing."""

    def state(self, name: str) -> State:
        """Return what one shows now."""
        found = self.context.states.get(f"{self.KEY}.{name}")
        if found is None:
            raise Invalid(f"there is no {self.KEY}.{name} now")
        return found

    def show(self, name: str, shown: Shown, cause: int | None = None) -> None:
        """Show something."""
        state, attributes = shown
        item = self.options[name]
        named: dict[str, object] = {"friendly_name": item.get("name") or name.replace("_", " ")}
        if "icon" in item:
            named["icon"] = item["icon"]
        self.context.states.set(f"{self.KEY}.{name}", state, {**named, **attributes}, cause=cause)

    def _begin(self, name: str) -> None:
        before = self.context.states.get(f"{self.KEY}.{name}")
        self.show(name, self.first(name, self.options[name], before))

    async def _act(self, call: ActionCall) -> Answer:
        verb = call.name.partition(".")[2]
        names: Any = call.data["entity_id"]
        for name in [self._named(each) for each in names]:
            shown = self.done(verb, name, call.data)
            if shown is not None:
                self.show(name, shown, call.cause)
        return None

    def _named(self, entity: str) -> str:
        domain, _, name = entity.partition(".")
        if domain != self.KEY or name not in self.options:
            known = [f"{self.KEY}.{each}" for each in self.options]
            raise Invalid(f"there is no '{entity}'. {did_you_mean(entity, known)}".rstrip(". "))
        return name


def section(item: schema.Schema) -> schema.Schema:
    """Return the schema of a section of helpers; one without options may be left empty."""
    checked, known = vol.Schema(item), {str(key) for key in item}

    def one(value: object) -> dict[str, Any]:
        given = {} if value is None else value
        for key in given if isinstance(given, dict) else ():
            if key not in known:
                hint = did_you_mean(str(key), known)
                raise vol.Invalid(f"'{key}' is not an option here. {hint}".strip(), path=[key])
        found: dict[str, Any] = checked(given)
        return found

    shape = {"anyOf": [item, {"type": "null"}]}
    key = schema.named("A name of yours, with its options below.")
    return {key: schema.shaped(one, shape)}
