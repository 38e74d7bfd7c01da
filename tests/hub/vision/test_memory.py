"""What outlives a worker: the same is told as if nothing had happened."""

import logging
from pathlib import Path
from typing import Any

import msgspec
import pytest
from msgspec.structs import replace

from hub.api import Event, MotionEnded, MotionStarted, ZoneLeft
from hub.vision.facts import TrackerMemory
from hub.vision.heat import Heat
from hub.vision.inference import Waited
from hub.vision.lines import LinesMemory
from hub.vision.memory import CameraMemory, Recorder, Shelf
from hub.vision.plan import CameraPlan, CrowdPlan, LinePlan, MotionPlan, ZonePlan
from hub.vision.runner import Pipeline
from hub.vision.zones import ZonesMemory
from tests.hub.vision.scenes import Encoded, RedFinder, encode, picture, walk

LEFT = ZonePlan(
    name="left",
    polygon=((0.0, 0.0), (0.5, 0.0), (0.5, 1.0), (0.0, 1.0)),
    leave_after=0.6,
    loiter_after=2.0,
    crowd=CrowdPlan(count=2, seconds=1.0),
)
LOW = ZonePlan(name="low", polygon=((0, 0.5), (1, 0.5), (1, 1), (0, 1)), priority=1)
GATE = LinePlan(name="gate", points=((0.5, 0.0), (0.5, 1.0)))
YARD = CameraPlan(name="yard", detector="red", zones=(LEFT,), lines=(GATE,))
START = 1_700_000_000.0


def empty() -> CameraMemory:
    return CameraMemory(
        camera="yard", now=0, captured=0, tracker=TrackerMemory(),
        zones=ZonesMemory(), lines=LinesMemory(),
    )  # fmt: skip


class Start:
    """A pipeline's life, on a shelf."""

    def __init__(self, folder: Path, run: str) -> None:
        self.shelf = Shelf(folder)
        assert self.shelf.open()
        self.events: list[Event] = []
        eyes = Waited(RedFinder(), "yard")
        self.pipeline = Pipeline(YARD, eyes, self.events.append, run)
        self.pipeline.record_with(self.shelf.recorder("yard"))

    def recall(self, wall: float) -> None:
        memory = self.shelf.read("yard")
        assert memory
        self.pipeline.recall(memory, wall)

    def show(self, clip: Encoded, start: float) -> None:
        self.pipeline.start(clip.form)
        for each in clip.packets:
            for frame in self.pipeline.decode(each.data, each.pts, start + each.pts, key=each.key):
                self.pipeline.look(frame)

    def end(self) -> None:
        self.pipeline.put_away()

    def kinds(self) -> list[str]:
        return [each.type for each in self.events if not each.type.startswith(("motion", "review"))]


@pytest.fixture(scope="module")
def comes() -> Encoded:
    """A yard, and somebody who walks into its left half."""
    return encode([*[picture()] * 10, *walk(3, 10, 0.1, 0.4)])


@pytest.fixture(scope="module")
def goes() -> Encoded:
    """The rest of the way, out to the right, and nobody for a while."""
    return encode([*walk(4, 10, 0.41, 0.95), *[picture()] * 40])


def test_a_worker_that_ends_in_the_middle_of_a_visit_tells_it_as_one(
    tmp_path: Path, comes: Encoded, goes: Encoded
) -> None:
    one = Start(tmp_path, "a")
    one.show(comes, START)
    one.end()
    other = Start(tmp_path, "b")
    other.recall(START + 5.5)
    other.show(goes, START + 5.5)
    assert one.kinds() == ["object.appeared", "zone.entered", "zone.loitering"]
    assert other.kinds() == ["line.crossed", "zone.left", "zone.cleared", "object.left"]
    (left,) = [each for each in other.events if isinstance(each, ZoneLeft)]
    assert left.track == "yard-a-1"
    assert left.seconds == pytest.approx(5.2, abs=0.6)


