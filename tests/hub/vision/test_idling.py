"""Only key frames while nothing happens, and everything again from the one that shows something."""

import json
from collections import Counter
from datetime import timedelta
from fractions import Fraction
from pathlib import Path

import av
import pytest

from hub.api import Event, MotionStarted, ObjectAppeared, ObjectLeft, Packet, ZoneEntered
from hub.vision.decoding import Decoder, Frame
from hub.vision.idling import CALM, FARTHEST, Rest
from hub.vision.inference import Waited
from hub.vision.plan import CameraPlan, ZonePlan
from hub.vision.replay import replay
from hub.vision.runner import Pipeline
from tests.hub.vision.scenes import Encoded, RedFinder, encode, person, picture, walk

ALL = ZonePlan(name="all", polygon=((0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0)))
THRIFTY = CameraPlan(name="porch", detector="red", zones=(ALL,), idle="keyframes")
WASTEFUL = CameraPlan(name="porch", detector="red", zones=(ALL,))


def rest(keys: float = 2.0, seconds: float = 60.0, fps: float = 5.0) -> Rest:
    """A camera at which nothing happens, with a key frame every so many seconds."""
    found = Rest()
    every = round(keys * fps)
    for number in range(round(seconds * fps)):
        found.came(number / fps, key=number % every == 0)
        found.saw(number / fps, busy=False)
    return found


def test_key_frames_are_enough_after_ten_quiet_seconds() -> None:
    assert not rest(seconds=CALM - 1).enough
    assert rest(seconds=CALM + 1).enough


def test_anything_that_happens_begins_the_count_again() -> None:
    found = rest()
    found.saw(60.2, busy=True)
    assert not found.enough
    found.saw(60.2 + CALM, busy=False)
    assert found.enough


@pytest.mark.parametrize("keys", [FARTHEST + 1, 10.0, 1000.0])
def test_key_frames_too_far_apart_are_never_enough(keys: float) -> None:
    assert not rest(keys=keys).enough


def test_a_camera_that_stretches_the_distance_of_its_key_frames_is_decoded_as_a_whole() -> None:
    found = rest()
    at = 60.0
    while at < 60.0 + FARTHEST + 1:
        found.came(at, key=False)
        at += 0.2
    assert not found.enough


def test_a_stream_of_key_frames_alone_has_nothing_to_leave_out() -> None:
    assert not rest(keys=0.2).enough


def test_another_stream_has_to_show_its_key_frames_first() -> None:
    found = rest()
    found.restart()
    assert not found.enough


def shown(decoder: Decoder, packets: list[Packet]) -> list[Frame]:
    return [
        frame
        for each in packets
        for frame in decoder.decode(each.data, each.pts, each.pts, key=each.key)
    ]


CODECS = [
    ("h264", {}),
    ("h264", {"preset": "veryfast", "tune": "film", "bf": "3"}),
    ("hevc", {}),
    ("vp9", {}),
]


@pytest.mark.parametrize(("codec", "options"), CODECS)
def test_a_key_frame_decoded_by_itself_comes_at_once_and_is_followed_by_all_that_refer_to_it(
    codec: str, options: dict[str, str]
) -> None:
    clip = encode(walk(4, 10), codec=codec, **options)
    whole = Decoder(clip.form)
    wanted = [*shown(whole, clip.packets), *whole.flush()]
    decoder, at = Decoder(clip.form), _second_key(clip)
    key = clip.packets[at]
    (alone,) = decoder.alone(key.data, key.pts, key.pts)
    rest = [*shown(decoder, clip.packets[at + 1 :]), *decoder.flush()]
    assert alone.pts == pytest.approx(key.pts)
    times = [each.pts for each in rest if each.pts > key.pts + 1e-6]
    assert times == pytest.approx([each.pts for each in wanted if each.pts > key.pts + 1e-6])
    last, same = rest[-1].luma.astype(int), wanted[-1].luma.astype(int)
    assert abs(last - same).max() == 0
    assert decoder.errors == 0


