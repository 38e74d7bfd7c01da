"""Reads a stream packet by packet, and finds out when it has ended without saying so.

What was measured with FFmpeg 8 and PyAV 18: when a read takes longer than ``silence``, FFmpeg is
interrupted, but its parser then gives out the picture it still held as if nothing were
wrong, and only the next read fails, a whole ``silence`` later. So the gap before that last
packet is what counts. A killed server ends the iteration without an error.
"""

import threading
import time
from collections.abc import Callable, Iterator
from typing import Final

import av
from av.container import InputContainer
from av.video.stream import VideoStream
from msgspec import Struct

from hub.api import NotReady, Pace, StreamFormat, StreamSource
from hub.ingest.formats import format_of
from hub.ingest.opening import opened
from hub.ingest.reasons import CLOSED, SILENT, why_ended

# These containers hold no times: FFmpeg would make them up, 25 to a second.
_TIMELESS: Final = frozenset(("mpjpeg", "mjpeg"))
# An interrupted read comes back this much early at most, by two clocks.
_TREMBLE: Final = 0.05  # seconds


class Raw(Struct, frozen=True, kw_only=True, gc=False):
    """A packet as it came: times in seconds on the source's own clock, if it has one."""

    data: bytes
    pts: float | None
    dts: float | None
    key: bool
    lasts: float = 0.0


class Over(Exception):
    """A recording has been played to its end; there is nothing to reconnect to."""


def read(source: StreamSource, ended: threading.Event) -> Iterator[StreamFormat | Raw]:
    """Yield a stream's format, then its packets, and a format again whenever it changes.

    Raises ``NotReady`` or ``Rejected`` when it cannot be opened or is lost, ``Over`` at the end
    of a recording. Returns once ``ended`` is set.
    """
    if source.pace is Pace.LIVE:
        yield from _once(source)
        raise NotReady(CLOSED)
    rounds = _rounds(source)
    yield from rounds if source.pace is Pace.MAX else _paced(rounds, ended)
    if not ended.is_set():
        raise Over("the recording has ended")


def _rounds(source: StreamSource) -> Iterator[StreamFormat | Raw]:
    """Play a file once or for ever, with times that go on."""
    first: float | None = None
    end = 0.0
    while True:
        shift, number = 0.0, 0
        for number, each in enumerate(_once(source)):
            if not isinstance(each, Raw):
                yield each
                continue
            if first is None:
                first = end = each.pts or 0.0
            if number == 1:
                shift = end - (each.pts or first)
            moved = _moved(each, shift, end)
            end = max(end, (moved.pts or 0.0) + moved.lasts)
            yield moved
        if not source.loop:
            return
        if not number:  # or it would be opened again and again, as fast as it goes
            raise NotReady("it holds no pictures")


def _moved(raw: Raw, shift: float, end: float) -> Raw:
    return Raw(
        data=raw.data,
        pts=end if raw.pts is None else raw.pts + shift,
        dts=end if raw.dts is None else raw.dts + shift,
        key=raw.key,
        lasts=raw.lasts,
    )


def _paced(
    items: Iterator[StreamFormat | Raw], ended: threading.Event
) -> Iterator[StreamFormat | Raw]:
    """Let each packet wait for its time, in the order in which they are decoded."""
    began: float | None = None
    for each in items:
        if isinstance(each, Raw) and each.dts is not None:
            began = time.monotonic() - each.dts if began is None else began
            if ended.wait(max(0.0, began + each.dts - time.monotonic())):
                return
        yield each


def _once(source: StreamSource) -> Iterator[StreamFormat | Raw]:
    with opened(source) as (container, stream):
        yield format_of(stream)
        try:
            yield from _packets(container, stream, source)
        except (av.FFmpegError, OSError) as error:
            raise NotReady(why_ended(error)) from None


def _packets(
    container: InputContainer, stream: VideoStream, source: StreamSource
) -> Iterator[StreamFormat | Raw]:
    """Yield the packets of the pictures. Few lines, for these run for every packet.

    Sound is read too, so that a camera whose pictures alone have stopped is found out.
    """
    limit = source.silence - _TREMBLE if source.pace is Pace.LIVE else float("inf")
    seconds = _seconds(container, stream)
    index, kept_apart = stream.index, (stream.codec_context.extradata or b"")[:1] == b"\x01"
    last = time.monotonic()
    for packet in container.demux():
        now = time.monotonic()
        if now - last >= limit:
            raise NotReady(SILENT)
        if not packet.size or packet.stream_index != index:
            continue
        last = now
        if kept_apart and packet.has_sidedata("new_extradata"):
            yield _renewed(stream, bytes(packet.get_sidedata("new_extradata")))
        pts = seconds(packet.pts)
        dts = seconds(packet.dts)
        yield Raw(
            data=bytes(packet),
            pts=pts,
            dts=pts if dts is None and source.pace is not Pace.LIVE else dts,
            key=packet.is_keyframe,
            lasts=seconds(packet.duration) or 0.0,
        )


def _seconds(
    container: InputContainer, stream: VideoStream
) -> Callable[[int | None], float | None]:
    """Return what turns the stream's times into seconds, if it has any times."""
    if container.format.name in _TIMELESS:
        return lambda _: None
    base = float(stream.time_base or 0)
    return lambda ticks: None if ticks is None else ticks * base


def _renewed(stream: VideoStream, extradata: bytes) -> StreamFormat:
    """Return the format after a change that only the container announces (RTMP); no size yet."""
    return StreamFormat(codec=stream.codec_context.codec.canonical_name, extradata=extradata)
