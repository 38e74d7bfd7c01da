"""Pictures into a film that every browser plays: H.264 in MP4."""

from collections.abc import Iterable
from fractions import Fraction
from pathlib import Path

import av
import cv2
import numpy as np
from av.video.frame import VideoFrame
from av.video.stream import VideoStream

from hub.vision.decoding import TICKS
from hub.vision.pictures import Pixels


class Film:
    """An H.264 file in MP4 being written."""

    def __init__(self, file: Path, rate: float) -> None:
        self._container = av.open(
            f"file:{file}",
            "w",
            format="mp4",
            options={"movflags": "faststart", "protocol_whitelist": "file"},
        )
        self._stream = self._container.add_stream(
            "libx264", rate=Fraction(rate).limit_denominator(1001)
        )
        self._stream.pix_fmt = "yuv420p"
        self._stream.options = {"preset": "veryfast", "crf": "23"}
        self._stream.codec_context.time_base = Fraction(1, TICKS)
        self._size: tuple[int, int] | None = None
        self._last = -1

    def write(self, picture: Pixels, pts: float) -> None:
        """Add a picture (BGR), shown at ``pts`` seconds; one not later than the last is lost."""
        ticks = round(pts * TICKS)
        if ticks <= self._last:
            return
        self._last = ticks
        if self._size is None:
            self._size = (picture.shape[1], picture.shape[0])
            self._stream.width, self._stream.height = self._size
        if self._size != (picture.shape[1], picture.shape[0]):
            picture = np.asarray(cv2.resize(picture, self._size), np.uint8)
        frame = VideoFrame.from_ndarray(picture, format="bgr24")
        frame.pts, frame.time_base = ticks, Fraction(1, TICKS)
        self._mux(self._stream.encode(frame))

    def close(self) -> None:
        """Write the end."""
        if self._size is not None:
            self._mux(self._stream.encode(None))
        self._container.close()

    def _mux(self, packets: "Iterable[av.Packet[VideoStream]]") -> None:
        for each in packets:
            self._container.mux(each)
