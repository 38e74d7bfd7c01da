"""The scene as H.264: encoded once, at the door, so that the rest is as with any camera."""

from collections.abc import Iterable, Iterator
from fractions import Fraction
from typing import Final

import av  # noqa: TID253 - imported in a worker only
import numpy as np
from numpy.typing import NDArray

from hub.api import Packet

# Viewers and decoders join at a key frame; so long they wait at most.
KEY_EVERY: Final = 1.5  # seconds
_QUALITY: Final = "25"  # x264's constant rate factor: clean at 640x360, about 0.5 Mbit/s


class Encoder:
    """libx264 with its cheapest settings; each frame in gives one packet out."""

    def __init__(self, width: int, height: int, fps: float) -> None:
        self._fps = fps
        rate = Fraction(fps).limit_denominator(1000)
        codec = av.CodecContext.create("libx264", "w")
        codec.width, codec.height, codec.pix_fmt = width, height, "yuv420p"
        codec.framerate, codec.time_base = rate, 1 / rate
        codec.gop_size = max(1, round(fps * KEY_EVERY))
        codec.thread_count = 1
        # Headers stand in the extradata for recordings and in the stream for who joins later.
        codec.flags |= av.codec.context.Flags.global_header
        codec.options = {
            "preset": "ultrafast",
            "tune": "zerolatency",
            "crf": _QUALITY,
            "x264-params": "repeat-headers=1:scenecut=0",
        }
        codec.open()
        self._codec = codec

    @property
    def extradata(self) -> bytes:
        """The stream's parameter sets, with start codes."""
        return bytes(self._codec.extradata or b"")

    def encode(self, numbered: Iterable[tuple[int, NDArray[np.uint8]]]) -> Iterator[Packet]:
        """Yield a packet for each frame; a frame comes with its number, which gives its time."""
        for number, pixels in numbered:
            frame = av.VideoFrame.from_ndarray(pixels, format="yuv420p")
            frame.pts = number
            for packet in self._codec.encode(frame):
                yield Packet(data=bytes(packet), pts=number / self._fps, key=packet.is_keyframe)
