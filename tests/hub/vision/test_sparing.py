"""What nobody looks at is not decoded, and nothing else changes by that."""

import random
from collections.abc import Sequence
from pathlib import Path

import av
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.api import Event, Packet
from hub.vision.annotating import film
from hub.vision.decoding import Decoder, Frame
from hub.vision.facts import Shown
from hub.vision.inference import Waited
from hub.vision.plan import CameraPlan
from hub.vision.replay import replay
from hub.vision.runner import Pipeline
from hub.vision.sampler import Sampler
from tests.hub.vision.scenes import Encoded, RedFinder, encode, picture, walk

FILM = {"preset": "veryfast", "tune": "film", "b_strategy": "0"}
BEES = {"x265-params": "log-level=none:bframes=3:b-adapt=0"}
Look = tuple[float, float, float]


def tried(
    clip: Encoded, packets: Sequence[Packet], fps: float = 5.0, *, spare: bool
) -> tuple[list[Look], int]:
    """Return what a sampler takes, each with its brightness, and how many were spared."""
    sampler = Sampler(fps)
    decoder = Decoder(clip.form, wanted=sampler.due if spare else None)
    frames = [
        frame
        for each in packets
        for frame in decoder.decode(each.data, each.pts, each.pts + 1e9, key=each.key)
        if taken(sampler, frame)
    ]
    frames += [each for each in decoder.flush() if taken(sampler, each)]
    return [(each.pts, each.captured, float(each.luma.mean())) for each in frames], decoder.left_out


def taken(sampler: Sampler, frame: Frame) -> bool:
    return sampler.take(frame.pts, frame.captured, frame.before) is not None


CLIPS = {
    "h264": ("h264", {}, 0.0),
    "h264-1": ("h264", {**FILM, "bf": "1"}, 0.25),
    "h264-2": ("h264", {**FILM, "bf": "2"}, 0.1),
    "h264-3": ("h264", {**FILM, "bf": "3"}, 0.25),
    "h264-flat": ("h264", {**FILM, "bf": "3", "b-pyramid": "none"}, 0.4),
    "hevc": ("hevc", BEES, 0.25),
    "vp9": ("vp9", {}, 0.0),
    "mjpeg": ("mjpeg", {}, 0.79),
}


@pytest.fixture(scope="module", params=CLIPS)
def clip(request: pytest.FixtureRequest) -> tuple[Encoded, float]:
    codec, options, part = CLIPS[request.param]
    return encode(walk(6, 25), fps=25, codec=codec, **options), part


@pytest.mark.parametrize("fps", [5.0, 2.0, 7.0])
def test_the_same_frames_are_taken_whether_the_others_are_decoded_or_not(
    clip: tuple[Encoded, float], fps: float
) -> None:
    encoded, _ = clip
    every, none = tried(encoded, encoded.packets, fps, spare=False)
    assert tried(encoded, encoded.packets, fps, spare=True)[0] == every
    assert none == 0


def test_as_many_are_left_out_as_the_stream_allows(clip: tuple[Encoded, float]) -> None:
    encoded, part = clip
    assert tried(encoded, encoded.packets, spare=True)[1] >= part * 150


def test_at_the_stream_s_own_rate_nothing_is_left_out(clip: tuple[Encoded, float]) -> None:
    encoded, _ = clip
    assert tried(encoded, encoded.packets, 25.0, spare=True)[1] == 0


@pytest.mark.parametrize("seed", range(2))
def test_so_it_is_with_a_changing_rate(clip: tuple[Encoded, float], seed: int) -> None:
    encoded, _ = clip
    dice, now, times = random.Random(seed), 0.0, {}  # noqa: S311 - not a secret
    for each in sorted(each.pts for each in encoded.packets):
        times[each] = now
        now += dice.choice([0.02, 0.033, 0.04, 0.05, 0.1, 0.5])
    packets = [Packet(data=p.data, pts=times[p.pts], key=p.key) for p in encoded.packets]
    assert tried(encoded, packets, spare=True)[0] == tried(encoded, packets, spare=False)[0]


def test_so_it_is_where_the_clock_jumps(clip: tuple[Encoded, float]) -> None:
    encoded, _ = clip
    half = next(at for at, p in enumerate(encoded.packets) if p.key and p.pts >= 3.0)
    for shift in (3600.0, 7.0, -3.0):
        packets = [
            Packet(data=p.data, pts=p.pts + 10 + (shift if at >= half else 0), key=p.key)
            for at, p in enumerate(encoded.packets)
        ]
        every, found = (tried(encoded, packets, spare=spare)[0] for spare in (False, True))
        assert len(found) == pytest.approx(len(every), abs=1)
        assert found[:14] == every[:14]


