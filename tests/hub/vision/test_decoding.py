import struct
import threading
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path

import av
import cv2
import numpy as np
import pytest

from hub.api import Box, Invalid, Pace, Packet, StreamFormat, StreamSource
from hub.ingest.reading import Over, Raw, read
from hub.vision.decoding import Decoder, Frame
from tests.hub.vision.scenes import RED, Encoded, encode, person, picture, walk

WHOLE = Box(0.0, 0.0, 1.0, 1.0)


def decoded(decoder: Decoder, packets: Iterable[Packet], offset: float = 1e9) -> list[Frame]:
    frames = []
    for each in packets:
        frames += decoder.decode(each.data, each.pts, each.pts + offset, key=each.key)
    return frames


def colours(frame: Frame) -> np.ndarray:
    region = frame.region(WHOLE, (4096, 4096))
    return np.frombuffer(region.pixels, np.uint8).reshape(region.height, region.width, 3)


@pytest.mark.parametrize("codec", ["h264", "hevc", "vp9", "mjpeg"])
def test_every_codec_gives_its_frames_with_their_times(codec: str) -> None:
    clip = encode(walk(2, 10), codec=codec)
    decoder = Decoder(clip.form)
    frames = [*decoded(decoder, clip.packets), *decoder.flush()]
    assert [each.pts for each in frames] == pytest.approx([i / 10 for i in range(20)], abs=1e-3)
    assert all(each.captured == pytest.approx(each.pts + 1e9, abs=1e-3) for each in frames)
    assert {(each.width, each.height) for each in frames} == {(640, 360)}


def test_frames_that_are_sent_out_of_order_come_in_the_order_they_are_shown() -> None:
    clip = encode(walk(2, 10), preset="veryfast", tune="film", bf="3")
    assert [each.pts for each in clip.packets] != sorted(each.pts for each in clip.packets)
    decoder = Decoder(clip.form)
    frames = [*decoded(decoder, clip.packets), *decoder.flush()]
    assert [each.pts for each in frames] == pytest.approx([i / 10 for i in range(20)])
    assert all(each.captured == pytest.approx(each.pts + 1e9, abs=1e-3) for each in frames)


def test_luma_is_a_view_into_the_decoder_s_own_memory() -> None:
    clip = encode([picture(person(0.5))])
    decoder = Decoder(clip.form)
    (frame,) = [*decoded(decoder, clip.packets), *decoder.flush()]
    assert frame.luma.shape == (360, 640)
    assert not frame.luma.flags.owndata
    grey = cv2.cvtColor(picture(person(0.5)), cv2.COLOR_BGR2GRAY).astype(float)
    limited = 16 + grey * 219 / 255
    assert abs(frame.luma.astype(float) - limited).mean() < 3


@pytest.mark.parametrize("codec", ["h264", "mjpeg"])
def test_colours_are_those_that_were_filmed_in_full_and_in_limited_range(codec: str) -> None:
    clip = encode([picture(person(0.5))], codec=codec)
    decoder = Decoder(clip.form)
    (frame,) = [*decoded(decoder, clip.packets), *decoder.flush()]
    pixels = colours(frame)
    assert abs(pixels[250, 320].astype(int) - RED).max() < 14
    assert abs(int(pixels[340, 40].mean()) - 90) < 10


@pytest.mark.parametrize(
    "form", ["yuv420p", "yuvj420p", "yuv422p", "yuvj422p", "yuv444p", "nv12", "yuv420p10le", "gray"]
)
def test_every_pixel_format_is_understood(form: str) -> None:
    filmed = picture(person(0.5))
    frame = av.VideoFrame.from_ndarray(filmed, format="bgr24").reformat(format=form)
    seen = Frame(picture=frame, pts=0.0, captured=0.0)
    assert seen.luma.shape == (360, 640)
    expected = cv2.cvtColor(filmed, cv2.COLOR_BGR2GRAY) if form == "gray" else filmed
    pixels = colours(seen)
    wanted = expected[250, 320].astype(int)
    assert abs(pixels[250, 320].astype(int) - wanted).max() < 16, (pixels[250, 320], wanted)


@pytest.mark.parametrize("size", [(640, 360), (322, 242), (101, 77)])
def test_a_region_is_the_part_it_says_it_is(size: tuple[int, int]) -> None:
    filmed = picture(Box(0.5, 0.5, 1.0, 1.0), size=size)
    frame = av.VideoFrame.from_ndarray(filmed, format="bgr24").reformat(format="yuv420p")
    seen = Frame(picture=frame, pts=0.0, captured=0.0)
    region = seen.region(Box(0.55, 0.55, 0.95, 0.95), (64, 64))
    assert max(region.width, region.height) <= 64
    assert len(region.pixels) == region.width * region.height * 3
    assert region.place.left <= 0.55
    assert region.place.right >= 0.94
    pixels = np.frombuffer(region.pixels, np.uint8).reshape(region.height, region.width, 3)
    assert abs(pixels[2:-2, 2:-2].reshape(-1, 3).mean(axis=0) - RED).max() < 16


def test_a_region_is_never_made_larger_than_it_is() -> None:
    seen = Frame(
        picture=av.VideoFrame.from_ndarray(picture(), format="bgr24").reformat(format="yuv420p"),
        pts=0.0,
        captured=0.0,
    )
    region = seen.region(Box(0.0, 0.0, 0.1, 0.1), (416, 416))
    assert (region.width, region.height) == (64, 36)


