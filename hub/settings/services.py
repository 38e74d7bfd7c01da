"""Sections that are a plugin's own: mqtt, web, automation ..."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final

from hub.api import Notifier, Path, Problem, Service
from hub.settings import foreign
from hub.settings.checking import Asked, Checking
from hub.settings.model import ComponentSettings
from hub.settings.offers import Unavailable
from hub.settings.parts import Part, drop
from hub.settings.sections import SECTIONS

ALWAYS: Final = ("automation", "models", "persistent_notification", "sql", "sun", "web")
"""Services that run whether or not the configuration has a section for them."""


@dataclass(slots=True, kw_only=True)
class ServicePart(Part[Service]):
    """A service on its way. ``items`` is what a list holds, each with its path from the root."""

    items: list[tuple[Path, object]] = field(default_factory=list)

    @property
    def is_list(self) -> bool:
        """Whether its section is a list."""
        return self.offer is not None and self.offer.component.LIST

    @property
    def value(self) -> Any:
        """Its options as its class takes them."""
        return [item for _, item in self.items] if self.is_list else self.options

    def settings(self) -> ComponentSettings:
        return replace(Part.settings(self), options=self.value)

    def where(self, path: Path) -> Path:
        """Return the path from the root of one that starts at the value."""
        if self.is_list and path and isinstance(path[0], int) and path[0] < len(self.items):
            return self.items[path[0]][0] + path[1:]
        return self.path + path


def services(checking: Checking) -> dict[str, ServicePart]:
    """Read every section that is a plugin's, and add those that always run."""
    found: dict[str, ServicePart] = {}
    for section, value in checking.document.tree.items():
        if section not in SECTIONS and not section.startswith("x-"):  # a place for anchors
            _read(checking, section, value, found)
    for key in ALWAYS:
        if key not in found:
            _add_default(checking, key, found)
    return found


def _read(checking: Checking, section: str, value: object, found: dict[str, ServicePart]) -> None:
    # Home Assistant allows a list in several sections: "automation", "automation kitchen" ...
    key = section.split(" ", maxsplit=1)[0]
    part = ServicePart(name=key, what=f"section '{section}'", path=(section,))
    if not _offer(checking, key, part) or (key in found and not part.is_list):
        checking.leave_out(part.what)
        return
    part = found.setdefault(key, part)
    if part.is_list:
        part.items += _items(section, value)
        if value is None and checking.wounded((section,), value):
            checking.leave_out(f"section '{section}'")
    elif not _validate(checking, value, part) or checking.guessed(part.path):
        drop(checking, part)


def _offer(checking: Checking, key: str, part: ServicePart) -> bool:
    names = checking.offers.names
    if key.split(".", maxsplit=1)[0] not in names:
        words = f"unknown key '{part.path[0]}'"
        hint = foreign.hint(key, [*SECTIONS, *names], foreign.SECTIONS)
        problem = Problem(path=part.path, words=words, hint=hint, on_key=True)
        checking.say(problem, unknown=True)
        return False
    try:
        part.offer = checking.offers.find(Service, key)
    except Unavailable as error:
        checking.error(part.path, str(error), error.hint, on_key=True)
        return False
    if issubclass(part.offer.component, Notifier):
        hint = f"Write it below 'notify:', with 'platform: {key}'."
        checking.error(part.path, f"'{key}' is a notifier, not a section", hint, on_key=True)
        return False
    return True


def _items(section: str, value: object) -> list[tuple[Path, object]]:
    if value is None:
        return []
    if isinstance(value, list):
        return [((section, index), each) for index, each in enumerate(value)]
    return [((section,), value)]


def _validate(checking: Checking, value: object, part: ServicePart) -> bool:
    if part.offer is None:
        return False
    asked = Asked(value=value, path=part.path, what=part.what, plugin=part.offer.plugin)
    options = checking.validate(part.offer.component.SCHEMA, asked)
    part.options = options or {}
    part.valid = options is not None
    return part.valid


def _add_default(checking: Checking, key: str, found: dict[str, ServicePart]) -> None:
    """Add a service without a section; one that is not installed is simply not there."""
    if key not in checking.offers.names or key in checking.document.tree:
        return
    part = ServicePart(name=key, what=f"service '{key}'", path=(key,))
    if not _offer(checking, key, part) or (
        not part.is_list and not _validate(checking, None, part)
    ):
        drop(checking, part)
    else:
        found[key] = part


def restored(checking: Checking, part: ServicePart) -> bool:
    """Give a service that always runs its defaults back after its section was left out."""
    if part.name not in ALWAYS or part.offer is None or part.is_list:
        return False
    part.good = _validate(checking, {}, part)
    return part.good


def item_name(part: ServicePart, index: int) -> str:
    """Return what a person would call an item of a list."""
    value = part.items[index][1]
    named = value if isinstance(value, Mapping) else {}
    name = named.get("alias") or named.get("name") or named.get("id")
    return f"{part.name} '{name}'" if name else f"{part.name} number {index + 1}"
