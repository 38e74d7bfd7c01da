from collections.abc import Iterable
from functools import cache

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.api import Box
from hub.vision.facts import Motion
from hub.vision.geometry import touch
from hub.vision.motion import MotionFinder, MotionMemory
from hub.vision.plan import MotionPlan
from tests.hub.vision.scenes import person, picture

FPS = 5


def luma(frame: np.ndarray, number: int) -> np.ndarray:
    """The brightness of a frame, with a camera's noise."""
    return cv2.add(cv2.cvtColor(frame, cv2.COLOR_BGR2GRAY), _noise(number % 7), dtype=cv2.CV_8U)


@cache
def _noise(seed: int) -> np.ndarray:
    return np.random.default_rng(seed).normal(0, 3, (360, 640)).astype(np.int16)


def looked(finder: MotionFinder, frames: Iterable[np.ndarray], start: float = 0.0) -> list[Motion]:
    return [
        finder.look(luma(each, number), start + number / FPS) for number, each in enumerate(frames)
    ]


def test_a_noisy_picture_of_nothing_never_moves() -> None:
    seen = looked(MotionFinder(MotionPlan()), [picture()] * 100)
    assert not any(each.boxes or each.moving for each in seen)


def test_a_person_who_walks_is_in_a_box_in_every_frame() -> None:
    places = [person(0.1 + 0.02 * i) for i in range(40)]
    finder = MotionFinder(MotionPlan())
    looked(finder, [picture()] * 5)
    seen = looked(finder, [picture(each) for each in places], start=1.0)
    for motion, place in zip(seen, places, strict=True):
        assert any(touch(place, box) for box in motion.boxes)
        assert len(motion.boxes) <= 2
    assert seen[1].moving


def test_a_small_far_person_is_found() -> None:
    far = [person(0.3 + 0.005 * i, foot=0.3, height=0.1) for i in range(20)]
    finder = MotionFinder(MotionPlan())
    looked(finder, [picture()] * 5)
    seen = looked(finder, [picture(each) for each in far], start=1.0)
    assert all(any(touch(p, b) for b in m.boxes) for m, p in zip(seen, far, strict=True))


def test_motion_begins_at_the_second_frame_and_ends_after_it_has_settled() -> None:
    finder = MotionFinder(MotionPlan(settle=2.0))
    frames = [picture()] * 10 + [picture(person(0.2 + 0.02 * i)) for i in range(10)]
    seen = looked(finder, [*frames, *[picture()] * 60])
    moving = [number / FPS for number, each in enumerate(seen) if each.moving]
    assert moving[0] == pytest.approx(2.2)
    ended = next(m for m, before in zip(seen[1:], seen, strict=False) if before.moving > m.moving)
    last = max(number / FPS for number, each in enumerate(seen) if each.boxes)
    assert moving[-1] + 1 / FPS == pytest.approx(last + 2.0, abs=0.21)
    assert ended.seconds == pytest.approx(last - 2.2)


def test_a_flicker_of_one_frame_is_no_motion() -> None:
    frames = [*[picture()] * 10, picture(person(0.5)), *[picture()] * 20]
    assert not any(each.moving for each in looked(MotionFinder(MotionPlan()), frames))


def test_a_lamp_that_goes_on_and_off_is_no_flood_and_a_person_is_found_soon_after() -> None:
    finder = MotionFinder(MotionPlan())
    frames = [picture()] * 10 + [picture(light=150)] * 25 + [picture(light=60)] * 25
    seen = looked(finder, frames)
    assert not any(each.boxes for each in seen)
    walking = [picture(person(0.2 + 0.02 * i), light=60) for i in range(10)]
    assert all(each.boxes for each in looked(finder, walking, start=len(frames) / FPS)[1:])


def test_dusk_comes_without_motion() -> None:
    frames = [picture(light=round(120 - i / 10)) for i in range(600)]
    assert not any(each.boxes for each in looked(MotionFinder(MotionPlan()), frames))


def test_what_parks_becomes_background() -> None:
    finder = MotionFinder(MotionPlan())
    looked(finder, [picture()] * 10)
    seen = looked(finder, [picture(person(0.5))] * 150, start=2.0)
    assert seen[0].boxes
    assert not seen[-1].boxes
    assert not seen[-1].moving


def test_a_mask_hides_what_moves_under_it_and_only_that() -> None:
    tree = ((0.0, 0.0), (0.5, 0.0), (0.5, 1.0), (0.0, 1.0))
    finder = MotionFinder(MotionPlan(mask=(tree,)))
    looked(finder, [picture()] * 5)
    left = looked(finder, [picture(person(0.1 + 0.02 * i)) for i in range(10)], start=1.0)
    looked(finder, [picture()] * 5, start=3.0)
    right = looked(finder, [picture(person(0.7 + 0.01 * i)) for i in range(10)], start=4.0)
    assert not any(each.boxes for each in left)
    assert all(each.boxes for each in right)


def test_another_picture_size_begins_anew() -> None:
    finder = MotionFinder(MotionPlan())
    looked(finder, [picture()] * 10)
    grey = cv2.cvtColor(picture(size=(320, 240)), cv2.COLOR_BGR2GRAY)
    seen = [finder.look(grey, 2 + number / FPS) for number in range(10)]
    assert not any(each.boxes for each in seen)


def test_the_area_says_how_small_is_too_small() -> None:
    bird = [Box(0.3 + 0.02 * i, 0.3, 0.33 + 0.02 * i, 0.34) for i in range(10)]
    for smallest, found in ((0.0005, True), (0.01, False)):
        finder = MotionFinder(MotionPlan(area=smallest))
        looked(finder, [picture()] * 5)
        seen = looked(finder, [picture(each) for each in bird], start=1.0)
        assert any(each.boxes for each in seen) is found


@given(st.floats(0.0, 1e9), st.floats(0.1, 60.0))
def test_silence_ends_motion_whenever_it_was(last: float, settle: float) -> None:
    finder = MotionFinder(MotionPlan(settle=settle))
    finder.recall(MotionMemory(since=last - 1.0, last=last))
    assert not finder.silence(last).moving


def test_silence_ends_motion() -> None:
    finder = MotionFinder(MotionPlan())
    looked(finder, [picture()] * 5)
    seen = looked(finder, [picture(person(0.2 + 0.02 * i)) for i in range(10)], start=1.0)
    assert seen[-1].moving
    over = finder.silence(2.8)
    assert not over.moving
    assert over.seconds == pytest.approx(1.6)