@pytest.mark.parametrize(
    ("zones", "counts"), [((), {}), ((replace(LEFT, objects=("dog",)),), {"left": {}})]
)
def test_who_was_in_a_zone_that_is_gone_or_for_others_after_a_restart_has_left_it(
    tmp_path: Path, comes: Encoded, zones: tuple[ZonePlan, ...], counts: dict[str, Any]
) -> None:
    one = Start(tmp_path, "a")
    one.show(comes, START)
    one.end()
    events: list[Event] = []
    plan = replace(YARD, zones=zones)
    other = Pipeline(plan, Waited(RedFinder(), "yard"), events.append, "b")
    memory = one.shelf.read("yard")
    assert memory
    other.recall(memory, START + 5)
    assert [each.type for each in events] == ["zone.left", "zone.cleared"]
    assert other.zones.counts == counts
    (left, *_) = events
    assert isinstance(left, ZoneLeft)
    assert (left.zone, left.count) == ("left", 0)
    assert left.seconds == pytest.approx(2.7, abs=0.6)


def test_who_goes_over_a_line_while_no_worker_looks_is_counted(
    tmp_path: Path, comes: Encoded
) -> None:
    one = Start(tmp_path, "a")
    one.show(comes, START)
    one.end()
    other = Start(tmp_path, "b")
    other.recall(START + 5)
    other.show(encode(walk(3, 10, 0.56, 0.8)), START + 5)
    assert one.kinds().count("line.crossed") == 0
    assert other.kinds().count("line.crossed") == 1
    assert "object.appeared" not in other.kinds()


def test_after_a_long_time_who_was_there_left_when_they_were_last_seen(
    tmp_path: Path, comes: Encoded, goes: Encoded
) -> None:
    one = Start(tmp_path, "a")
    one.show(comes, START)
    one.end()
    other = Start(tmp_path, "b")
    other.recall(START + 3600)
    assert other.kinds() == ["zone.left", "zone.cleared", "object.left"]
    (left,) = [each for each in other.events if isinstance(each, ZoneLeft)]
    assert left.captured.timestamp() == pytest.approx(START + 3.9, abs=0.3)
    assert left.seconds == pytest.approx(2.7, abs=0.6)
    again = Start(tmp_path, "c")
    again.recall(START + 3601)
    assert again.events == []


def test_nobody_stays_for_ever_when_the_camera_does_not_come_back(
    tmp_path: Path, comes: Encoded
) -> None:
    one = Start(tmp_path, "a")
    one.show(comes, START)
    one.end()
    other = Start(tmp_path, "b")
    other.recall(START + 5)
    assert other.pipeline.zones.counts == {"left": {"person": 1}}
    other.pipeline.silence()
    assert other.kinds() == ["zone.left", "zone.cleared", "object.left"]
    assert other.pipeline.zones.counts == {"left": {}}


def test_two_starts_never_name_two_things_alike(
    tmp_path: Path, comes: Encoded, goes: Encoded
) -> None:
    one, other = Start(tmp_path, "a"), Start(tmp_path, "b")
    one.show(comes, START)
    one.end()
    other.recall(START + 4.5)
    other.show(goes, START + 4.5)
    other.show(comes, START + 14)
    names = [each.track for each in one.events + other.events if each.type == "object.appeared"]
    assert len(names) == len(set(names)) == 2


_GOOD = b'{"version":1,"camera":"yard","now":2,"captured":2,"tracker":{},"zones":{},"lines":{}}'


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b"\xff\xfe\x00",
        b'{"camera": "yard"}',
        _GOOD.replace(b"1", b"99", 1),
        _GOOD.replace(b"yard", b"porch"),
        _GOOD.replace(b'"zones":{}', b'"zones":{"zones":{"left":3}}'),
    ],
)
def test_a_memory_nobody_understands_is_said_once_and_ignored(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, content: bytes
) -> None:
    (tmp_path / "yard.json").write_bytes(content)
    with caplog.at_level(logging.WARNING):
        assert Shelf(tmp_path).read("yard") is None
    assert len(caplog.records) == 1
    assert "yard" in caplog.text


