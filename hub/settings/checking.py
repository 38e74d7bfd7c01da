"""Options against their schemas: every mistake reported, what is right kept.

A value that could not even be read (``wounds``) has been reported where it stands, so nothing
more is said about it; whatever needs it is left out like something wrong.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

import voluptuous as vol

from hub.api import Path, Problem
from hub.api.schema import Schema
from hub.settings.document import Document
from hub.settings.offers import Offers, Unavailable
from hub.settings.words import Finding, findings


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """Some options to validate: where they stand, what they are, and whose code looks at them.

    ``also`` are keys beside them that somebody else validates.
    """

    value: object
    path: Path
    what: str
    plugin: str = ""
    also: tuple[str, ...] = ()


@dataclass(slots=True)
class Checking:
    """Collects what is wrong with a document, and what that leaves out."""

    document: Document
    offers: Offers
    problems: list[Problem] = field(default_factory=list)
    warnings: list[Problem] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)
    _said: set[tuple[Path, str]] = field(default_factory=set)
    _meant: list[tuple[Path, str]] = field(default_factory=list)  # hints at unknown keys
    _schemas: dict[int, tuple[Schema, vol.Schema]] = field(default_factory=dict)

    def say(self, problem: Problem, *, unknown: bool = False) -> None:
        """Report a problem with a path from the root, once.

        Nothing is said about what could not be read, except that its very key is ``unknown``;
        of a key whose indentation is a guess, only where it is surely a typing mistake.
        """
        if unknown and problem.path in self.document.guesses and "Did you" not in problem.hint:
            return
        about = problem.path[:-1] if unknown else problem.path
        if self._unread(about) or (problem.path, problem.words) in self._said:
            return
        if self._misspelt(problem):
            return
        if unknown:
            self._meant.append((problem.path[:-1], problem.hint))
        self._said.add((problem.path, problem.words))
        told = self.warnings if problem.warning else self.problems
        told.append(self.document.placed(problem))

    def error(self, path: Path, words: str, hint: str = "", *, on_key: bool = False) -> None:
        """Report a mistake at a path from the root."""
        self.say(Problem(path=path, words=words, hint=hint, on_key=on_key))

    def leave_out(self, what: str) -> None:
        """Note a part that will not be there."""
        if what not in self.left_out:
            self.left_out.append(what)

    def wounded(self, path: Path, value: object) -> bool:
        """Say whether something in a value at a path could not be read."""
        inside = value if isinstance(value, Mapping) else None
        at = len(path)
        return any(
            wound[:at] == path and (len(wound) == at or inside is None or wound[at] in inside)
            for wound in self.document.wounds
        )

    def guessed(self, path: Path) -> bool:
        """Say whether something at a path may belong elsewhere, so that it should not run."""
        return any(each[: len(path)] == path for each in self.document.guesses)

    def mapping(self, path: Path) -> Mapping[str, object]:
        """Return what is at a path from the root if it is a mapping; else report it."""
        value: object = self.document.tree
        for step in path:
            value = value.get(str(step)) if isinstance(value, Mapping) else None
        if isinstance(value, Mapping):
            return value
        if value is None and self.document.tree and self._unread(path):
            self.leave_out(f"section '{path[0]}'")
        if value is not None:
            hint = by_name(value)
            self.error(path, "expected names, each with its options below", hint)
            self.leave_out(f"section '{path[0]}'")
        return {}

    def validate(self, schema: Schema, asked: Asked) -> dict[str, object] | None:
        """Return valid options, unknown keys left out, or none when something else is wrong."""
        value = {} if asked.value is None else asked.value
        try:
            found, options = self._look(schema, value, asked)
            for each in found:
                problem = replace(each.problem, path=asked.path + each.problem.path)
                self.say(problem, unknown=each.unknown)
            if found and all(each.unknown for each in found):
                value = self._without(value, found, asked)
                found, options = self._look(schema, value, asked)
        except Unavailable as error:
            self.error(asked.path, str(error), error.hint, on_key=True)
            return None
        return None if found or self.wounded(asked.path, value) else options

    def _look(
        self, schema: Schema, value: object, asked: Asked
    ) -> tuple[list[Finding], dict[str, object]]:
        try:
            checked = self.offers.guarded(asked.plugin, lambda: self._compiled(schema)(value))
        except vol.Invalid as error:
            return findings(error, schema, value, asked.also), {}
        return [], dict(checked)

    def _compiled(self, schema: Schema) -> vol.Schema:
        """Return a schema ready to be used; a thousand zones share theirs."""
        known = self._schemas.get(id(schema))
        if known is None:
            known = self._schemas[id(schema)] = (schema, vol.Schema(schema))
        return known[1]

    def _misspelt(self, problem: Problem) -> bool:
        """Say whether a missing key is there with a typing mistake that was reported anyway."""
        if not problem.words.startswith("missing key "):
            return False
        keys = re.findall(r"'\w+'", problem.words)
        hints = [hint for path, hint in self._meant if path == problem.path]
        return any(key in hint for key in keys for hint in hints)

    def _without(self, value: object, found: Iterable[Finding], asked: Asked) -> object:
        for each in found:
            value = _dropped(value, each.problem.path)
            self.leave_out(f"key '{each.problem.path[-1]}' of {asked.what}")
        return value

    def _unread(self, path: Path) -> bool:
        return any(path[: len(wound)] == wound for wound in self.document.wounds)


def by_name(value: object) -> str:
    """Say how a list of things with names is written here."""
    first = value[0] if isinstance(value, list) and value else None
    name = first.get("name") if isinstance(first, Mapping) else None
    return f"Write '{name}:' in place of '- name: {name}'." if isinstance(name, str) else ""


def _dropped(value: object, path: Path) -> object:
    """Return a copy of a value without what is at a path."""
    if not path:
        return value
    if isinstance(value, Mapping):
        copy = dict(value)
        if len(path) == 1:
            copy.pop(str(path[0]), None)
        else:
            copy[str(path[0])] = _dropped(copy.get(str(path[0])), path[1:])
        return copy
    if isinstance(value, list) and isinstance(path[0], int) and len(path) > 1:
        items = list(value)
        items[path[0]] = _dropped(items[path[0]], path[1:])
        return items
    return value
