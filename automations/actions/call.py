"""``action: domain.verb``: call an action of the hub's or a plugin's, and keep what it answers."""

from collections.abc import Iterable, Mapping
from typing import Any, Final

import voluptuous as vol

from automations import names, refused
from automations.reading import Reader, Value, either, unknown_key
from automations.steps import Run, Step
from automations.templates import Variables, is_template, plain
from hub.api import ActionSpec, Invalid, Path, did_you_mean, schema

KEYS: Final = frozenset({
    "action", "service", "service_template", "data", "data_template", "target", "entity_id",
    "response_variable", "metadata",
})  # fmt: skip
SCENE_KEYS: Final = frozenset({"scene", "metadata"})
_NAMES: Final = ("action", "service", "service_template")


class Call(Step):
    """Calls an action."""

    __slots__ = ("_answer", "_data", "_name")

    def __init__(
        self, where: str, name: Value, data: tuple[Value, ...], answer: str | None
    ) -> None:
        super().__init__(where)
        self._name = name
        self._data = data
        self._answer = answer

    async def run(self, run: Run) -> bool:
        variables = run.variables
        data: dict[str, Any] = {}
        for part in self._data:
            given = part(variables)
            if not isinstance(given, Mapping):
                raise Invalid(f"data must be a mapping, got {schema.describe(given)}")
            data.update(given)
        name = str(self._name(variables))
        run.acts()
        if run.trace is not None:
            run.details = {"action": name, "data": data}
        answer = await run.context.actions.call(name, data, cause=run.cause)
        if run.trace is not None and answer is not None:
            run.details = {"action": name, "data": data, "answer": answer}
        if self._answer is not None:
            variables[self._answer] = {} if answer is None else plain(answer)
        return True


def read(reader: Reader, raw: Mapping[str, Any], path: Path) -> Step | None:
    """Read a call; its data is checked against the action's schema as far as it is known."""
    key = either(reader, raw, path, *_NAMES)
    if key is None:
        return None
    spec = _spec(reader, raw[key], (*path, key))
    name = reader.value(raw[key], (*path, key))
    parts = [(each, (*path, each)) for each in ("data", "data_template") if raw.get(each)]
    target = _target(reader, raw, path)
    if spec is not None:
        holder = (*path, "data") if "data" in raw else path
        _check_data(reader, spec, [(raw[name], at) for name, at in parts], target, holder)
    answer = reader.text(raw, "response_variable", path)
    if answer is not None and spec is not None and not spec.answers:
        reader.say((*path, "response_variable"), f"the action '{spec.name}' answers nothing")
    data = [_spelled(reader.value(raw[name], at), raw[name], spec) for name, at in parts]
    values = [*data, *(reader.value(each, at) for each, at in target)]
    return Call(reader.place(path), name, tuple(values), answer)


def _spelled(value: Value, raw: object, spec: ActionSpec | None) -> Value:
    """Let a template give a number where the action wants a text: it reads as one."""
    if spec is None or not isinstance(raw, Mapping):
        return value
    wanted = {str(key) for key, check in spec.schema.items() if check is schema.text}
    texts = [key for key, each in raw.items() if key in wanted and is_template(each)]
    if not texts:
        return value

    def spelled(variables: Variables) -> object:
        data = dict(value(variables))
        for key in texts:
            if isinstance(data[key], int | float):
                data[key] = str(data[key])
        return data

    return spelled


def read_scene(reader: Reader, raw: Mapping[str, Any], path: Path) -> Step | None:
    """Read ``scene: scene.evening``, which is short for calling ``scene.turn_on``."""
    name = raw["scene"]
    if not isinstance(name, str) or not name.startswith("scene."):
        said = f"expected a scene such as scene.evening, got {schema.describe(name)}"
        reader.say((*path, "scene"), said)
        return None
    if problem := names.entity(reader.known, (*path, "scene"), name):
        reader.problems.append(problem)
    action = reader.value("scene.turn_on", path)
    return Call(reader.place(path), action, (reader.value({"entity_id": name}, path),), None)


