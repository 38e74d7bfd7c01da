"""HLS streams, over real connections."""

import time
from itertools import pairwise
from pathlib import Path

import pytest

from tests.hub.ingest.harness import Offline, Online, StreamPacket, camera, running
from tests.servers import HlsServer, MjpegServer


@pytest.mark.parametrize("auth", ["none", "basic", "digest"])
def test_segments_become_one_stream_without_a_gap(film: Path, auth: str) -> None:
    with HlsServer(film, auth=auth) as server, running() as (worker, ear):
        worker.plan(camera("harbour", "hls", ear.path, source=server.url()))
        assert worker.wait(Online)[0].width == 320
        packets = ear.last().wait(StreamPacket, 75)
        steps = [b.pts - a.pts for a, b in pairwise(packets)]
        assert all(step == pytest.approx(0.04, abs=0.001) for step in steps)
        assert all(a.captured <= b.captured for a, b in pairwise(packets))
        assert packets[-1].captured <= time.time()
        assert server.password not in worker.texts()


@pytest.mark.slow
def test_a_playlist_may_not_name_a_file_of_this_machine(film: Path, tmp_path: Path) -> None:
    with HlsServer(film) as server, running() as (worker, ear):
        server.playlist = f"#EXTM3U\n#EXT-X-TARGETDURATION:2\n#EXTINF:2,\nfile://{film}\n"
        worker.plan(camera("harbour", "hls", ear.path, source=server.url()))
        assert worker.wait(Offline, limit=25)[0].camera == "harbour"
        assert worker.of(Online) == []


def test_what_is_no_playlist_is_said_in_plain_words(film: Path) -> None:
    with MjpegServer(film, auth="basic") as server, running() as (worker, ear):
        wrong = "not-it-4711"
        worker.plan(
            camera("pathless", "hls", ear.path, source=server.address("nothing.m3u8")),
            camera("wrong", "hls", ear.path, source=server.url(password=wrong)),
            camera("mjpeg", "hls", ear.path, source=server.url()),
        )
        worker.wait(Offline, 3)
        assert {each.camera: each.reason for each in worker.of(Offline)} == {
            "pathless": "the address has no stream (404)",
            "wrong": "wrong password",
            "mjpeg": "not a video stream",
        }
        assert wrong not in worker.texts()
