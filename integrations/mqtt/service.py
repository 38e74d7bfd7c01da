"""The broker as a part of the hub: stays connected, publishes, and hears what triggers want.

A broker that is away holds up nothing: the service runs, keeps what is to be published, and
tries again in the background.
"""

import asyncio
import json
import logging
import secrets
from collections.abc import Iterable
from random import uniform
from typing import TYPE_CHECKING, Any, ClassVar, Final

import voluptuous as vol

from hub.api import (
    ActionCall,
    ActionSpec,
    Answer,
    Cancel,
    Context,
    HubError,
    Known,
    NotReady,
    Options,
    Problem,
    Rejected,
    Service,
    schema,
)
from integrations.mqtt import connection, topics
from integrations.mqtt import options as configured
from integrations.mqtt.events import MqttConnected, MqttDisconnected
from integrations.mqtt.outbox import Outbox, Outgoing
from integrations.mqtt.subscriptions import LARGEST, Listener, Subscriptions, Wanted

if TYPE_CHECKING:
    import aiomqtt

_log = logging.getLogger(__name__)

ENTITY: Final = "binary_sensor.mqtt_connected"

_FIRST_WAIT: Final = 1.0  # seconds
_LONGEST_WAIT: Final = 60.0  # seconds
# A connection that held this long was a good one: the next outage is a new story.
_SETTLED: Final = 60.0  # seconds
# What a stopping hub gives to messages on their way, and then to the farewell.
_LAST_WORDS: Final = 0.7  # seconds


def encode(value: object) -> bytes:
    """Turn a payload into what goes over the wire: text as it is, everything else as JSON."""
    if isinstance(value, str):
        return value.encode()
    return b"" if value is None else json.dumps(value, ensure_ascii=False).encode()


def payload(value: object) -> object:
    """Accept text, a number, true or false, nothing, a mapping or a list; returns the same."""
    try:
        size = len(encode(value))
    except (TypeError, ValueError) as error:
        raise vol.Invalid("expected a text, a number, a mapping or a list") from error
    if size > LARGEST:
        raise vol.Invalid(f"a payload has at most {LARGEST} bytes, this one has {size}")
    return value


schema.shaped(payload, {"title": "text, number, mapping or list"})

PUBLISH: Final = ActionSpec(
    name="mqtt.publish",
    description="Send a message to the broker, or keep it until the broker is back",
    schema={
        schema.required("topic", "Where to: no wildcards"): topics.topic,
        schema.optional("payload", "What: text, or a mapping or list sent as JSON", ""): payload,
        schema.optional("qos", "0 at most once, 1 at least once, 2 exactly once", 0): (
            schema.whole(0, 2)
        ),
        schema.optional("retain", "Let the broker keep it for later subscribers", False): (
            schema.flag
        ),
    },
    answers=True,
)


