"""What a camera's packets are handed to: the detect stream now, recorder and live view later."""

from typing import Protocol

from hub.api import StreamFormat
from hub.core.stream import StreamPacket


class Sink(Protocol):
    """Takes a camera's packets in decoding order, in the camera's own thread.

    Every packet passes every sink before the next one is read, so a sink must not wait: it
    queues, and says how much it had to drop. (A file played flat out is the exception: its
    detect stream waits, so that nothing is lost.)
    """

    def begin(self, format: StreamFormat) -> None:  # noqa: A002 - it is the format
        """Expect packets encoded like this, the first of them a key frame."""

    def take(self, packet: StreamPacket) -> None:
        """Take the next packet."""

    def end(self) -> None:
        """Expect nothing until the next ``begin``: the camera is offline.

        This and ``close`` may be called from another thread than the camera's.
        """

    def close(self) -> None:
        """Let everything go: nothing follows."""
