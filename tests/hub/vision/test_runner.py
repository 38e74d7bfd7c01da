from collections.abc import Callable, Sequence

import cv2
import msgspec
import numpy as np
import pytest

from hub.api import (
    Box,
    Detection,
    Event,
    Invalid,
    MotionEnded,
    MotionStarted,
    NotReady,
    ObjectAppeared,
    ObjectLeft,
    Region,
    StreamFormat,
    ZoneCleared,
    ZoneEntered,
    ZoneLeft,
)
from hub.vision.best import Shot
from hub.vision.inference import Answer, Sight, Waited
from hub.vision.plan import CameraPlan, PicturesPlan, ReviewPlan, ZonePlan
from hub.vision.runner import Pipeline
from tests.hub.vision.scenes import Encoded, RedFinder, encode, person, picture, walk

START = 1_700_000_000.0
LEFT = ZonePlan(name="left", polygon=((0.0, 0.0), (0.5, 0.0), (0.5, 1.0), (0.0, 1.0)))


def plan(**options: object) -> CameraPlan:
    return CameraPlan(
        **{"name": "porch", "fps": 5.0, "detector": "red", "zones": (LEFT,), **options}
    )


class Eager:
    """A pipeline and what it told."""

    def __init__(self, camera: CameraPlan | None = None, detector: RedFinder | None = None) -> None:
        self.events: list[Event] = []
        self.detector = detector or RedFinder()
        eyes = Waited(self.detector, "porch")
        self.pipeline = Pipeline(camera or plan(), eyes, self.events.append)

    def show(self, clip: Encoded, start: float = START) -> None:
        self.pipeline.start(clip.form)
        for each in clip.packets:
            for frame in self.pipeline.decode(each.data, each.pts, start + each.pts, key=each.key):
                self.pipeline.look(frame)

    def of(self, kind: type[Event]) -> list[Event]:
        return [each for each in self.events if isinstance(each, kind)]

    @property
    def kinds(self) -> list[str]:
        return [each.type for each in self.events]


@pytest.fixture(scope="module")
def crossing() -> Encoded:
    """Two seconds of an empty yard, eight of somebody who crosses it, five of nothing."""
    return encode([*[picture()] * 20, *walk(8, 10, 0.05, 0.95), *[picture()] * 50])


def test_somebody_who_crosses_the_yard_is_told_from_motion_to_clearance(crossing: Encoded) -> None:
    camera = Eager()
    camera.show(crossing)
    assert camera.kinds == [
        "motion.started",
        "object.appeared",
        "zone.entered",
        "zone.left",
        "zone.cleared",
        "object.left",
        "motion.ended",
    ]


def test_events_name_camera_track_zone_and_the_time_of_the_frame(crossing: Encoded) -> None:
    camera = Eager()
    camera.show(crossing)
    (entered,) = camera.of(ZoneEntered)
    (left,) = camera.of(ZoneLeft)
    (gone,) = camera.of(ObjectLeft)
    (appeared,) = camera.of(ObjectAppeared)
    assert isinstance(entered, ZoneEntered)
    assert (entered.camera, entered.zone, entered.object) == ("porch", "left", "person")
    assert entered.track == appeared.track == gone.track == "porch-1"
    assert (entered.count, left.count) == (1, 0)
    assert entered.captured.timestamp() - START == pytest.approx(2.4, abs=0.4)
    assert left.seconds == pytest.approx(4.0, abs=0.5)
    assert gone.seconds == pytest.approx(7.7, abs=0.5)
    assert entered.sequence == 0


def test_nothing_is_looked_at_while_nothing_moves() -> None:
    camera = Eager()
    camera.show(encode([picture()] * 100))
    assert camera.events == []
    assert camera.pipeline.counters.inferences <= 6
    assert camera.pipeline.counters.frames == 100
    assert camera.pipeline.counters.looked == 50


def test_somebody_who_stands_there_from_the_start_is_found_and_stays() -> None:
    camera = Eager()
    camera.show(encode([picture(person(0.25))] * 300))
    assert camera.kinds == ["object.appeared", "zone.entered", "object.stationary"]
    assert camera.pipeline.counters.inferences < 40


def test_without_a_detector_there_is_motion_only(crossing: Encoded) -> None:
    events: list[Event] = []
    pipeline = Pipeline(plan(detector=None), None, events.append)
    pipeline.start(crossing.form)
    for each in crossing.packets:
        for frame in pipeline.decode(each.data, each.pts, START + each.pts, key=each.key):
            pipeline.look(frame)
    assert [type(each) for each in events] == [MotionStarted, MotionEnded]


def test_only_the_objects_that_are_wanted_are_told(crossing: Encoded) -> None:
    camera = Eager(plan(objects=("dog",)))
    camera.show(crossing)
    assert {each.type for each in camera.events} == {"motion.started", "motion.ended"}


