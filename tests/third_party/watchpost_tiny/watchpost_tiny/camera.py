"""A camera with a protocol of its own: a figure walks through an empty picture."""

import time
from collections.abc import Iterator
from fractions import Fraction
from typing import TYPE_CHECKING, ClassVar

from hub.api import Camera, Packet, Role, StreamFormat, schema

if TYPE_CHECKING:
    import numpy as np

_GREY = 96  # of 255
_WALK = 8.0  # seconds from one side to the other


class TinyCamera(Camera):
    """Draws and encodes its frames itself, each a JPEG."""

    KEY = "tiny"
    SCHEMA: ClassVar[schema.Schema] = {
        schema.optional("fps", "Frames per second.", 5): schema.number(1, 30),
        schema.optional("width", "Width in pixels.", 320): schema.whole(64, 1920),
        schema.optional("height", "Height in pixels.", 240): schema.whole(64, 1080),
    }

    def format(self, role: Role) -> StreamFormat:
        return StreamFormat(
            codec="mjpeg", width=self.options["width"], height=self.options["height"]
        )

    def packets(self, role: Role) -> Iterator[Packet]:
        import av

        width, height, fps = self.options["width"], self.options["height"], self.options["fps"]
        encoder = av.CodecContext.create("mjpeg", "w")
        encoder.width, encoder.height, encoder.pix_fmt = width, height, "yuvj420p"
        encoder.time_base = Fraction(1, 90_000)
        start, count = time.monotonic(), 0
        while True:
            seconds = count / fps
            time.sleep(max(0.0, start + seconds - time.monotonic()))
            frame = av.VideoFrame.from_ndarray(_draw(width, height, seconds), format="yuvj420p")
            frame.pts = round(seconds * 90_000)
            for packet in encoder.encode(frame):
                yield Packet(data=bytes(packet), pts=seconds, key=True)
            count += 1


def _draw(width: int, height: int, seconds: float) -> "np.ndarray":
    """Return the planes of a picture with a figure on its way from left to right."""
    import numpy as np

    picture = np.full((height * 3 // 2, width), 128, np.uint8)
    picture[:height] = _GREY
    left = round((seconds % _WALK) / _WALK * width * 0.9)
    rows, columns = np.mgrid[:height, :width]
    middle, foot, tall = left + width * 0.05, height * 0.85, height * 0.5
    up = (foot - rows) / tall  # 0 at the feet, 1 at the top of the head
    half = np.select(
        [(up < 0) | (up > 1), up > 0.85, up > 0.8, up > 0.4], [0, 0.09, 0.04, 0.14], 0.11
    )
    across = np.abs(columns - middle) / tall
    picture[:height][(across < half) & ~((up < 0.4) & (across < 0.03))] = 230
    return picture
