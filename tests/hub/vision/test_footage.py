"""Real footage, twice: seven persons in four visits, their best pictures and what is reviewed."""

from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from threading import Event

import cv2
import numpy as np
import pytest

from hub.api import Box, Detection, Detector, ObjectPictured, Region, ReviewEnded
from hub.api import Event as Fact
from hub.cli.recordings import Ready, ready
from hub.vision.capture import disagree
from hub.vision.replay import replay
from hub.vision.samples import read

CONFIGURATION = """
cameras:
  hall:
    platform: demo
    detect: {fps: 5, objects: [person], detector: openvino}
    review: {before: 1s, after: 5s}
"""
pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def hall(data: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ready]:
    folder = tmp_path_factory.mktemp("configuration")
    (folder / "configuration.yaml").write_text(CONFIGURATION)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("WATCHPOST_MODELS", str(data / "models"))
        with ready(folder, "hall") as found:
            yield found


@pytest.fixture(scope="module")
def seen(hall: Ready, data: Path, tmp_path_factory: pytest.TempPathFactory) -> list[Fact]:
    events: list[Fact] = []
    clip = data / "footage" / "people-detection.mp4"
    media = tmp_path_factory.mktemp("media")
    replay(clip, hall.plan, hall.detector, events.append, media=media)
    return events


def test_each_person_has_one_best_picture_with_a_person_in_its_thumbnail(
    hall: Ready, seen: list[Fact]
) -> None:
    pictured = [each for each in seen if isinstance(each, ObjectPictured)]
    assert len({each.track for each in pictured}) == 7
    assert max(Counter(each.track for each in pictured).values()) <= 3
    for each in {each.track: each for each in pictured}.values():
        assert "person" in _labels(hall.detector, cv2.imread(each.thumbnail)), each.thumbnail


def _labels(detector: Detector, pixels: np.ndarray) -> set[str]:
    answered, found = Event(), []

    def take(detections: Sequence[Detection]) -> None:
        found.extend(detections)
        answered.set()

    detector.submit(_region(pixels), "hall", take)
    assert answered.wait(30)
    return {each.label for each in found if each.score >= 0.5}


def _region(pixels: np.ndarray) -> Region:
    high, wide = pixels.shape[:2]
    return Region(
        pixels=np.ascontiguousarray(pixels).data.cast("B"),
        width=wide,
        height=high,
        place=Box(0, 0, 1, 1),
    )


def test_the_last_picture_shows_somebody_whole(seen: list[Fact]) -> None:
    last = {each.track: each for each in seen if isinstance(each, ObjectPictured)}
    assert all(each.box.bottom < 0.994 and each.box.top > 0.05 for each in last.values())


def test_a_picture_is_there_at_once_and_then_every_two_seconds_at_most(seen: list[Fact]) -> None:
    began = {each.track: each.captured for each in seen if each.type == "object.appeared"}
    first: dict[str, ObjectPictured] = {}
    for each in seen:
        if isinstance(each, ObjectPictured):
            first.setdefault(each.track, each)
    assert all((each.captured - began[name]).total_seconds() < 1 for name, each in first.items())


def test_four_visits_are_four_items_that_hold_seven_persons(seen: list[Fact]) -> None:
    ended = [each for each in seen if isinstance(each, ReviewEnded)]
    assert len(ended) == 4
    assert sum(len(each.tracks) for each in ended) == 7
    assert {each.severity for each in ended} == {"alert"}
    lengths = [(each.ended - each.started).total_seconds() for each in ended]
    assert all(5 < each < 17 for each in lengths)


def test_without_a_folder_there_are_no_pictures_and_all_else_is_the_same(
    hall: Ready, seen: list[Fact], data: Path
) -> None:
    events: list[Fact] = []
    replay(data / "footage" / "people-detection.mp4", hall.plan, hall.detector, events.append)
    without = [each for each in seen if each.type != "object.pictured"]
    assert [(each.type, each.captured) for each in events] == [
        (each.type, each.captured) for each in without
    ]


def test_frames_that_two_detectors_dispute_are_kept(
    data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WATCHPOST_MODELS", str(data / "models"))
    more = """
    capture: {rules: {when: disagree, with: small, pause: 1s}}
detectors:
  small: {platform: openvino, model: lwpd_192}
"""
    (tmp_path / "configuration.yaml").write_text(CONFIGURATION + more)
    clip, place = data / "footage" / "people-detection.mp4", tmp_path / "media"
    with ready(tmp_path, "hall") as found:
        assert set(found.others) == {"small"}
        replay(clip, found.plan, found.detector, [].append, media=place, others=found.others)
    kept = [sample for _, sample in read(place)]
    assert kept
    for sample in kept:
        assert (sample.model, sample.other_model) == ("openvino", "small")
        assert disagree(sample.detections, sample.others, ("person",))
