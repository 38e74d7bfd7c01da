"""Plugins: found, loaded one at a time behind a guard, and kept alive."""

from hub.plugins.context import ComponentContext, Hub
from hub.plugins.discovery import Plugin, Registry
from hub.plugins.life import PartState
from hub.plugins.lifecycle import Lifecycle
from hub.plugins.watchdog import Watchdog

__all__ = [
    "ComponentContext",
    "Hub",
    "Lifecycle",
    "PartState",
    "Plugin",
    "Registry",
    "Watchdog",
    "commands",
]


def commands() -> list[object]:
    """Return the click commands of every installed plugin, broken ones left out."""
    return Registry.discover().commands()
