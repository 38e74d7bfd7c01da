"""What really moves in footage, what only looks like it, and how well a finder tells them apart.

Truth is made with hindsight: what differs by much from the frames before *and* after moves for
sure; what differs by little from them, and from what the place mostly looks like, does not.
Persons that two models agree on move too, where there is a list of them. Weather and light are
laid over the real frames, so that what really moves stays known.
"""

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Protocol

import av
import cv2
import numpy as np

from hub.api import Box
from hub.vision.geometry import area, grow, merged, shared, touch
from hub.vision.plan import MotionPlan

SIZE = (640, 360)
SMALL = (320, 180)
PEOPLE = "people-detection"
SURE, POSSIBLE = 22, 7  # grey levels, of a picture in which noise is smoothed away
LEAST = 0.0015  # of the picture; less than that need not be found
SETTLING = 1.0  # seconds after a leap of the light in which nobody need be found
TREE = Box(440 / 640, 0.0, 620 / 640, 200 / 360)
Disturbed = Callable[[np.ndarray, float, np.random.Generator], np.ndarray]


@dataclass(frozen=True)
class Footage:
    """Luma frames, what surely moves in each, and where anything at all may."""

    fps: float
    frames: list[np.ndarray]
    sure: list[list[Box]]
    possible: list[np.ndarray]


@dataclass
class Score:
    """What a finder made of a clip."""

    frames: int = 0
    movers: int = 0
    found: int = 0
    false: int = 0
    missed: list[tuple[int, Box]] = field(default_factory=list)

    @property
    def recall(self) -> float:
        return self.found / self.movers if self.movers else 1.0


class Finder(Protocol):
    def boxes(self, luma: np.ndarray, now: float) -> Sequence[Box]: ...


class Mog2:
    """OpenCV's background subtraction at 320x180, with its blobs made into boxes as ours are."""

    def __init__(self, plan: MotionPlan | None = None) -> None:
        self._model = cv2.createBackgroundSubtractorMOG2(detectShadows=False)
        self._area = (plan or MotionPlan()).area * SMALL[0] * SMALL[1]
        self._seen = False

    def boxes(self, luma: np.ndarray, now: float) -> list[Box]:
        small = cv2.resize(luma, SMALL, interpolation=cv2.INTER_AREA)
        mask = self._model.apply(small)
        mask = cv2.morphologyEx(mask, cv2.MORPH_OPEN, np.ones((3, 3), np.uint8))
        seen, self._seen = self._seen, True
        return blobs(mask, self._area) if seen else []


def blobs(mask: np.ndarray, least: float) -> list[Box]:
    mask = cv2.dilate(mask, np.ones((3, 3), np.uint8))
    count, _, found, _ = cv2.connectedComponentsWithStats(mask, connectivity=8)
    wide, high = mask.shape[1], mask.shape[0]
    return merged(
        [
            grow(Box(x / wide, y / high, (x + w) / wide, (y + h) / high), 0.02, 0.02)
            for x, y, w, h, size in found[1:count].tolist()
            if size >= least
        ]
    )


def score(
    finder: Finder, footage: Footage, disturb: Disturbed | None = None, leaps: Sequence[float] = ()
) -> Score:
    """Have a finder look at footage, perhaps disturbed; ``leaps`` are when its light changes."""
    made, dice = Score(), np.random.default_rng(7)
    for number, luma in enumerate(footage.frames):
        now = number / footage.fps
        shown = luma if disturb is None else disturb(luma, now, dice)
        boxes = finder.boxes(shown, now)
        made.frames += 1
        made.false += sum(not _moves(each, footage.possible[number]) for each in boxes)
        if number == 0 or any(0 <= now - leap < SETTLING for leap in leaps):
            continue
        for mover in footage.sure[number]:
            if disturb is leaves and shared(mover, TREE) > 0.5 * area(mover):
                continue  # behind it
            hit = any(touch(mover, each) for each in boxes)
            made.movers, made.found = made.movers + 1, made.found + hit
            if not hit:
                made.missed.append((number, mover))
    return made


def _moves(box: Box, possible: np.ndarray) -> bool:
    high, wide = possible.shape
    part = possible[
        int(box.top * high) : int(np.ceil(box.bottom * high)),
        int(box.left * wide) : int(np.ceil(box.right * wide)),
    ]
    return int(np.count_nonzero(part)) >= max(4, 0.02 * part.size)  # less of it is chance


def footage(data: Path, name: str, *, every: int = 1, seconds: float = 1e9) -> Footage:
    """Read a clip and find out what moves in it."""
    return _footage(data, name, every, seconds)


