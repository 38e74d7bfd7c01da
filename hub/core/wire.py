"""How the hub and its workers talk: messages of known types over a local socket.

A message is msgpack with a four-byte big-endian length before it. Both ends decode into
tagged unions of Structs, so a message of another shape is an error at the door.
"""

import asyncio
import socket
import struct
from collections.abc import AsyncIterator
from typing import Any, Final, Generic, TypeVar

import msgspec

_LENGTH: Final = struct.Struct(">I")
# A 4K key frame of a busy scene is about 2 MiB; more than this is a broken peer.
LIMIT: Final = 32 * 1024 * 1024  # bytes

In = TypeVar("In")


class Reader(Generic[In]):
    """Cuts a byte stream into messages; for sockets read in threads as well as asyncio."""

    def __init__(self, kind: Any) -> None:
        self._decoder: msgspec.msgpack.Decoder[In] = msgspec.msgpack.Decoder(kind)
        self._kept = bytearray()

    def feed(self, data: bytes) -> list[In]:
        """Return the messages completed by some more bytes.

        Raises ``ValueError`` for a message that is too long or of an unknown shape.
        """
        self._kept += data
        found: list[In] = []
        at = 0
        while len(self._kept) - at >= _LENGTH.size:
            (length,) = _LENGTH.unpack_from(self._kept, at)
            if length > LIMIT:
                raise ValueError(f"a message of {length} bytes is over the limit of {LIMIT}")
            end = at + _LENGTH.size + length
            if len(self._kept) < end:
                break
            found.append(self._decoder.decode(bytes(self._kept[at + _LENGTH.size : end])))
            at = end
        del self._kept[:at]
        return found


def pack(message: object) -> bytes:
    """Return a message as it goes over the wire."""
    body = msgspec.msgpack.encode(message)
    return _LENGTH.pack(len(body)) + body


class Channel(Generic[In]):
    """An asyncio end of a connection: ``send`` what you like, iterate over what comes."""

    def __init__(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, kind: Any
    ) -> None:
        self._reader = reader
        self._writer = writer
        self._messages: Reader[In] = Reader(kind)

    @classmethod
    async def over(cls, end: socket.socket, kind: Any) -> "Channel[In]":
        """Make a channel of a connected socket; ``kind`` is the union of what will come."""
        end.setblocking(False)
        reader, writer = await asyncio.open_unix_connection(sock=end)
        return cls(reader, writer, kind)

    def send(self, message: object) -> None:
        """Send without waiting; a connection that has ended swallows it."""
        if not self._writer.is_closing():
            self._writer.write(pack(message))

    @property
    def backlog(self) -> int:
        """Bytes that the other end has not taken yet."""
        return self._writer.transport.get_write_buffer_size()

    async def __aiter__(self) -> AsyncIterator[In]:
        while data := await self._read():
            for message in self._messages.feed(data):
                yield message

    async def _read(self) -> bytes:
        try:
            return await self._reader.read(256 * 1024)
        except ConnectionError:
            return b""

    def close(self) -> None:
        """End the connection; the other end's iteration stops."""
        self._writer.close()
