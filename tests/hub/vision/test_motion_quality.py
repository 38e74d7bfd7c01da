"""Who moves is found, and what only looks like it is left: beside OpenCV's MOG2, on footage."""

from pathlib import Path

import numpy as np
import pytest

from hub.api import Box
from hub.vision.motion import MotionFinder
from hub.vision.plan import MotionPlan
from tests.hub.vision import movement

PERSONS = [name for name, _ in movement.clips() if "bottle" not in name]


class Ours:
    def __init__(self, plan: MotionPlan | None = None) -> None:
        self._finder = MotionFinder(plan or MotionPlan())

    def boxes(self, luma: np.ndarray, now: float) -> tuple[Box, ...]:
        return self._finder.look(luma, now).boxes


@pytest.mark.parametrize("name", PERSONS)
def test_who_moves_is_found_in_every_frame_and_no_box_is_empty(data: Path, name: str) -> None:
    clip = movement.footage(data, name, every=dict(movement.clips())[name])
    ours = movement.score(Ours(), clip)
    assert ours.recall == 1.0, ours.missed
    assert ours.false <= movement.score(movement.Mog2(), clip).false


@pytest.mark.parametrize("name", movement.DISTURBANCES)
def test_weather_and_light_make_no_more_empty_boxes_than_with_mog2(data: Path, name: str) -> None:
    clip = movement.footage(data, movement.PEOPLE, every=2, seconds=26)
    disturb, leaps = movement.DISTURBANCES[name]
    ours = movement.score(Ours(), clip, disturb, leaps)
    assert ours.recall >= 0.96, ours.missed
    assert ours.false <= movement.score(movement.Mog2(), clip, disturb, leaps).false


def test_a_hand_and_a_bottle_are_seldom_missed(data: Path) -> None:
    clip = movement.footage(data, "bottle-detection", every=6)
    ours = movement.score(Ours(), clip)
    assert ours.recall >= 0.95
    assert ours.false == 0


def test_the_truth_about_footage_is_worth_something(data: Path) -> None:
    """A finder that sees nothing finds nobody, and one that sees everything is told so."""

    class Blind:
        def boxes(self, luma: np.ndarray, now: float) -> list[Box]:
            return []

    class Nervous:
        def boxes(self, luma: np.ndarray, now: float) -> list[Box]:
            return [
                Box(x / 4, y / 4, x / 4 + 0.25, y / 4 + 0.25) for x in range(4) for y in range(4)
            ]

    clip = movement.footage(data, movement.PEOPLE, every=2, seconds=26)
    assert movement.score(Blind(), clip).recall == 0.0
    nervous = movement.score(Nervous(), clip)
    assert nervous.recall == 1.0
    assert nervous.false > 10 * len(clip.frames)


def test_sensitivity_is_how_little_contrast_counts(data: Path) -> None:
    clip = movement.footage(data, movement.PEOPLE, every=2, seconds=14)
    faint = [np.asarray(127 + (each.astype(np.int16) - 127) // 4, np.uint8) for each in clip.frames]
    dim = movement.Footage(clip.fps, faint, clip.sure, clip.possible)
    found = [
        movement.score(Ours(MotionPlan(threshold=threshold, area=area)), dim).recall
        for threshold, area in ((30, 0.002), (20, 0.0008), (12, 0.0004))
    ]
    assert found == sorted(found)
    assert found[0] < found[2]
