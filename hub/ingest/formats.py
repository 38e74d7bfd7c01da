"""How a stream is encoded, and when that changes in the middle of it.

A camera whose resolution is set by its owner goes on in the same connection: only the
parameter sets before its next key frame tell. They are compared as bytes; what they mean
is left to the decoder, once per change.
"""

import contextlib
from typing import Final

import av
from av.video.codeccontext import VideoCodecContext
from av.video.stream import VideoStream

from hub.api import StreamFormat

# 8K; a picture that claims to be larger is an attack on memory, not a camera.
MOST_PIXELS: Final = 8192 * 4608

_START: Final = b"\x00\x00\x01"
# NAL unit types: the sets that describe the pictures, and the first that holds one.
_SETS: Final = {
    "h264": (frozenset((7, 8)), range(1, 6)),
    "hevc": (frozenset((32, 33, 34)), range(32)),
}
_DESCRIBING: Final = {"h264": frozenset((7,)), "hevc": frozenset((32, 33))}
_MARKER: Final = 0xFF  # begins every segment of a JPEG
# Start-of-frame markers of JPEG: all of C0 to CF but the three that are something else.
_FRAMES: Final = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}


def format_of(stream: VideoStream) -> StreamFormat:
    """Return a stream's format as its container tells it."""
    context = stream.codec_context
    return StreamFormat(
        codec=context.codec.canonical_name,  # what it is, not who decodes it
        extradata=context.extradata or b"",
        width=context.width,
        height=context.height,
    )


class FormatWatch:
    """Compares every key frame with the format that was announced."""

    def __init__(self, announced: StreamFormat) -> None:
        self.current = announced
        self._sets = b""
        self._seen = False
        if announced.extradata.startswith((b"\x00\x00\x01", b"\x00\x00\x00\x01")):
            self._sets = _describing(announced.codec, announced.extradata)

    def changed(self, data: bytes) -> StreamFormat | None:
        """Return the format from this key frame on, if it is another one."""
        changed = self._compared(data)
        self._seen = True
        return changed

    def _compared(self, data: bytes) -> StreamFormat | None:
        if self.current.codec == "mjpeg":
            return self._resized(jpeg_size(data))
        if self.current.codec not in _SETS or self.current.extradata[:1] == b"\x01":
            return self._sized(data)  # its parameter sets are in the container alone
        sets = _describing(self.current.codec, data)
        if not sets or sets == self._sets:
            return self._sized(data)
        self._sets = sets
        return self._another(data)

    def _another(self, data: bytes) -> StreamFormat | None:
        extradata = parameter_sets(self.current.codec, data)
        width, height = picture_size(self.current.codec, extradata, data)
        if not self._seen and (width, height) == (self.current.width, self.current.height):
            return None  # cameras announce one set and send a slightly different one
        return self._become(
            StreamFormat(codec=self.current.codec, extradata=extradata, width=width, height=height)
        )

    def _sized(self, data: bytes) -> StreamFormat | None:
        if self.current.width:
            return None
        return self._resized(picture_size(self.current.codec, self.current.extradata, data))

    def _resized(self, size: tuple[int, int]) -> StreamFormat | None:
        if size in {(0, 0), (self.current.width, self.current.height)}:
            return None
        return self._become(
            StreamFormat(
                codec=self.current.codec,
                extradata=self.current.extradata,
                width=size[0],
                height=size[1],
            )
        )

    def _become(self, new: StreamFormat) -> StreamFormat:
        self.current = new
        return new


def parameter_sets(codec: str, annexb: bytes) -> bytes:
    """Return the parameter sets that stand before a picture, with start codes."""
    return _sets(codec, annexb, _SETS[codec][0])


def _describing(codec: str, annexb: bytes) -> bytes:
    return _sets(codec, annexb, _DESCRIBING[codec]) if codec in _SETS else b""


def _sets(codec: str, annexb: bytes, wanted: frozenset[int]) -> bytes:
    found = b""
    at = annexb.find(_START)
    while at >= 0:
        kind = _kind(codec, annexb, at + 3)
        if kind in _SETS[codec][1]:
            break  # a picture: the sets stand before it, and searching it would cost
        end = annexb.find(_START, at + 3)
        if kind in wanted:
            unit = annexb[at + 3 : end if end >= 0 else None].rstrip(b"\x00")
            found += b"\x00" + _START + unit
        at = end
    return found


def _kind(codec: str, annexb: bytes, at: int) -> int:
    if at >= len(annexb):
        return -1
    return annexb[at] & 31 if codec == "h264" else (annexb[at] >> 1) & 63


def picture_size(codec: str, extradata: bytes, data: bytes) -> tuple[int, int]:
    """Return width and height of a key frame, by decoding it; 0, 0 when it cannot be."""
    context = av.CodecContext.create(codec, "r")
    if not isinstance(context, VideoCodecContext):
        return 0, 0
    context.extradata = extradata or None
    context.thread_count = 1
    context.options = {"max_pixels": str(MOST_PIXELS)}
    with contextlib.suppress(av.FFmpegError):
        for packet in (av.Packet(data), None):
            for frame in context.decode(packet):
                return frame.width, frame.height
    return 0, 0


def jpeg_size(data: bytes) -> tuple[int, int]:
    """Return width and height as a JPEG's header tells them; 0, 0 when it has none."""
    at = 2
    while at + 9 <= len(data) and data[at] == _MARKER:
        if data[at + 1] in _FRAMES:
            height = int.from_bytes(data[at + 5 : at + 7], "big")
            return int.from_bytes(data[at + 7 : at + 9], "big"), height
        at += 2 + int.from_bytes(data[at + 2 : at + 4], "big")
    return 0, 0
