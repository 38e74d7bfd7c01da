"""An MQTT broker: messages out as an action, messages in as a trigger."""

from collections.abc import Iterable

from hub.api import Component, Condition, Event, Trigger, hookimpl
from integrations.mqtt.events import MqttConnected, MqttDisconnected
from integrations.mqtt.service import MqttService
from integrations.mqtt.trigger import MqttTrigger


@hookimpl
def hub_components() -> Iterable[type[Component]]:
    return (MqttService,)


@hookimpl
def hub_automations() -> Iterable[type[Trigger] | type[Condition]]:
    return (MqttTrigger,)


@hookimpl
def hub_events() -> Iterable[type[Event]]:
    return (MqttConnected, MqttDisconnected)
