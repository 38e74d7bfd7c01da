"""The facts that travel on the bus.

An event is a frozen value named ``domain.verb``; the name follows from the
class (``ZoneEntered`` is ``zone.entered``). It never holds a picture or a
password: it names a camera, a time, a track. The bus stamps ``sequence`` and
``time`` when the event is fired, so whoever makes one leaves them alone.
"""

import re
from datetime import UTC, datetime
from typing import Any, ClassVar

from msgspec import Struct, field

from hub.api.values import State

UNSTAMPED = datetime.fromtimestamp(0, UTC)
"""The time of an event that has not been fired yet."""


def dotted(name: str) -> str:
    """Turn a class name into an event type: ``ZoneEntered`` into ``zone.entered``."""
    words = re.findall(r"[A-Z][a-z0-9]*", name)
    return (
        "_".join(words[:-1]).lower() + "." + words[-1].lower() if len(words) > 1 else name.lower()
    )


class Event(Struct, frozen=True, kw_only=True, tag_field="type", tag=dotted):
    """Base of every event.

    ``sequence`` counts up per hub and with the hub's id names the event for ever;
    ``time`` is UTC; ``source`` is the plugin that fired it; ``cause`` is the sequence of
    the event that led to this one; ``version`` is that of the event's own fields.
    """

    type: ClassVar[str] = "event"
    KEYS: ClassVar[tuple[str, ...]] = ()
    """Fields by whose value a listener may ask for this event alone."""

    sequence: int = 0
    time: datetime = UNSTAMPED
    source: str = ""
    cause: int | None = None
    version: int = 1

    def __init_subclass__(cls, **options: Any) -> None:
        super().__init_subclass__(**options)
        cls.type = dotted(cls.__name__)


class HubStarted(Event, frozen=True):
    """Everything the configuration asks for has been set up."""


class HubReloaded(Event, frozen=True):
    """The configuration was read anew; with ``problems`` nothing was changed.

    ``changed`` says of each part what was done, ``restart`` names what waits for a restart.
    """

    changed: dict[str, str] = field(default_factory=dict)
    restart: tuple[str, ...] = ()
    problems: tuple[str, ...] = ()


class HubStopping(Event, frozen=True):
    """The hub is about to stop; listeners have a moment left."""


class EventFired(Event, frozen=True):
    """An event of the user's own, fired by the ``event`` action."""

    KEYS = ("name",)
    name: str
    data: dict[str, object] = field(default_factory=dict)


class StateChanged(Event, frozen=True):
    """An entity's state or attributes changed; ``old`` or ``new`` is none when it came or went."""

    KEYS = ("entity",)
    entity: str
    old: State | None
    new: State | None


class PluginChanged(Event, frozen=True):
    """A plugin's component went to another state: ready, waiting, rejected, failed, stopped."""

    KEYS = ("plugin",)
    plugin: str
    state: str
    reason: str = ""


class WorkerStarted(Event, frozen=True):
    """A worker process runs and has its plan."""

    KEYS = ("worker",)
    worker: str


class WorkerLost(Event, frozen=True):
    """A worker process ended or went silent; the hub starts another."""

    KEYS = ("worker",)
    worker: str
    reason: str


class CameraOnline(Event, frozen=True):
    """Packets arrive from a camera."""

    KEYS = ("camera",)
    camera: str


class CameraOffline(Event, frozen=True):
    """Packets stopped arriving from a camera; ``reason`` is for the user to read."""

    KEYS = ("camera",)
    camera: str
    reason: str


class AutomationTriggered(Event, frozen=True):
    """An automation's trigger matched and its conditions held: a run begins."""

    KEYS = ("automation",)
    automation: str
    name: str
    trigger: str
    run: str


class AutomationFinished(Event, frozen=True):
    """A run ended; ``result`` is finished, stopped, failed or cancelled."""

    KEYS = ("automation",)
    automation: str
    name: str
    run: str
    result: str
    seconds: float
    error: str = ""


class NotificationCreated(Event, frozen=True):
    """A note for whoever looks at the page."""

    KEYS = ("notification",)
    notification: str
    title: str
    message: str


def subclasses(of: type[Event] = Event) -> dict[str, type[Event]]:
    """Return every event class known in this process by its type."""
    found = {}
    for each in of.__subclasses__():
        found[each.type] = each
        found |= subclasses(each)
    return found