def test_a_decoder_waits_for_the_first_key_frame() -> None:
    clip = encode(walk(3, 10))
    decoder = Decoder(clip.form)
    frames = decoded(decoder, clip.packets[3:])
    assert frames[0].pts == pytest.approx(1.0)
    assert decoder.errors == 0


def test_garbage_is_counted_and_survived() -> None:
    clip = encode(walk(3, 10))
    dice = np.random.default_rng(3)
    broken = [
        Packet(data=dice.bytes(len(each.data)), pts=each.pts, key=each.key) if 5 < i < 15 else each
        for i, each in enumerate(clip.packets)
    ]
    decoder = Decoder(clip.form)
    frames = decoded(decoder, broken)
    assert decoder.errors > 0
    assert [each.pts for each in frames][-5:] == pytest.approx([2.5, 2.6, 2.7, 2.8, 2.9])


def test_damaged_and_cut_packets_never_end_it() -> None:
    clip = encode(walk(4, 10))
    dice = np.random.default_rng(5)
    decoder = Decoder(clip.form)
    for _ in range(15):
        for each in clip.packets:
            data = bytearray(each.data)
            for place in dice.integers(0, len(data), 4):
                data[place] = dice.integers(0, 256)
            data = data[: dice.integers(1, len(data) + 1)]
            list(decoder.decode(bytes(data), each.pts, 0.0, key=each.key))
    assert decoded(decoder, clip.packets)[-1].pts == pytest.approx(3.9)


def test_a_picture_that_changes_size_in_mid_stream_is_taken_as_it_comes() -> None:
    small = encode([picture(person(0.5), size=(320, 240))] * 10)
    large = encode([picture(person(0.5), size=(640, 360))] * 10)
    later = [Packet(data=p.data, pts=p.pts + 1, key=p.key) for p in large.packets]
    decoder = Decoder(StreamFormat(codec="h264"))
    first = decoded(decoder, [_in_band(small, p) for p in small.packets])
    second = decoded(decoder, [_in_band(large, p) for p in later])
    assert {(f.width, f.height) for f in first} == {(320, 240)}
    assert {(f.width, f.height) for f in second} == {(640, 360)}


def test_a_picture_far_too_large_is_refused() -> None:
    (packet,) = encode([picture(size=(64, 64))], codec="mjpeg").packets
    sizes = packet.data.index(b"\xff\xc0") + 5  # of the picture, in the frame header
    bomb = packet.data[:sizes] + struct.pack(">HH", 12000, 12000) + packet.data[sizes + 4 :]
    decoder = Decoder(StreamFormat(codec="mjpeg"))
    assert list(decoder.decode(bomb, 0.0, 0.0, key=True)) == []
    assert decoder.errors == 1


@pytest.mark.parametrize("codec", ["", "h265", "mp3", "pcm_s16le", "rawvideo", "no such thing"])
def test_a_codec_that_no_camera_sends_is_refused(codec: str) -> None:
    with pytest.raises(Invalid, match="codec"):
        Decoder(StreamFormat(codec=codec))


def test_real_footage_decodes_to_its_last_frame(data: Path) -> None:
    with av.open(str(data / "footage" / "people-detection.mp4")) as container:
        stream = container.streams.video[0]
        decoder = Decoder(
            StreamFormat(codec="h264", extradata=stream.codec_context.extradata or b"")
        )
        packets = [
            Packet(data=bytes(p), pts=float(p.pts * p.time_base), key=p.is_keyframe)
            for p in container.demux(stream)
            if p.size
        ]
    assert len([*decoded(decoder, packets), *decoder.flush()]) == 596
    assert decoder.errors == 0


def _in_band(clip: Encoded, packet: Packet) -> Packet:
    """Put the parameter sets before a key frame, as cameras do."""
    data = clip.form.extradata + packet.data if packet.key else packet.data
    return Packet(data=data, pts=packet.pts, key=packet.key)


def test_av1_is_decoded_by_whoever_can(tmp_path: Path) -> None:
    file = tmp_path / "yard.mp4"
    with av.open(str(file), "w") as made:
        stream = made.add_stream("libsvtav1", rate=10)
        stream.width, stream.height, stream.pix_fmt = 640, 360, "yuv420p"
        stream.options = {"preset": "11", "svtav1-params": "keyint=10"}
        for number, each in enumerate(walk(2, 10)):
            frame = av.VideoFrame.from_ndarray(each, format="bgr24").reformat(format="yuv420p")
            frame.pts = number
            made.mux(stream.encode(frame))
        made.mux(stream.encode(None))
    source = StreamSource(url=str(file), protocols=("file",), pace=Pace.MAX)
    form, *packets = _until_over(read(source, threading.Event()))
    assert isinstance(form, StreamFormat)
    assert form.codec == "av1"
    decoder = Decoder(form)
    frames = [
        frame
        for each in packets
        if isinstance(each, Raw) and each.pts is not None
        for frame in decoder.decode(each.data, each.pts, each.pts, key=each.key)
    ]
    assert len([*frames, *decoder.flush()]) == 20
    assert decoder.errors == 0


def _until_over(items: Iterator[StreamFormat | Raw]) -> list[StreamFormat | Raw]:
    found = []
    with suppress(Over):
        for each in items:
            found.append(each)  # noqa: PERF402 - what came before the end is kept
    return found
