"""How one automation's YAML is read: every mistake is noted where it is, and reading goes on.

The same reading serves the check, where there is no hub and nothing is kept, and the start.
"""

from collections.abc import Callable, Container, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

import voluptuous as vol

from automations.steps import Sequence
from automations.templates import Template, Variables, fault, is_template
from automations.values import Span, span, unmarked
from hub.api import (
    Context,
    Described,
    Finding,
    HubError,
    Known,
    Options,
    Path,
    Problem,
    did_you_mean,
    schema,
)

Value = Callable[[Variables], Any]
"""Something written in YAML, with the templates in it computed."""

Holds = Callable[[Variables], bool]
"""Says whether something holds for a run's variables; raises ``HubError``."""


@dataclass(frozen=True, slots=True)
class Test:
    """Conditions: whether they hold, and why they do or do not.

    ``explain`` asks them anew, so it costs more than ``holds`` and is for traces alone.
    """

    holds: Holds
    explain: Callable[[Variables], Finding]


class Reader:
    """Reads one automation; ``context`` is none when it is only checked."""

    def __init__(
        self,
        known: Known,
        context: Context | None,
        name: str,
        sequence: "Callable[[Reader, object, Path], Sequence]",
    ) -> None:
        self.known = known
        self.context = context
        self.name = name
        self.problems: list[Problem] = []
        self._sequence = sequence

    def sequence(self, raw: object, path: Path) -> Sequence:
        """Read actions that stand inside an action."""
        return self._sequence(self, raw, path)

    def say(self, path: Path, words: str, hint: str = "", *, on_key: bool = False) -> None:
        """Note a mistake."""
        self.problems.append(Problem(path=path, words=words, hint=hint, on_key=on_key))

    def warn(self, path: Path, words: str, hint: str = "", *, on_key: bool = False) -> None:
        """Note something that works and is hardly what was meant."""
        said = Problem(path=path, words=words, hint=hint, on_key=on_key, warning=True)
        self.problems.append(said)

    def where(self, path: Path) -> str:
        """Say where something is, for the log."""
        return f"{self.name}: {words_of(path)}"

    def place(self, path: Path) -> str:
        """Say where something is in this automation."""
        return words_of(path)

    def template(self, raw: object, path: Path) -> Template | None:
        """Read the source of a template; none when it does not compile."""
        if isinstance(raw, bool | int | float):
            raw = str(raw)
        if not isinstance(raw, str) or not raw.strip():
            self.say(path, f"expected a template, got {schema.describe(raw)}")
            return None
        if words := fault(raw) or unmarked(raw):
            self.say(path, words)
            return None
        return Template(raw, self.context, self.where(path))

    def value(self, raw: object, path: Path) -> Value:
        """Read a value that may have templates anywhere in it."""
        if is_template(raw):
            return self.template(raw, path) or _constant(None)
        if isinstance(raw, Mapping):
            return _mapping({key: self.value(each, (*path, key)) for key, each in raw.items()}, raw)
        if isinstance(raw, list):
            return _list([self.value(each, (*path, at)) for at, each in enumerate(raw)], raw)
        return _constant(raw)

    def span(self, raw: object, path: Path) -> Span:
        """Read a time span."""
        try:
            checked = span(raw)
        except vol.Invalid as error:
            self.say(path, str(error))
            return Span(0.0, self.context)
        return Span(checked, self.context, self.where(path))

    def mapping(self, raw: object, path: Path, what: str) -> Mapping[str, Any]:
        """Read a mapping; anything else counts as an empty one."""
        if isinstance(raw, Mapping):
            return raw
        self.say(path, f"expected {what}, got {schema.describe(raw)}")
        return {}

    def keys(
        self,
        raw: Mapping[str, object],
        path: Path,
        known: Iterable[str],
        what: str,
        data: Iterable[str] = (),
    ) -> None:
        """Look for keys that mean nothing here; some would do below ``data:``."""
        allowed, below = set(known), set(data)
        for key in raw:
            if key not in allowed:
                hint = did_you_mean(str(key), allowed)
                if key in below:
                    hint = f"Indent '{key}' below 'data:'."
                self.say((*path, key), f"'{key}' is not an option of {what}", hint, on_key=True)

    def guessed(self, key: str, path: Path) -> bool:
        """Say whether a key that is missing is there with a typing mistake, which was noted."""
        return any(
            each.on_key and each.path[:-1] == path and f"{word} '{key}'" in each.hint
            for each in self.problems
            for word in ("mean", "Indent")
        )

    def flag(self, raw: Mapping[str, object], key: str, path: Path, default: bool) -> bool:
        """Read a yes or no."""
        value = raw.get(key, default)
        if isinstance(value, bool):
            return value
        self.say((*path, key), f"expected true or false, got {schema.describe(value)}")
        return default

    def enabled(self, raw: Mapping[str, object], path: Path) -> bool:
        """Read ``enabled``: a yes or no, or a template, which is asked once, when it is loaded."""
        value = raw.get("enabled", True)
        if not is_template(value):
            return self.flag(raw, "enabled", path, default=True)
        template = self.template(value, (*path, "enabled"))
        if template is None or self.context is None:
            return True
        try:
            return template.holds({})
        except HubError as error:
            self.say((*path, "enabled"), str(error))
            return False

    def text(self, raw: Mapping[str, object], key: str, path: Path) -> str | None:
        """Read a text that may be left out."""
        value = raw.get(key)
        if value is None or isinstance(value, str):
            return value
        if isinstance(value, int) and not isinstance(value, bool):
            return str(value)
        self.say((*path, key), f"expected a text, got {schema.describe(value)}")
        return None

    @staticmethod
    def alias(raw: Mapping[str, object]) -> str | None:
        """Return what something is called; YAML reads ``Off`` as false, which is a name as well."""
        alias = raw.get("alias")
        return None if alias is None else str(alias)

    def options(
        self, kind: type[Described], raw: Mapping[str, object], path: Path, what: str
    ) -> Options | None:
        """Check what a trigger or condition was given; none when something is wrong with it."""
        try:
            checked: Options = _schema(kind)(dict(raw))
        except vol.MultipleInvalid as error:
            known = {str(key) for key in kind.SCHEMA}
            for each in sorted(error.errors, key=_is_missing):
                one = _problem(each, raw, path, known, what)
                if not (_is_missing(each) and self.guessed(str(each.path[-1]), one.path)):
                    self.problems.append(one)
            return None
        found = [*kind.check(checked, self.known)]
        self.problems += [replace(each, path=(*path, *_fitting(raw, each.path))) for each in found]
        return None if any(not each.warning for each in found) else checked