class MqttService(Service):
    """A connection to an MQTT broker: adds the action mqtt.publish and the trigger mqtt."""

    KEY = "mqtt"
    SCHEMA: ClassVar[schema.Schema] = configured.SCHEMA
    ACTIONS: ClassVar = (PUBLISH,)

    def __init__(self, context: Context, options: Options) -> None:
        super().__init__(context, options)
        # One name for as long as we live: coming back under another one, the broker would
        # announce the death of the first only after we said that we are here again.
        self._client_id = f"watchpost-{secrets.token_hex(4)}"
        self._outbox = Outbox()
        self._subscriptions = Subscriptions()
        self._connected = False
        self._reason = "not connected yet"
        self._stopping = asyncio.Event()
        self._task: asyncio.Task[None] | None = None
        self._withdraw: Cancel | None = None

    @classmethod
    def check(cls, options: Any, known: Known) -> Iterable[Problem]:
        if "password" in options and "username" not in options:
            yield Problem(path=("password",), words="a password needs a username", on_key=True)

    @classmethod
    def entities(cls, options: Any) -> Iterable[str]:
        return (ENTITY,)

    @property
    def connected(self) -> bool:
        """Whether the broker hears us right now."""
        return self._connected

    @property
    def filters(self) -> frozenset[str]:
        """Every topic and pattern that somebody wants."""
        return frozenset(self._subscriptions.wanted())

    def subscribe(self, word: str, qos: int, listener: Listener) -> Cancel:
        """Call ``listener`` for every message of a filter, now and after each reconnect."""
        return self._subscriptions.add(word, qos, listener)

    async def start(self) -> None:
        folder = self.context.paths.config
        self._broker = await asyncio.to_thread(
            configured.read, self.options, self._client_id, folder
        )
        if self.options.get("tls", {}).get("insecure"):
            _log.warning("The certificate of %s is not checked (tls: insecure)", self._broker)
        self._withdraw = self.context.actions.register(PUBLISH, self._publish)
        self._show()
        self._task = self.context.spawn(self._stay_connected(), "connection")

    async def stop(self) -> None:
        if self._withdraw:
            self._withdraw()
        if self._task is None:
            return
        self._stopping.set()
        if not self._connected:
            self._task.cancel()
        _, slow = await asyncio.wait({self._task}, timeout=2 * _LAST_WORDS)
        for each in slow:
            each.cancel()

    async def _publish(self, call: ActionCall) -> Answer:
        data: Any = call.data
        message = Outgoing(
            topic=data["topic"],
            payload=encode(data["payload"]),
            qos=data["qos"],
            retain=data["retain"],
        )
        self._outbox.add(message)
        if not self._connected:
            return {"queued": True}
        await asyncio.wait({message.taken}, timeout=connection.ANSWER)
        if not message.taken.done():
            raise NotReady(f"{self._broker} did not acknowledge it within {connection.ANSWER:g} s")
        return {"queued": not message.taken.result()}

    async def _stay_connected(self) -> None:
        wait = _FIRST_WAIT
        while not self._stopping.is_set():
            began = self.context.clock.monotonic()
            try:
                async with connection.connection(self._broker) as client:
                    self._came()
                    await self._converse(client)
            except HubError as error:
                self._went(str(error))
                if isinstance(error, Rejected):
                    wait = _LONGEST_WAIT
            if self.context.clock.monotonic() - began > _SETTLED:
                wait = _FIRST_WAIT
            if not self._stopping.is_set():
                await self.context.clock.sleep(wait * uniform(0.75, 1.0))  # noqa: S311 - no secret
            wait = min(2 * wait, _LONGEST_WAIT)

    async def _converse(self, client: "aiomqtt.Client") -> None:
        async with asyncio.TaskGroup() as group:
            parts = [
                group.create_task(self._receive(client)),
                group.create_task(self._keep_subscribed(client)),
                group.create_task(self._send(client)),
            ]
            await client.publish(self._broker.status_topic, "online", qos=1, retain=True)
            await self._stopping.wait()
            await self._say_goodbye(client)
            for each in parts:
                each.cancel()

    async def _receive(self, client: "aiomqtt.Client") -> None:
        async for message in client.messages:
            self._subscriptions.deliver(connection.received(message))

    async def _keep_subscribed(self, client: "aiomqtt.Client") -> None:
        held: dict[str, Wanted] = {}
        while True:
            self._subscriptions.changed.clear()
            wanted = self._subscriptions.wanted()
            for word in held.keys() - wanted.keys():
                await client.unsubscribe(word)
            async with asyncio.TaskGroup() as group:
                for word, how in wanted.items():
                    if held.get(word) != how:
                        group.create_task(self._subscribe(client, word, how))
            held = wanted
            await self._subscriptions.changed.wait()

    async def _subscribe(self, client: "aiomqtt.Client", word: str, wanted: Wanted) -> None:
        if not await connection.subscribe(client, self._broker, word, wanted):
            _log.warning("The MQTT broker at %s refuses us the topic %s", self._broker, word)

    async def _send(self, client: "aiomqtt.Client") -> None:
        window = asyncio.Semaphore(connection.WINDOW)
        async with asyncio.TaskGroup() as group:
            while True:
                await window.acquire()
                message = await self._outbox.next()
                group.create_task(self._send_one(client, message, window))

    async def _send_one(
        self, client: "aiomqtt.Client", message: Outgoing, window: asyncio.Semaphore
    ) -> None:
        await client.publish(message.topic, message.payload, message.qos, message.retain)
        self._outbox.done(message)
        window.release()

    async def _say_goodbye(self, client: "aiomqtt.Client") -> None:
        client.timeout = _LAST_WORDS
        if answers := self._outbox.answers():
            await asyncio.wait(answers, timeout=_LAST_WORDS)
        await client.publish(self._broker.status_topic, "offline", qos=1, retain=True)

    def _came(self) -> None:
        self._connected = True
        waiting, dropped = len(self._outbox), self._outbox.dropped
        self._outbox.dropped = 0
        note = f", with {waiting} messages that waited" if waiting else ""
        note += f" and {dropped} that were too many and are lost" if dropped else ""
        _log.info("Connected to the MQTT broker at %s%s", self._broker, note)
        self._reason = ""
        self._show()
        self.context.bus.fire(MqttConnected(source=self.context.name, broker=str(self._broker)))

    def _went(self, reason: str) -> None:
        self._outbox.take_back()
        was, self._connected = self._connected, False
        if not was and reason == self._reason:
            return
        self._reason = reason
        _log.warning("The MQTT broker at %s is away: %s", self._broker, reason)
        self._show()
        self.context.bus.fire(
            MqttDisconnected(source=self.context.name, broker=str(self._broker), reason=reason)
        )

    def _show(self) -> None:
        self.context.states.set(
            ENTITY,
            "on" if self._connected else "off",
            {
                "friendly_name": "MQTT broker",
                "broker": str(self._broker),
                "reason": self._reason,
            },
        )