def options(reader: Reader, name: object) -> Iterable[str]:
    """Return what an action takes as data."""
    spec = reader.known.actions.get(name) if isinstance(name, str) else None
    return [str(key) for key in spec.schema] if spec else []


def _spec(reader: Reader, name: object, path: Path) -> ActionSpec | None:
    if is_template(name):
        return None
    if not isinstance(name, str) or name not in reader.known.actions:
        hint = names.offered(reader.known, str(name)) or did_you_mean(
            str(name), reader.known.actions
        )
        reader.say(path, f"there is no action {schema.describe(name)}", hint)
        return None
    return reader.known.actions[name]


def _target(
    reader: Reader, raw: Mapping[str, Any], path: Path
) -> list[tuple[Mapping[str, object], Path]]:
    found: list[tuple[Mapping[str, object], Path]] = []
    if "entity_id" in raw:
        found.append(({"entity_id": raw["entity_id"]}, path))
    if raw.get("target"):
        place = (*path, "target")
        target = reader.mapping(raw["target"], place, "a mapping such as {entity_id: ...}")
        for key in target:
            if hint := refused.TARGETS.get(key):
                reader.say((*place, key), f"'{key}' of Home Assistant is not here", hint)
            elif key != "entity_id":
                known = {"entity_id"}
                reader.problems.append(unknown_key(key, (*place, key), known, "a target"))
        found.append(({key: target[key] for key in target if key == "entity_id"}, place))
    for given, place in found:
        _check_entities(reader, given.get("entity_id"), (*place, "entity_id"))
    return found


def _check_entities(reader: Reader, raw: object, path: Path) -> None:
    for at, each in enumerate(raw if isinstance(raw, list) else [raw]):
        place = (*path, at) if isinstance(raw, list) else path
        if isinstance(each, str) and not is_template(each):
            for name in each.split(","):
                problem = names.entity(reader.known, place, name.strip())
                if problem is not None:
                    reader.problems.append(problem)


def _check_data(
    reader: Reader,
    spec: ActionSpec,
    parts: list[tuple[Any, Path]],
    target: list[tuple[Mapping[str, object], Path]],
    path: Path,
) -> None:
    given: dict[str, tuple[object, Path]] = {}
    for data, at in [*parts, *target]:
        if is_template(data):
            return  # what it will hold is not known yet
        for key, value in reader.mapping(data, at, "a mapping of data").items():
            given[key] = (value, (*at, key))
    markers = {str(marker): (marker, check) for marker, check in spec.schema.items()}
    if not any(isinstance(marker, vol.Marker) for marker, _ in markers.values()) and markers:
        return  # it takes what it likes
    for key, (value, at) in given.items():
        if key in markers:
            _check_value(reader, markers[key][1], value, at)
        else:
            what = f"the action '{spec.name}'"
            reader.problems.append(unknown_key(key, at, markers, what))
    for key in _missing(markers, given, reader, path):
        reader.say(path, f"the action '{spec.name}' needs '{key}' in its data")


def _check_value(reader: Reader, check: object, value: object, path: Path) -> None:
    if _has_template(value):
        return
    try:
        checked = vol.Schema(check)(value)
    except vol.MultipleInvalid as error:
        for each in error.errors:
            reader.say((*path, *(each.path or ())), str(each.error_message))
        return
    if _is_camera(check):
        reader.problems += names.cameras(reader.known, path, checked)


def _is_camera(check: object) -> bool:
    said = schema.shape(check) or {}
    several = said.get("anyOf")
    return check is schema.camera or (isinstance(several, list) and schema.camera in several)


def _has_template(value: object) -> bool:
    if isinstance(value, Mapping):
        return any(map(_has_template, value.values()))
    if isinstance(value, list):
        return any(map(_has_template, value))
    return is_template(value)


def _missing(
    markers: Mapping[str, tuple[object, object]],
    given: Mapping[str, object],
    reader: Reader,
    path: Path,
) -> Iterable[str]:
    step = path[:-1] if path[-1:] == ("data",) else path
    for key, (marker, _) in markers.items():
        if (
            isinstance(marker, vol.Required)
            and marker.default is vol.UNDEFINED
            and key not in given
            and not any(reader.guessed(key, at) for at in (path, step))
        ):
            yield key
