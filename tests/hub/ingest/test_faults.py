"""What goes wrong with real cameras, over real connections (rows F09 to F16 and F30)."""

import time
from itertools import pairwise
from pathlib import Path

import pytest

from tests.hub.ingest.harness import (
    Note,
    Offline,
    Online,
    StreamEnd,
    StreamPacket,
    StreamStart,
    Worker,
    camera,
    running,
)
from tests.servers import Clip, HlsServer, MjpegServer, RtmpServer, RtspServer

pytestmark = pytest.mark.slow


def since(worker: Worker, count: int, limit: float) -> float:
    """Return how long it takes until the camera was offline so many times."""
    began = time.monotonic()
    worker.wait(Offline, count, limit)
    return time.monotonic() - began


def test_f10_a_killed_camera_that_comes_back_is_offline_once_and_online_once(clip: Clip) -> None:
    with RtspServer(clip, auth="digest") as server, running() as (worker, ear):
        worker.plan(camera("porch", "rtsp", ear.path, source=server.url()))
        worker.wait(Online)
        server.stop()
        assert since(worker, 1, 5) < 1.5
        time.sleep(4)
        server.start()
        worker.wait(Online, 2, limit=10)
        heard = ear.last()
        heard.wait(StreamStart, 2)
        place = f"127.0.0.1:{server.port}"
        assert worker.of(Offline) == [Offline(camera="porch", reason=f"nothing answers at {place}")]
        assert len(worker.of(Online)) == 2
        kinds = [type(each) for each in heard.seen()]
        assert kinds == [StreamStart, StreamEnd, StreamStart]


@pytest.mark.parametrize("fault", ["drop", "hang_up"])
def test_f10_a_connection_that_is_lost_and_found_is_a_line_in_the_log(
    clip: Clip, fault: str
) -> None:
    with RtspServer(clip) as server, running() as (worker, ear):
        worker.plan(camera("porch", "rtsp", ear.path, source=server.url()))
        worker.wait(Online)
        ear.last().wait(StreamPacket, 20)
        getattr(server, fault)()
        ear.last().wait(StreamStart, 2, limit=3)
        worker.wait(Note)
        assert worker.of(Offline) == []
        assert "closed the connection; back after" in worker.of(Note)[0].text
        assert len(worker.of(Note)) == 1


@pytest.mark.parametrize("transport", ["tcp", "udp"])
def test_f09_a_frozen_rtsp_camera_is_found_within_ten_seconds(clip: Clip, transport: str) -> None:
    with RtspServer(clip) as server, running() as (worker, ear):
        worker.plan(camera("porch", "rtsp", ear.path, source=server.url(), transport=transport))
        worker.wait(Online)
        ear.last().wait(StreamPacket, 20)
        server.freeze()
        assert 5.0 < since(worker, 1, 10) < 8.0
        assert worker.of(Offline)[0].reason == "it stopped sending"
        server.thaw()
        worker.wait(Online, 2, limit=15)
        assert len(worker.of(Offline)) == 1


def test_f09_a_frozen_mjpeg_camera_is_found(film: Path) -> None:
    with MjpegServer(film) as server, running() as (worker, ear):
        worker.plan(camera("porch", "mjpeg", ear.path, source=server.url(), timeout="4s"))
        worker.wait(Online)
        server.freeze()
        assert 3.5 < since(worker, 1, 10) < 6.0
        server.thaw()
        worker.wait(Online, 2, limit=15)


def test_f09_a_frozen_rtmp_camera_is_found_and_so_is_a_killed_one(film: Path) -> None:
    with RtmpServer(film) as server, running() as (worker, ear):
        worker.plan(camera("porch", "rtmp", ear.path, source=server.url()))
        worker.wait(Online)
        server.freeze()
        assert 5.0 < since(worker, 1, 10) < 8.0
        server.thaw()
        worker.wait(Online, 2, limit=20)
        server.stop()
        assert since(worker, 2, 5) < 4.0


def test_f09_a_frozen_hls_server_is_found_after_its_time(film: Path) -> None:
    with HlsServer(film) as server, running() as (worker, ear):
        worker.plan(camera("porch", "hls", ear.path, source=server.url(), timeout="5s"))
        worker.wait(Online)
        server.freeze()
        assert 4.0 < since(worker, 1, 10) < 8.0
        server.thaw()
        worker.wait(Online, 2, limit=20)


