"""What the hub hears about its broker."""

from hub.api import Event


class MqttConnected(Event, frozen=True):
    """The broker let us in; ``broker`` is its host and port."""

    KEYS = ("broker",)
    broker: str


class MqttDisconnected(Event, frozen=True):
    """The broker is away, or refuses us; sent once per outage, with the reason for the user."""

    KEYS = ("broker",)
    broker: str
    reason: str
