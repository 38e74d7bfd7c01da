"""Detectors of every temper, and ears for their answers."""

import threading
from collections.abc import Callable, Sequence

import numpy as np

from hub.api import Box, Detection, Region
from hub.vision.facts import Look, Motion, Priority, Track, Tracks
from hub.vision.geometry import WHOLE
from hub.vision.inference import Answer, Question, Sight
from tests.hub.vision.scenes import RedFinder


def region(place: Box = WHOLE, size: tuple[int, int] = (8, 8)) -> Region:
    """A black region."""
    pixels = np.zeros((size[1], size[0], 3), np.uint8)
    return Region(pixels=pixels.data.cast("B"), width=size[0], height=size[1], place=place)


def thing(box: Box, score: float = 0.9, label: str = "person") -> Detection:
    return Detection(label=label, score=score, box=box)


def track(box: Box, *, confirmed: bool = True, label: str = "person", number: int = 1) -> Track:
    """A track that was just seen."""
    return Track(
        number=number,
        id=f"porch-{number}" if confirmed else "",
        label=label,
        score=0.9,
        box=box,
        seen=True,
        born=0.0,
        last=1.0,
    )


def sight(
    *places: Box,
    priority: Priority = Priority.NEW,
    moving: Sequence[Box] = (),
    tracks: Sequence[Track] = (),
    now: float = 1.0,
) -> Sight:
    """What the runner asks with, for a black frame of 640x360."""
    return Sight(
        look=Look(places or (WHOLE,), priority),
        cut=region,
        size=(640, 360),
        motion=Motion(boxes=tuple(moving), moving=bool(moving)),
        tracks=Tracks(live=tuple(tracks)),
        now=now,
    )


class Slow(RedFinder):
    """Answers only when it is told to, from another thread."""

    def __init__(self) -> None:
        super().__init__()
        self.owed: list[Callable[[Sequence[Detection]], None]] = []
        self.cameras: list[str] = []
        self.came = threading.Semaphore(0)

    def submit(
        self, region: Region, camera: str, done: Callable[[Sequence[Detection]], None]
    ) -> None:
        self.asked.append(region)
        self.cameras.append(camera)
        self.owed.append(done)
        self.came.release()

    def answer(self, *found: Detection) -> None:
        threading.Thread(target=self.owed.pop(0), args=(found,)).start()


class Gated(RedFinder):
    """Takes one region at a time, each when it is let; keeps whose they were."""

    def __init__(self) -> None:
        super().__init__()
        self.gate = threading.Semaphore(0)
        self.at_the_gate = threading.Semaphore(0)
        self.cameras: list[str] = []

    def submit(
        self, region: Region, camera: str, done: Callable[[Sequence[Detection]], None]
    ) -> None:
        self.cameras.append(camera)
        self.at_the_gate.release()
        assert self.gate.acquire(timeout=10)
        super().submit(region, camera, done)


class Broken(RedFinder):
    """Raises at every region."""

    def submit(
        self, region: Region, camera: str, done: Callable[[Sequence[Detection]], None]
    ) -> None:
        raise RuntimeError("out of memory")


class Heard:
    """Collects answers."""

    def __init__(self) -> None:
        self.answers: list[Answer] = []
        self._came = threading.Semaphore(0)

    def __call__(self, answer: Answer) -> None:
        self.answers.append(answer)
        self._came.release()

    def wait(self) -> Answer:
        assert self._came.acquire(timeout=5)
        return self.answers[-1]


def question(
    heard: Callable[[Answer], None],
    camera: str = "porch",
    priority: Priority = Priority.NEW,
    *places: Box,
) -> Question:
    """A question of a region, or of several."""
    regions = [region(each) for each in places or (WHOLE,)]
    return Question(camera=camera, regions=regions, done=heard, priority=priority)
