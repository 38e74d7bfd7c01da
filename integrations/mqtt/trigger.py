"""``trigger: mqtt``: a message on a topic starts an automation.

The broker's service may start after the automations, or be started anew with other
options; the trigger follows it.
"""

from collections.abc import Iterable
from typing import Any, ClassVar

import msgspec

from hub.api import (
    Cancel,
    Fire,
    HubStarted,
    Known,
    NotReady,
    PluginChanged,
    Problem,
    Trigger,
    schema,
)
from integrations.mqtt import topics
from integrations.mqtt.service import MqttService
from integrations.mqtt.subscriptions import Received


def payload_text(value: object) -> str:
    """Accept a payload to compare with: a text, or a number as the text it is sent as."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        return str(value)
    return schema.text(value)


schema.shaped(payload_text, {"type": ["string", "number"], "title": "text"})


class MqttTrigger(Trigger):
    """Fires for each message on a topic or pattern of topics.

    Templates see ``trigger.topic``, ``payload`` (text), ``payload_json`` (nothing when it is not
    JSON), ``qos`` and ``retain``.
    """

    KEY = "mqtt"
    VALUE = "payload"
    GIVES = frozenset({"topic", "payload", "payload_json", "qos", "retain", "description"})
    SCHEMA: ClassVar[schema.Schema] = {
        schema.required("topic", "Topic; + stands for a level, # for all that follow"): (
            topics.topic_filter
        ),
        schema.optional("payload", "Fire for this payload alone"): payload_text,
        schema.optional("qos", "Quality of service to ask the broker for", 0): schema.whole(0, 2),
        schema.optional(
            "retained", "Fire as well for what the broker kept from before we subscribed", True
        ): schema.flag,
    }

    @classmethod
    def check(cls, options: Any, known: Known) -> Iterable[Problem]:
        if MqttService.KEY not in known.loaded:
            yield Problem(
                path=(),
                words="no MQTT broker is configured",
                hint="Add 'mqtt: {host: 127.0.0.1}' to configuration.yaml.",
            )

    def attach(self, fire: Fire) -> Cancel:
        return _Watch(self, fire).end

    def matches(self, message: Received) -> bool:
        """Tell whether a message of the topic is one that was meant."""
        if message.retain and not self.options["retained"]:
            return False
        wanted = self.options.get("payload")
        return wanted is None or message.payload == wanted.encode()


class _Watch:
    """One attached trigger, and the service that it is subscribed with at present."""

    def __init__(self, trigger: MqttTrigger, fire: Fire) -> None:
        self._trigger = trigger
        self._fire = fire
        self._service: MqttService | None = None
        self._unsubscribe: Cancel | None = None
        bus = trigger.context.bus
        self._unlisten = (
            bus.listen(PluginChanged, self._look),
            bus.listen(HubStarted, self._look),
        )
        self._look()

    def end(self) -> None:
        for cancel in self._unlisten:
            cancel()
        if self._unsubscribe:
            self._unsubscribe()
        self._unsubscribe = None

    def _look(self, event: PluginChanged | HubStarted | None = None) -> None:
        try:
            service = self._trigger.context.ask(MqttService)
        except NotReady:
            return
        if service is self._service:
            return
        if self._unsubscribe:
            self._unsubscribe()
        self._service = service
        topic, qos = self._trigger.options["topic"], self._trigger.options["qos"]
        self._unsubscribe = service.subscribe(topic, qos, self._hear)

    def _hear(self, message: Received) -> None:
        # A message may be on its way here when the trigger is detached.
        if self._unsubscribe and self._trigger.matches(message):
            self._fire(_variables(message), None)


def _variables(message: Received) -> dict[str, object]:
    text = message.payload.decode(errors="replace")
    return {
        "platform": MqttTrigger.KEY,
        "description": f"a message on {message.topic}",
        "topic": message.topic,
        "payload": text,
        "payload_json": _json(text),
        "qos": message.qos,
        "retain": message.retain,
    }


def _json(text: str) -> object:
    try:
        return msgspec.json.decode(text)
    except (ValueError, RecursionError):
        return None
