"""Events of who is where; whatever estimates rooms from sightings fires them."""

from hub.api.events import Event


class PersonEntered(Event, frozen=True):
    """A person is in a room now; ``other`` is where they were before, empty for nowhere."""

    KEYS = ("person", "room")
    person: str
    room: str
    other: str = ""
    confidence: float = 1.0


class PersonLeft(Event, frozen=True):
    """A person is in a room no longer; ``other`` is where they are now, empty for nowhere."""

    KEYS = ("person", "room")
    person: str
    room: str
    other: str = ""
    confidence: float = 1.0
