"""Opens a camera's address with FFmpeg: only the protocols it may use, and not for ever."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

import av
from av.container import InputContainer
from av.stream import Discard
from av.video.stream import VideoStream

from hub.api import NotReady, StreamSource
from hub.ingest.formats import MOST_PIXELS
from hub.ingest.reasons import why_not_open

# FFmpeg opens in two steps (connect, then look at the stream), and each may take this long.
OPENING: Final = 5.0  # seconds
_TREMBLE: Final = 0.05  # seconds that FFmpeg may give up too early
# Without these FFmpeg looks at the stream for 2 to 5 s before it gives the first packet.
_HASTY: Final = {"analyzeduration": "200000", "fpsprobesize": "0"}  # microseconds; pictures
_HASTY_FORMATS: Final = frozenset(("rtsp", "flv"))


@contextmanager
def opened(source: StreamSource) -> Iterator[tuple[InputContainer, VideoStream]]:
    """Open an address and find its pictures.

    Raises ``NotReady`` or ``Rejected`` with a reason that is fit to read.
    """
    container, stream = _open_and_look(source)
    for other in container.streams:
        if other.index != stream.index:
            other.discard = Discard.all  # of a playlist's variants FFmpeg would fetch every one
    try:
        yield container, stream
    finally:
        container.close()


def _open_and_look(source: StreamSource) -> tuple[InputContainer, VideoStream]:
    hasty = source.format in _HASTY_FORMATS
    container = _open(source, _HASTY if hasty else {})
    stream = _pictures(container)
    if stream is None and hasty:
        container.close()
        container = _open(source, {})
        stream = _pictures(container)
    if stream is None:
        container.close()
        raise NotReady("not a video stream")
    return container, stream


def _open(source: StreamSource, haste: dict[str, str]) -> InputContainer:
    options = {
        "max_pixels": str(MOST_PIXELS),
        **haste,
        **source.options,
        "protocol_whitelist": ",".join(source.protocols),
    }
    began = time.monotonic()
    try:
        return av.open(
            source.url,
            "r",
            format=source.format,
            options=options,
            timeout=(OPENING, source.silence),
        )
    except (av.FFmpegError, OSError, ValueError) as error:
        late = time.monotonic() - began >= OPENING - _TREMBLE
        raise why_not_open(error, source.url, late=late) from None


def _pictures(container: InputContainer) -> VideoStream | None:
    for stream in container.streams.video:
        if not stream.disposition & _COVER and _decodable(stream):
            return stream
    return None


def _decodable(stream: VideoStream) -> bool:
    # PyAV's types do not know it, but FFmpeg may have no decoder for what it found.
    context: object = stream.codec_context
    return context is not None


_COVER: Final = av.stream.Disposition.attached_pic
