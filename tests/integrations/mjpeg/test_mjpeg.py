"""MJPEG cameras, over real connections."""

import time
from pathlib import Path

import pytest

from tests.hub.ingest.harness import Offline, Online, StreamPacket, StreamStart, camera, running
from tests.servers import MjpegServer, make_clip

AWKWARD = "p@s:w/o#r%d?é & co"


@pytest.mark.parametrize("auth", ["none", "basic", "digest"])
def test_every_picture_arrives_whole_and_with_its_own_time(film: Path, auth: str) -> None:
    with (
        MjpegServer(film, auth=auth, password=AWKWARD, fps=20) as server,
        running() as (worker, ear),
    ):
        worker.plan(camera("printer", "mjpeg", ear.path, source=server.url()))
        assert worker.wait(Online)[0].codec == "mjpeg"
        packets = ear.last().wait(StreamPacket, 30)
        assert {each.data for each in packets} <= set(server.pictures)
        assert all(each.key for each in packets)
        late = packets[-1].captured - packets[-21].captured
        assert late == pytest.approx(1.0, abs=0.15)
        assert packets[-1].pts - packets[-21].pts == pytest.approx(1.0, abs=0.15)
        assert packets[-1].captured == pytest.approx(time.time(), abs=0.5)
        assert AWKWARD not in worker.texts()


def test_a_wrong_password_is_called_that(film: Path) -> None:
    with MjpegServer(film, auth="digest") as server, running() as (worker, ear):
        wrong = "not-it-4711"
        worker.plan(camera("printer", "mjpeg", ear.path, source=server.url(password=wrong)))
        assert worker.wait(Offline)[0].reason == "wrong password"
        assert wrong not in worker.texts()


def test_another_size_is_announced(film: Path, tmp_path: Path) -> None:
    small = make_clip(tmp_path / "small.mp4", size=(160, 128), seconds=1)
    with MjpegServer(film) as server, running() as (worker, ear):
        worker.plan(camera("printer", "mjpeg", ear.path, source=server.url()))
        ear.last().wait(StreamPacket, 5)
        server.switch(small)
        starts = ear.last().wait(StreamStart, 2)
        assert [each.format.width for each in starts] == [320, 160]


def test_what_is_no_camera_is_said_in_plain_words(film: Path) -> None:
    with MjpegServer(film) as server, running() as (worker, ear):
        here = f"http://127.0.0.1:{server.port}"
        worker.plan(
            camera("pathless", "mjpeg", ear.path, source=f"{here}/nothing"),
            camera("nobody", "mjpeg", ear.path, source="http://127.0.0.1:1/"),
        )
        worker.wait(Offline, 2)
        assert {each.camera: each.reason for each in worker.of(Offline)} == {
            "pathless": "the address has no stream (404)",
            "nobody": "nothing answers at 127.0.0.1:1",
        }
