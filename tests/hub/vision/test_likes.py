"""How a camera asks what things look like."""

from collections.abc import Sequence
from threading import Event
from typing import Any

import numpy as np
import pytest

from hub.api import Box, Detector, NotReady, Region
from hub.vision.likes import Likes


class Mirror(Detector):
    KEY = "mirror"
    labels = ()
    size = (128, 256)

    def load(self) -> None: ...

    def submit(self, region: Region, camera: str, done: Any) -> None:
        done(())

    def likeness(self, regions: Sequence[Region]) -> Sequence[Sequence[float]]:
        if not self.options["works"]:
            raise NotReady("the mirror is dark")
        return [(each.place.left, each.place.right) for each in regions]


class Frame:
    def region(self, place: Box, limit: tuple[int, int]) -> Region:
        assert limit == Mirror.size
        return Region(pixels=memoryview(b""), width=2, height=2, place=place)


def test_it_is_shown_the_parts_of_a_frame_that_lie_in_it() -> None:
    failed: list[str] = []
    look = Likes(Mirror("hall", {"works": True}), failed.append).on(Frame())
    assert np.array(look([Box(-0.1, 0, 0.2, 1), Box(0.5, 0, 0.6, 1)])).tolist() == [
        [0.0, 0.2],
        [0.5, 0.6],
    ]
    assert not failed


def test_one_that_fails_is_told_and_answers_nothing() -> None:
    failed: list[str] = []
    look = Likes(Mirror("hall", {"works": False}), failed.append).on(Frame())
    assert look([Box(0, 0, 1, 1)]) is None
    assert failed == ["the mirror is dark"]


@pytest.mark.parametrize(
    "said", [[], [[1.0], [2.0]], [1.0], [[float("nan")]], [["x"]], None], ids=repr
)
def test_one_that_talks_nonsense_fails_and_not_the_camera(said: Any) -> None:
    class Mad(Mirror):
        def likeness(self, regions: Sequence[Region]) -> Sequence[Sequence[float]]:
            answer: Sequence[Sequence[float]] = said
            return answer

    failed: list[str] = []
    assert Likes(Mad("hall", {}), failed.append).on(Frame())([Box(0, 0, 1, 1)]) is None
    assert len(failed) == 1


def test_a_detector_that_tells_nothing_apart_says_so() -> None:
    class Blind(Mirror):
        likeness = Detector.likeness

    failed: list[str] = []
    assert Likes(Blind("hall", {}), failed.append).on(Frame())([Box(0, 0, 1, 1)]) is None
    assert "does not tell things apart" in failed[0]


def test_one_that_hangs_is_waited_for_once() -> None:
    goes_on, asked = Event(), []

    class Asleep(Mirror):
        def likeness(self, regions: Sequence[Region]) -> Sequence[Sequence[float]]:
            asked.append(len(regions))
            goes_on.wait(30)
            return super().likeness(regions)

    failed: list[str] = []
    look = Likes(Asleep("hall", {"works": True}), failed.append, patience=0.05).on(Frame())
    box = [Box(0, 0, 1, 1)]

    assert look(box) is None
    assert look(box) is None
    assert failed == ["it has not answered for 0.05 s"]
    assert asked == [1]
    goes_on.set()
