"""Takes pictures from a Video4Linux device and gives them out as JPEG."""

from collections.abc import Iterator
from contextlib import closing
from errno import EBUSY
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Final

from hub.api import NotReady, Packet, Rejected

if TYPE_CHECKING:
    from av.container import InputContainer
    from av.video.codeccontext import VideoCodecContext
    from av.video.stream import VideoStream

# FFmpeg's scale, 2 (best) to 31: no loss that a detector would see, half the bytes of 2.
_QUALITY: Final = 5


def capture(path: Path, width: int, height: int, fps: int) -> Iterator[Packet]:
    """Yield pictures until the device goes away; raises ``NotReady`` or ``Rejected``."""
    options = {"video_size": f"{width}x{height}", "framerate": str(fps)}
    with closing(_opened(path, options)) as container:
        yield from pictures(container)


def _opened(path: Path, options: dict[str, str]) -> "InputContainer":
    import av

    try:
        # Most cameras compress: without asking for it they send few and small raw pictures.
        return _open(path, {**options, "input_format": "mjpeg"})
    except av.error.ArgumentError:
        pass
    try:
        return _open(path, options)
    except av.error.ArgumentError:
        return _open(path, {})  # whatever it gives by itself


def _open(path: Path, options: dict[str, str]) -> "InputContainer":
    import av

    try:
        return av.open(
            str(path), "r", format="v4l2", options={**options, "protocol_whitelist": "file"}
        )
    except FileNotFoundError:
        raise NotReady(f"no camera at {path}") from None
    except PermissionError:
        raise Rejected(f"{path} may not be used: is this user in the group 'video'?") from None
    except OSError as error:
        words = "is in use by another program" if error.errno == EBUSY else "does not answer"
        raise NotReady(f"{path} {words}") from None


def pictures(container: "InputContainer") -> Iterator[Packet]:
    """Yield a container's pictures as JPEG: as they are, or encoded here."""
    stream = container.streams.video[0]
    if stream.codec_context.name == "mjpeg":
        yield from _as_they_are(container, stream)
    else:
        yield from _encoded(container, stream)


def _as_they_are(container: "InputContainer", stream: "VideoStream") -> Iterator[Packet]:
    for packet in container.demux(stream):
        if packet.size and packet.pts is not None:
            yield Packet(data=bytes(packet), pts=float(packet.pts * packet.time_base), key=True)


def _encoded(container: "InputContainer", stream: "VideoStream") -> Iterator[Packet]:
    encoder = _encoder(stream)
    for frame in container.decode(stream):
        if frame.pts is None:
            continue
        whole = frame.reformat(format="yuvj420p", dst_color_range="JPEG")
        for packet in encoder.encode(whole):
            yield Packet(data=bytes(packet), pts=frame.time, key=True)


def _encoder(stream: "VideoStream") -> "VideoCodecContext":
    import av

    encoder = av.CodecContext.create("mjpeg", "w")
    encoder.width, encoder.height = stream.codec_context.width, stream.codec_context.height
    encoder.pix_fmt, encoder.time_base = "yuvj420p", Fraction(1, 1_000_000)
    encoder.qmin = encoder.qmax = _QUALITY
    encoder.thread_count = 1
    return encoder
