"""Regions: what planning and cutting cost, and how much of the footage a detector is given.

Milliseconds of CPU per region for 1, 3 and 8 who move in frames of three sizes, in colours as a
detector of 416 px gets them; and, on the clips with YOLOX-nano, regions a second and the part of
the frames' area that was sent. For comparison: every frame looked at, at five a second.
"""

import json
import os
import sys
import time
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path

import av
import cv2
import msgspec
import numpy as np

from detectors.catalogue.entries import read
from detectors.openvino.detector import OpenVino
from detectors.openvino.options import Load
from hub.api import Box, Detection, Detector, Region
from hub.vision.decoding import Frame
from hub.vision.facts import Motion, Tracks
from hub.vision.plan import CameraPlan, RegionPlan
from hub.vision.regions import Regions
from hub.vision.replay import replay

sys.path.insert(0, str(Path(__file__).parents[2]))  # a script finds its own folder only
from tests.hub.vision import movement

DATA = Path(os.environ.get("WATCHPOST_TEST_DATA", Path(__file__).parents[3] / "shared" / "data"))
SIDE = 416
FRAMES = {"640x360": (640, 360), "1920x1080": (1920, 1080), "3840x2160": (3840, 2160)}
ROUNDS, TIMES = 12, 8  # looks; after ten in vain they become rare


class Watched(Detector):
    """A detector, and what it was given."""

    KEY = "watched"
    labels = ("person",)
    size = (SIDE, SIDE)

    def __init__(self, inner: Detector) -> None:
        super().__init__("watched", {})
        self._inner = inner
        self.regions = 0
        self.area = 0.0

    def load(self) -> None:
        return

    def submit(
        self, region: Region, camera: str, done: Callable[[Sequence[Detection]], None]
    ) -> None:
        place = region.place
        self.regions += 1
        self.area += (place.right - place.left) * (place.bottom - place.top)
        self._inner.submit(region, camera, done)


def main() -> None:
    figures: dict[str, object] = {"benchmark": "regions"}
    for name, size in FRAMES.items():
        for movers in (1, 3, 8):
            figures[f"{name}_{movers}"] = _costs(size, movers)
    inner = _network()
    for clip, _ in movement.clips():
        figures[clip.split("/")[-1]] = _footage(clip, inner, RegionPlan())
    figures[f"{movement.PEOPLE} in 2x2 tiles"] = _footage(
        movement.PEOPLE, inner, RegionPlan(mode="tiles")
    )
    sys.stdout.write(json.dumps(figures) + "\n")


def _costs(size: tuple[int, int], movers: int) -> dict[str, float]:
    dice = np.random.default_rng(5)
    pixels = dice.integers(0, 255, (size[1] * 3 // 2, size[0]), dtype=np.uint8)
    picture = av.VideoFrame.from_ndarray(pixels, format="yuv420p")
    motion = Motion(boxes=tuple(_mover(dice) for _ in range(movers)), moving=True)
    planning, cutting, count = [], [], 0
    for _ in range(ROUNDS):
        regions, places = Regions((SIDE, SIDE), whole_frames=False), ()
        regions.plan(size, Motion(), Tracks(), 0.0)
        began = time.process_time()
        for number in range(TIMES):
            places = regions.plan(size, motion, Tracks(), 2 + number / 1000).places
        planning.append((time.process_time() - began) / TIMES)
        began = time.process_time()
        for _ in range(TIMES):
            frame = Frame(picture=picture, pts=0.0, captured=0.0)
            for each in places:
                frame.region(each, (SIDE, SIDE))
        cutting.append((time.process_time() - began) / TIMES / len(places))
        count = len(places)
    return {
        "regions": count,
        "plan_ms": round(min(planning) * 1000, 4),
        "cut_ms_per_region": round(min(cutting) * 1000, 4),
    }


def _mover(dice: np.random.Generator) -> Box:
    left, top = dice.uniform(0, 0.95), dice.uniform(0, 0.85)
    return Box(left, top, left + 0.04, top + 0.12)


def _footage(clip: str, inner: Detector, plan: RegionPlan) -> dict[str, object]:
    watched = Watched(inner)
    camera = CameraPlan(name="porch", detector="watched", regions=plan)
    events: Counter[str] = Counter()
    done = replay(
        DATA / "footage" / f"{clip}.mp4", camera, watched, lambda e: events.update((e.type,))
    )
    return {
        "seconds": round(done.seconds, 1),
        "regions_per_second": round(watched.regions / done.seconds, 2),
        "part_of_all_frames": round(watched.area / (done.seconds * camera.fps), 3),
        "appeared": events["object.appeared"],
    }


def _network() -> Detector:
    entry = read()["yolox_nano"]
    load = Load(
        model=entry.name,
        file=str(DATA / "models" / entry.file),
        head=entry.head,
        labels=entry.labels,
        input=entry.input,
        width=SIDE,
        height=SIDE,
    )
    made = OpenVino(entry.name, msgspec.to_builtins(load))
    made.load()
    return made


if __name__ == "__main__":
    cv2.setNumThreads(1)
    main()
