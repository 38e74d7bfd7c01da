"""``hub: packages:`` - parts of a configuration that belong together, each in a file of its own.

As in Home Assistant: a package has sections like the main file. Lists are put one behind the other,
mappings are put together, and the same name twice is told with both places.
"""

from typing import Final

from hub.api import Place
from hub.settings.findings import Findings
from hub.settings.nodes import Broken, Node

_HUB: Final = "hub"
_KEY: Final = "packages"


def merged(root: Node, findings: Findings) -> Node:
    """Return the root with the sections of all packages in it."""
    sections = root.value
    hub = sections.get(_HUB) if isinstance(sections, dict) else None
    if hub is None or not isinstance(hub.value, dict) or _KEY not in hub.value:
        return root
    packages = hub.value[_KEY]
    root = _with(root, _HUB, _without(hub, _KEY))
    if packages.value is None or isinstance(packages.value, Broken):
        return root
    if not isinstance(packages.value, dict):
        hint = "Write: packages: !include_dir_named packages"
        findings.error(packages.place, "expected packages by name", hint)
        return root
    for name, package in packages.value.items():
        root = _one(root, name, package, findings)
    return root


def _one(root: Node, name: str, package: Node, findings: Findings) -> Node:
    if isinstance(package.value, Broken) or package.value is None:
        return root
    if not isinstance(package.value, dict):
        findings.error(package.place, f"expected the package '{name}' to hold sections")
        return root
    for section, value in package.value.items():
        place = (package.keys or {}).get(section, value.place)
        if section == _HUB:
            hint = "Write it in configuration.yaml."
            findings.error(place, f"a package cannot have a section '{section}'", hint)
            continue
        known = root.value.get(section) if isinstance(root.value, dict) else None
        both = value if known is None else _both(known, value, section, findings)
        root = _with(root, section, both, place if known is None else None)
    return root


def _both(one: Node, other: Node, section: str, findings: Findings) -> Node:
    """Return a section of two files as one."""
    if one.value is None or isinstance(other.value, Broken):
        return other if one.value is None else one
    if other.value is None or isinstance(one.value, Broken):
        return one
    if isinstance(one.value, list) or isinstance(other.value, list):
        return Node([*_items(one), *_items(other)], one.place)
    if isinstance(one.value, dict) and isinstance(other.value, dict):
        for key, value in other.value.items():
            place = (other.keys or {}).get(key, value.place)
            first = (one.keys or {}).get(key)
            if first is None:
                one = _with(one, key, value, place)
                continue
            words = f"'{key}' of '{section}' is there already; the first is in {first}"
            findings.error(place, words)
            findings.dropped(f"the second '{key}' ({place.file}:{place.line})")
        return one
    findings.error(other.place, f"'{section}' is there already, in {one.place}")
    return one


def _items(node: Node) -> list[Node]:
    return node.value if isinstance(node.value, list) else [node]


def _with(node: Node, key: str, value: Node, place: Place | None = None) -> Node:
    values = dict(node.value) if isinstance(node.value, dict) else {}
    keys = dict(node.keys or {})
    values[key] = value
    if place is not None or key not in keys:
        keys[key] = value.place if place is None else place
    return Node(values, node.place, keys)


def _without(node: Node, key: str) -> Node:
    values = dict(node.value) if isinstance(node.value, dict) else {}
    keys = {name: place for name, place in (node.keys or {}).items() if name != key}
    values.pop(key, None)
    return Node(values, node.place, keys)
