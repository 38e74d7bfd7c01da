"""What an ingest worker hands to a vision worker: encoded packets, never frames.

The vision worker listens on a Unix socket; ingest connects once per camera and says
``StreamStart`` whenever the format is new (also after a reconnect), then ``StreamPacket``.
After connecting it sends what it keeps since the last key frame, so that decoding can
begin at once.
"""

from msgspec import Struct

from hub.api.media import StreamFormat


class StreamStart(Struct, frozen=True, tag="start", array_like=True):
    """Packets of this camera follow, encoded like this; any decoder state is void.

    ``patient`` says that who sends them waits, so none of them is ever late.
    """

    camera: str
    format: StreamFormat
    patient: bool = False


class StreamPacket(Struct, frozen=True, tag="packet", gc=False, array_like=True):
    """One packet, in decoding order.

    ``pts`` and ``dts`` are in seconds, when it is shown and when it is decoded: pictures that refer
    to later ones come after those. ``captured`` is the wall time since 1970, UTC.
    """

    pts: float
    dts: float
    captured: float
    key: bool
    data: bytes


class StreamEnd(Struct, frozen=True, tag="end", array_like=True):
    """The camera is gone for now: what it showed is void."""


StreamMessage = StreamStart | StreamPacket | StreamEnd