def test_so_it_is_where_packets_are_broken(clip: tuple[Encoded, float]) -> None:
    encoded, _ = clip
    dice = np.random.default_rng(3)
    broken = [
        Packet(data=dice.bytes(len(p.data)), pts=p.pts, key=p.key) if 52 < at < 61 else p
        for at, p in enumerate(encoded.packets)
    ]
    every, found = (tried(encoded, broken, spare=spare)[0] for spare in (False, True))
    assert len(found) == pytest.approx(len(every), abs=2)  # a broken one moves the beat
    assert found[:10] == every[:10]
    assert found[-1][0] == pytest.approx(every[-1][0], abs=0.2)


def test_after_missing_packets_it_begins_anew_at_a_key_frame(clip: tuple[Encoded, float]) -> None:
    encoded, _ = clip
    sampler = Sampler(5)
    decoder = Decoder(encoded.form, wanted=sampler.due)
    for at, each in enumerate(encoded.packets):
        if at == 43:
            decoder.skip_to_key()
        for frame in decoder.decode(each.data, each.pts, each.pts, key=each.key):
            sampler.take(frame.pts, frame.captured, frame.before)
    assert decoder.errors == 0
    assert sampler.due(6.2, 6.2)


@pytest.mark.parametrize("codec", ["h264", "mjpeg"])
@pytest.mark.parametrize("idle", ["all", "keyframes"])
def test_the_events_of_a_visit_are_the_same(codec: str, idle: str) -> None:
    options = {**FILM, "bf": "2", "g": "25"} if codec == "h264" else {}
    frames = [*[picture()] * 350, *walk(4, 25), *[picture()] * 250]
    visit = encode(frames, fps=25, codec=codec, **options)
    told: dict[bool, list[Event]] = {True: [], False: []}
    for every, events in told.items():
        plan = CameraPlan(name="porch", detector="red", idle=idle)
        pipeline = Pipeline(plan, Waited(RedFinder(), "porch"), events.append)
        pipeline.every = every
        pipeline.start(visit.form)
        for each in visit.packets:
            for frame in pipeline.decode(each.data, each.pts, each.pts, key=each.key):
                pipeline.look(frame)
        assert pipeline.picture(boxes=True).startswith(b"\xff\xd8")
        pipeline.silence()
    assert told[True] == told[False]
    assert len(told[True]) >= 4


def test_a_film_with_what_was_seen_shows_every_picture(tmp_path: Path) -> None:
    source, seen = tmp_path / "walk.mp4", tmp_path / "seen.mp4"
    with av.open(str(source), "w") as made:
        stream = made.add_stream("libx264", rate=25, options={**FILM, "bf": "3"})
        stream.width, stream.height, stream.pix_fmt = 640, 360, "yuv420p"
        for each in walk(4, 25):
            made.mux(stream.encode(av.VideoFrame.from_ndarray(each, format="bgr24")))
        made.mux(stream.encode(None))
    plan = CameraPlan(name="porch", detector="red")
    alone: list[Event] = []
    shown: list[Event] = []
    assert replay(source, plan, RedFinder(), alone.append).frames == 100
    with film(seen, 25) as annotator:
        assert replay(source, plan, RedFinder(), shown.append, annotator=annotator).frames == 100
    assert alone == shown
    with av.open(str(seen)) as written:
        assert sum(1 for _ in written.decode(video=0)) == 100


steps = st.lists(st.sampled_from([0.0, 0.02, 0.04, 0.2, 0.5, 11.0, -0.04, -5.0]), max_size=60)


@given(steps, st.sampled_from([1.0, 5.0, 7.0]))
def test_whether_a_frame_is_due_can_be_told_before_and_changes_nothing(
    steps: list[float], fps: float
) -> None:
    sampler, now = Sampler(fps), 0.0
    for number, each in enumerate(steps):
        now += each
        told = [sampler.due(now, number / 25) for _ in range(2)]
        assert told == [sampler.take(now, number / 25) is not None] * 2


@given(steps, st.integers(1, 8))
def test_what_comes_before_is_counted_in(steps: list[float], ahead: int) -> None:
    sampler, now, shown = Sampler(5), 0.0, []
    for number, each in enumerate(steps):
        now += each
        shown.append((now, number / 25))
    for at in range(len(shown) - ahead):
        told = sampler.due(*shown[at + ahead], shown[at : at + ahead])
        later = Sampler(5)
        looks = [later.take(*each) is not None for each in shown[: at + ahead + 1]]
        assert told == looks[-1]
        sampler.take(*shown[at])


@given(steps)
def test_what_was_left_out_lets_time_pass_as_if_it_had_been_shown(steps: list[float]) -> None:
    whole, spared = Sampler(5), Sampler(5)
    now = 0.0
    left: list[Shown] = []
    for number, each in enumerate(steps):
        now += each
        if not spared.due(now, number / 25, left):
            assert whole.take(now, number / 25) is None
            left.append((now, number / 25))
            continue
        assert spared.take(now, number / 25, left) == whole.take(now, number / 25)
        left = []
