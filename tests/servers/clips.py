"""What the servers play: short H.264 clips, made on the spot or read from a file."""

import struct
import time
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
from av.bitstream import BitStreamFilterContext

# Marks our wall-clock message (user data in an SEI unit) among a stream's own.
_STAMP = b"watchpost-stamp!"
_SLICES = (1, 5)
_SPS, _PPS, _SEI, _AUD = 7, 8, 6, 9


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """One access unit: its NAL units without start codes, when it is sent and shown, in seconds."""

    units: tuple[bytes, ...]
    key: bool
    at: float
    shown: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Clip:
    """A clip in memory; ``seconds`` is how long one round lasts."""

    pictures: tuple[Picture, ...]
    sps: bytes
    pps: bytes
    fps: float
    seconds: float
    width: int
    height: int

    @classmethod
    def read(cls, path: Path) -> "Clip":
        """Read a file that holds H.264."""
        with av.open(str(path), options={"protocol_whitelist": "file"}) as container:
            stream = container.streams.video[0]
            fps = float(stream.average_rate or 25)
            size = (stream.codec_context.width, stream.codec_context.height)
            annexb = BitStreamFilterContext("h264_mp4toannexb", stream)
            packets = [
                (bytes(each), each.is_keyframe, float((each.pts or 0) * (each.time_base or 0)))
                for packet in container.demux(stream)
                for each in annexb.filter(packet if packet.size else None)
            ]
        units = [tuple(nal_units(data)) for data, _, _ in packets]
        flat = [unit for each in units for unit in each]
        return cls(
            pictures=tuple(
                Picture(units=_shown(each), key=key, at=index / fps, shown=pts)
                for index, (each, (_, key, pts)) in enumerate(zip(units, packets, strict=True))
            ),
            sps=next(unit for unit in flat if unit[0] & 31 == _SPS),
            pps=next(unit for unit in flat if unit[0] & 31 == _PPS),
            fps=fps,
            seconds=len(packets) / fps,
            width=size[0],
            height=size[1],
        )


def make_clip(  # noqa: PLR0913 - a test names the one it needs
    path: Path,
    *,
    seconds: float = 2.0,
    fps: int = 25,
    size: tuple[int, int] = (320, 240),
    gop: int = 25,
    codec: str = "libx264",
    between: int = 0,
) -> Path:
    """Draw a white square that walks over a grey field and encode it; the suffix says how.

    ``between`` is the number of B-frames in a row.
    """
    width, height = size
    with av.open(str(path), "w") as container:
        stream = container.add_stream(codec, rate=fps)
        stream.width, stream.height, stream.pix_fmt = width, height, "yuv420p"
        stream.codec_context.gop_size = gop
        if codec == "libx264":
            stream.options = {"preset": "ultrafast", "bf": str(between)}
            if not between:
                stream.options |= {"tune": "zerolatency"}
        for index in range(round(seconds * fps)):
            frame = av.VideoFrame.from_ndarray(_drawn(width, height, index), format="gray")
            frame.pts, frame.time_base = index, Fraction(1, fps)
            container.mux(stream.encode(frame.reformat(format="yuv420p")))
        container.mux(stream.encode())
    return path


def _drawn(width: int, height: int, index: int) -> np.ndarray:
    picture = np.full((height, width), 96, np.uint8)
    side = height // 4
    left = (index * 4) % (width - side)
    picture[side : 2 * side, left : left + side] = 235
    return picture


def nal_units(annexb: bytes) -> Iterator[bytes]:
    """Cut a byte stream with start codes into NAL units."""
    start = annexb.find(b"\x00\x00\x01")
    while start >= 0:
        end = annexb.find(b"\x00\x00\x01", start + 3)
        yield annexb[start + 3 : end if end >= 0 else None].rstrip(b"\x00")
        start = end


def _shown(units: tuple[bytes, ...]) -> tuple[bytes, ...]:
    return tuple(unit for unit in units if unit[0] & 31 not in (_SEI, _AUD))


def stamp(wall: float) -> bytes:
    """Make an SEI unit that carries a wall time; ASCII, so it needs no escaping."""
    body = _STAMP + f"{wall:020.6f}".encode()
    return bytes((_SEI, 5, len(body))) + body + b"\x80"


def read_stamp(data: bytes) -> float | None:
    """Return when the server sent a packet, if it was told to stamp them."""
    at = data.find(_STAMP)
    return None if at < 0 else float(data[at + len(_STAMP) : at + len(_STAMP) + 20])


def rtp_payloads(units: tuple[bytes, ...], limit: int = 1400) -> list[bytes]:
    """Cut NAL units to RTP payloads: whole, or in fragments (FU-A), as RFC 6184 says."""
    cut: list[bytes] = []
    for unit in units:
        if len(unit) <= limit:
            cut.append(unit)
            continue
        head, kind = (unit[0] & 0xE0) | 28, unit[0] & 31
        parts = [unit[at : at + limit - 2] for at in range(1, len(unit), limit - 2)]
        for index, part in enumerate(parts):
            first = 0x80 if index == 0 else 0
            last = 0x40 if index == len(parts) - 1 else 0
            cut.append(bytes((head, kind | first | last)) + part)
    return cut


def rtp_packet(payload: bytes, *, sequence: int, ticks: int, source: bytes, last: bool) -> bytes:
    """Put the twelve bytes of RTP before a payload; ``ticks`` count 90,000 a second."""
    return (
        struct.pack(
            ">BBHI", 0x80, 96 | (0x80 if last else 0), sequence & 0xFFFF, ticks & 0xFFFFFFFF
        )
        + source
        + payload
    )


def wall() -> float:
    """Return the wall time."""
    return time.time()