def test_no_memory_is_nothing_to_speak_of(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    shelf = Shelf(tmp_path / "new")
    assert shelf.open()
    assert shelf.read("yard") is None
    shelf.forget("yard")
    assert not caplog.records


def test_a_folder_that_cannot_be_written_is_said_once(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "file").write_text("")
    assert not Shelf(tmp_path / "file").open()
    recorder = Recorder(tmp_path / "file" / "yard.json")
    memory = empty()
    recorder.write(memory)
    recorder.write(memory)
    assert len(caplog.records) == 2  # the folder, then the camera


def test_a_yard_that_stays_empty_is_not_written_again(tmp_path: Path) -> None:
    recorder = Shelf(tmp_path).recorder("yard")
    assert not recorder.due(1.0, told=False, there=False)
    assert recorder.due(1.0, told=True, there=False)
    assert recorder.due(1.0, told=False, there=True)
    recorder.write(empty())
    assert not recorder.due(0.8, told=False, there=True)
    assert recorder.due(1.0, told=False, there=True)


def moved(start: Start) -> list[MotionStarted | MotionEnded]:
    return [each for each in start.events if isinstance(each, MotionStarted | MotionEnded)]


def test_motion_over_a_restart_begins_once_and_ends_once(
    tmp_path: Path, comes: Encoded, goes: Encoded
) -> None:
    one, other = Start(tmp_path, "a"), Start(tmp_path, "b")
    one.show(comes, START)
    one.end()
    other.recall(START + 5.5)
    assert other.pipeline.moving
    other.show(goes, START + 5.5)
    assert [type(each) for each in moved(one)] == [MotionStarted]
    (ended,) = moved(other)
    assert isinstance(ended, MotionEnded)
    assert ended.seconds == pytest.approx(8.4, abs=0.8)
    assert not other.pipeline.moving


def test_motion_that_nobody_saw_end_ended_when_it_was_last_seen(
    tmp_path: Path, comes: Encoded
) -> None:
    one, late, away = Start(tmp_path, "a"), Start(tmp_path, "b"), Start(tmp_path, "c")
    one.show(comes, START)
    one.end()
    memory = (tmp_path / "yard.json").read_bytes()
    late.recall(START + 3600)
    (tmp_path / "yard.json").write_bytes(memory)
    away.recall(START + 5)
    away.pipeline.silence()  # the camera does not come back
    for each in (late, away):
        (ended,) = moved(each)
        assert isinstance(ended, MotionEnded)
        assert ended.captured.timestamp() == pytest.approx(START + 3.9, abs=0.3)
        assert ended.seconds == pytest.approx(2.8, abs=0.4)


def test_motion_goes_on_when_its_options_change(comes: Encoded, tmp_path: Path) -> None:
    one = Start(tmp_path, "a")
    one.show(comes, START)
    one.pipeline.replan(msgspec.structs.replace(YARD, motion=MotionPlan(settle=1.0)))
    one.show(encode([picture()] * 40), START + 4)
    _, ended = moved(one)
    assert isinstance(ended, MotionEnded)
    assert ended.seconds == pytest.approx(2.8, abs=0.6)


def test_where_it_moved_is_known_after_a_restart_and_fades_meanwhile(
    tmp_path: Path, comes: Encoded
) -> None:
    one = Start(tmp_path, "a")
    one.show(comes, START)
    one.end()
    memory = one.shelf.read("yard")
    assert memory
    soon, later, other = Heat(), Heat(), Heat()
    soon.recall(memory.heat, 0.0)
    later.recall(memory.heat, 6 * 3600.0)
    other.recall(memory.heat[2:], 0.0)  # of a version whose map has other cells
    assert soon.cells.sum() > 10
    assert later.cells == pytest.approx(soon.cells / 2, rel=1e-3)
    assert not other.cells.any()
    again = Start(tmp_path, "b")
    again.recall(START + 5)
    again.show(encode([picture()] * 3), START + 5)
    again.end()
    kept = again.shelf.read("yard")
    assert kept
    assert kept.heat == memory.heat
