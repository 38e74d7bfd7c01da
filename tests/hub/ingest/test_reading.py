"""Recordings: at their own pace or flat out, once or for ever."""

import subprocess
import sys
import threading
import time
from contextlib import closing, suppress
from itertools import islice, pairwise
from pathlib import Path

import av
import pytest

from hub.api import NotReady, Pace, StreamFormat, StreamSource
from hub.ingest.reading import Over, Raw, read
from tests.servers import MjpegServer, make_clip
from tests.servers.mjpeg import jpegs


def source(path: Path, pace: Pace = Pace.MAX, *, loop: bool = False) -> StreamSource:
    return StreamSource(url=str(path), protocols=("file",), pace=pace, loop=loop)


def raws(source: StreamSource, count: int | None = None) -> list[Raw]:
    found: list[Raw] = []
    with closing(read(source, threading.Event())) as items, suppress(Over):
        found.extend(islice((each for each in items if isinstance(each, Raw)), count))
    return found


def test_a_recording_is_read_whole_and_then_over(film: Path) -> None:
    items = read(source(film), threading.Event())
    assert isinstance(next(items), StreamFormat)
    for _ in range(50):
        assert isinstance(next(items), Raw)
    with pytest.raises(Over, match="has ended"):
        next(items)


def test_a_loop_goes_on_with_continuing_times(film: Path) -> None:
    found = raws(source(film, loop=True), 175)
    steps = [b.pts - a.pts for a, b in pairwise(found)]
    assert all(step == pytest.approx(0.04, abs=0.001) for step in steps)
    assert [n for n, each in enumerate(found) if each.key] == list(range(0, 175, 25))


def test_a_loop_with_pictures_out_of_order_keeps_its_times(tmp_path: Path) -> None:
    path = tmp_path / "bframes.mp4"
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx264", rate=25, options={"bf": "2", "preset": "fast"})
        stream.width, stream.height, stream.pix_fmt = 160, 128, "yuv420p"
        for _ in range(30):
            container.mux(stream.encode(av.VideoFrame(160, 128, "yuv420p")))
        container.mux(stream.encode())
    found = sorted(each.pts for each in raws(source(path, loop=True), 90))
    steps = [b - a for a, b in pairwise(found)]
    assert all(step == pytest.approx(0.04, abs=0.001) for step in steps)


def test_its_own_pace_takes_as_long_as_it_lasts(film: Path) -> None:
    began = time.monotonic()
    found = raws(source(film, Pace.OWN), 26)
    assert time.monotonic() - began == pytest.approx(1.0, abs=0.15)
    assert len(found) == 26


def test_a_paced_recording_can_be_stopped_between_two_pictures(tmp_path: Path) -> None:
    slow = make_clip(tmp_path / "slow.mp4", fps=1, seconds=5)
    ended = threading.Event()
    items = read(source(slow, Pace.OWN), ended)
    next(items)
    next(items)
    threading.Timer(0.2, ended.set).start()
    began = time.monotonic()
    assert list(items) == []
    assert time.monotonic() - began < 0.5


def test_a_picture_too_large_to_be_true_costs_no_memory(film: Path, tmp_path: Path) -> None:
    picture = bytearray(jpegs(film)[0])
    size = picture.index(b"\xff\xc0") + 5
    picture[size : size + 4] = (16_000).to_bytes(2, "big") * 2
    bomb = tmp_path / "bomb.mjpeg"
    bomb.write_bytes((bytes(picture[:-2]) + bytes(1_100_000) + b"\xff\xd9") * 3)
    grown = subprocess.check_output([sys.executable, "-c", _OPEN, str(bomb)], text=True)
    assert int(grown) < 64 * 1024  # KiB; a decoded picture of that size has 375 MiB


_OPEN = """
import sys, threading
from hub.api import HubError, Pace, StreamSource
from hub.ingest.formats import picture_size
from hub.ingest.reading import Raw, read

def peak():
    lines = open("/proc/self/status").read().splitlines()
    return int(next(line for line in lines if line.startswith("VmHWM")).split()[1])

picture_size("mjpeg", b"", b"")
before = peak()
source = StreamSource(url=sys.argv[1], protocols=("file",), format="mjpeg", pace=Pace.MAX)
try:
    for each in read(source, threading.Event()):
        if isinstance(each, Raw):
            picture_size("mjpeg", b"", each.data)
            break
except HubError:
    pass
print(peak() - before)
"""


def test_silence_is_found_when_it_is_due_not_twice_as_late(film: Path) -> None:
    with MjpegServer(film, fps=20) as server:
        stream = StreamSource(
            url=server.url(), protocols=("http", "tcp"), format="mpjpeg", silence=1.0
        )
        items = read(stream, threading.Event())
        for _ in range(10):
            next(items)
        server.freeze()
        began = time.monotonic()
        with pytest.raises(NotReady, match="stopped sending"):
            for _ in items:
                pass
        assert time.monotonic() - began < 1.4
        server.thaw()


def test_a_loop_around_nothing_is_said_and_does_not_spin(film: Path, tmp_path: Path) -> None:
    path = tmp_path / "empty.mp4"  # what a camera leaves behind that is switched off at once
    options = {"movflags": "empty_moov"}
    with av.open(str(film)) as whole, av.open(str(path), "w", options=options) as empty:
        empty.add_stream_from_template(whole.streams.video[0])
        empty.start_encoding()
    with pytest.raises(NotReady, match="no pictures"):
        raws(source(path, loop=True))
