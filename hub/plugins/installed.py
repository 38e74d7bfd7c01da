"""Which plugins are installed, read from metadata alone: nothing is imported for it."""

import sys
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import Distribution, EntryPoint, EntryPoints, distributions
from typing import Final

from packaging.requirements import InvalidRequirement, Requirement
from packaging.utils import canonicalize_name

from hub.api import GROUP

OURS: Final = "watchpost"
"""The distribution whose own plugins win over others of the same name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Installed:
    """A plugin's entry point, and the distribution it came with.

    ``requires`` are the distribution's requirements as written; ``rivals`` the distributions
    that offer a plugin of the same name and are not used.
    """

    entry: EntryPoint
    distribution: str
    version: str
    requires: tuple[str, ...] = ()
    rivals: tuple[str, ...] = ()

    @property
    def module(self) -> str:
        """The module to import."""
        return self.entry.module


def installed(path: list[str] | None = None) -> dict[str, Installed]:
    """Return every plugin by name; ``path`` is where to look instead of ``sys.path``."""
    found: dict[str, list[Installed]] = {}
    for each, entries in _distributions(path or sys.path):
        for entry in entries:
            found.setdefault(entry.name, []).append(_read(entry, each))
    return {name: _first(rivals) for name, rivals in sorted(found.items())}


def _distributions(path: list[str]) -> Iterator[tuple[Distribution, EntryPoints]]:
    """Yield each distribution with plugins once, as Python does: the first on the path counts.

    Entry points are looked at first, because reading a distribution's metadata costs 1 ms.
    """
    seen = set()
    for each in distributions(path=path):
        entries = each.entry_points.select(group=GROUP)
        if entries and (name := canonicalize_name(each.metadata["Name"] or "")) not in seen:
            seen.add(name)
            yield each, entries


def _read(entry: EntryPoint, distribution: Distribution) -> Installed:
    return Installed(
        entry=entry,
        distribution=distribution.metadata["Name"],
        version=distribution.version,
        requires=tuple(distribution.requires or ()),
    )


def _first(rivals: list[Installed]) -> Installed:
    ordered = sorted(rivals, key=lambda each: (each.distribution != OURS, each.distribution))
    chosen = ordered[0]
    return Installed(
        entry=chosen.entry,
        distribution=chosen.distribution,
        version=chosen.version,
        requires=chosen.requires,
        rivals=tuple(each.distribution for each in ordered[1:]),
    )


def unmet(plugin: Installed, versions: dict[str, str]) -> str:
    """Return the requirement on Watchpost itself that this hub does not meet, or nothing."""
    for text in plugin.requires:
        try:
            requirement = Requirement(text)
        except InvalidRequirement:
            continue
        name = canonicalize_name(requirement.name)
        if name not in versions or (requirement.marker and not requirement.marker.evaluate()):
            continue
        if not requirement.specifier.contains(versions[name], prereleases=True):
            return f"it needs {requirement.name}{requirement.specifier}, this is {versions[name]}"
    return ""