def test_scores_below_the_least_confirm_nothing(crossing: Encoded) -> None:
    camera = Eager(plan(min_score=0.5), RedFinder(score=0.45))
    camera.show(crossing)
    assert not camera.of(ObjectAppeared)


def test_the_end_of_the_stream_ends_what_was_there() -> None:
    camera = Eager()
    camera.show(encode([*[picture()] * 10, *walk(2, 10, 0.1, 0.3)]))
    assert camera.kinds == ["motion.started", "object.appeared", "zone.entered"]
    camera.pipeline.silence()
    assert camera.kinds[3:] == ["motion.ended", "zone.left", "zone.cleared", "object.left"]
    camera.pipeline.silence()
    assert len(camera.events) == 7


def test_the_end_of_the_stream_ends_what_was_gathered_for_review() -> None:
    camera = Eager(plan(review=ReviewPlan()))
    camera.show(encode([*[picture()] * 10, *walk(2, 10, 0.1, 0.3)]))
    assert "review.ended" not in camera.kinds
    camera.pipeline.silence()
    assert camera.kinds.count("review.started") == camera.kinds.count("review.ended") == 1


def test_a_better_picture_that_waited_is_stored_when_its_track_ends() -> None:
    class Surer(RedFinder):
        def find(self, region: Region) -> list[Detection]:
            self.score = min(0.9, self.score + 0.01)
            return super().find(region)

    shots: list[Shot] = []
    camera = Eager(detector=Surer(0.7))
    camera.pipeline.keeping.keep_with(lambda shot, _: not shots.append(shot))
    camera.show(encode([*[picture()] * 10, *walk(2, 10, 0.2, 0.3)]))
    before = len(shots)
    camera.pipeline.silence()
    assert len(shots) == before + 1
    assert shots[-1].worth.total > shots[-2].worth.total


def test_a_short_break_of_the_connection_keeps_the_track() -> None:
    camera = Eager()
    camera.show(encode([*[picture()] * 10, *walk(2, 10, 0.1, 0.3)]))
    camera.show(encode(walk(2, 10, 0.34, 0.48)), start=START + 3.5)
    assert len(camera.of(ObjectAppeared)) == 1


def test_another_codec_and_size_in_mid_stream_change_nothing_for_the_tracks() -> None:
    camera = Eager()
    camera.show(encode([*[picture()] * 10, *walk(2, 10, 0.1, 0.3)]))
    larger = [cv2.resize(each, (1280, 720)) for each in walk(2, 10, 0.3, 0.48)]
    camera.show(encode(larger, codec="hevc"), start=START + 3.0)
    assert len(camera.of(ObjectAppeared)) == 1
    assert not camera.of(ObjectLeft)


def test_a_format_that_cannot_be_decoded_is_refused_and_its_packets_are_ignored() -> None:
    camera = Eager()
    with pytest.raises(Invalid):
        camera.pipeline.start(StreamFormat(codec="snow"))
    assert list(camera.pipeline.decode(b"x", 0.0, 0.0, key=True)) == []
    assert list(camera.pipeline.drain()) == []


def test_a_changed_plan_is_followed_without_losing_who_is_there() -> None:
    camera = Eager()
    camera.show(encode([*[picture()] * 10, *walk(2, 10, 0.1, 0.3)]))
    other = msgspec.structs.replace(LEFT, name="gate", enter_after=0.0)
    camera.pipeline.replan(plan(zones=(LEFT, other), fps=10.0, min_score=0.4))
    camera.show(encode(walk(1, 10, 0.3, 0.35)), start=START + 3.0)
    assert len(camera.of(ObjectAppeared)) == 1
    entered = [each.zone for each in camera.of(ZoneEntered) if isinstance(each, ZoneEntered)]
    assert entered == ["left", "gate"]


@pytest.mark.parametrize("enabled", [True, False])
def test_best_pictures_are_stored_for_as_long_as_the_plan_says_or_not_at_all(
    crossing: Encoded, enabled: bool
) -> None:
    kept: list[float] = []
    camera = Eager(plan(pictures=PicturesPlan(enabled=enabled, keep=60.0)))
    camera.pipeline.keeping.keep_with(lambda _, keep: not kept.append(keep))
    camera.show(crossing)
    assert set(kept) == ({60.0} if enabled else set())


class Late:
    """Eyes that answer when asked to."""

    size = (416, 416)
    whole_frames = False
    asked = spared = 0

    def __init__(self) -> None:
        self.owed: list[tuple[Sequence[Region], Callable[[Answer], None]]] = []

    def look(self, sight: Sight, done: Callable[[Answer], None]) -> None:
        self.owed.append((sight.regions(self.size), done))