def test_f11_a_stall_of_three_seconds_is_no_outage(clip: Clip) -> None:
    with RtspServer(clip) as server, running() as (worker, ear):
        worker.plan(camera("porch", "rtsp", ear.path, source=server.url()))
        worker.wait(Online)
        ear.last().wait(StreamPacket, 20)
        server.freeze()
        time.sleep(3)
        server.thaw()
        count = len(ear.last().of(StreamPacket))
        ear.last().wait(StreamPacket, count + 90)
        assert worker.seen() == worker.of(Online)
        assert len(worker.of(Online)) == 1
        assert server.connections == 1


def test_f12_garbage_in_the_stream_is_survived(clip: Clip) -> None:
    with RtspServer(clip, stamps=True) as server, running() as (worker, ear):
        worker.plan(camera("porch", "rtsp", ear.path, source=server.url()))
        worker.wait(Online)
        for _ in range(5):
            server.garbage(5000)
            server.corrupt()
            time.sleep(0.3)
        count = len(ear.last().of(StreamPacket))
        ear.last().wait(StreamPacket, count + 40)
        assert worker.seen() == worker.of(Online)


def test_f12_garbage_that_looks_like_a_long_packet_costs_one_reconnect(clip: Clip) -> None:
    with RtspServer(clip) as server, running() as (worker, ear):
        worker.plan(camera("porch", "rtsp", ear.path, source=server.url(), timeout="3s"))
        worker.wait(Online)
        server.garbage(100_000, framed=True)
        time.sleep(5)
        count = len(ear.last().of(StreamPacket))
        ear.last().wait(StreamPacket, count + 40)
        assert len(worker.of(Offline)) <= 1
        assert len(worker.of(Online)) == len(worker.of(Offline)) + 1


@pytest.mark.parametrize("jump", [3600.0, -3600.0])
def test_f14_a_camera_whose_clock_jumps_keeps_its_times(clip: Clip, jump: float) -> None:
    with RtspServer(clip, stamps=True) as server, running() as (worker, ear):
        worker.plan(camera("porch", "rtsp", ear.path, source=server.url()))
        ear.last().wait(StreamPacket, 40)
        server.jump(jump)
        packets = ear.last().wait(StreamPacket, 120)
        steps = [b.pts - a.pts for a, b in pairwise(packets)]
        assert all(0 < step < 0.5 for step in steps)
        assert all(a.captured <= b.captured for a, b in pairwise(packets))
        assert packets[-1].captured == pytest.approx(time.time(), abs=0.5)
        assert worker.of(Offline) == []


def test_f15_another_resolution_in_the_same_connection_is_announced(
    clip: Clip, small: Clip
) -> None:
    with RtspServer(clip) as server, running() as (worker, ear):
        worker.plan(camera("porch", "rtsp", ear.path, source=server.url()))
        ear.last().wait(StreamPacket, 20)
        server.switch(small)
        starts = ear.last().wait(StreamStart, 2)
        assert [(each.format.width, each.format.height) for each in starts] == [
            (320, 240), (160, 128),
        ]  # fmt: skip
        at = ear.last().messages.index(starts[1])
        ear.last().wait(StreamPacket, 60)
        after = [each for each in ear.last().messages[at:] if isinstance(each, StreamPacket)]
        assert after[0].key
        assert worker.of(Offline) == []
        assert "porch is now h264 160x128" in worker.wait(Note)[0].text
        assert server.connections == 1


def test_f30_a_wrong_password_is_tried_once_a_minute_and_never_shown(clip: Clip) -> None:
    with RtspServer(clip, auth="digest") as server, running() as (worker, ear):
        wrong = "not-it-4711"
        url = server.url(password=wrong)
        worker.plan(camera("porch", "rtsp", ear.path, source=url))
        assert worker.wait(Offline)[0].reason == "wrong password"
        time.sleep(5)
        assert server.attempts == 1
        assert len(worker.of(Offline)) == 1
        assert wrong not in worker.texts()


def test_a_frozen_camera_leaves_the_others_alone(clip: Clip) -> None:
    with (
        RtspServer(clip) as dead,
        RtspServer(clip) as well,
        running() as (worker, ear),
    ):
        worker.plan(
            camera("dead", "rtsp", ear.path, source=dead.url()),
            camera("well", "rtsp", ear.path, source=well.url()),
        )
        worker.wait(Online, 2)
        dead.freeze()
        before = len(well.sent)
        assert since(worker, 1, 10) < 8
        assert len(well.sent) - before > 100
        assert {each.camera for each in worker.of(Offline)} == {"dead"}
        dead.thaw()
