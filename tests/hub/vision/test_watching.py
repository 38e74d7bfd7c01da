import logging
import threading
import time
from collections.abc import Callable, Iterator, Sequence

import pytest

from hub.api import Detection, Event, ObjectAppeared, Packet, Region
from hub.core.stream import StreamEnd, StreamPacket, StreamStart
from hub.vision import mending
from hub.vision.desk import Desk, Queued
from hub.vision.plan import CameraPlan
from hub.vision.watching import Watch
from tests.hub.vision.scenes import Encoded, RedFinder, encode, walk

PORCH = CameraPlan(name="porch", detector="red", fps=10)


class Thinking(RedFinder):
    """Takes its time, or hangs until it is let go."""

    def __init__(self, seconds: float = 0.0) -> None:
        super().__init__()
        self.seconds = seconds
        self.free = threading.Event()
        self.free.set()

    def submit(
        self, region: Region, camera: str, done: Callable[[Sequence[Detection]], None]
    ) -> None:
        time.sleep(self.seconds)
        self.free.wait(20)
        super().submit(region, camera, done)


class Live:
    """A watched camera with a detector, and what it told."""

    def __init__(self, detector: RedFinder) -> None:
        self.events: list[Event] = []
        self.desk = Desk(detector, pytest.fail)
        self.watch = Watch(PORCH, self.events.append, "t")
        self.watch.see_with(Queued(self.desk, "porch", self.watch.wake))

    def send(
        self, clip: Encoded, packets: Sequence[Packet], start: float, *, patient: bool = False
    ) -> None:
        self.watch.put(StreamStart(camera="porch", format=clip.form, patient=patient))
        for each in packets:
            self.watch.put(
                StreamPacket(
                    pts=each.pts,
                    dts=each.pts,
                    captured=start + each.pts,
                    key=each.key,
                    data=each.data,
                )
            )

    def until(self, condition: Callable[[], object], seconds: float = 10.0) -> None:
        end = time.monotonic() + seconds
        while not condition():
            assert time.monotonic() < end, (self.watch.counters, self.events)
            time.sleep(0.01)

    @property
    def kinds(self) -> list[str]:
        return [each.type for each in self.events]

    def close(self) -> None:
        self.watch.close()
        self.watch.join(5)
        self.desk.close()


@pytest.fixture(scope="module")
def busy() -> Encoded:
    """Six seconds in which somebody moves all the time."""
    return encode([*walk(3, 10, 0.1, 0.9), *walk(3, 10, 0.9, 0.1)])


@pytest.fixture
def live(request: pytest.FixtureRequest) -> Iterator[Live]:
    camera = Live(getattr(request, "param", None) or Thinking(0.002))
    yield camera
    camera.close()


def test_a_segment_that_comes_at_once_is_looked_at_frame_by_frame(
    live: Live, busy: Encoded
) -> None:
    live.send(busy, busy.packets[:20], time.time() - 6)
    live.until(lambda: live.watch.counters.looked == 20)
    assert live.watch.counters.dropped == 0
    assert live.watch.counters.inferences == 20


@pytest.mark.parametrize("live", [Thinking(0.1)], indirect=True)
def test_a_recording_flat_out_loses_nothing_however_slow_the_detector(
    live: Live, busy: Encoded
) -> None:
    live.send(busy, busy.packets[:30], time.time(), patient=True)
    live.until(lambda: live.watch.counters.looked == 30)
    assert live.watch.counters.dropped == 0
    assert live.watch.counters.inferences == 30


@pytest.mark.parametrize("clock", [-6, 3600], ids=["right", "set back by an hour"])
def test_a_camera_that_is_too_much_is_skipped_to_its_newest_key_frame(
    live: Live, busy: Encoded, clock: float
) -> None:
    slow = live.desk.detector
    assert isinstance(slow, Thinking)
    slow.free.clear()
    began = time.monotonic()
    live.send(busy, busy.packets, time.time() + clock)
    live.until(lambda: live.watch.counters.dropped >= 40, seconds=5)
    assert time.monotonic() - began >= 0.9
    assert live.watch.counters.frames <= 20
    slow.free.set()
    live.send(busy, busy.packets, time.time() + clock)
    live.until(lambda: "object.appeared" in live.kinds)


def test_garbage_and_a_stream_s_end_stop_nothing(live: Live, busy: Encoded) -> None:
    live.watch.put(StreamEnd())
    live.watch.put(StreamPacket(pts=0.0, dts=0.0, captured=time.time(), key=True, data=b"\0" * 99))
    broken = [Packet(data=b"\x17" * 500, pts=each.pts, key=each.key) for each in busy.packets[:20]]
    live.send(busy, broken, time.time() - 2)
    live.watch.put(StreamEnd())
    live.send(busy, busy.packets, time.time() - 6)
    live.until(lambda: "object.appeared" in live.kinds)
    assert live.watch.counters.errors > 0


def test_enough_is_enough_until_it_is_worked_off(live: Live, busy: Encoded) -> None:
    slow = live.desk.detector
    assert isinstance(slow, Thinking)
    slow.free.clear()
    ahead = time.time() + 60
    live.send(busy, busy.packets[:10], ahead, patient=True)
    live.until(lambda: live.watch.counters.looked == 1)
    for number in range(9):
        data = bytes(1 << 20)
        live.watch.put(
            StreamPacket(pts=1 + number, dts=1 + number, captured=ahead, key=False, data=data)
        )
    assert live.watch.full
    slow.free.set()
    live.until(lambda: not live.watch.full)


