"""What voluptuous finds wrong, in the words of somebody who writes YAML."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

import voluptuous as vol

from hub.api import Path, Problem
from hub.api.schema import describe
from hub.settings import foreign

_KINDS: Final = {
    "int": "a whole number",
    "float": "a number",
    "str": "a text",
    "bool": "true or false",
    "list": "a list",
    "dict": "a mapping",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """A problem of some options; ``unknown`` when it is only a key that nobody knows."""

    problem: Problem
    unknown: bool = False


def findings(
    error: vol.Invalid, schema: object, value: object, also: Iterable[str] = ()
) -> list[Finding]:
    """Explain an error of a schema, one finding per mistake, with paths within the value.

    ``also`` are keys of the root that something else understands.
    """
    # What would have been merged in ("<<") could not be read: anything may be missing.
    leaves = [each for each in _leaves(error) if not _is_about_merge(each, value)]
    unknown = {_path(each): _guess(each, schema, also) for each in leaves if _is_unknown(each)}
    found = []
    for each in leaves:
        path = _path(each)
        if path in unknown:
            words = f"unknown key '{path[-1]}'"
            problem = Problem(path=path, words=words, hint=unknown[path], on_key=True)
            found.append(Finding(problem=problem, unknown=True))
        elif isinstance(each, vol.RequiredFieldInvalid):
            found += _missing(path, each, unknown)
        else:
            words = _words(each, _at(value, path))
            found.append(Finding(problem=Problem(path=path, words=words)))
    return found


def _leaves(error: vol.Invalid) -> Iterator[vol.Invalid]:
    if isinstance(error, vol.MultipleInvalid):
        for each in error.errors:
            yield from _leaves(each)
    else:
        yield error


def _path(error: vol.Invalid) -> Path:
    return tuple(each if isinstance(each, int | str) else str(each) for each in error.path)


def _is_about_merge(error: vol.Invalid, value: object) -> bool:
    path = _path(error)
    beside = _at(value, path[:-1])
    missing = isinstance(error, vol.RequiredFieldInvalid)
    return path[-1:] == ("<<",) or (missing and isinstance(beside, Mapping) and "<<" in beside)


def _is_unknown(error: vol.Invalid) -> bool:
    return error.msg == "extra keys not allowed"


def _guess(error: vol.Invalid, schema: object, also: Iterable[str]) -> str:
    path = _path(error)
    keys = _keys(schema, path[:-1])
    if len(path) == 1 and also:
        return foreign.hint(str(path[-1]), [*keys, *also], foreign.CAMERA)
    return foreign.hint(str(path[-1]), keys, foreign.INSIDE)


def _missing(path: Path, error: vol.Invalid, unknown: Mapping[Path, str]) -> list[Finding]:
    """Explain a missing key, unless it is there with a typing mistake that is reported anyway."""
    key = path[-1]
    if any(where[:-1] == path[:-1] and f"'{key}'" in hint for where, hint in unknown.items()):
        return []
    marker = error.path[-1]
    description = getattr(marker, "description", None) or ""
    hint = f"{key}: {description}" if description else ""
    words = f"missing key '{key}'"
    return [Finding(problem=Problem(path=path[:-1], words=words, hint=hint, on_key=True))]


def _words(error: vol.Invalid, value: object) -> str:
    message = str(error.msg)
    match error:
        case vol.DictInvalid():
            return f"expected options as 'key: value', got {describe(value)}"
        case vol.SequenceTypeInvalid():
            return f"expected a list, got {describe(value)}"
        case vol.TypeInvalid() if message.startswith("expected "):
            kind = message.removeprefix("expected ").strip("'\"")
            return f"expected {_KINDS.get(kind, kind)}, got {describe(value)}"
        case vol.ScalarInvalid() | vol.ValueInvalid() if message == "not a valid value":
            return f"{describe(value)} cannot be used here"
        case _:
            return message


def _at(value: object, path: Path) -> object:
    for step in path:
        if isinstance(value, Mapping):
            value = value.get(step)
        elif isinstance(value, list) and isinstance(step, int) and step < len(value):
            value = value[step]
        else:
            return None
    return value


def _keys(schema: Any, path: Path) -> list[str]:
    """Return the keys that a schema knows at a path."""
    match schema:
        case vol.Schema():
            return _keys(schema.schema, path)
        case vol.All() | vol.Any():
            return [key for each in schema.validators for key in _keys(each, path)]
        case list():
            inner = path[1:] if path and isinstance(path[0], int) else path
            return [key for each in schema for key in _keys(each, inner)]
        case Mapping() if not path:
            return [name for key in schema if isinstance(name := _plain(key), str)]
        case Mapping():
            return [
                found
                for key, inner in schema.items()
                if _plain(key) == path[0] or not isinstance(_plain(key), str)
                for found in _keys(inner, path[1:])
            ]
        case _:
            return []


def _plain(key: object) -> object:
    return key.schema if isinstance(key, vol.Marker) else key
