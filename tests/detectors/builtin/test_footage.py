"""How well it does: on the drawn yard, whose truth is exact, and on real footage."""

from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import av
import cv2
import numpy as np
import pytest

from detectors.builtin.detector import BuiltinDetector
from hub.api import Box, Detection
from integrations.demo.perspective import View
from integrations.demo.scene import Scene
from tests.detectors.builtin.conftest import look, make, overlap

Truth = dict[int, list[Box]]
FOOTAGE_WIDE, FOOTAGE_HIGH = 768, 432  # pixels


class Counted:
    """Hits and misses over a film."""

    def __init__(self) -> None:
        self.wanted = self.found = self.boxes = self.false = 0
        self.scores: list[float] = []

    def add(self, got: Sequence[Detection], wanted: Sequence[Box], anybody: Sequence[Box]) -> None:
        for box in wanted:
            hits = [each for each in got if overlap(each.box, box) >= 0.35]
            self.wanted += 1
            self.found += bool(hits)
            self.scores += [each.score for each in hits[:1]]
        self.boxes += len(got)
        self.false += sum(not any(overlap(each.box, box) > 0.1 for box in anybody) for each in got)


def watched(scene: Scene, detector: BuiltinDetector, seconds: int) -> Counted:
    """Look at a scene five times a second; who came less than a second ago is not asked for."""
    counted, since = Counted(), Counter[str]()
    for number in range(0, seconds * 10, 2):
        picture = np.asarray(cv2.cvtColor(scene.frame(number), cv2.COLOR_YUV2BGR_I420), np.uint8)
        people = scene.people(number)
        since.update(each.name for each in people)
        wanted = [each.box for each in people if each.visible > 0.7 and since[each.name] > 5]
        counted.add(look(detector, picture), wanted, [each.box for each in people])
    return counted


@pytest.mark.parametrize(("time", "seed"), [("day", 1), ("dusk", 2)])
def test_nearly_all_of_the_demos_figures_are_found(time: str, seed: int) -> None:
    scene = Scene(View(width=320, height=180), 10.0, seed, time=time)
    counted = watched(scene, make(), 120)

    assert counted.wanted > 500
    assert counted.found / counted.wanted > 0.9
    assert counted.false <= 3
    assert np.mean(np.array(counted.scores) > 0.5) > 0.9


@pytest.mark.slow
def test_the_way_from_day_to_dusk_and_back_leaves_no_ghosts() -> None:
    counted = watched(Scene(View(width=320, height=180), 10.0, 1), make(), 370)

    assert counted.found / counted.wanted > 0.9
    assert counted.false <= 10


def test_the_first_visitor_is_found_on_the_doorstep() -> None:
    scene, detector = Scene(View(width=640, height=360), 10.0, 1), make()

    def found(number: int) -> bool:
        picture = np.asarray(cv2.cvtColor(scene.frame(number), cv2.COLOR_YUV2BGR_I420), np.uint8)
        sure = [each.box for each in look(detector, picture) if each.score > 0.5]
        there = [each.box for each in scene.people(number) if each.doorstep]
        return any(overlap(a, b) > 0.4 for a in sure for b in there)

    seen = [number for number in range(0, 100, 2) if found(number)]

    assert seen[0] < 75
    assert len(seen) > 10


def test_real_people_are_found_roughly(data: Path) -> None:
    truth = _truth(data)
    counted, detector, due = Counted(), make(), 0.0
    with av.open(str(data / "footage" / "people-detection.mp4"),
                 options={"protocol_whitelist": "file"}) as film:  # fmt: skip
        for number, frame in enumerate(film.decode(video=0), 1):
            if (number - 1) / 12 < due - 0.001:
                continue
            due += 0.2
            picture = frame.reformat(320, 180, "bgr24").to_ndarray()
            people = truth.get(number, [])
            counted.add(look(detector, picture), people, people)

    assert counted.found / counted.wanted > 0.6
    assert counted.false / counted.boxes < 0.25


def _truth(data: Path) -> Truth:
    rows = (data / "footage" / "truth" / "people-detection.pseudo.txt").read_text().splitlines()
    people: Truth = {}
    for row in rows:
        frame, _, x, y, width, height = map(float, row.split(",")[:6])
        box = Box(x / FOOTAGE_WIDE, y / FOOTAGE_HIGH,
                  (x + width) / FOOTAGE_WIDE, (y + height) / FOOTAGE_HIGH)  # fmt: skip
        people.setdefault(int(frame), []).append(box)
    return people
