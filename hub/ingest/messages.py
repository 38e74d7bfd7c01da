"""What the hub and an ingest worker say to each other."""

from msgspec import Struct


class CameraFeed(Struct, frozen=True, kw_only=True):
    """A camera to hold: which plugin's camera, its options, and where its detect stream goes.

    ``plugin`` is the entry point's name, ``key`` the component's ``KEY``. ``vision`` is the path
    of the Unix socket of the vision worker, or none when nobody looks.
    """

    name: str
    plugin: str
    key: str
    options: dict[str, object]
    vision: str | None = None


class Plan(Struct, frozen=True, tag="plan"):
    """Hold exactly these cameras: start new ones, stop others, restart changed ones."""

    cameras: tuple[CameraFeed, ...]


class Online(Struct, frozen=True, tag="online"):
    """Packets arrive; sent once per outage that ended."""

    camera: str
    codec: str
    width: int
    height: int


class Offline(Struct, frozen=True, tag="offline"):
    """No packets; sent once per outage, with the reason in the user's words."""

    camera: str
    reason: str


class Beat(Struct, frozen=True, tag="beat"):
    """The worker lives; sent every second. ``packets`` counts per camera since the start."""

    packets: dict[str, int]
    dropped: dict[str, int]


class Note(Struct, frozen=True, tag="note"):
    """A line for the hub's log; ``level`` is logging's."""

    level: int
    text: str


FromHub = Plan
FromIngest = Online | Offline | Beat | Note
