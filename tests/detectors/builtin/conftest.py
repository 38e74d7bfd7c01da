"""Pictures for the builtin detector: drawn shapes, the demo's yard, and a count of hits."""

from collections.abc import Callable, Iterable, Sequence

import cv2
import numpy as np
import pytest
import voluptuous as vol
from numpy.typing import NDArray

from detectors.builtin.detector import BuiltinDetector
from hub.api import Box, Detection, Region

Picture = NDArray[np.uint8]
Make = Callable[..., BuiltinDetector]

WIDE, TALL = 320, 180


def make(**options: object) -> BuiltinDetector:
    detector = BuiltinDetector("builtin", vol.Schema(dict(BuiltinDetector.SCHEMA))(options))
    detector.load()
    return detector


@pytest.fixture
def detector() -> BuiltinDetector:
    return make()


def region(picture: Picture, place: Box = Box(0, 0, 1, 1)) -> Region:  # noqa: B008 - frozen
    whole = np.ascontiguousarray(picture)
    height, width = whole.shape[:2]
    return Region(pixels=memoryview(whole).cast("B"), width=width, height=height, place=place)


def look(detector: BuiltinDetector, picture: Picture, camera: str = "porch") -> Sequence[Detection]:
    answers: list[Sequence[Detection]] = []
    detector.submit(region(picture), camera, answers.append)
    assert len(answers) == 1
    return answers[0]


def watch(
    detector: BuiltinDetector, pictures: Iterable[Picture], camera: str = "porch"
) -> list[Sequence[Detection]]:
    return [look(detector, each, camera) for each in pictures]


class Film:
    """A wall of some texture with camera noise, before which shapes are drawn."""

    def __init__(self, seed: int = 1) -> None:
        self._luck = np.random.default_rng(seed)
        rough = self._luck.integers(90, 170, (TALL // 10, WIDE // 10, 3)).astype(np.uint8)
        self.wall = np.asarray(cv2.resize(rough, (WIDE, TALL)), np.uint8)

    def still(self) -> Picture:
        noise = self._luck.normal(0, 2, self.wall.shape)
        return np.clip(self.wall + noise, 0, 255).astype(np.uint8)

    def person(self, x: float, foot: float = 150, tall: float = 70) -> Picture:
        """Return the wall with somebody before it; ``x`` is their middle, all in pixels."""
        picture = self.still()
        wide = tall * 0.3
        head = (round(x), round(foot - tall * 0.9))
        cv2.circle(picture, head, round(tall * 0.09), (120, 150, 200), -1)
        body = np.array([
            (x - wide / 2, foot - tall * 0.8), (x + wide / 2, foot - tall * 0.8),
            (x + wide * 0.3, foot), (x - wide * 0.3, foot),
        ])  # fmt: skip
        cv2.fillConvexPoly(picture, body.astype(np.int32), (40, 30, 190))
        return picture

    def box(self, left: float, top: float, wide: float, tall: float) -> Picture:
        picture = self.still()
        corner = (round(left + wide), round(top + tall))
        cv2.rectangle(picture, (round(left), round(top)), corner, (30, 200, 40), -1)
        return picture


@pytest.fixture
def film() -> Film:
    return Film()


def overlap(a: Box, b: Box) -> float:
    """Return intersection over union."""
    wide = min(a.right, b.right) - max(a.left, b.left)
    tall = min(a.bottom, b.bottom) - max(a.top, b.top)
    if wide <= 0 or tall <= 0:
        return 0.0
    both = wide * tall
    return both / (_area(a) + _area(b) - both)


def _area(box: Box) -> float:
    return (box.right - box.left) * (box.bottom - box.top)
