"""The kinds of thing a plugin can offer. pluggy registers them, these classes run them."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, ClassVar

from hub.api.actions import ActionSpec
from hub.api.context import Context
from hub.api.errors import Invalid
from hub.api.known import Described, Known
from hub.api.media import Packet, Region, Role, StreamFormat, StreamSource
from hub.api.storage import StoredRow
from hub.api.values import Detection, Message, State

Options = Mapping[str, Any]
"""A component's validated options; plain values."""


class Component(Described, ABC):
    """Something with a name in YAML, options, and a life between ``setup`` and ``stop``.

    ``KEY`` is the word after ``platform:``, or for a service its own section's name. It
    equals the name of the plugin's entry point, or begins with it and a dot.
    """


class Camera(Component):
    """A source of pictures. It runs in an ingest worker, which pulls what it describes.

    Give either ``streams`` (the usual way: FFmpeg opens them), or ``format`` and ``packets``
    for a protocol of one's own.
    """

    def __init__(self, name: str, options: Options) -> None:
        self.name = name
        self.options = options

    def streams(self) -> Sequence[StreamSource]:
        """Return the addresses to open, one per role; empty when ``packets`` is used."""
        return ()

    def format(self, role: Role) -> StreamFormat:
        """Return how ``packets`` are encoded."""
        raise NotImplementedError(f"{type(self).__name__} has neither streams nor packets")

    def packets(self, role: Role) -> Iterator[Packet]:
        """Yield encoded packets, the first a key frame; called in a thread of its own.

        The iterator's ``close`` is called when the camera is let go. Raises ``NotReady`` to be
        tried again, ``Rejected`` to be tried again only after a long while.
        """
        raise NotImplementedError(f"{type(self).__name__} has neither streams nor packets")


class Detector(Component):
    """Finds things in pictures. It runs in a vision worker, shared by the worker's cameras."""

    LABELS: ClassVar[Sequence[str]] = ()
    """What cameras may ask it for, known before it runs; empty means COCO's eighty names."""

    def __init__(self, name: str, options: Options) -> None:
        self.name = name
        self.options = options

    @classmethod
    async def prepare(cls, options: Options, context: Context) -> Options:
        """Get what is needed to run, in the hub: a model file, say. Returns options for the worker.

        Raises ``NotReady`` or ``Rejected`` with the reason; the hub then uses the builtin detector.
        """
        return options

    @classmethod
    def finds(cls, options: Any) -> Iterable[str] | None:
        """Return what cameras may ask it for with these options; none means COCO's names.

        A detector that can be given other models says so here; without this it is ``LABELS``.
        One that only tells things apart finds nothing at all.
        """
        return cls.LABELS or None

    @property
    @abstractmethod
    def labels(self) -> Sequence[str]:
        """What it can find, as COCO names where COCO has one."""

    @property
    @abstractmethod
    def size(self) -> tuple[int, int]:
        """Width and height in pixels of the regions it works best on."""

    @property
    def whole_frames(self) -> bool:
        """Whether it wants every sampled frame whole, moving or not."""
        return False

    @abstractmethod
    def load(self) -> None:
        """Load the model and warm it up, in the worker; raises ``Rejected`` when it cannot."""

    @abstractmethod
    def submit(
        self, region: Region, camera: str, done: Callable[[Sequence[Detection] | None], None]
    ) -> None:
        """Look at a region; call ``done`` once, from any thread, with boxes of the whole frame.

        ``done`` with none says that it could not look: nothing is concluded from that, unless it
        is so again and again; then the hub has another one look, and tries it later. May block
        while its queue is full; a detector that is not asynchronous calls back before it returns.
        Raises ``NotReady`` when it cannot look for now; the hub then has another one look.
        """

    def likeness(self, regions: Sequence[Region]) -> Sequence[Sequence[float]]:
        """Return a row of numbers for each region, at small angles for what is the same.

        Asked, from any thread, of detectors that are a camera's ``appearance``, for a few things
        at a time; the camera waits.
        """
        raise NotImplementedError(f"{type(self).__name__} does not tell things apart")

    def close(self) -> None:
        """Wait for what was submitted and let the model go."""


class Service(Component):
    """A part of the hub with its own section in the configuration, such as ``mqtt``."""

    LIST: ClassVar[bool] = False
    """Whether the section is a list with a language of its own, such as ``automation``.

    Then ``check`` gets the list as it was written and validates it, paths beginning with an
    item's index; items with problems are left out of the ``options`` it is made with.
    """

    SIMULATES: ClassVar[bool] = False
    """Whether it acts on states, events and the clock alone, so that it can run in a simulation."""

    RELOADS: ClassVar[bool] = False
    """Whether ``reload`` takes up changed options; without it a service is restarted for them."""

    ACTIONS: ClassVar[Sequence[ActionSpec]] = ()
    """The actions it will register, known before it runs."""

    def __init__(self, context: Context, options: Options) -> None:
        self.context = context
        self.options = options

    @classmethod
    def actions(cls, options: Any) -> Iterable[ActionSpec]:
        """Return the actions it will register; some may be made of the options."""
        return cls.ACTIONS

    @classmethod
    def entities(cls, options: Any) -> Iterable[str]:
        """Return the entities it will make, or patterns of them."""
        return ()

    @classmethod
    def shape(cls, known: Known) -> Mapping[str, object]:
        """Return the section as JSON Schema, for editors, where ``SCHEMA`` cannot tell it.

        Validators may stand in it where a schema would. Its ``definitions`` become those of the
        whole configuration. Without this, a list takes what it likes.
        """
        return {}

    @classmethod
    def models(cls, options: Any) -> Iterable[str]:
        """Return the models it can fetch for detectors, by name."""
        return ()

    async def start(self) -> None:
        """Begin; raises ``NotReady``, ``Rejected`` or ``Invalid``. Returns once it works."""

    async def reload(self, options: Options) -> str:
        """Take up changed options while it runs; return what that changed, in words.

        Only called where ``RELOADS`` says so. One that raises is restarted with the new options.
        """
        raise NotImplementedError(f"{type(self).__name__} does not reload")

    async def stop(self) -> None:
        """End; called once, also after a ``start`` that raised. Tasks are cancelled by the hub."""


class Notifier(Service):
    """Brings messages to somebody; one configured as ``phone`` is called as ``notify.phone``."""

    @abstractmethod
    async def send(self, message: Message) -> None:
        """Deliver a message; raises ``NotReady`` to be tried again, ``Rejected`` otherwise."""


class Storage(Service):
    """Keeps events and states. One writer calls it, so it need not lock."""

    @abstractmethod
    async def identity(self) -> tuple[str, int]:
        """Return this hub's id (made on first use) and the highest sequence ever stored."""

    @abstractmethod
    async def append(self, events: Sequence[StoredRow], states: Mapping[str, State | None]) -> None:
        """Store events and the latest states in one commit; none removes a state.

        When it returns, a power cut loses none of it. What was given to a call that failed
        comes again, so events that are stored already are passed over.
        """

    @abstractmethod
    async def recent(self, limit: int, types: Sequence[str]) -> Sequence[StoredRow]:
        """Return the newest rows of these types (none: all), oldest first."""

    @abstractmethod
    async def states(self) -> Sequence[State]:
        """Return every stored state."""

    async def history(
        self, since: datetime, until: datetime, after: int = 0, limit: int = 5000
    ) -> Sequence[StoredRow]:
        """Return rows of a span of time, oldest first; ``until`` is not in it any more.

        No more than ``limit`` with a sequence above ``after``: ask again with the last one's.
        """
        raise Invalid(f"{type(self).__name__} cannot tell what was at a time")
