"""The worker as the hub runs it: a process that follows plans."""

import os
import signal
import time
from pathlib import Path

import pytest

from hub.ingest.messages import CameraFeed
from tests.hub.ingest.harness import (
    Beat,
    Ear,
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
from tests.hub.shelf import Shelf
from tests.servers import Clip, RtspServer


def test_a_camera_comes_online_and_its_packets_reach_the_vision_worker(clip: Clip) -> None:
    with RtspServer(clip) as server, running() as (worker, ear):
        worker.plan(camera("porch", "rtsp", ear.path, source=server.url()))
        assert worker.wait(Online) == [Online(camera="porch", codec="h264", width=320, height=240)]
        heard = ear.last()
        packets = heard.wait(StreamPacket, 30)
        start = heard.of(StreamStart)[0]
        assert heard.messages[0] == start
        assert (start.camera, start.format.codec, start.format.width) == ("porch", "h264", 320)
        assert packets[0].key
        assert packets[-1].captured == pytest.approx(time.time(), abs=1.0)


def test_the_worker_says_every_second_that_it_lives_and_what_it_did(clip: Clip) -> None:
    with RtspServer(clip) as server, running() as (worker, ear):
        worker.plan(camera("porch", "rtsp", ear.path, source=server.url()))
        worker.wait(Online)
        counts = worker.wait(Beat, 4)
        assert counts[-1].packets["porch"] > 20
        assert counts[-1].dropped == {"porch": 0}


def test_a_new_plan_leaves_alone_what_did_not_change(clip: Clip) -> None:
    with RtspServer(clip, paths=3) as server, running() as (worker, ear):
        cameras = {
            name: camera(name, "rtsp", ear.path, source=server.url(path))
            for name, path in {"one": "cam1", "two": "cam2", "three": "cam3"}.items()
        }
        worker.plan(cameras["one"], cameras["two"])
        worker.wait(Online, 2)
        changed = camera("two", "rtsp", ear.path, source=server.url("cam2"), transport="udp")
        worker.plan(cameras["one"], changed, cameras["three"])
        came = [each.camera for each in worker.wait(Online, 4)]
        assert sorted(came) == ["one", "three", "two", "two"]
        assert worker.of(Offline) == []
        assert server.connections == 4


def test_a_camera_that_left_the_plan_is_let_go(clip: Clip) -> None:
    with RtspServer(clip) as server, running() as (worker, ear):
        worker.plan(camera("porch", "rtsp", ear.path, source=server.url()))
        worker.wait(Online)
        ear.last().wait(StreamPacket)
        worker.plan()
        ear.last().wait(StreamEnd)
        server.thaw()
        time.sleep(0.3)
        sent = len(server.sent)
        time.sleep(0.3)
        assert len(server.sent) == sent
        assert worker.of(Offline) == []


def test_a_vision_worker_that_starts_again_sees_a_picture_at_once(clip: Clip) -> None:
    with RtspServer(clip) as server, running() as (worker, ear):
        worker.plan(camera("porch", "rtsp", ear.path, source=server.url()))
        ear.last().wait(StreamPacket, 10)
        ear.stop()
        ear.start()
        again = ear.last(2)
        again.wait(StreamPacket)
        assert isinstance(again.messages[0], StreamStart)
        assert again.of(StreamPacket)[0].key
        assert len(worker.of(Online)) == 1


def test_of_two_streams_the_small_one_alone_is_opened(clip: Clip, small: Clip) -> None:
    with RtspServer(clip) as main, RtspServer(small) as sub, running() as (worker, ear):
        worker.plan(
            camera("porch", "rtsp", ear.path, streams={"main": main.url(), "sub": sub.url()})
        )
        assert worker.wait(Online)[0].width == 160
        assert main.connections == 0


def test_a_file_flat_out_arrives_whole_however_slow_the_vision_worker_is(film: Path) -> None:
    with running() as (worker, ear):
        ear.deaf = True
        worker.plan(camera("yard", "file", ear.path, source=str(film), pace="max"))
        time.sleep(0.5)
        ear.deaf = False
        assert worker.wait(Offline)[0].reason == "the recording has ended"
        heard = ear.last()
        heard.wait(StreamEnd)
        pts = [each.pts for each in heard.of(StreamPacket)]
        assert pts == pytest.approx([n * 0.04 for n in range(50)], abs=0.001)


def test_a_relative_path_starts_at_the_configuration_folder(film: Path) -> None:
    with running(str(film.parent)) as (worker, ear):
        worker.plan(camera("yard", "file", ear.path, source=film.name, loop=True))
        assert worker.wait(Online)[0].camera == "yard"


def test_the_worker_ends_at_once_with_its_hub(clip: Clip) -> None:
    with RtspServer(clip) as server, running() as (worker, ear):
        worker.plan(camera("porch", "rtsp", ear.path, source=server.url()))
        worker.wait(Online)
        server.freeze()
        assert worker.stop() < 2.0
        assert worker.process.returncode == 0
        assert worker.errors == b""
        server.thaw()


def test_the_worker_ends_when_it_is_told_to(clip: Clip) -> None:
    with RtspServer(clip) as server, running() as (worker, ear):
        worker.plan(camera("porch", "rtsp", ear.path, source=server.url()))
        worker.wait(Online)
        os.kill(worker.process.pid, signal.SIGTERM)
        assert worker.process.wait(3) == 0


OWN = """
from hub.api import Camera, NotReady, Packet, Rejected, StreamFormat, hookimpl

class Own(Camera):
    KEY = "own"

    def format(self, role):
        return StreamFormat(codec="mjpeg", width=8, height=8)

    def packets(self, role):
        mood = self.options["mood"]
        if mood == "away":
            raise NotReady("it sleeps")
        if mood == "refused":
            raise Rejected("it does not know us")
        if mood == "broken":
            raise RuntimeError("rtsp://viewer:hunter22@10.0.0.7/ is not what I expected")
        try:
            for number in range(1000000):
                yield Packet(data=b"picture", pts=number / 10, key=True)
                if mood == "short" and number == 4:
                    return
                __import__("time").sleep(0.02)
        finally:
            open(self.options["grave"], "w").close()

@hookimpl
def hub_components():
    return (Own,)
"""


@pytest.fixture
def shelf(tmp_path: Path) -> Shelf:
    shelf = Shelf(tmp_path)
    shelf.put("own", OWN)
    return shelf


def own(ear: Ear, mood: str, grave: Path) -> CameraFeed:
    options: dict[str, object] = {"mood": mood, "grave": str(grave)}
    return CameraFeed(name=mood, plugin="own", key="own", options=options, vision=ear.path)


def plugged(shelf: Shelf) -> dict[str, str]:
    return {"PYTHONPATH": str(shelf.folder)}


def test_a_camera_with_a_protocol_of_its_own_is_pulled_and_closed(shelf: Shelf) -> None:
    grave = shelf.folder / "closed"
    with running(**plugged(shelf)) as (worker, ear):
        worker.plan(own(ear, "well", grave))
        worker.wait(Online)
        assert ear.last().wait(StreamPacket, 5)[0].data == b"picture"
        worker.plan()
        ear.last().wait(StreamEnd)
        limit = time.monotonic() + 2
        while not grave.exists() and time.monotonic() < limit:
            time.sleep(0.01)
        assert grave.exists()


def test_what_a_camera_raises_decides_and_its_neighbours_do_not_notice(
    shelf: Shelf, clip: Clip
) -> None:
    with RtspServer(clip) as server, running(**plugged(shelf)) as (worker, ear):
        grave = shelf.folder / "closed"
        moods = ("away", "refused", "broken", "short")
        nobody = CameraFeed(name="nobody", plugin="no_such", key="no_such", options={})
        porch = camera("porch", "rtsp", ear.path, source=server.url())
        worker.plan(*(own(ear, mood, grave) for mood in moods), nobody, porch)
        worker.wait(Offline, 4)
        worker.wait(Online, 2)
        time.sleep(1.5)
        reasons = {each.camera: each.reason for each in worker.of(Offline)}
        assert reasons["away"] == "it sleeps"
        assert reasons["refused"] == "it does not know us"
        assert reasons["broken"] == "its plugin failed (RuntimeError)"
        assert "no plugin 'no_such' is installed" in reasons["nobody"]
        tracebacks = [each.text for each in worker.of(Note) if "Traceback" in each.text]
        assert len(tracebacks) == 1
        assert "hunter22" not in worker.texts()
        assert len({each.camera for each in worker.of(Online)}) == 2


def test_a_hub_that_closes_before_any_plan_is_no_error() -> None:
    worker = Worker()
    worker.wait(Beat)
    worker.stop()
    assert (worker.process.returncode, worker.errors) == (0, b"")
