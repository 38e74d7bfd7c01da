"""``scene``: states of several entities, brought about at once by the actions that set them."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, ClassVar, Final

import voluptuous as vol

from automations import names
from automations.templates.texts import slugify
from automations.values import entities, entity
from hub.api import (
    ActionCall,
    ActionSpec,
    Answer,
    Cancel,
    Component,
    Context,
    HubError,
    Invalid,
    Known,
    Problem,
    Service,
    State,
    did_you_mean,
    hookimpl,
    schema,
)

_SWITCHES: Final = ("automation", "input_boolean", "script")
# By domain, the action that sets a state, and the key of its data that takes it.
_SETTERS: Final[Mapping[str, tuple[str, str]]] = {
    "counter": ("counter.set_value", "value"),
    "input_number": ("input_number.set_value", "value"),
    "input_select": ("input_select.select_option", "option"),
    "input_text": ("input_text.set_value", "value"),
}
_SETTABLE: Final = sorted({*_SWITCHES, *_SETTERS})
_WORDS: Final = {True: "on", False: "off"}


def states(value: object) -> dict[str, str]:
    """Accept states by entity, each bare or in a mapping with ``state``."""
    if not isinstance(value, Mapping):
        raise vol.Invalid(f"expected states by entity, got {schema.describe(value)}")
    return {entity(name): _state(str(name), each) for name, each in value.items()}


def _state(name: str, value: object) -> str:
    state = value.get("state") if isinstance(value, Mapping) else value
    if isinstance(state, bool):
        state = _WORDS[state]
    if not isinstance(state, str | int | float):
        raise vol.Invalid(f"expected a state of {name}, got {schema.describe(state)}")
    if name.partition(".")[0] in _SWITCHES and state not in _WORDS.values():
        raise vol.Invalid(f"{name} can be on or off, not '{state}'")
    return str(state)


schema.shaped(states, {"type": "object", "title": "states by entity"})

SCENE: Final[schema.Schema] = {
    schema.required("name", "What the scene is called."): schema.text,
    schema.optional("id", "A name for programs; it is kept as it is."): schema.text,
    schema.optional("icon", "An icon's name, for panels; it is kept as it is."): schema.text,
    schema.optional("metadata", "What Home Assistant's editor keeps here is passed over."): object,
    schema.required("entities", "The states it brings about."): states,
}
_one = vol.Schema(SCENE)
_WHICH: Final[schema.Schema] = {
    schema.required("entity_id", "The scene's entity, or several."): entities
}
_PASSED_OVER: Final[schema.Schema] = {
    schema.optional("transition", "Passed over: nothing here changes slowly."): schema.seconds
}


class Scenes(Service):
    """Brings about the states of a scene, all at once: docs/scripts.md tells more."""

    KEY = "scene"
    LIST: ClassVar[bool] = True
    RELOADS: ClassVar[bool] = True
    SIMULATES: ClassVar[bool] = True
    ACTIONS = (
        ActionSpec(
            name="scene.turn_on",
            description="Bring about the states of a scene.",
            schema={**_WHICH, **_PASSED_OVER},
        ),
        ActionSpec(
            name="scene.apply",
            description="Bring about states without a scene for them.",
            schema={schema.required("entities", "The states."): states, **_PASSED_OVER},
        ),
        ActionSpec(
            name="scene.create",
            description="Make a scene that lasts until the hub ends.",
            schema={
                schema.required("scene_id", "Its name after 'scene.'."): schema.name,
                schema.optional("entities", "The states it brings about.", {}): states,
                schema.optional(
                    "snapshot_entities", "Entities that it brings back to what they are now.", []
                ): entities,
            },
        ),
        ActionSpec(name="scene.delete", description="Forget a scene that was made.", schema=_WHICH),
    )

    def __init__(self, context: Context, options: Any) -> None:
        super().__init__(context, options)
        self._scenes: dict[str, Mapping[str, str]] = {}
        self._made: set[str] = set()
        self._withdraw: list[Cancel] = []

    @classmethod
    def check(cls, options: Any, known: Known) -> Iterable[Problem]:
        for at, raw in enumerate(options or ()):
            yield from _problems(raw, at, known)

    @classmethod
    def entities(cls, options: Any) -> Iterable[str]:
        return ["scene.*", *(name for name, _, _ in _named(options))]

    async def start(self) -> None:
        await self.reload(self.options)
        handlers = (self._turn_on, self._apply, self._create, self._delete)
        for spec, handler in zip(self.ACTIONS, handlers, strict=True):
            self._withdraw.append(self.context.actions.register(spec, handler))

    async def reload(self, options: Any) -> str:
        before = {key: each for key, each in self._scenes.items() if key not in self._made}
        scenes = {name: (found, raw["name"]) for name, found, raw in _named(options)}
        for name in before.keys() - scenes.keys():
            self.context.states.remove(name)
        for name, (_, title) in scenes.items():
            self._show(name, title)
        made = {key: self._scenes[key] for key in self._made - scenes.keys()}
        self._scenes = {**{name: found for name, (found, _) in scenes.items()}, **made}
        self.options = options
        return f"{len(scenes)} scenes"

    async def stop(self) -> None:
        while self._withdraw:
            self._withdraw.pop()()
        for name in self._made:
            self.context.states.remove(name)

    async def _turn_on(self, call: ActionCall) -> Answer:
        wanted: Any = call.data["entity_id"]
        for name in wanted:
            if name not in self._scenes:
                hint = did_you_mean(name, self._scenes)
                raise Invalid(f"there is no '{name}'. {hint}".rstrip(". "))
        for name in wanted:
            await self._bring(self._scenes[name], call.cause)
            shown = self.context.states.get(name)
            title = name if shown is None else str(shown.attributes.get("friendly_name", name))
            self._show(name, title, self.context.clock.now().isoformat())
        return None

    async def _apply(self, call: ActionCall) -> Answer:
        wanted: Any = call.data["entities"]
        await self._bring(wanted, call.cause)
        return None

    async def _create(self, call: ActionCall) -> Answer:
        data: Mapping[str, Any] = call.data
        now = {name: self.context.states.get(name) for name in data["snapshot_entities"]}
        for name, state in now.items():
            if state is None:
                raise Invalid(f"there is no entity '{name}' now")
        kept = {name: state.state for name, state in now.items() if isinstance(state, State)}
        wanted = {**data["entities"], **kept}
        for name in wanted:
            if why := _unsettable(name):
                raise Invalid(why)
        scene = f"scene.{data['scene_id']}"
        if scene in self._scenes and scene not in self._made:
            raise Invalid(f"'{scene}' is in the configuration already")
        self._scenes[scene] = wanted
        self._made.add(scene)
        self._show(scene, str(data["scene_id"]).replace("_", " "))
        return None

    async def _delete(self, call: ActionCall) -> Answer:
        wanted: Any = call.data["entity_id"]
        for name in wanted:
            if name not in self._made:
                raise Invalid(f"'{name}' was not made with scene.create")
            self._made.discard(name)
            del self._scenes[name]
            self.context.states.remove(name)
        return None

    async def _bring(self, wanted: Mapping[str, str], cause: int | None) -> None:
        """Set all that is not so yet; one that cannot be set keeps no other from it."""
        failed: list[str] = []
        for name, state in wanted.items():
            now = self.context.states.get(name)
            if now is not None and now.state == state:
                continue
            action, data = _call(name, state)
            try:
                await self.context.actions.call(action, data, cause=cause)
            except HubError as error:
                failed.append(f"{name}: {error}")
        if failed:
            raise Invalid("; ".join(failed))

    def _show(self, name: str, title: str, state: str | None = None) -> None:
        before = self.context.states.get(name)
        shown = state or ("unknown" if before is None else before.state)
        self.context.states.set(name, shown, {"friendly_name": title})


def _named(options: Any) -> Iterator[tuple[str, Mapping[str, str], Mapping[str, Any]]]:
    """Yield each scene that is right: its entity, its states, and what was written."""
    for raw in options or ():
        try:
            checked = _one(raw)
        except vol.Invalid:
            continue
        yield f"scene.{slugify(checked['name'])}", checked["entities"], checked


def _problems(raw: object, at: int, known: Known) -> Iterator[Problem]:
    try:
        checked = _one(raw)
    except vol.MultipleInvalid as error:
        keys = {str(key) for key in SCENE}
        for each in error.errors:
            path = (at, *(part for part in each.path if isinstance(part, str | int)))
            hint = did_you_mean(str(each.path[-1]), keys) if "extra keys" in str(each) else ""
            yield Problem(path=path, words=str(each.msg), hint=hint)
        return
    for name in checked["entities"]:
        path = (at, "entities", name)
        if problem := names.entity(known, path, name):
            yield problem
        elif why := _unsettable(name):
            yield Problem(
                path=path, words=why, hint="Call its own action in a script.", on_key=True
            )


def _unsettable(name: str) -> str:
    if name.partition(".")[0] in _SETTABLE:
        return ""
    return f"the state of '{name}' cannot be set; a scene can hold {', '.join(_SETTABLE)}"


def _call(name: str, state: str) -> tuple[str, dict[str, object]]:
    domain = name.partition(".")[0]
    if domain in _SWITCHES:
        return f"{domain}.turn_{state}", {"entity_id": name}
    action, key = _SETTERS[domain]
    value: object = state
    if domain == "counter":
        value = int(float(state))
    elif domain == "input_number":
        value = float(state)
    return action, {"entity_id": name, key: value}


class Offer:
    """What the entry point offers."""

    @hookimpl
    def hub_components(self) -> Iterable[type[Component]]:
        """Return the section's service."""
        return (Scenes,)


scene = Offer()