def test_a_camera_that_was_let_go_holds_nobody_up(live: Live) -> None:
    live.watch.do(lambda _: time.sleep(0.2))
    for number in range(9):
        data = bytes(1 << 20)
        live.watch.put(
            StreamPacket(pts=1 + number, dts=1 + number, captured=time.time(), key=False, data=data)
        )
    assert live.watch.full
    live.watch.close()
    assert not live.watch.full


def test_a_camera_goes_on_in_its_own_time_while_others_keep_the_detector_busy(
    live: Live, busy: Encoded
) -> None:
    slow = live.desk.detector
    assert isinstance(slow, Thinking)
    slow.free.clear()
    live.send(busy, [], time.time())
    began = time.monotonic()
    for each in busy.packets[:25]:
        time.sleep(max(0.0, began + each.pts - time.monotonic()))
        live.watch.put(
            StreamPacket(
                pts=each.pts, dts=each.pts, captured=time.time(), key=each.key, data=each.data
            )
        )
    live.until(lambda: live.watch.counters.looked == 25, seconds=3)
    assert live.watch.counters.frames == 25  # none was too late, none skipped
    slow.free.set()
    live.until(lambda: live.desk.budget.waiting == 0)
    assert live.desk.budget.dropped["porch"]["replaced"] >= 10


def fail(_: object) -> None:
    raise ZeroDivisionError("a mistake of our own")


def test_a_camera_whose_pipeline_fails_begins_again_alone(
    live: Live, busy: Encoded, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(mending, "_FIRST", 0.05)
    live.watch._mending = mending.Mending("porch")
    live.send(busy, busy.packets[:20], time.time())
    live.until(lambda: "object.appeared" in live.kinds)
    live.watch.do(fail)
    live.until(lambda: "object.left" in live.kinds)
    live.watch.do(fail)
    live.send(busy, busy.packets, time.time())
    live.until(lambda: live.kinds.count("object.appeared") >= 2)
    names = [each.track for each in live.events if isinstance(each, ObjectAppeared)]
    assert len(set(names)) == len(names)
    told = [each for each in caplog.records if "cannot be watched" in each.message]
    assert [each.levelno for each in told] == [logging.ERROR]


def test_a_camera_that_fails_on_and_on_waits_longer_each_time_and_can_be_let_go(
    live: Live, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mending, "_FIRST", 0.01)
    live.watch._mending = broken = mending.Mending("porch")
    for number in range(1, 6):
        live.watch.do(fail)
        live.until(lambda number=number: broken.starts == number)
    assert broken._wait == pytest.approx(0.32)
    monkeypatch.setattr(broken, "_wait", 60.0)
    live.watch.do(fail)
    live.until(lambda: broken.starts == 6)
    live.watch.close()
    live.watch.join(5)
    assert not live.watch._thread.is_alive()


def test_what_was_to_be_done_after_a_failure_is_done_by_the_next_pipeline(
    live: Live, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mending, "_FIRST", 0.01)
    live.watch._mending = mending.Mending("porch")
    first, done = live.watch._pipeline, list[object]()
    with live.watch._changed:
        live.watch.do(fail)
        live.watch.do(done.append)
    live.until(lambda: done)
    assert done != [first]


def test_a_camera_that_fails_as_it_is_left_ends_all_the_same(live: Live) -> None:
    done: list[str] = []
    live.watch.do(lambda pipeline: setattr(pipeline, "silence", lambda: fail(None)))
    live.watch.leave(lambda: done.append("forgotten"))
    live.watch.join(5)
    assert not live.watch._thread.is_alive()
    assert done == ["forgotten"]


def test_who_asks_a_camera_that_failed_is_told_why_at_once(
    live: Live, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[str] = []
    monkeypatch.setattr(mending, "_FIRST", 60.0)
    live.watch._mending = mending.Mending("porch")
    live.watch.ask(fail, told.append)  # it fails at the question itself
    live.watch.ask(lambda _: told.append("a picture"), told.append)
    live.until(lambda: len(told) == 2)
    live.watch.ask(lambda _: told.append("a picture"), told.append)
    live.until(lambda: len(told) == 3)
    reason = (
        "camera 'porch' cannot be looked at for now (ZeroDivisionError: a mistake of our own);"
        " it is tried again within 60 s"
    )
    assert told == [reason] * 3


def test_who_asks_a_camera_that_works_is_answered_by_it(live: Live) -> None:
    told: list[str] = []
    live.watch.ask(lambda pipeline: told.append(pipeline.plan.name), told.append)
    live.until(lambda: told)
    assert told == ["porch"]


def test_a_camera_that_is_healed_is_told_once(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    now = [0.0]
    monkeypatch.setattr(mending, "monotonic", lambda: now[0])
    camera = mending.Mending("porch")
    with caplog.at_level(logging.INFO):
        assert [camera.failed(ValueError("x")) for _ in range(3)] == [1.0, 2.0, 4.0]
        camera.works()
        now[0] = 100.0
        camera.works()
        camera.works()
        assert camera.failed(ValueError("x")) == 1.0
    told = [each.levelname for each in caplog.records if each.levelno > logging.DEBUG]
    assert told == ["ERROR", "INFO", "ERROR"]
