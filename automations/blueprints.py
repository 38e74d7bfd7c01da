"""``use_blueprint``: an automation or a script made from a file with inputs, as in Home Assistant.

A blueprint is read, its ``!input``s are filled in, and what comes of it is read like anything that
was written out. Mistakes in the inputs are told where they are, those in the blueprint itself where
it is used.
"""

from collections.abc import Iterator, Mapping
from functools import lru_cache
from pathlib import Path as File
from typing import Any, Final

import voluptuous as vol
import yaml
from msgspec import Struct

from automations.reading import words_of
from automations.selectors import selected
from automations.templates import is_template
from hub.api import HubError, Path, Problem, did_you_mean, schema

_FOLDER: Final = "blueprints"
_LARGEST: Final = 512 * 1024  # bytes
_USE_KEYS: Final = frozenset({"path", "input"})
_ABSENT: Final = object()


class BlueprintFault(HubError):
    """A file is no blueprint; the text says why, and where in it."""


class Input(Struct, frozen=True):
    """An ``!input`` in a blueprint."""

    name: str


class Blueprint(Struct, frozen=True):
    """A blueprint as it was read: its inputs by name, and what stands below its head."""

    name: str
    domain: str
    description: str
    inputs: Mapping[str, Mapping[str, Any]]
    body: Mapping[str, Any]


class _Loader(yaml.SafeLoader):
    """Reads plain YAML and ``!input``, nothing else."""


def _input(loader: yaml.SafeLoader, node: yaml.Node) -> Input:
    return Input(str(loader.construct_scalar(node)))  # type: ignore[arg-type]


def _unknown(_: yaml.SafeLoader, tag: str, node: yaml.Node) -> object:
    mark = node.start_mark
    words = f"line {mark.line + 1}: '!{tag}' means nothing in a blueprint"
    raise BlueprintFault(words)


_Loader.add_constructor("!input", _input)
_Loader.add_multi_constructor("!", _unknown)


def uses(raw: object) -> bool:
    """Say whether something is to be made from a blueprint."""
    return isinstance(raw, Mapping) and "use_blueprint" in raw


def expanded(raw: object, folder: File | None, domain: str) -> object:
    """Return what an automation is with its blueprint filled in, or as it is where that fails."""
    if not uses(raw):
        return raw
    made, problems = fill(raw, (), folder, domain)
    return made if not problems else raw


def fill(
    raw: Any, path: Path, folder: File | None, domain: str
) -> tuple[dict[str, Any], list[Problem]]:
    """Fill in a blueprint; return what comes of it, and what is wrong with its use."""
    place = (*path, "use_blueprint")
    use = raw["use_blueprint"]
    if not isinstance(use, Mapping) or not isinstance(use.get("path"), str):
        words = "'use_blueprint' needs 'path', and 'input' with values"
        return {}, [Problem(path=place, words=words)]
    try:
        found = _for(domain, read(_file(folder, domain, use["path"])))
    except BlueprintFault as error:
        return {}, [Problem(path=(*place, "path"), words=f"'{use['path']}': {error}")]
    given = use.get("input") or {}
    problems = [*_misused(found, given, use, place)]
    if problems:
        return {}, problems
    values = {name: each.get("default") for name, each in found.inputs.items()} | dict(given)
    own = {key: each for key, each in raw.items() if key != "use_blueprint"}
    return {"description": found.description, **_filled(found.body, values), **own}, []


def told(problems: list[Problem], raw: Mapping[str, Any], path: Path) -> list[Problem]:
    """Return problems of what came of a blueprint, each where the user can see it."""
    found = []
    for each in problems:
        inside = each.path[len(path) :]
        if inside and inside[0] in raw:
            found.append(each)
            continue
        words = f"in the blueprint, {words_of(inside) or 'as a whole'}: {each.words}"
        place = (*path, "use_blueprint", "path")
        found.append(Problem(path=place, words=words, hint=each.hint, warning=each.warning))
    return found


def read(file: File) -> Blueprint:
    """Read a blueprint; raises ``BlueprintFault``."""
    try:
        about = file.stat()
    except OSError:
        raise BlueprintFault(f"there is no blueprint {file}") from None
    if about.st_size > _LARGEST:
        raise BlueprintFault(f"it is larger than {_LARGEST // 1024} KiB")
    return _read(file, about.st_mtime_ns)


def parse(text: str) -> Blueprint:
    """Read the text of a blueprint; raises ``BlueprintFault``."""
    try:
        raw = _Loader(text).get_single_data()
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        where = "" if mark is None else f"line {mark.line + 1}: "
        raise BlueprintFault(f"{where}{error.problem}") from error
    except (yaml.YAMLError, RecursionError, ValueError) as error:
        raise BlueprintFault(f"it is not YAML: {error}") from error
    try:
        return _understood(raw)
    except RecursionError:
        raise BlueprintFault("something in it holds itself") from None