def test_answers_that_come_late_or_never_are_taken_in_order(crossing: Encoded) -> None:
    events: list[Event] = []
    late, red = Late(), RedFinder()
    pipeline = Pipeline(plan(), late, events.append)
    pipeline.start(crossing.form)
    most = 0
    for number, each in enumerate(crossing.packets):
        for frame in pipeline.decode(each.data, each.pts, START + each.pts, key=each.key):
            pipeline.look(frame)
        if number % 7 == 0 and len(late.owed) >= 2:
            (first, told_first), (second, told_second) = late.owed[:2]
            told_second([d for region in second for d in red.find(region)])
            told_first([d for region in first for d in red.find(region)])
            told_first(None)
            del late.owed[:2]
            pipeline.settle()
        most = max(most, pipeline.owed)
    times = [each.captured for each in events if not isinstance(each, ZoneCleared)]
    assert times == sorted(times)
    assert most <= 9
    assert len([each for each in events if isinstance(each, ZoneEntered)]) == 1
    assert pipeline.counters.dropped > 0


def test_a_detector_that_goes_owes_nothing() -> None:
    late = Late()
    pipeline = Pipeline(plan(), late, [].append)
    clip = encode([picture()] * 3)
    pipeline.start(clip.form)
    for each in clip.packets:
        for frame in pipeline.decode(each.data, each.pts, START + each.pts, key=each.key):
            pipeline.look(frame)
    assert pipeline.owed
    pipeline.see_with(None)
    pipeline.settle()
    assert not pipeline.owed


def test_track_names_differ_between_starts() -> None:
    events: list[Event] = []
    pipeline = Pipeline(plan(), Waited(RedFinder(), "porch"), events.append, run="k2x")
    clip = encode([picture(person(0.25))] * 20)
    pipeline.start(clip.form)
    for each in clip.packets:
        for frame in pipeline.decode(each.data, each.pts, START + each.pts, key=each.key):
            pipeline.look(frame)
    (appeared,) = [each for each in events if isinstance(each, ObjectAppeared)]
    assert appeared.track == "porch-k2x-1"


def test_the_latest_picture_is_a_jpeg_clean_or_with_boxes_and_zones() -> None:
    camera = Eager()
    with pytest.raises(NotReady, match="porch"):
        camera.pipeline.picture(boxes=False)
    camera.show(encode([picture(person(0.25))] * 20))
    clean = _read(camera.pipeline.picture(boxes=False))
    drawn = _read(camera.pipeline.picture(boxes=True))
    assert clean.shape == drawn.shape == (360, 640, 3)
    assert abs(clean.astype(int) - picture(person(0.25))).mean() < 8
    changed = np.abs(clean.astype(int) - drawn).max(axis=2) > 40
    box = person(0.25)
    top, left, right = round(box.top * 360), round(box.left * 640), round(box.right * 640)
    assert changed[top - 2 : top + 3, left:right].any(axis=0).mean() > 0.9
    assert not changed[:, 330:].any()


def test_a_large_picture_is_made_smaller() -> None:
    camera = Eager()
    camera.show(encode([picture(size=(1920, 1080))] * 2))
    assert _read(camera.pipeline.picture(boxes=True)).shape == (720, 1280, 3)


def _read(jpeg: bytes) -> np.ndarray:
    assert jpeg.startswith(b"\xff\xd8")
    pixels = cv2.imdecode(np.frombuffer(jpeg, np.uint8), cv2.IMREAD_COLOR)
    assert pixels is not None
    return pixels


def test_a_far_person_in_a_large_picture_is_seen_through_a_region() -> None:
    far = [Box(0.3 + 0.002 * i, 0.5, 0.31 + 0.002 * i, 0.58) for i in range(20)]
    frames = [picture(size=(1920, 1080))] * 15 + [picture(each, size=(1920, 1080)) for each in far]
    camera = Eager(plan(zones=()))
    camera.show(encode(frames, fps=5))
    (appeared,) = camera.of(ObjectAppeared)
    assert isinstance(appeared, ObjectAppeared)
    regions = camera.detector.asked[-10:]
    assert all(each.place.right - each.place.left < 0.4 for each in regions)
    assert all((each.width, each.height) == (416, 416) for each in regions)
    assert isinstance(camera.detector.find(regions[-1])[0], Detection)


def test_nobody_stays_for_ever_once_nobody_looks() -> None:
    camera = Eager()
    camera.show(encode([picture(person(0.25))] * 30))
    assert camera.kinds == ["object.appeared", "zone.entered"]
    camera.pipeline.see_with(None)
    camera.show(encode([picture(person(0.25))] * 40), start=START + 3)
    assert camera.kinds[2:] == []  # another detector may be there any moment
    camera.show(encode([picture(person(0.25))] * 40), start=START + 7)
    assert camera.kinds[2:] == ["zone.left", "zone.cleared", "object.left"]
