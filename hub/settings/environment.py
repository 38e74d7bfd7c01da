"""Any option can be set from outside: ``WATCHPOST__CAMERAS__PORCH__DETECT__FPS=10``.

Containers and service units are configured that way; somebody who tries something out writes
``--set cameras.porch.detect.fps=10``. Both values are read as YAML.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Final

from hub.api import Place, did_you_mean
from hub.settings.findings import Findings
from hub.settings.nodes import Broken, Node

PREFIX: Final = "WATCHPOST__"
FLAG: Final = "--set"
# What is in these sections has a name and a platform: a name alone is a typing mistake.
_NAMED: Final = {"cameras": "camera", "detectors": "detector", "notify": "notifier"}

Read = Callable[[str, str], Node]
"""Reads a value as YAML; told the text, and what stands for a file's name in mistakes."""


class _NoSuchPlace(Exception):
    """The way to an option leads through something that holds none."""

    def __init__(self, words: str, hint: str = "") -> None:
        super().__init__(words)
        self.hint = hint


def override(root: Node, environ: Mapping[str, str], read: Read, findings: Findings) -> Node:
    """Return the root with every option that the environment sets."""
    for name in sorted(each for each in environ if each.startswith(PREFIX)):
        file = f"environment:{name}"
        place = Place(file=file, line=1, column=1)
        steps = name.removeprefix(PREFIX).lower().split("__")
        if not all(steps):
            findings.error(place, "'__' stands between the keys of an option, one is empty")
            continue
        value = read(environ[name], file)
        try:
            root = _with(root, steps, value, place)
        except _NoSuchPlace as error:
            findings.error(place, str(error))
    return root


def change(root: Node, changes: Sequence[str], read: Read, findings: Findings) -> Node:
    """Return the root with ``PATH=VALUE`` of every change in it; later ones win."""
    for each in changes:
        path, equals, text = each.partition("=")
        file = f"{FLAG} {path}"
        place, steps = Place(file=file, line=1, column=1), path.strip().split(".")
        if not equals or not all(steps):
            findings.error(place, *_unreadable(path, equals))
            continue
        value = read(text, file)
        try:
            _check_name(root, steps)
            root = _with(root, steps, value, place)
        except _NoSuchPlace as error:
            findings.error(place, str(error), error.hint)
    return root


def _unreadable(path: str, equals: str) -> tuple[str, str]:
    example = "Such as: cameras.porch.detect.min_score=0.6"
    if not equals:
        return "expected PATH=VALUE, there is no '='", example
    return f"'.' stands between the keys of an option, one is empty in '{path}'", example


def _check_name(root: Node, steps: Sequence[str]) -> None:
    """Refuse an option of something that is not configured; a whole new thing is welcome."""
    section = root.inside(steps[0])
    if steps[0] not in _NAMED or len(steps) <= 2 or section is None:  # noqa: PLR2004 - a name
        return
    if isinstance(section.value, dict) and steps[1] not in section.value:
        hint = did_you_mean(steps[1], section.value)
        raise _NoSuchPlace(f"there is no {_NAMED[steps[0]]} '{steps[1]}'", hint)


def _with(node: Node | None, steps: list[str], value: Node, place: Place) -> Node:
    """Return a copy of a node with a value set deep inside."""
    if not steps:
        return value
    step, rest = steps[0], steps[1:]
    if node is None or node.value is None or isinstance(node.value, Broken):
        return Node({step: _with(None, rest, value, place)}, place, {step: place})
    if isinstance(node.value, dict):
        values = {**node.value, step: _with(node.value.get(step), rest, value, place)}
        keys = dict(node.keys or {})
        return Node(values, node.place, {**keys, step: keys.get(step, place) if rest else place})
    if isinstance(node.value, list) and step.isdecimal() and int(step) < len(node.value):
        items = list(node.value)
        items[int(step)] = _with(items[int(step)], rest, value, place)
        return Node(items, node.place)
    held = f"a list of {len(node.value)}" if isinstance(node.value, list) else "a single value"
    raise _NoSuchPlace(f"there is no '{step}': the configuration has {held} here")