def _understood(raw: object) -> Blueprint:
    head = raw.get("blueprint") if isinstance(raw, Mapping) else None
    if not isinstance(raw, Mapping) or not isinstance(head, Mapping):
        raise BlueprintFault("it has no 'blueprint:' with a name and a domain")
    for key in ("name", "domain"):
        if not isinstance(head.get(key), str):
            raise BlueprintFault(f"its 'blueprint:' needs '{key}'")
    inputs = dict(_inputs(head.get("input") or {}))
    body = {key: each for key, each in raw.items() if key != "blueprint"}
    for name in sorted({*_named(body)} - inputs.keys()):
        raise BlueprintFault(f"it uses '!input {name}', which is not among its inputs")
    about = str(head.get("description") or "")
    return Blueprint(head["name"], head["domain"], about, inputs, body)


@lru_cache(maxsize=256)
def _read(file: File, _: int) -> Blueprint:
    try:
        return parse(file.read_text("utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise BlueprintFault(f"it cannot be read: {error}") from error


def _for(domain: str, found: Blueprint) -> Blueprint:
    if found.domain != domain:
        raise BlueprintFault(f"it is for {found.domain}s, and this is a {domain}")
    return found


def _file(folder: File | None, domain: str, name: str) -> File:
    if folder is None:
        raise BlueprintFault("blueprints need a configuration folder")
    base = (folder / _FOLDER / domain).resolve()
    file = (base / name).resolve()
    if not file.is_relative_to(base):
        raise BlueprintFault(f"it is not below {_FOLDER}/{domain}")
    if not file.is_file():
        known = [str(each.relative_to(base)) for each in base.rglob("*.yaml")]
        hint = did_you_mean(name, known)
        raise BlueprintFault(f"there is none below {_FOLDER}/{domain}. {hint}".rstrip(". "))
    return file


def _inputs(raw: Any) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Yield inputs, also those in sections of a form."""
    if not isinstance(raw, Mapping):
        raise BlueprintFault(f"its inputs must have names, got {schema.describe(raw)}")
    for name, each in raw.items():
        options = {} if each is None else each
        if not isinstance(options, Mapping):
            raise BlueprintFault(f"its input '{name}' must be a mapping")
        if isinstance(options.get("input"), Mapping):
            yield from _inputs(options["input"])
        else:
            yield str(name), options


def _named(value: object) -> Iterator[str]:
    if isinstance(value, Input):
        yield value.name
    elif isinstance(value, Mapping):
        for each in value.values():
            yield from _named(each)
    elif isinstance(value, list):
        for each in value:
            yield from _named(each)


def _filled(value: Any, values: Mapping[str, Any]) -> Any:
    if isinstance(value, Input):
        return values[value.name]
    if isinstance(value, Mapping):
        return {key: _filled(each, values) for key, each in value.items()}
    if isinstance(value, list):
        return [_filled(each, values) for each in value]
    return value


def _misused(
    found: Blueprint, given: Any, use: Mapping[str, Any], place: Path
) -> Iterator[Problem]:
    for key in use.keys() - _USE_KEYS:
        hint = did_you_mean(str(key), _USE_KEYS)
        words = f"'{key}' is not an option of 'use_blueprint'"
        yield Problem(path=(*place, key), words=words, hint=hint, on_key=True)
    if not isinstance(given, Mapping):
        words = f"expected inputs by name, got {schema.describe(given)}"
        yield Problem(path=(*place, "input"), words=words)
        return
    for name in given:
        if name not in found.inputs:
            hint = did_you_mean(str(name), found.inputs)
            words = f"the blueprint has no input '{name}'"
            yield Problem(path=(*place, "input", name), words=words, hint=hint, on_key=True)
    for name, options in found.inputs.items():
        value = given.get(name, _ABSENT)
        if value is _ABSENT and "default" not in options:
            about = options.get("description") or options.get("name")
            hint = f"{name}: {str(about).strip().splitlines()[0]}" if about else ""
            where = (*place, "input") if "input" in use else place
            yield Problem(path=where, words=f"the blueprint needs the input '{name}'", hint=hint)
        elif value is not _ABSENT and (words := _unfit(options, value)):
            yield Problem(path=(*place, "input", name), words=words)


def _unfit(options: Mapping[str, Any], value: object) -> str:
    selector = options.get("selector")
    if is_template(value) or not isinstance(selector, Mapping):
        return ""
    try:
        vol.Schema(selected(selector))(value)
    except vol.Invalid as error:
        return str(error.msg)
    return ""


__all__ = ["Blueprint", "BlueprintFault", "expanded", "fill", "parse", "read", "told", "uses"]