def test_what_follows_a_packet_that_was_passed_over_waits_for_the_next_key_frame() -> None:
    clip = encode(walk(4, 10))
    decoder, at = Decoder(clip.form), _second_key(clip)
    key = clip.packets[0]
    list(decoder.alone(key.data, key.pts, key.pts))
    decoder.pass_over()
    frames = shown(decoder, clip.packets[5:])
    assert frames[0].pts == pytest.approx(clip.packets[at].pts)
    assert decoder.errors == 0


def test_key_frames_one_after_the_other_need_nothing_between_them() -> None:
    clip = encode(walk(4, 10), preset="veryfast", tune="film", bf="2")
    decoder = Decoder(clip.form)
    keys = [each for each in clip.packets if each.key]
    frames = [frame for each in keys for frame in decoder.alone(each.data, each.pts, each.pts)]
    assert [each.pts for each in frames] == pytest.approx([each.pts for each in keys])
    assert decoder.frames == len(keys)


def test_a_broken_key_frame_is_counted_and_survived() -> None:
    clip = encode(walk(4, 10))
    decoder, at = Decoder(clip.form), _second_key(clip)
    assert list(decoder.alone(b"\0\0\0\1\x65nonsense", 0.0, 0.0)) == []
    assert decoder.errors > 0
    assert shown(decoder, clip.packets[at:])[-1].pts == pytest.approx(3.9)


def _second_key(clip: Encoded) -> int:
    return [at for at, each in enumerate(clip.packets) if each.key][1]


class Yard:
    """A pipeline of a drawn yard, and what it told."""

    def __init__(self, plan: CameraPlan) -> None:
        self.events: list[Event] = []
        self.pipeline = Pipeline(plan, Waited(RedFinder(), "porch"), self.events.append)

    def show(self, clip: Encoded) -> None:
        self.pipeline.start(clip.form)
        for each in clip.packets:
            for frame in self.pipeline.decode(each.data, each.pts, each.pts, key=each.key):
                self.pipeline.look(frame)

    @property
    def kinds(self) -> list[str]:
        return [each.type for each in self.events]


@pytest.fixture(scope="module", params=["0", "2"], ids=["plain", "b-frames"])
def visit(request: pytest.FixtureRequest) -> Encoded:
    """Twenty quiet seconds, somebody crosses the yard in six, and quiet again."""
    frames = [*[picture()] * 200, *walk(6, 10, 0.05, 0.95), *[picture()] * 300]
    return encode(frames, preset="veryfast", tune="film", bf=request.param, g="10")


def test_a_visit_is_found_as_ever_and_most_of_the_quiet_is_not_decoded(visit: Encoded) -> None:
    thrifty, wasteful = Yard(THRIFTY), Yard(WASTEFUL)
    thrifty.show(visit)
    wasteful.show(visit)
    assert thrifty.kinds == wasteful.kinds
    late = [
        (a.captured - b.captured).total_seconds()
        for a, b in zip(thrifty.events, wasteful.events, strict=True)
    ]
    assert max(map(abs, late)) <= 1.0 + 0.2  # the distance of key frames, and a look
    assert wasteful.pipeline.counters.frames >= 555
    assert thrifty.pipeline.counters.frames < 380


def test_it_is_the_same_every_time(visit: Encoded) -> None:
    once, again = Yard(THRIFTY), Yard(THRIFTY)
    once.show(visit)
    again.show(visit)
    assert once.events == again.events
    assert once.pipeline.counters == again.pipeline.counters


def test_the_picture_is_that_of_the_latest_key_frame(visit: Encoded) -> None:
    yard = Yard(THRIFTY)
    yard.show(Encoded(visit.form, visit.packets[:180]))
    before = yard.pipeline.counters.frames
    assert yard.pipeline.picture(boxes=True).startswith(b"\xff\xd8")
    assert before < 140


