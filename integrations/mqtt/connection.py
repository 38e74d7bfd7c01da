"""One connection to the broker, and why it could not be made, in the user's words.

aiomqtt is imported here when it is first needed, which keeps it off the hub's start.
"""

import asyncio
import contextlib
import socket
import ssl
from collections.abc import AsyncIterator
from typing import TYPE_CHECKING, Final

from hub.api import NotReady, Rejected
from integrations.mqtt.options import Broker
from integrations.mqtt.subscriptions import LARGEST, Received, Wanted

if TYPE_CHECKING:
    import aiomqtt
    from paho.mqtt.properties import Properties

# paho connects in a thread that cannot be cancelled, so a stopping hub waits for it.
_CONNECT: Final = 4.0  # seconds
# For an answer from a broker that lives; a silent one is as good as away.
ANSWER: Final = 10.0  # seconds
_INCOMING: Final = 1000  # messages read from the socket before they are looked at
WINDOW: Final = 20  # messages that wait for an acknowledgement at once; paho's own limit

_FAILURE: Final = 128  # codes from here on are; MQTT 5.0, section 2.4
_REFUSALS: Final = {  # paho translates those of 3.1.1
    132: "the broker does not speak this version of MQTT; try another `protocol`",
    133: "the broker does not accept our client_id",
    134: "wrong username or password",
    135: "wrong username or password",
    138: "the broker has banned us",
}
_ACCOUNT: Final = frozenset({134, 135})
_ENDINGS: Final = {
    136: "the broker says it is unavailable",
    137: "the broker is busy",
    139: "the broker shuts down",
    141: "the broker stopped answering",
    142: "another client connected with the same client_id",
}


@contextlib.asynccontextmanager
async def connection(broker: Broker) -> "AsyncIterator[aiomqtt.Client]":
    """Connect for as long as the ``async with`` lasts.

    Raises ``NotReady`` when the broker is away, also later inside, and ``Rejected`` when it
    does not want us.
    """
    import aiomqtt

    await _knock(broker)
    client = _client(broker)
    try:
        await client.__aenter__()
    except BaseException as error:
        client._client.disconnect()  # noqa: SLF001 - aiomqtt leaves an unanswered socket open
        if isinstance(error, aiomqtt.MqttError):
            raise _refusal(error, broker) from error
        raise
    lost: BaseExceptionGroup[aiomqtt.MqttError] | None = None
    try:
        yield client
    except* aiomqtt.MqttError as group:
        lost = group
    finally:
        with contextlib.suppress(aiomqtt.MqttError):
            await client.__aexit__(None, None, None)
    if lost is not None:
        raise NotReady(_loss(lost)) from lost


async def _knock(broker: Broker) -> None:
    """Find out whether anybody listens whom we trust, in a way that can be cancelled."""
    try:
        async with asyncio.timeout(_CONNECT):
            _, writer = await asyncio.open_connection(broker.host, broker.port, ssl=broker.tls)
    except (OSError, TimeoutError) as error:
        raise _unreachable(error, broker) from error
    writer.close()
    with contextlib.suppress(OSError):
        await writer.wait_closed()


def _unreachable(error: Exception, broker: Broker) -> NotReady | Rejected:
    match error:
        case ssl.SSLCertVerificationError():
            words = error.verify_message.rstrip(".")
            return Rejected(f"the certificate of {broker} is not trusted: {words}")
        case ssl.SSLError():
            return Rejected(f"{broker} does not speak TLS as expected: {error.reason}")
        case socket.gaierror():
            return NotReady(f"no machine called {broker.host} can be found")
        case ConnectionResetError() if broker.tls is not None:
            return Rejected(f"{broker} does not speak TLS")
    return NotReady(f"nothing answers at {broker}")


def _client(broker: Broker) -> "aiomqtt.Client":
    import aiomqtt

    client = aiomqtt.Client(
        broker.host,
        broker.port,
        identifier=broker.client_id,
        username=broker.username,
        password=broker.password,
        protocol=_version(broker),
        properties=_properties(broker),
        keepalive=broker.keepalive,
        tls_context=broker.tls,
        timeout=min(ANSWER, broker.keepalive),
        max_queued_incoming_messages=_INCOMING,
        will=aiomqtt.Will(broker.status_topic, "offline", qos=1, retain=True),
    )
    client.pending_calls_threshold = 4 * WINDOW
    client._client.connect_timeout = _CONNECT  # noqa: SLF001 - aiomqtt has no option for it
    return client


def _version(broker: Broker) -> "aiomqtt.ProtocolVersion":
    from aiomqtt import ProtocolVersion

    return ProtocolVersion.V5 if broker.protocol == "5" else ProtocolVersion.V311


def _properties(broker: Broker) -> "Properties | None":
    """Ask a broker that speaks version 5 not to send what would be dropped anyway."""
    if broker.protocol != "5":
        return None
    from paho.mqtt.packettypes import PacketTypes
    from paho.mqtt.properties import Properties

    properties = Properties(PacketTypes.CONNECT)  # type: ignore[no-untyped-call]
    properties.MaximumPacketSize = LARGEST + 64 * 1024  # room for topic and properties
    return properties


async def subscribe(client: "aiomqtt.Client", broker: Broker, word: str, wanted: Wanted) -> bool:
    """Subscribe to a filter; returns whether the broker lets us."""
    from paho.mqtt.packettypes import PacketTypes
    from paho.mqtt.properties import Properties

    properties = None
    if broker.protocol == "5":
        properties = Properties(PacketTypes.SUBSCRIBE)  # type: ignore[no-untyped-call]
        properties.SubscriptionIdentifier = wanted.number
    codes = await client.subscribe(word, wanted.qos, properties=properties)
    return all((code if isinstance(code, int) else int(code.value)) < _FAILURE for code in codes)


def received(message: "aiomqtt.Message") -> Received:
    """Turn what aiomqtt received into a value of our own."""
    return Received(
        topic=str(message.topic),
        payload=bytes(message.payload),
        qos=message.qos,
        retain=message.retain,
        numbers=frozenset(getattr(message.properties, "SubscriptionIdentifier", ())),
    )


def _refusal(error: "aiomqtt.MqttError", broker: Broker) -> NotReady | Rejected:
    if code := _code(error):
        return _refused(code, error, broker)
    if isinstance(error.__context__, OSError) and not isinstance(error.__context__, TimeoutError):
        return NotReady(f"nothing answers at {broker}")
    hint = "; if it expects TLS, set tls: {}" if broker.tls is None else ""
    return NotReady(f"{broker} does not answer as an MQTT broker does{hint}")


def _refused(code: int, error: "aiomqtt.MqttError", broker: Broker) -> NotReady | Rejected:
    if code in _ACCOUNT and broker.username is None:
        return Rejected("the broker asks for a username and a password")
    if code in _REFUSALS:
        return Rejected(_REFUSALS[code])
    return NotReady(_ENDINGS.get(code, f"the broker refused the connection: {error}"))


def _loss(group: "BaseExceptionGroup[aiomqtt.MqttError]") -> str:
    first: BaseException = group
    while isinstance(first, BaseExceptionGroup):
        first = first.exceptions[0]
    if "timed out" in str(first):
        return _ENDINGS[141]
    return _ENDINGS.get(_code(first.__cause__ or first), "the connection to the broker was lost")


def _code(error: BaseException) -> int:
    """Return the broker's reason code, 0 when there is none."""
    from aiomqtt import MqttCodeError

    code = error.rc if isinstance(error, MqttCodeError) else None
    return 0 if code is None or isinstance(code, int) else int(code.value)
