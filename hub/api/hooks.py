"""The door every plugin comes through; our own use the same.

A plugin is a module named by an entry point of the group ``watchpost.plugins``. It is
imported only when the configuration uses its name, and defines any of these hooks.
"""

from collections.abc import Iterable
from typing import Final

import pluggy

from hub.api.automation import Condition, Trigger
from hub.api.components import Component
from hub.api.events import Event

HUB_API: Final = 1
"""The version of this surface. A plugin may set ``HUB_API`` to the one it was written for."""

GROUP: Final = "watchpost.plugins"
"""The entry-point group in which plugins are found."""

hookspec = pluggy.HookspecMarker("watchpost")
hookimpl = pluggy.HookimplMarker("watchpost")


@hookspec
def hub_components() -> Iterable[type[Component]]:
    """Return the cameras, detectors, notifiers, storages and services this package offers."""
    return ()


@hookspec
def hub_automations() -> Iterable[type[Trigger] | type[Condition]]:
    """Return triggers and conditions this package adds to the automation language."""
    return ()


@hookspec
def hub_events() -> Iterable[type[Event]]:
    """Return the event classes this package fires."""
    return ()


@hookspec
def hub_commands() -> Iterable[object]:
    """Return click commands this package adds to ``watchpost``."""
    return ()