def test_somebody_who_stands_lets_the_camera_rest_and_is_missed_when_gone() -> None:
    arrives = walk(3, 10, 0.05, 0.5)
    clip = encode(
        [*[picture()] * 20, *arrives, *[picture(person(0.5))] * 500, *[picture()] * 150], g="10"
    )
    thrifty = Yard(THRIFTY)
    thrifty.show(clip)
    assert Counter(thrifty.kinds)["zone.entered"] == 1
    assert Counter(thrifty.kinds)["zone.left"] == 1
    assert thrifty.pipeline.counters.frames < 500


def test_a_changed_plan_wakes_the_camera_at_its_next_key_frame(visit: Encoded) -> None:
    yard = Yard(THRIFTY)
    yard.show(Encoded(visit.form, visit.packets[:195]))
    asleep = yard.pipeline.counters.frames
    yard.pipeline.replan(WASTEFUL)
    for each in visit.packets[195:220]:
        for frame in yard.pipeline.decode(each.data, each.pts, each.pts, key=each.key):
            yard.pipeline.look(frame)
    assert yard.pipeline.counters.frames - asleep >= 17
    assert yard.pipeline.counters.errors == 0


@pytest.fixture(scope="module")
def street(data: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The real clip of four visits with half a minute of stillness before; a key frame a second."""
    file = tmp_path_factory.mktemp("street") / "street.mp4"
    with (
        av.open(str(data / "footage" / "people-detection.mp4")) as film,
        av.open(str(file), "w") as made,
    ):
        stream = made.add_stream("libx264", rate=12)
        stream.width, stream.height, stream.pix_fmt = 384, 216, "yuv420p"
        stream.codec_context.gop_size = 12
        stream.options = {"preset": "veryfast", "tune": "zerolatency"}
        frames = [each.reformat(width=384, height=216, format="yuv420p") for each in film.decode()]
        for number, each in enumerate([*[frames[0]] * 360, *frames]):
            frame = av.VideoFrame.from_ndarray(each.to_ndarray(), format="yuv420p")
            frame.pts, frame.time_base = number, Fraction(1, 12)
            made.mux(stream.encode(frame))
        made.mux(stream.encode(None))
    return file


def test_every_visit_of_real_footage_is_seen_a_key_frame_late_at_most(
    street: Path, data: Path
) -> None:
    truth = json.loads((data / "footage" / "truth" / "events.json").read_text())
    visits = [each["frames"][0] / 12 + 30 for each in truth["people-detection"]["visits"]]
    frames = {}
    for idle in ("all", "keyframes"):
        events: list[Event] = []
        summary = replay(street, CameraPlan(name="street", idle=idle), None, events.append)
        frames[idle] = summary.frames
        began = [each.captured.timestamp() for each in events if isinstance(each, MotionStarted)]
        assert len(began) == 4
        late = [at - visit for at, visit in zip(began, visits, strict=True)]
        assert all(-1.0 <= each <= 1.8 for each in late), late
    assert frames["all"] == 956
    assert frames["keyframes"] < 780


def test_a_recording_of_a_visit_tells_the_same_with_key_frames_only(tmp_path: Path) -> None:
    file = tmp_path / "yard.mp4"
    with av.open(str(file), "w") as made:
        stream = made.add_stream("libx264", rate=10)
        stream.width, stream.height, stream.pix_fmt = 640, 360, "yuv420p"
        stream.codec_context.gop_size = 10
        for each in [*[picture()] * 150, *walk(5, 10), *[picture()] * 100]:
            made.mux(stream.encode(av.VideoFrame.from_ndarray(each, format="bgr24")))
        made.mux(stream.encode(None))
    told: dict[str, list[Event]] = {"all": [], "keyframes": []}
    for idle, events in told.items():
        plan = CameraPlan(name="porch", detector="red", zones=(ALL,), idle=idle)
        replay(file, plan, RedFinder(), events.append)
    kinds = {idle: [each.type for each in events] for idle, events in told.items()}
    assert kinds["all"] == kinds["keyframes"]
    for kind in (ObjectAppeared, ZoneEntered, ObjectLeft):
        (one,), (other,) = (
            [each for each in events if isinstance(each, kind)] for events in told.values()
        )
        assert abs(one.captured - other.captured) <= timedelta(seconds=1.2)
