"""The worker as a process: real sockets, real packets, real ends."""

import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import cv2
import msgspec
import numpy as np
import pytest
import voluptuous as vol

from detectors.builtin.detector import BuiltinDetector
from hub.api import Event
from hub.core.stream import StreamEnd, StreamPacket, StreamStart
from hub.core.wire import Reader, pack
from hub.vision.messages import (
    Beat,
    DetectorFailed,
    DetectorLoaded,
    FromVision,
    Happened,
    Note,
    Occupancy,
    Picture,
    PictureWanted,
)
from hub.vision.plan import CameraPlan, DetectorPlan, Plan, ZonePlan
from hub.vision.worker import stamp
from tests.hub.vision.scenes import Encoded, encode, person, picture, walk

LEFT = ZonePlan(name="left", polygon=((0.0, 0.0), (0.5, 0.0), (0.5, 1.0), (0.0, 1.0)))
# A red block is not much of a person to the builtin detector.
PORCH = CameraPlan(name="porch", detector="builtin", min_score=0.15, zones=(LEFT,))
BUILTIN = DetectorPlan(
    name="builtin",
    plugin="builtin",
    key="builtin",
    options=vol.Schema(dict(BuiltinDetector.SCHEMA))({}),
)
WATCH = Plan(cameras=(PORCH,), detectors=(BUILTIN,))