def either(reader: Reader, raw: Mapping[str, object], path: Path, *names: str) -> str | None:
    """Return which of several spellings of a key is used; two at once is a mistake."""
    used = [name for name in names if name in raw]
    for name in used[1:]:
        words = f"'{name}' and '{used[0]}' mean the same; use one of them"
        reader.say((*path, name), words, on_key=True)
    return used[0] if used else None


def items(raw: object, path: Path) -> list[tuple[object, Path]]:
    """Return the items of a list, or a bare one as the only one; lists in lists are one list."""
    if raw is None:
        return []
    if not isinstance(raw, list):
        return [(raw, path)]
    return [found for at, each in enumerate(raw) for found in items(each, (*path, at))]


def words_of(path: Path) -> str:
    """Say a path in words, without the automation's own index: ``actions 2, data, payload``."""
    said: list[str] = []
    for part in path[1:] if path and isinstance(path[0], int) else path:
        if isinstance(part, int) and said:
            said[-1] += f" {part + 1}"
        else:
            said.append(str(part))
    return ", ".join(said)


def without(raw: Mapping[str, object], *keys: Container[str]) -> dict[str, object]:
    """Return a mapping without some keys."""
    return {key: value for key, value in raw.items() if not any(key in each for each in keys)}


def unknown_key(key: str, path: Path, allowed: Iterable[str], what: str) -> Problem:
    """Make the problem of a key that means nothing."""
    words = f"'{key}' is not an option of {what}"
    return Problem(path=path, words=words, hint=did_you_mean(str(key), allowed), on_key=True)


def _schema(kind: type[Described]) -> vol.Schema:
    if kind not in _SCHEMAS:
        _SCHEMAS[kind] = vol.Schema(dict(kind.SCHEMA))
    return _SCHEMAS[kind]


_SCHEMAS: Final[dict[type[Described], vol.Schema]] = {}


def _is_missing(error: vol.Invalid) -> bool:
    return isinstance(error, vol.RequiredFieldInvalid)


def _problem(error: vol.Invalid, raw: object, path: Path, known: set[str], what: str) -> Problem:
    inside: Path = tuple(part if isinstance(part, int) else str(part) for part in error.path or ())
    if error.error_message == "extra keys not allowed":
        return unknown_key(str(inside[-1]), (*path, *_fitting(raw, inside)), known, what)
    if _is_missing(error):
        return Problem(
            path=(*path, *_fitting(raw, inside[:-1])), words=f"{what} needs '{inside[-1]}'"
        )
    return Problem(path=(*path, *_fitting(raw, inside)), words=str(error.error_message))


def _fitting(raw: object, path: Path) -> Path:
    """Follow a path as far as it goes, also where one thing stands in place of a list of them."""
    found: list[str | int] = []
    for part in path:
        if part == 0 and not isinstance(raw, list):
            continue
        inside = raw if isinstance(raw, Mapping | list) else {}
        try:
            raw = inside[part]  # type: ignore[index] # a wrong kind of index is what is looked for
        except (LookupError, TypeError):
            break
        found.append(part)
    return tuple(found)


def _constant(value: object) -> Value:
    return lambda _: value


def _mapping(parts: Mapping[str, Value], raw: object) -> Value:
    if all(_is_constant(each) for each in parts.values()):
        return _constant(raw)
    pairs = tuple(parts.items())
    return lambda variables: {key: each(variables) for key, each in pairs}


def _list(parts: list[Value], raw: object) -> Value:
    if all(_is_constant(each) for each in parts):
        return _constant(raw)
    return lambda variables: [each(variables) for each in parts]


def _is_constant(value: Value) -> bool:
    return getattr(value, "__qualname__", "").startswith("_constant.")
