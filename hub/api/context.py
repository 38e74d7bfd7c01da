"""What a component receives from the hub. Protocols, so that tests can hand in their own."""

import asyncio
from collections.abc import Callable, Coroutine, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import tzinfo
from pathlib import Path
from typing import Protocol, Self, TypeVar

from hub.api.actions import ActionSpec, Answer, Handler
from hub.api.clock import Cancel, Clock
from hub.api.events import Event
from hub.api.known import Known
from hub.api.seen import Seen
from hub.api.traces import Traces
from hub.api.values import Location, State

E = TypeVar("E", bound=Event)
T = TypeVar("T")


class Subscription(Protocol):
    """Events for one asynchronous reader: bounded, the oldest dropped, never waited for."""

    @property
    def dropped(self) -> int:
        """How many events this reader was too slow for."""

    def __enter__(self) -> Self: ...

    def __exit__(self, *error: object) -> None: ...

    def __aiter__(self) -> Self: ...

    async def __anext__(self) -> Event: ...


class Bus(Protocol):
    """The hub's one event bus."""

    def fire(self, event: Event) -> None:
        """Stamp the event and hand it to every listener before returning.

        One that is fired inside a listener goes out after the present one was given to all, so
        that every listener sees events in the order of their sequence. On the loop's thread only.
        """

    def listen(
        self,
        type: type[E],  # noqa: A002 - it is the type
        listener: Callable[[E], None],
        *,
        key: tuple[str, object] | None = None,
    ) -> Cancel:
        """Call ``listener`` for events of a class (``Event`` itself means all of them).

        ``key`` is one of the class's ``KEYS`` and the value wanted; it is looked up, not scanned.
        A listener that raises is logged and loses nothing for the others.
        """

    def subscribe(self, *types: type[Event], size: int = 1000) -> Subscription:
        """Return a queue of events of these classes (none: all); use it in a ``with``."""


class States(Protocol):
    """Every entity's present state."""

    def get(self, entity: str) -> State | None:
        """Return an entity's state, or none when there is no such entity."""

    def all(self) -> Mapping[str, State]:
        """Return every state by entity; a view that follows later changes."""

    def set(
        self,
        entity: str,
        state: str,
        attributes: Mapping[str, object] | None = None,
        *,
        cause: int | None = None,
    ) -> State:
        """Set an entity's state, replacing its attributes; fires ``state.changed`` if it did."""

    def remove(self, entity: str) -> None:
        """Forget an entity."""


class Actions(Protocol):
    """The registry of callable actions."""

    def register(self, spec: ActionSpec, handler: Handler) -> Cancel:
        """Offer an action; raises ``Invalid`` when the name is taken."""

    async def call(
        self, name: str, data: Mapping[str, object], *, cause: int | None = None
    ) -> Answer:
        """Validate the data, do the action, return its answer.

        Raises ``UnknownAction``, ``Invalid`` for wrong data (also when the handler finds it so),
        ``ActionFailed`` for all else that the handler raises.
        """

    def known(self) -> Mapping[str, ActionSpec]:
        """Return every registered action by name."""


class Journal(Protocol):
    """Events that were."""

    async def recent(self, *, limit: int = 100, types: Iterable[str] = ()) -> Sequence[bytes]:
        """Return the newest stored events, oldest first, each as the JSON it was stored as."""


class Pictures(Protocol):
    """What cameras see, as JPEG."""

    async def latest(self, camera: str, *, boxes: bool = True) -> bytes:
        """Return a camera's latest frame, with boxes and zones drawn on it when asked.

        Raises ``NotReady`` when there is none yet, ``Invalid`` for a camera nobody configured.
        """

    async def motion(self, camera: str) -> bytes:
        """Return a camera's latest frame with a map of where it moved in the last hours.

        It has a grid in tenths of the picture, to read masks off. Raises as ``latest`` does.
        """


@dataclass(frozen=True, slots=True, kw_only=True)
class Paths:
    """Folders: the configuration's own, and where data and media of this hub are kept."""

    config: Path
    data: Path
    media: Path


class Context(Protocol):
    """A component's whole view of the hub."""

    @property
    def name(self) -> str:
        """The component's name: the plugin's, or the one the configuration gave it."""

    @property
    def clock(self) -> Clock: ...

    @property
    def bus(self) -> Bus: ...

    @property
    def states(self) -> States: ...

    @property
    def actions(self) -> Actions: ...

    @property
    def journal(self) -> Journal: ...

    @property
    def pictures(self) -> Pictures: ...

    @property
    def seen(self) -> Seen: ...

    @property
    def known(self) -> Known: ...

    @property
    def traces(self) -> Traces: ...

    @property
    def paths(self) -> Paths: ...

    def schema(self) -> Mapping[str, object]:
        """Return the JSON Schema of the configuration, with its names; blocks for a moment."""

    @property
    def zone(self) -> tzinfo:
        """The home's time zone."""

    @property
    def location(self) -> Location | None:
        """Where home is; none when the configuration does not say."""

    def spawn(self, work: Coroutine[object, object, None], name: str) -> "asyncio.Task[None]":
        """Run a task that is named, logged when it fails and cancelled when the component stops."""

    def ask(self, kind: type[T]) -> T:
        """Return the running component of this class; raises ``NotReady`` when there is none."""
