"""Any option can be set from outside: ``WATCHPOST__CAMERAS__PORCH__DETECT__FPS=10``.

Containers and service units are configured that way. The value is read as YAML.
"""

from collections.abc import Callable, Mapping
from typing import Final

from hub.api import Place
from hub.settings.findings import Findings
from hub.settings.nodes import Broken, Node

PREFIX: Final = "WATCHPOST__"


class _NoSuchPlace(Exception):
    """The way to an option leads through something that holds none."""


def override(
    root: Node, environ: Mapping[str, str], read: Callable[[str, str], Node], findings: Findings
) -> Node:
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
    held = "a list" if isinstance(node.value, list) else "a single value"
    raise _NoSuchPlace(f"there is no '{step}': the configuration has {held} here")
