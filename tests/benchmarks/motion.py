"""Motion: milliseconds per 640x360 frame, who is found, and boxes where nothing moves.

Beside OpenCV's MOG2 at 320x180 in the same run; on footage, and on footage with weather and light
laid over it. DESIGN.md 8: at most 0.15 ms, recall 1.00. Figures of Frigate here, noted earlier:
0.50-0.53 ms, recall 1.00.
"""

import json
import os
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import cv2
import numpy as np

from hub.api import Box
from hub.vision.motion import MotionFinder
from hub.vision.plan import MotionPlan

sys.path.insert(0, str(Path(__file__).parents[2]))  # a script finds its own folder only
from tests.hub.vision import movement

DATA = Path(os.environ.get("WATCHPOST_TEST_DATA", Path(__file__).parents[3] / "shared" / "data"))
ROUNDS = 5


class Ours:
    """The hub's finder, as what scores finders knows one."""

    def __init__(self) -> None:
        self._finder = MotionFinder(MotionPlan())

    def boxes(self, luma: np.ndarray, now: float) -> Sequence[Box]:
        return self._finder.look(luma, now).boxes


FINDERS: dict[str, Callable[[], movement.Finder]] = {"ours": Ours, "mog2": movement.Mog2}


def main() -> None:
    figures: dict[str, object] = {"benchmark": "motion", "budget_ms": 0.15}
    people = movement.footage(DATA, movement.PEOPLE)
    large = [cv2.resize(each, (1920, 1080)) for each in people.frames[:60]]
    for name, make in FINDERS.items():
        figures |= {
            f"{name}_ms_per_frame": _spent(make, people.frames, people.fps),
            f"{name}_ms_per_still_frame": _spent(make, people.frames[:1] * 200, people.fps),
            f"{name}_ms_per_1080p_frame": _spent(make, large, people.fps),
        }
    clips = [(movement.footage(DATA, clip, every=every), None, ()) for clip, every in _clips()]
    figures |= _scored("clips", clips)
    short = movement.footage(DATA, movement.PEOPLE, every=2, seconds=26)
    for name, (disturb, leaps) in movement.DISTURBANCES.items():
        figures |= _scored(name, [(short, disturb, leaps)])
    sys.stdout.write(json.dumps(figures) + "\n")


def _clips() -> list[tuple[str, int]]:
    return [(name, every) for name, every in movement.clips() if "bottle" not in name]


def _spent(make: Callable[[], movement.Finder], frames: Sequence[np.ndarray], fps: float) -> float:
    """Return CPU milliseconds per frame; the best of some rounds, for others use the machine."""
    rounds = []
    for _ in range(ROUNDS):
        finder = make()
        began = time.process_time()
        for number, each in enumerate(frames):
            finder.boxes(each, number / fps)
        rounds.append((time.process_time() - began) / len(frames))
    return round(min(rounds) * 1000, 4)


def _scored(
    what: str,
    footage: Sequence[tuple[movement.Footage, movement.Disturbed | None, Sequence[float]]],
) -> dict[str, object]:
    made: dict[str, object] = {}
    for name, make in FINDERS.items():
        scores = [movement.score(make(), *each) for each in footage]
        movers, found = sum(s.movers for s in scores), sum(s.found for s in scores)
        made[f"{what}_{name}"] = {
            "frames": sum(each.frames for each in scores),
            "recall": round(found / movers, 4) if movers else None,
            "false_boxes": sum(each.false for each in scores),
        }
    return made


if __name__ == "__main__":
    cv2.setNumThreads(1)
    main()