@cache
def _footage(data: Path, name: str, every: int, seconds: float) -> Footage:
    rate, frames = _read(data / "footage" / f"{name}.mp4")
    frames = frames[: int(seconds * rate)]
    sure, possible = _truth(frames, rate)
    if name == PEOPLE:
        _add_persons(data / "footage" / "truth" / f"{PEOPLE}.pseudo.txt", sure, possible)
    return Footage(rate / every, frames[::every], sure[::every], possible[::every])


def _read(path: Path) -> tuple[float, list[np.ndarray]]:
    with av.open(str(path)) as container:
        rate = float(container.streams.video[0].average_rate)
        return rate, [
            cv2.resize(each.to_ndarray(format="gray"), SIZE, interpolation=cv2.INTER_AREA)
            for each in container.decode(video=0)
        ]


def _truth(frames: list[np.ndarray], rate: float) -> tuple[list[list[Box]], list[np.ndarray]]:
    calm = [
        cv2.GaussianBlur(cv2.resize(f, SMALL, interpolation=cv2.INTER_AREA), (0, 0), 1.5)
        for f in frames
    ]
    usual = np.median(np.stack(calm[:: max(1, len(calm) // 60)]), axis=0).astype(np.uint8)
    near, far = max(1, round(rate * 0.2)), max(2, round(rate * 0.4))
    sure, possible = [], []
    for number, each in enumerate(calm):
        steps = [
            cv2.absdiff(each, calm[other])
            for other in (number - far, number - near, number + near, number + far)
            if 0 <= other < len(calm)
        ]
        before = cv2.absdiff(each, calm[max(0, number - near)])
        after = cv2.absdiff(each, calm[min(len(calm) - 1, number + near)])
        moved = np.minimum(before, after) > SURE
        sure.append(blobs(moved.astype(np.uint8), LEAST * SMALL[0] * SMALL[1]))
        possible.append((np.maximum.reduce([*steps, cv2.absdiff(each, usual)])) > POSSIBLE)
    return sure, possible


def _add_persons(path: Path, sure: list[list[Box]], possible: list[np.ndarray]) -> None:
    persons: list[list[Box]] = [[] for _ in sure]
    for line in path.read_text().splitlines():
        frame, _, x, y, width, height, _, agreed = map(float, line.split(","))
        number = int(frame) - 1
        if number >= len(sure):
            continue
        box = Box(x / 768, y / 432, (x + width) / 768, (y + height) / 432)
        wide, high = SMALL
        possible[number][
            int(box.top * high) : int(box.bottom * high),
            int(box.left * wide) : int(box.right * wide),
        ] = True
        if agreed:
            persons[number].append(box)
    for number, known in enumerate(persons):
        others = [m for m in sure[number] if not any(shared(m, p) > area(m) / 3 for p in known)]
        sure[number] = [*known, *others]  # an arm of a person is no mover of its own


def visits(data: Path) -> list[tuple[float, float]]:
    """When persons are in people-detection, in seconds."""
    told = json.loads((data / "footage" / "truth" / "events.json").read_text())[PEOPLE]
    return [(each["frames"][0] / 12, each["frames"][1] / 12) for each in told["visits"]]


def lamp(luma: np.ndarray, now: float, dice: np.random.Generator) -> np.ndarray:
    """A lamp lights half of the picture, five seconds on and five off."""
    return _times(luma, 1 + 0.7 * _half()) if int(now / 5) % 2 else luma


def cloud(luma: np.ndarray, now: float, dice: np.random.Generator) -> np.ndarray:
    """The sun goes and comes, within four seconds each."""
    return _times(luma, 0.75 + 0.25 * np.cos(now * np.pi / 4))


def leap(luma: np.ndarray, now: float, dice: np.random.Generator) -> np.ndarray:
    """The light is switched every eight seconds; the camera takes half a second to settle."""
    on, since = int(now / 8) % 2, now % 8
    return _times(luma, 1.5 + 0.5 * np.exp(-since / 0.25)) if on else luma


def night(luma: np.ndarray, now: float, dice: np.random.Generator) -> np.ndarray:
    """Dark, and the noise of a sensor at its limit, smeared by an encoder."""
    return cv2.add(_times(luma, 0.45), _noise(dice, 6), dtype=cv2.CV_8U)


def rain(luma: np.ndarray, now: float, dice: np.random.Generator) -> np.ndarray:
    """Streaks all over, other ones in each frame."""
    wet = luma.copy()
    for x, y, length in dice.integers((0, 0, 8), (640, 360, 30), (120, 3)).tolist():
        cv2.line(wet, (x, y), (x + length // 6, y + length), 215, 1, cv2.LINE_AA)
    return wet


def infrared(luma: np.ndarray, now: float, dice: np.random.Generator) -> np.ndarray:
    """The filter before the sensor is taken away for eight seconds: other greys, more noise."""
    if int(now / 8) % 2 == 0:
        return luma
    return cv2.add(cv2.LUT(luma, _OTHER), _noise(dice, 4), dtype=cv2.CV_8U)


def shake(luma: np.ndarray, now: float, dice: np.random.Generator) -> np.ndarray:
    """Wind moves the camera by up to two pixels."""
    x, y = np.clip(dice.normal(0, 1, 2), -2, 2)
    moved = np.array([[1, 0, x], [0, 1, y]])
    return cv2.warpAffine(luma, moved, SIZE, borderMode=cv2.BORDER_REPLICATE)


def hunting(luma: np.ndarray, now: float, dice: np.random.Generator) -> np.ndarray:
    """The camera's exposure never finds its rest."""
    return _times(luma, 1 + 0.1 * np.sin(now * np.pi) + (0.08 if int(now) % 3 == 0 else 0))


def leaves(luma: np.ndarray, now: float, dice: np.random.Generator) -> np.ndarray:
    """A tree in the wind on the right: leaves that come and go in one place."""
    y, x = np.mgrid[0:200, 0:180].astype(np.float32)
    wind = 1 + 0.6 * np.sin(now * 0.7)
    swing = 3 * wind * np.sin(now * 5 + y / 18) + 1.5 * np.sin(now * 8.3 + x / 9)
    tree = cv2.remap(_leafage(), x + 20 + swing.astype(np.float32), y + 20, cv2.INTER_LINEAR)
    shown = luma.copy()
    shown[:200, 440:620] = np.where(_crown(), tree, shown[:200, 440:620])
    return shown


def headlights(luma: np.ndarray, now: float, dice: np.random.Generator) -> np.ndarray:
    """A beam sweeps over the ground every six seconds."""
    passed = now % 6
    if passed > 1.5:
        return luma
    y, x = np.mgrid[0:360, 0:640]
    middle = -100 + passed * 560
    beam = np.exp(-(((x - middle) / 90) ** 2) - ((y - 200) / 60) ** 2)
    return _times(luma, 1 + 0.9 * beam)


def steady(luma: np.ndarray, now: float, dice: np.random.Generator) -> np.ndarray:
    """Nothing at all: the clip as it is."""
    return luma


DISTURBANCES: dict[str, tuple[Disturbed, tuple[float, ...]]] = {
    "none": (steady, ()),
    "lamp": (lamp, tuple(np.arange(5, 60, 5.0))),
    "cloud": (cloud, ()),
    "leap": (leap, tuple(np.arange(8, 60, 8.0))),
    "night": (night, ()),
    "rain": (rain, ()),
    "infrared": (infrared, tuple(np.arange(8, 60, 8.0))),
    "shake": (shake, ()),
    "hunting": (hunting, tuple(np.arange(0, 60, 1.0))),
    "leaves": (leaves, ()),
    "headlights": (headlights, ()),
}
"""By name: what is laid over a clip, and when its light leaps."""


def _times(luma: np.ndarray, gain: np.ndarray | float) -> np.ndarray:
    return np.clip(luma * gain, 0, 255).astype(np.uint8)


def _noise(dice: np.random.Generator, sigma: float) -> np.ndarray:
    fine = dice.normal(0, sigma, (360, 640)).astype(np.float32)
    coarse = dice.normal(0, sigma / 2, (90, 160)).astype(np.float32)
    return (fine + cv2.resize(coarse, SIZE)).astype(np.int16)


@cache
def _half() -> np.ndarray:
    return np.clip((320 - np.arange(640)) / 80 + 0.5, 0, 1)[None]


@cache
def _leafage() -> np.ndarray:
    dice = np.random.default_rng(3)
    coarse = cv2.resize(dice.uniform(40, 150, (40, 36)).astype(np.float32), (220, 240))
    fine = dice.normal(0, 18, (240, 220)).astype(np.float32)
    return np.clip(coarse + cv2.GaussianBlur(fine, (0, 0), 1.2) * 2, 0, 255).astype(np.uint8)


@cache
def _crown() -> np.ndarray:
    y, x = np.mgrid[0:200, 0:180]
    return ((x - 90) / 90) ** 2 + ((y - 90) / 100) ** 2 < 1


_OTHER = np.clip(40 + np.sqrt(np.arange(256)) * 12.5, 0, 255).astype(np.uint8)


def clips() -> Iterator[tuple[str, int]]:
    """The clips in which something moves, and which frames of them are looked at."""
    yield PEOPLE, 2
    yield "car-detection", 2
    yield "bottle-detection", 6
    for name in (
        "worker-zone-detection",
        "classroom",
        "face-demographics-walking-and-pause",
        "head-pose-face-detection-female-and-male",
        "person-bicycle-car-detection",
    ):
        yield f"derived/{name}.preview", 2
