"""Motion: milliseconds per 640x360 frame, persons found, and boxes where nobody was.

DESIGN.md 8: at most 0.15 ms, recall 1.00. Figures of Frigate here: 0.50-0.53 ms, 1.00.
"""

import json
import os
import statistics
import sys
import time
from pathlib import Path

import av
import cv2

from hub.api import Box
from hub.vision.geometry import touch
from hub.vision.motion import MotionFinder
from hub.vision.plan import MotionPlan

DATA = Path(os.environ.get("WATCHPOST_TEST_DATA", Path(__file__).parents[3] / "shared" / "data"))
CLIP = "people-detection"
FPS = 12


def main() -> None:
    frames = _frames(DATA / "footage" / f"{CLIP}.mp4")
    truth = _truth(DATA / "footage" / "truth" / f"{CLIP}.pseudo.txt")
    empty = _empty(DATA / "footage" / "truth" / "events.json", len(frames))
    finder = MotionFinder(MotionPlan())
    spent, seen, missed, false = [], 0, 0, 0
    for number, luma in enumerate(frames):
        began = time.perf_counter()
        boxes = finder.look(luma, number / FPS).boxes
        spent.append(time.perf_counter() - began)
        persons = truth.get(number + 1, [])
        found = [any(touch(each, box) for box in boxes) for each in persons]
        seen, missed = seen + sum(found), missed + len(found) - sum(found)
        false += len(boxes) if number in empty else 0
    figures = {
        "benchmark": "motion",
        "ms_per_frame": round(statistics.median(spent) * 1000, 4),
        "ms_per_frame_mean": round(statistics.fmean(spent) * 1000, 4),
        "frames": len(frames),
        "recall": round(seen / (seen + missed), 4),
        "boxes_per_frame_without_persons": round(false / len(empty), 4),
        "budget_ms": 0.15,
    }
    sys.stdout.write(json.dumps(figures) + "\n")


def _frames(path: Path) -> list:
    with av.open(str(path)) as container:
        return [
            cv2.resize(each.to_ndarray(format="gray"), (640, 360), interpolation=cv2.INTER_AREA)
            for each in container.decode(video=0)
        ]


def _empty(path: Path, frames: int) -> set[int]:
    """Return the numbers of frames well away from every visit."""
    visits = json.loads(path.read_text())[CLIP]["visits"]
    near = {
        n for visit in visits for n in range(visit["frames"][0] - FPS, visit["frames"][1] + FPS)
    }
    return set(range(frames)) - near


def _truth(path: Path) -> dict[int, list[Box]]:
    boxes: dict[int, list[Box]] = {}
    for line in path.read_text().splitlines():
        frame, _, x, y, width, height, _, sure = map(float, line.split(","))
        if not sure:
            continue  # only one of the two models saw it
        box = Box(x / 768, y / 432, (x + width) / 768, (y + height) / 432)
        boxes.setdefault(int(frame), []).append(box)
    return boxes


if __name__ == "__main__":
    cv2.setNumThreads(1)
    main()
