"""Drawn scenes, encoded for real, and a detector that knows what was drawn."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cache

import av
import cv2
import numpy as np

from hub.api import Box, Detection, Detector, Packet, Region, StreamFormat

RED = (70, 70, 255)
SIZE = (640, 360)


def picture(*persons: Box, size: tuple[int, int] = SIZE, light: int = 90) -> np.ndarray:
    """A yard with noise in it, and red persons."""
    wide, high = size
    frame = _yard(size, light).copy()
    for each in persons:
        corners = (
            (round(each.left * wide), round(each.top * high)),
            (round(each.right * wide), round(each.bottom * high)),
        )
        cv2.rectangle(frame, *corners, RED, -1)
    return frame


@cache
def _yard(size: tuple[int, int], light: int) -> np.ndarray:
    wide, high = size
    dice = np.random.default_rng(1)
    yard = np.clip(dice.normal(light, 4, (high, wide, 1)), 0, 255).astype(np.uint8)
    frame = np.repeat(yard, 3, axis=2)
    cv2.rectangle(frame, (wide // 10, high // 8), (wide // 4, high // 3), (140, 120, 60), -1)
    return frame


def person(x: float, foot: float = 0.9, height: float = 0.4) -> Box:
    """Somebody who stands at x; a third as wide as high, in fractions of a 16:9 picture."""
    return Box(x - height / 10, foot - height, x + height / 10, foot)


def walk(seconds: float, fps: float, start: float = 0.1, end: float = 0.9) -> list[np.ndarray]:
    """Somebody crosses the picture."""
    count = round(seconds * fps)
    return [picture(person(start + (end - start) * i / count)) for i in range(count)]


@dataclass
class Encoded:
    """Packets as ingest sends them."""

    form: StreamFormat
    packets: list[Packet] = field(default_factory=list)


def encode(
    frames: Sequence[np.ndarray], fps: int = 10, codec: str = "h264", **options: str
) -> Encoded:
    """Encode pictures; H.264 comes without B-frames unless asked for."""
    names = {"h264": "libx264", "hevc": "libx265", "vp9": "libvpx-vp9", "mjpeg": "mjpeg"}
    high, wide = frames[0].shape[:2]
    made = av.CodecContext.create(names[codec], "w")
    made.width, made.height = wide, high
    made.pix_fmt = "yuvj420p" if codec == "mjpeg" else "yuv420p"
    made.time_base = Fraction(1, fps)
    made.framerate = Fraction(fps)
    made.gop_size = 10
    if codec == "h264":
        made.options = {"preset": "ultrafast", "tune": "zerolatency", **options}
    if codec == "hevc":
        made.options = {"preset": "ultrafast", "x265-params": "log-level=none", **options}
    packets = []
    for number, each in enumerate([*frames, None]):
        frame = None
        if each is not None:
            frame = av.VideoFrame.from_ndarray(each, format="bgr24")
            frame.pts = number
        packets += made.encode(frame)
    form = StreamFormat(
        codec=codec, extradata=bytes(made.extradata or b""), width=wide, height=high
    )
    return Encoded(
        form,
        [Packet(data=bytes(p), pts=float(p.pts * p.time_base), key=p.is_keyframe) for p in packets],
    )


class RedFinder(Detector):
    """Finds red things; certain of them. Keeps what it was asked."""

    KEY = "red"
    SIDES = (416, 416)

    def __init__(self, score: float = 0.9) -> None:
        super().__init__("red", {})
        self.score = score
        self.asked: list[Region] = []
        self.closed = False

    @property
    def labels(self) -> Sequence[str]:
        return ("person",)

    @property
    def size(self) -> tuple[int, int]:
        return self.SIDES

    def load(self) -> None:
        return

    def submit(
        self, region: Region, camera: str, done: Callable[[Sequence[Detection]], None]
    ) -> None:
        self.asked.append(region)
        done(self.find(region))

    def find(self, region: Region) -> list[Detection]:
        pixels = np.frombuffer(region.pixels, np.uint8).reshape(region.height, region.width, 3)
        red = (pixels[..., 2] > 140) & (pixels[..., 1] < 110) & (pixels[..., 0] < 110)
        count, _, found, _ = cv2.connectedComponentsWithStats(red.astype(np.uint8))
        place = region.place
        across = (place.right - place.left) / region.width
        down = (place.bottom - place.top) / region.height
        return [
            Detection(
                label="person",
                score=self.score,
                box=Box(
                    place.left + x * across,
                    place.top + y * down,
                    place.left + (x + width) * across,
                    place.top + (y + height) * down,
                ),
            )
            for x, y, width, height, size in found[1:count].tolist()
            if size > 20
        ]

    def close(self) -> None:
        self.closed = True
