"""Encoded packets in, frames out: whatever a camera sends, a decoder error ends here.

A picture that nobody will look at, and that no other one needs, is not decoded. A frame stays
as the decoder left it. Its luma is a view; colours are converted only for
the part somebody asks for.
"""

from collections import OrderedDict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property
from math import ceil, floor
from typing import Final

import av
import cv2
import numpy as np
from av.codec.context import ThreadType
from av.stream import Stream
from av.video.codeccontext import VideoCodecContext
from av.video.frame import VideoFrame
from numpy.typing import NDArray

from hub.api import Box, Invalid, Region, StreamFormat
from hub.vision.facts import Shown
from hub.vision.hardware import HARDWARE, Hardware, context

Pixels = NDArray[np.uint8]
Wanted = Callable[[float, float, Sequence[Shown]], bool]
"""Says whether a picture will be looked at: its pts, when it was captured, those shown before."""

TICKS: Final = 90_000  # per second; the clock of MPEG, fine enough for any camera
# A 64 Mpx picture takes 96 MiB; cameras reach 33 Mpx, picture bombs far more.
MAX_PIXELS: Final = 64 * 1024 * 1024
CODECS: Final = frozenset({"h264", "hevc", "av1", "vp8", "vp9", "mjpeg", "mpeg4", "png"})
_INTRA: Final = frozenset({"mjpeg", "png"})  # no picture needs another
_LAYERED: Final = frozenset({"h264", "hevc"})  # packets tell whether another picture needs them
_SOFTWARE: Final = {"av1": "libdav1d"}  # the decoder called av1 is for hardware alone
_PATIENCE: Final = 30  # packets in a row that hardware may fail at: a line that was bad
_HAIR: Final = 0.01  # pixels; what is lost when a place is told in fractions
_BASE: Final = Fraction(1, TICKS)
_KEPT_TIMES: Final = 64  # packets a decoder may hold back; H.264 reorders at most 16
# 8-bit formats whose planes we read as they are; anything else is converted first.
_PLANAR: Final = frozenset(
    {"yuv420p", "yuvj420p", "yuv422p", "yuvj422p", "yuv444p", "yuvj444p", "nv12"}
)
_FULL_RANGE: Final = 2  # FFmpeg's AVCOL_RANGE_JPEG: luma runs 0..255, not 16..235


