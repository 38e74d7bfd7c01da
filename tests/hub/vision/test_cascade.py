"""The first detector saves full looks, and never makes anybody up."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import msgspec
import pytest

from detectors.catalogue.entries import read
from detectors.openvino.detector import OpenVino
from detectors.openvino.options import Load
from hub.api import Box, Detection, Detector, Region
from hub.vision.cascade import Cascade, unsuited
from hub.vision.facts import Priority, Track
from hub.vision.inference import Answer, Sight, Waited
from hub.vision.plan import CameraPlan, ZonePlan
from hub.vision.replay import replay
from tests.hub.vision.eyes import sight, thing, track
from tests.hub.vision.scenes import RedFinder

ALL = ZonePlan(name="all", polygon=((0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0)))
ANNA, BEN = Box(0.2, 0.3, 0.35, 0.9), Box(0.6, 0.3, 0.75, 0.9)


class Told:
    """Eyes that answer what they were told to, and keep what they were asked."""

    size = (416, 416)
    whole_frames = False

    def __init__(self, *found: Detection) -> None:
        self.found: Sequence[Detection] | None = list(found)
        self.asked: list[Sight] = []

    def look(self, sight: Sight, done: Callable[[Answer], None]) -> None:
        self.asked.append(sight)
        done(self.found)


class Pair:
    """A cascade that has just looked fully, and what it answered since."""

    def __init__(self, *first: Detection) -> None:
        self.first, self.full = Told(*first), Told(thing(ANNA))
        self.eyes = Cascade(self.first, self.full, ["person"], 0.5)
        self.answers: list[Answer] = []
        self.look(priority=Priority.NEW, now=0.0)
        self.full.asked.clear()
        self.answers.clear()

    def look(
        self,
        *tracks: Track,
        priority: Priority = Priority.ACTIVE,
        moving: Sequence[Box] = (),
        now: float = 1.0,
    ) -> None:
        asked = sight(priority=priority, moving=moving, tracks=tracks, now=now)
        self.eyes.look(asked, self.answers.append)


def test_somebody_who_is_followed_is_followed_on_without_a_full_look() -> None:
    found = thing(Box(0.21, 0.3, 0.36, 0.9), 0.8)
    pair = Pair(found)
    pair.look(track(ANNA), moving=[ANNA])
    assert pair.answers == [[found]]
    assert pair.full.asked == []
    assert pair.eyes.spared == 1
    (crop,) = pair.first.asked[0].look.places
    assert crop.left < ANNA.left < ANNA.right < crop.right
    assert crop.bottom - crop.top <= 0.9


@pytest.mark.parametrize(
    "found",
    [
        [],
        [thing(ANNA, 0.4)],
        [thing(BEN)],
        [thing(ANNA), thing(BEN)],
        [thing(ANNA), thing(BEN, 0.3)],
        [thing(ANNA, label="dog")],
    ],
    ids=["nobody", "unsure", "elsewhere", "one more", "perhaps one more", "something else"],
)
def test_where_it_is_not_sure_the_full_detector_looks(found: list[Detection]) -> None:
    pair = Pair(*found)
    pair.look(track(ANNA), moving=[ANNA])
    assert len(pair.first.asked) == 1
    assert len(pair.full.asked) == 1
    assert pair.answers == [[thing(ANNA)]]


@pytest.mark.parametrize(
    ("tracks", "moving", "priority"),
    [
        ([], [ANNA], Priority.NEW),
        ([track(ANNA)], [ANNA, BEN], Priority.NEW),
        ([track(ANNA)], [ANNA, BEN], Priority.ACTIVE),
        ([track(ANNA, confirmed=False)], [ANNA], Priority.ACTIVE),
        ([track(ANNA, label="car")], [ANNA], Priority.ACTIVE),
        ([track(ANNA), track(BEN, confirmed=False)], [ANNA], Priority.ACTIVE),
        ([msgspec.structs.replace(track(ANNA), seen=False)], [], Priority.ACTIVE),
        ([track(Box(0.5, 0.5, 0.52, 0.55))], [Box(0.3, 0.3, 0.9, 0.9)], Priority.ACTIVE),
        ([track(Box(0.1 * n, 0.3, 0.1 * n + 0.05, 0.6)) for n in (1, 4, 8)], [], Priority.ACTIVE),
    ],
    ids=[
        "nobody is followed", "something new", "something moves elsewhere", "not believed yet",
        "not its kind", "one of two not believed", "lost", "not tight", "too many",
    ],
)  # fmt: skip
def test_it_is_not_asked_what_it_is_not_to_be_trusted_with(
    tracks: list[Track], moving: list[Box], priority: Priority
) -> None:
    pair = Pair(thing(ANNA))
    pair.look(*tracks, moving=moving, priority=priority)
    assert pair.first.asked == []
    assert len(pair.full.asked) == 1


def test_the_full_detector_looks_every_two_seconds_at_least() -> None:
    pair = Pair(thing(ANNA))
    for tenth in range(1, 101):
        pair.look(track(ANNA), now=tenth / 10)
    times = [each.now for each in pair.full.asked]
    assert len(times) == 5
    assert max(b - a for a, b in zip([0.0, *times], times, strict=False)) <= 2.0


def test_a_full_look_that_failed_confirms_nothing() -> None:
    pair = Pair(thing(ANNA))
    pair.full.found = None
    pair.look(track(ANNA), now=3.0)
    pair.look(track(ANNA), now=3.2)
    assert pair.first.asked == []
    assert pair.answers == [None, None]


def test_where_it_is_never_sure_it_is_left_alone_for_a_while() -> None:
    pair = Pair()
    for tenth in range(1, 100):
        pair.look(track(ANNA), now=tenth / 10)
    assert 6 <= len(pair.first.asked) <= 24
    assert len(pair.full.asked) == 99


def test_two_who_are_apart_are_two_tight_crops() -> None:
    pair = Pair(thing(ANNA), thing(BEN))
    pair.look(track(ANNA), track(BEN, number=2))
    assert len(pair.first.asked[0].look.places) == 2
    assert pair.full.asked == []


class Whole(RedFinder):
    @property
    def whole_frames(self) -> bool:
        return True


def test_what_cannot_be_asked_first_is_said_why() -> None:
    red = RedFinder()
    assert unsuited(red, red, ["person"]) == ""
    assert unsuited(red, red, []) == ""
    assert unsuited(red, red, ["person", "car"]) == "it does not know 'car'"
    assert "whole pictures" in unsuited(Whole(), red, [])
    assert "whole pictures" in unsuited(red, Whole(), [])


def net(data: Path, model: str) -> Detector:
    entry = read()[model]
    file = data / "models" / entry.file
    if not file.is_file():
        pytest.skip(f"{file} is not there")
    load = Load(
        model=model,
        file=str(file),
        head=entry.head,
        labels=entry.labels,
        input=entry.input,
        width=entry.input.width,
        height=entry.input.height,
        precision="f32",
    )
    made = OpenVino(model, msgspec.to_builtins(load))
    made.load()
    return made


def test_the_same_persons_are_seen_with_a_fifth_fewer_full_inferences(data: Path) -> None:
    clip = data / "footage" / "people-detection.mp4"
    if not clip.is_file():
        pytest.skip(f"{clip} is not there")
    full, near = net(data, "yolox_nano"), net(data, "lwpd_192")
    plan = CameraPlan(name="porch", detector="full", first="near", zones=(ALL,))

    alone = replay(clip, plan, full, [].append)
    told: list[list[object]] = [[], []]
    both = [replay(clip, plan, full, each.append, first=near) for each in told]

    assert told[0] == told[1]  # the same on every run
    assert [both[0].events[each] for each in ("object.appeared", "zone.cleared")] == [7, 4]
    assert both[0].inferences <= 0.85 * alone.inferences
    assert both[0].inferences + both[0].spared >= 0.9 * alone.inferences
    assert "spared by the first detector" in str(both[0])
    full.close()
    near.close()


def test_it_makes_up_nobody(data: Path) -> None:
    clip = data / "footage" / "bottle-detection.mp4"
    if not clip.is_file():
        pytest.skip(f"{clip} is not there")
    full, near = net(data, "yolox_nano"), net(data, "lwpd_192")
    plan = CameraPlan(name="porch", detector="full", first="near", zones=(ALL,))
    alone, both = (replay(clip, plan, full, [].append, first=each) for each in (None, near))
    assert both.events["object.appeared"] == alone.events["object.appeared"]
    full.close()
    near.close()


def test_regions_are_cut_for_each_detector_s_own_size() -> None:
    class Near(RedFinder):
        SIDES = (192, 192)

    cut: list[tuple[int, int]] = []

    def cutting(place: Box, size: tuple[int, int]) -> Region:
        cut.append(size)
        return sight().cut(place, size)

    eyes = Cascade(Waited(Near(), "porch"), Waited(RedFinder(), "porch"), ["person"], 0.5)
    for now in (0.0, 1.0):
        asked = sight(priority=Priority.ACTIVE, tracks=[track(ANNA)], now=now)
        eyes.look(replace(asked, cut=cutting), lambda _: None)
    assert cut == [(416, 416), (192, 192), (416, 416)]
