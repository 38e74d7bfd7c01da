"""What settings ask of the installed plugins; ``hub.plugins`` answers."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

from hub.api import Component, Condition, Event, HubError, Trigger

C = TypeVar("C", bound=Component)
T = TypeVar("T")


class Unavailable(HubError):
    """A component cannot be had: nobody offers it, or its plugin is broken or incompatible."""

    def __init__(self, words: str, hint: str = "") -> None:
        super().__init__(words)
        self.hint = hint


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer(Generic[C]):
    """A component's class, and the plugin it came from."""

    plugin: str
    component: type[C]


class Offers(Protocol):
    """The installed plugins; one is imported when first asked for."""

    @property
    def names(self) -> frozenset[str]:
        """Every installed plugin, by the name of its entry point."""

    @property
    def loaded(self) -> frozenset[str]:
        """The plugins imported so far."""

    def find(self, kind: type[C], key: str) -> Offer[C]:
        """Return the class with this ``KEY``; raises ``Unavailable``, in the user's words."""

    def guarded(self, plugin: str, call: Callable[[], T]) -> T:
        """Call a plugin's code; what it raises, but ``voluptuous.Invalid``, is ``Unavailable``."""

    def triggers(self) -> Mapping[str, type[Trigger]]:
        """Return the triggers of the plugins imported so far."""

    def conditions(self) -> Mapping[str, type[Condition]]:
        """Return the conditions of the plugins imported so far."""

    def events(self) -> Mapping[str, type[Event]]:
        """Return every event class of the hub and of the plugins imported so far."""