@dataclass(frozen=True, kw_only=True)
class Frame:
    """A decoded picture, shown at ``pts`` seconds and taken at ``captured`` (since 1970, UTC).

    ``before`` are the times of those that were left out between the last one and this.
    """

    picture: VideoFrame = field(repr=False)
    pts: float
    captured: float
    before: tuple[Shown, ...] = ()

    @property
    def width(self) -> int:
        return int(self.picture.width)

    @property
    def height(self) -> int:
        return int(self.picture.height)

    @property
    def luma(self) -> Pixels:
        """The brightness of every pixel: height by width, a view where the format allows."""
        return self._planes[0]

    def region(self, place: Box, limit: tuple[int, int]) -> Region:
        """Cut a part out in colours, made smaller to fit ``limit`` (width, height), never larger.

        The region's ``place`` is the one truly cut: whole pairs of pixels.
        """
        left, right = _span(place.left, place.right, self.width)
        top, bottom = _span(place.top, place.bottom, self.height)
        scale = min(1.0, limit[0] / (right - left), limit[1] / (bottom - top))
        width = max(2, round((right - left) * scale / 2) * 2)
        height = max(2, round((bottom - top) * scale / 2) * 2)
        cut = Box(left / self.width, top / self.height, right / self.width, bottom / self.height)
        pixels = self._colours(cut, width, height)
        return Region(pixels=pixels.data.cast("B"), width=width, height=height, place=cut)

    def whole(self, limit: int) -> Pixels:
        """Return the whole picture in colours (BGR), at most ``limit`` pixels wide."""
        cut = self.region(Box(0.0, 0.0, 1.0, 1.0), (limit, limit))
        return np.frombuffer(cut.pixels, np.uint8).reshape(cut.height, cut.width, 3)

    def _colours(self, cut: Box, width: int, height: int) -> Pixels:
        luma, *colours = self._planes
        flat = np.empty(width * height * 3 // 2, np.uint8)
        self._shrink(luma, cut, flat[: width * height].reshape(height, width))
        at = width * height
        for each in colours:
            size = (height // 2) * (width // 2)
            self._shrink(each, cut, flat[at : at + size].reshape(height // 2, width // 2))
            at += size
        if self._full_range:
            _to_limited(flat, width * height)
        sheet = flat.reshape(height * 3 // 2, width)
        return np.asarray(cv2.cvtColor(sheet, cv2.COLOR_YUV2BGR_I420), np.uint8)

    @staticmethod
    def _shrink(plane: Pixels, cut: Box, into: Pixels) -> None:
        rows, columns = plane.shape
        part = plane[
            round(cut.top * rows) : max(1, round(cut.bottom * rows)),
            round(cut.left * columns) : max(1, round(cut.right * columns)),
        ]
        # Halves first: those are exact, and cost a tenth of any other ratio.
        while part.shape[0] >= 2 * into.shape[0] and part.shape[1] >= 2 * into.shape[1]:
            half = part.shape[1] // 2, part.shape[0] // 2
            even = part[: 2 * half[1], : 2 * half[0]]
            part = np.asarray(cv2.resize(even, half, interpolation=cv2.INTER_AREA), np.uint8)
        smaller = part.shape[0] > into.shape[0]
        how = cv2.INTER_AREA if smaller else cv2.INTER_LINEAR
        cv2.resize(part, (into.shape[1], into.shape[0]), dst=into, interpolation=how)

    @cached_property
    def _plain(self) -> VideoFrame:
        """The frame in a format whose planes can be read."""
        if self.picture.format.name in _PLANAR:
            return self.picture
        return self.picture.reformat(format="yuv420p")

    @cached_property
    def _planes(self) -> tuple[Pixels, Pixels, Pixels]:
        frame = self._plain
        luma, *colours = (
            np.asarray(each, np.uint8)[: each.height * each.line_size].reshape(
                each.height, each.line_size
            )
            for each in frame.planes
        )
        luma = luma[:, : frame.width]
        if frame.format.name == "nv12":
            pairs = colours[0][:, : (frame.width + 1) // 2 * 2]
            return luma, pairs[:, 0::2], pairs[:, 1::2]
        blue, red = (
            each[:, : plane.width] for each, plane in zip(colours, frame.planes[1:], strict=True)
        )
        return luma, blue, red

    @property
    def _full_range(self) -> bool:
        plain = self._plain
        return plain.format.name.startswith("yuvj") or int(plain.color_range) == _FULL_RANGE


class Decoder:
    """Decodes one stream, from its first key frame on, and counts what it could not decode.

    ``hwaccel`` is who is to decode: ``auto``, ``none``, or a kind of hardware. ``wanted`` is asked
    before a picture is decoded; without it, all are.
    """

    def __init__(
        self,
        form: StreamFormat,
        hwaccel: str = "none",
        hardware: Hardware = HARDWARE,
        wanted: Wanted | None = None,
    ) -> None:
        if form.codec not in CODECS:
            raise Invalid(f"the codec {form.codec!r} is not one of {', '.join(sorted(CODECS))}")
        self._form = form
        self._wish = hwaccel
        self._hardware = hardware
        self._shown = False  # whether any picture came
        self._failures = 0  # in a row
        self.errors = 0
        self.frames = 0  # those that came, also where nobody wanted them
        self.left_out = 0  # those of them that were not decoded
        self._times: OrderedDict[int, float] = OrderedDict()
        self._wanted = wanted if form.codec in _INTRA | _LAYERED else None
        self._left: dict[int, float] = {}  # times that were not wanted
        self._reached = float("-inf")  # ticks of the latest frame
        self._waiting = True
        self._alone: av.Packet[Stream] | None = None  # a key frame that was decoded by itself
        self.kind: str | None = None  # of the hardware that decodes, if one does
        self._sparing = False
        self._codec = self._in_hardware() or self._in_software()

    def decode(self, data: bytes, pts: float, captured: float, *, key: bool) -> Iterator[Frame]:
        """Yield the frames that another packet completes, in the order they are shown."""
        if self._waiting and not key:
            return
        self._waiting = False
        self._resume(void=key)
        wanted = self._due(round(pts * TICKS), captured)
        packet = self._packet(data, pts, captured, key=key)
        if wanted or self._form.codec not in _INTRA:
            self._spare(not wanted)
            yield from self._run(packet)

    def keys_only(self, data: bytes, pts: float, captured: float, *, key: bool) -> Iterator[Frame]:
        """Yield a key frame at once, by itself; leave everything else out."""
        if key:
            yield from self.alone(data, pts, captured)
        else:
            self.pass_over()

    def alone(self, data: bytes, pts: float, captured: float) -> Iterator[Frame]:
        """Yield a key frame at once, by itself; packets may follow it all the same."""
        self._resume(void=True)
        self._waiting = False
        self._spare(False)
        self._alone = self._packet(data, pts, captured, key=True)
        yield from self._run(self._alone)
        yield from self._run(None)
        self._codec.flush_buffers()

    def pass_over(self) -> None:
        """Take note that a packet was left out: nothing can be decoded to the next key frame."""
        if not self._waiting:
            self.skip_to_key()

    def _resume(self, *, void: bool) -> None:
        """Go on after a key frame that was decoded by itself: once more, for what refers to it."""
        again, self._alone = self._alone, None
        if again is not None and not void:
            for _ in self._run(again):
                self.frames -= 1  # it has been shown

    def _due(self, ticks: int, captured: float) -> bool:
        """Ask whether a picture will be looked at, and take note of one that will not."""
        if self._wanted is None or self.kind:
            return True
        under_way = sorted(each for each in self._times if self._reached < each < ticks)
        before = [(each / TICKS, self._times[each]) for each in under_way]
        if self._wanted(ticks / TICKS, captured, before):
            return True
        self._left[ticks] = captured
        if len(self._left) > _KEPT_TIMES:
            del self._left[next(iter(self._left))]
        return False

    def _spare(self, spare: bool) -> None:
        """Have the decoder leave out pictures that no other one needs, or none."""
        if spare != self._sparing:
            self._sparing = spare
            self._codec.skip_frame = "NONREF" if spare else "DEFAULT"

    def _packet(
        self, data: bytes, pts: float, captured: float, *, key: bool
    ) -> "av.Packet[Stream]":
        ticks = round(pts * TICKS)
        self._times[ticks] = captured
        if len(self._times) > _KEPT_TIMES:
            self._times.popitem(last=False)
        packet = av.Packet(data)
        packet.pts = ticks
        packet.time_base = _BASE
        packet.is_keyframe = key
        return packet

    def flush(self) -> Iterator[Frame]:
        """Yield what the decoder still held back; it must not be used afterwards."""
        yield from self._run(None)
        self._count_out(len(self._left))

    def skip_to_key(self) -> None:
        """Forget what came before: packets will be missing until the next key frame."""
        self._waiting, self._alone = True, None
        self._times.clear()
        self._left.clear()
        self._reached = float("-inf")
        self._codec.flush_buffers()

    def _run(self, packet: "av.Packet[Stream] | None") -> Iterator[Frame]:
        try:
            pictures = self._codec.decode(packet)
        except av.FFmpegError as error:
            self._failures += 1
            if self.kind and (not self._shown or self._failures > _PATIENCE):
                yield from self._without(self.kind, error, packet)
            else:
                self.errors += 1
                self._forget(packet)
            return
        self._failures = 0
        if pictures and not self._shown and self.kind:
            self._hardware.works(self.kind, self._form.codec)
        for picture in pictures:
            yield self._frame(picture, packet)

    def _count_out(self, number: int) -> None:
        self.frames += number
        self.left_out += number

    def _forget(self, packet: "av.Packet[Stream] | None") -> None:
        """Expect no picture of a packet that could not be decoded."""
        if packet is not None and packet.pts is not None:
            self._times.pop(packet.pts, None)

    def _in_hardware(self) -> VideoCodecContext | None:
        while kind := self._hardware.choose(self._wish, self._form.codec):
            try:
                codec = _prepared(context(kind, self._form.codec), self._form)
            except (av.FFmpegError, ValueError) as error:  # no such device, or unknown to FFmpeg
                self._hardware.failed(kind, self._form.codec, error)
                continue
            self.kind = kind
            return codec
        return None

    def _in_software(self) -> VideoCodecContext:
        name = _SOFTWARE.get(self._form.codec, self._form.codec)
        codec = av.CodecContext.create(name, "r")
        if not isinstance(codec, VideoCodecContext):
            raise Invalid(f"{name!r} is not a video codec")
        return _prepared(codec, self._form)

    def _without(
        self, kind: str, error: Exception, packet: "av.Packet[Stream] | None"
    ) -> Iterator[Frame]:
        """Go on in software, with this packet if it needs none before it."""
        self.kind, self._failures = None, 0
        self._codec = self._in_software()
        errors = self.errors
        if packet is not None and packet.is_keyframe:
            yield from self._run(packet)
        else:
            self._waiting = True
        if self.errors == errors:  # or it was the packet, and not the hardware
            self._hardware.failed(kind, self._form.codec, error)

    def _frame(self, picture: VideoFrame, packet: "av.Packet[Stream] | None") -> Frame:
        self.frames += 1
        self._shown = True
        ticks = picture.pts if picture.pts is not None else packet.pts if packet else None
        ticks = ticks if ticks is not None else next(reversed(self._times), 0)
        captured = self._times.pop(ticks, None)
        if captured is None:  # two pictures of one packet, or a decoder that made up a time
            captured = next(reversed(self._times.values()), 0.0)
        if 0 < self._reached - ticks < TICKS:  # its times are made up: they tell nothing
            self._wanted = None
            self._left.clear()
        self._left.pop(ticks, None)  # it was decoded after all, for others need it
        self._reached, before = ticks, sorted(each for each in self._left if each < ticks)
        left = tuple((each / TICKS, self._left.pop(each)) for each in before)
        for each in before:
            self._times.pop(each, None)
        self._count_out(len(before))
        return Frame(picture=picture, pts=ticks / TICKS, captured=captured, before=left)


def _prepared(codec: VideoCodecContext, form: StreamFormat) -> VideoCodecContext:
    codec.options = {"max_pixels": str(MAX_PIXELS)}
    codec.thread_count = 1  # measured: costs least CPU, and one camera has one thread
    codec.thread_type = ThreadType.SLICE
    if form.extradata:
        codec.extradata = form.extradata
    codec.open()
    return codec


def _span(low: float, high: float, size: int) -> tuple[int, int]:
    """Return whole pairs of pixels around a span; at least one pair."""
    start = max(0, min(floor(low * size + _HAIR), size - 2)) // 2 * 2
    end = -(-ceil(high * size - _HAIR) // 2) * 2
    return start, min(size, max(start + 2, end))


def _to_limited(flat: Pixels, luma: int) -> None:
    flat[:luma] = cv2.LUT(flat[:luma], _LUMA).ravel()
    flat[luma:] = cv2.LUT(flat[luma:], _COLOUR).ravel()


_LUMA: Final = np.round(16 + np.arange(256) * 219 / 255).astype(np.uint8)
_COLOUR: Final = np.round(128 + (np.arange(256) - 128) * 224 / 255).astype(np.uint8)