class Process:
    """A vision worker, and the hub's end of its channel."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.said: list[Any] = []
        self._start()

    def _start(self) -> None:
        self.hub, theirs = socket.socketpair()
        with theirs:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "hub.vision", str(theirs.fileno()), str(self.path)],
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
            )
        self._reader: Reader[Any] = Reader(FromVision)
        self.hub.settimeout(0.05)

    def restart(self) -> None:
        self.process.kill()
        self.close()
        self.said.clear()
        self._start()

    def tell(self, message: object) -> None:
        self.hub.sendall(pack(message))

    def hear(self) -> None:
        try:
            data = self.hub.recv(1 << 20)
        except TimeoutError:
            return
        self.said += self._reader.feed(data)

    def wait(self, for_what: Callable[["Process"], Any], seconds: float = 15.0) -> Any:
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            if found := for_what(self):
                return found
            self.hear()
        raise AssertionError(f"not in {seconds} s; said: {self.said[-20:]}")

    def of(self, kind: type) -> list[Any]:
        return [each for each in self.said if isinstance(each, kind)]

    @property
    def events(self) -> list[Event]:
        return [each.event for each in self.of(Happened)]

    def kinds(self) -> list[str]:
        return [each.type for each in self.events]

    def connect(self) -> socket.socket:
        """Connect as ingest does: again and again until it listens."""
        end = time.monotonic() + 15
        while True:
            feed = socket.socket(socket.AF_UNIX)
            try:
                feed.connect(str(self.path))
            except OSError:
                feed.close()
                assert time.monotonic() < end
                time.sleep(0.02)
            else:
                return feed

    def close(self) -> None:
        self.hub.close()
        self.process.wait(10)


@pytest.fixture
def worker(tmp_path: Path) -> Iterator[Process]:
    process = Process(tmp_path / "vision.sock")
    yield process
    process.close()


@pytest.fixture(scope="module")
def visit() -> Encoded:
    """Two seconds of nothing, four of somebody who crosses, eight of nothing."""
    return encode([*[picture()] * 20, *walk(4, 10, 0.05, 0.95), *[picture()] * 80])


def send(
    feed: socket.socket,
    clip: Encoded,
    camera: str = "porch",
    ahead: float = 0.0,
    *,
    patient: bool = True,
) -> None:
    """Send a clip at once, dated from now on, as ingest does with files played flat out.

    A live one, that is not ``patient``, loses frames on a machine that is busy.
    """
    now = time.time() + ahead
    feed.sendall(pack(StreamStart(camera=camera, format=clip.form, patient=patient)))
    for each in clip.packets:
        packet = StreamPacket(
            pts=each.pts, dts=each.pts, captured=now + each.pts, key=each.key, data=each.data
        )
        feed.sendall(pack(packet))


def test_a_visit_is_told_from_packets_on_a_socket(worker: Process, visit: Encoded) -> None:
    worker.tell(WATCH)
    worker.wait(lambda w: w.of(DetectorLoaded))
    with worker.connect() as feed:
        began = time.time()
        send(feed, visit)
        worker.wait(lambda w: "motion.ended" in w.kinds())
    told = [each for each in worker.kinds() if each.startswith("zone")]
    assert told == ["zone.entered", "zone.left", "zone.cleared"]
    (entered,) = [each for each in worker.events if each.type == "zone.entered"]
    assert entered.track.startswith("porch-")
    assert 2.0 < entered.captured.timestamp() - began < 6.0
    assert worker.wait(lambda w: any(each.frames.get("porch", 0) > 100 for each in w.of(Beat)))


def test_packets_that_come_before_the_plan_are_not_lost(worker: Process, visit: Encoded) -> None:
    with worker.connect() as feed:
        sending = threading.Thread(target=send, args=(feed, visit))
        sending.start()
        time.sleep(0.3)
        worker.tell(WATCH)
        worker.wait(lambda w: "motion.ended" in w.kinds())
        sending.join()
    assert "motion.started" in worker.kinds()


def test_after_a_kill_another_one_takes_over_and_names_tracks_anew(
    worker: Process, visit: Encoded
) -> None:
    names = []
    for turn in range(2):
        worker.tell(WATCH)
        worker.wait(lambda w: w.of(DetectorLoaded))
        with worker.connect() as feed:
            send(feed, visit)
            worker.wait(lambda w: "zone.entered" in w.kinds())
        names += [each.track for each in worker.events if each.type == "object.appeared"]
        if turn == 0:
            time.sleep(1.0)
            worker.restart()
    assert len(set(names)) == len(names) >= 2


@pytest.mark.parametrize("end", ["kill", "stop"])
def test_who_was_in_a_zone_when_a_worker_ended_is_in_it_for_the_next(
    worker: Process, tmp_path: Path, end: str
) -> None:
    remember = msgspec.structs.replace(WATCH, memory=str(tmp_path / "memory"))
    still = picture(person(0.35))
    comes = encode([*[picture()] * 20, *walk(2, 10, 0.1, 0.35), *[still] * 5])
    goes = encode([*[still] * 5, *walk(4, 10, 0.35, 0.95), *[picture()] * 60])
    worker.tell(remember)
    worker.wait(lambda w: w.of(DetectorLoaded))
    assert [each.zones for each in worker.wait(lambda w: w.of(Occupancy))] == [{"left": {}}]
    with worker.connect() as feed:
        send(feed, comes, ahead=-4.5)
        (entered,) = worker.wait(lambda w: [e for e in w.events if e.type == "zone.entered"])
        time.sleep(0.3)
        if end == "stop":
            worker.hub.close()
            worker.process.wait(10)
        worker.restart()
    worker.tell(remember)
    (held,) = worker.wait(lambda w: w.of(Occupancy))
    assert held.zones == {"left": {"person": 1}}
    worker.wait(lambda w: w.of(DetectorLoaded))
    with worker.connect() as feed:
        send(feed, goes)
        worker.wait(lambda w: "zone.left" in w.kinds())
    # Where they stood, the new worker's motion saw the ground for the first time: a ghost may come.
    mine = [each for each in worker.events if getattr(each, "track", "") == entered.track]
    assert [each.type for each in mine if each.type.startswith("zone")] == ["zone.left"]
    (left,) = [each for each in mine if each.type == "zone.left"]
    before = worker.kinds()[: worker.kinds().index("zone.left")]
    assert "zone.entered" not in before
    assert left.seconds > 2.0


def test_a_camera_that_is_taken_away_is_left_by_who_was_in_its_zones(
    worker: Process, tmp_path: Path
) -> None:
    memory = tmp_path / "memory"
    worker.tell(msgspec.structs.replace(WATCH, memory=str(memory)))
    worker.wait(lambda w: w.of(DetectorLoaded))
    with worker.connect() as feed:
        send(feed, encode([*[picture()] * 20, *walk(2, 10, 0.1, 0.35)]))
        worker.wait(lambda w: "zone.entered" in w.kinds())
        assert (memory / "porch.json").exists()
        worker.tell(Plan(cameras=(), memory=str(memory)))
        worker.wait(lambda w: "object.left" in w.kinds())
    assert "zone.cleared" in worker.kinds()
    end = time.monotonic() + 5
    while list(memory.iterdir()) and time.monotonic() < end:
        time.sleep(0.02)
    assert list(memory.iterdir()) == []


def test_it_ends_with_the_hub_and_leaves_no_orphan(tmp_path: Path) -> None:
    worker = Process(tmp_path / "vision.sock")
    worker.tell(WATCH)
    worker.wait(lambda w: w.of(DetectorLoaded))
    worker.hub.close()
    assert worker.process.wait(10) == 0


def test_pictures_are_given_when_asked_for(worker: Process, visit: Encoded) -> None:
    worker.tell(WATCH)
    worker.tell(PictureWanted(request=1, camera="yard", boxes=True))
    worker.tell(PictureWanted(request=2, camera="porch", boxes=True))
    worker.wait(lambda w: len(w.of(Picture)) == 2)
    assert [(each.jpeg, "yard" in each.reason) for each in worker.of(Picture)] == [
        (None, True),
        (None, False),
    ]
    with worker.connect() as feed:
        send(feed, visit)
        worker.wait(lambda w: w.events)
        worker.tell(PictureWanted(request=3, camera="porch", boxes=False))
        answer = worker.wait(lambda w: [each for each in w.of(Picture) if each.request == 3])[0]
    pixels = cv2.imdecode(np.frombuffer(answer.jpeg, np.uint8), cv2.IMREAD_COLOR)
    assert pixels is not None
    assert pixels.shape == (360, 640, 3)


def test_a_detector_that_cannot_be_had_is_reported_and_motion_goes_on(
    worker: Process, visit: Encoded
) -> None:
    lost = DetectorPlan(name="builtin", plugin="builtni", key="builtin")
    worker.tell(Plan(cameras=(PORCH,), detectors=(lost,)))
    (failed,) = worker.wait(lambda w: w.of(DetectorFailed))
    assert failed.detector == "builtin"
    assert "Did you mean 'builtin'?" in failed.reason
    with worker.connect() as feed:
        send(feed, visit)
        worker.wait(lambda w: "motion.ended" in w.kinds())
        assert set(worker.kinds()) == {"motion.started", "motion.ended"}
        worker.tell(WATCH)
        worker.wait(lambda w: w.of(DetectorLoaded))
        send(feed, visit, ahead=15)
        worker.wait(lambda w: "zone.cleared" in w.kinds())


def test_a_stream_that_is_no_stream_harms_nobody_else(worker: Process, visit: Encoded) -> None:
    worker.tell(WATCH)
    worker.wait(lambda w: w.of(DetectorLoaded))
    with worker.connect() as feed, worker.connect() as stranger, worker.connect() as liar:
        stranger.sendall(b"GET / HTTP/1.1\r\n\r\n" * 10)
        liar.sendall(pack({"nothing": "known"}))
        send(feed, visit)
        worker.wait(lambda w: "zone.cleared" in w.kinds())
        for each in (stranger, liar):
            each.settimeout(5)
            assert each.recv(1) == b""
    assert worker.process.poll() is None


def test_a_codec_nobody_knows_is_said_once_and_the_next_stream_is_watched(
    worker: Process, visit: Encoded
) -> None:
    worker.tell(WATCH)
    worker.wait(lambda w: w.of(DetectorLoaded))
    with worker.connect() as feed:
        strange = Encoded(visit.form.__class__(codec="snow"), visit.packets)
        send(feed, strange)
        notes = worker.wait(lambda w: [n for n in w.of(Note) if "porch" in n.text])
        send(feed, visit, ahead=20)
        worker.wait(lambda w: "zone.cleared" in w.kinds())
    assert len(notes) == 1
    assert "snow" in notes[0].text


def test_a_changed_plan_is_followed_while_the_stream_goes_on(
    worker: Process, visit: Encoded
) -> None:
    worker.tell(Plan(cameras=(CameraPlan(name="porch"),)))
    with worker.connect() as feed:
        send(feed, visit)
        worker.wait(lambda w: "motion.ended" in w.kinds())
        worker.tell(WATCH)
        worker.wait(lambda w: w.of(DetectorLoaded))
        send(feed, visit, ahead=15)
        worker.wait(lambda w: "zone.cleared" in w.kinds())
        worker.tell(Plan(cameras=(), detectors=()))
        feed.settimeout(5)
        assert feed.recv(1) == b""


@pytest.mark.slow
def test_who_was_there_has_left_some_seconds_after_the_stream_froze(worker: Process) -> None:
    worker.tell(WATCH)
    worker.wait(lambda w: w.of(DetectorLoaded))
    with worker.connect() as feed:
        clip = encode([*[picture()] * 20, *walk(2, 10, 0.1, 0.35)])
        send(feed, clip, patient=False)
        worker.wait(lambda w: "zone.entered" in w.kinds())
        frozen = time.monotonic()
        worker.wait(lambda w: "object.left" in w.kinds())
        assert time.monotonic() - frozen > 3
    assert {"zone.left", "zone.cleared", "motion.ended"} <= set(worker.kinds())


def test_a_stream_that_says_its_end_may_come_back_on_a_new_connection(
    worker: Process, visit: Encoded
) -> None:
    worker.tell(WATCH)
    worker.wait(lambda w: w.of(DetectorLoaded))
    with worker.connect() as first:
        send(first, encode([picture()] * 5))
        first.sendall(pack(StreamEnd()))
        with worker.connect() as second:
            send(second, visit)
            worker.wait(lambda w: "zone.cleared" in w.kinds())


def test_a_burst_from_the_past_is_worked_off(worker: Process, visit: Encoded) -> None:
    worker.tell(WATCH)
    worker.wait(lambda w: w.of(DetectorLoaded))
    with worker.connect() as feed:
        send(feed, visit, ahead=-14, patient=False)
        worker.wait(lambda w: "zone.entered" in w.kinds())


def test_the_socket_is_for_this_user_alone(worker: Process) -> None:
    worker.connect().close()
    assert worker.path.stat().st_mode & 0o077 == 0


def test_the_stamp_of_a_start_is_a_short_word() -> None:
    assert stamp(0) == "0"
    assert stamp(1_700_000_000) == "s44we8"
    assert stamp(1_700_000_001) > stamp(1_700_000_000)
