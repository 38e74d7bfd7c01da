"""Replay: how many times faster than real time, and how often the detector was asked.

The issue's bar is 3 times real time on 2 cores with YOLOX-nano; where time goes is told
beside it: with a detector that sees nothing, only decoding, sampling and motion are left.
"""

import json
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import msgspec

from detectors.catalogue.entries import read
from detectors.openvino.detector import OpenVino
from detectors.openvino.options import Load
from hub.api import Detection, Detector, Region
from hub.vision.plan import CameraPlan, ZonePlan
from hub.vision.replay import Summary, replay

DATA = Path(os.environ.get("WATCHPOST_TEST_DATA", Path(__file__).parents[3] / "shared" / "data"))
CLIP = DATA / "footage" / "people-detection.mp4"
WHOLE = ZonePlan(name="all", polygon=((0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0)))
PORCH = CameraPlan(name="porch", detector="detector", zones=(WHOLE,))


class Blind(Detector):
    """Sees nothing, at once."""

    KEY = "blind"
    labels = ()
    size = (416, 416)

    def load(self) -> None:
        return

    def submit(
        self, region: Region, camera: str, done: Callable[[Sequence[Detection]], None]
    ) -> None:
        done(())


def network() -> Detector:
    entry = read()["yolox_nano"]
    load = Load(
        model=entry.name,
        file=str(DATA / "models" / entry.file),
        head=entry.head,
        labels=entry.labels,
        input=entry.input,
        width=entry.input.width,
        height=entry.input.height,
    )
    made = OpenVino(entry.name, msgspec.to_builtins(load))
    made.load()
    return made


def run(detector: Detector) -> Summary:
    try:
        return replay(CLIP, PORCH, detector, [].append)
    finally:
        detector.close()


def main() -> None:
    seeing, blind = run(network()), run(Blind("blind", {}))
    figures = {
        "benchmark": "replay",
        "times_real_time": round(seeing.seconds / seeing.took, 1),
        "inferences": seeing.inferences,
        "persons": seeing.events["object.appeared"],
        "visits": seeing.events["zone.cleared"],
        "ms_per_stream_second_without_inference": round(blind.took / blind.seconds * 1000, 2),
        "floor_times_real_time": 3,
    }
    sys.stdout.write(json.dumps(figures) + "\n")


if __name__ == "__main__":
    main()
