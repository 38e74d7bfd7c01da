"""The tracker: milliseconds per look at 10 and at 50 objects that move.

DESIGN.md 8: at most 0.3 and 1.2 ms. Figures here: Frigate 3.0 and 47, SORT 0.33 and 1.3.
"""

import json
import random
import statistics
import sys
import time

from hub.api import Box, Detection
from hub.vision.tracker import Tracker

BUDGET = {10: 0.3, 50: 1.2}
LOOKS = 400
FPS = 5


def main() -> None:
    for objects, budget in BUDGET.items():
        looks = _looks(objects)
        tracker = Tracker(lambda number: f"t{number}", 0.5)
        spent = []
        for number, detections in enumerate(looks):
            began = time.perf_counter()
            tracker.update(detections, number / FPS, 16 / 9)
            spent.append(time.perf_counter() - began)
        figures = {
            "benchmark": "tracker",
            "objects": objects,
            "ms_per_look": round(statistics.median(spent) * 1000, 4),
            "ms_per_look_p95": round(statistics.quantiles(spent, n=20)[-1] * 1000, 4),
            "tracks": tracker.tracks.live[-1].id,
            "budget_ms": budget,
        }
        sys.stdout.write(json.dumps(figures) + "\n")


def _looks(objects: int) -> list[list[Detection]]:
    """Persons who walk about a yard, bounce off its edges, and pass each other."""
    dice = random.Random(1)
    walkers = [_Walker(dice) for _ in range(objects)]
    return [[each for walker in walkers if (each := walker.step())] for _ in range(LOOKS)]


class _Walker:
    def __init__(self, dice: random.Random) -> None:
        self.dice = dice
        self.x, self.y = dice.uniform(0.1, 0.9), dice.uniform(0.2, 0.9)
        self.across, self.down = dice.uniform(-0.08, 0.08), dice.uniform(-0.03, 0.03)

    def step(self) -> Detection | None:
        self.x += self.across / FPS
        self.y += self.down / FPS
        self.across *= 1 if 0.05 < self.x < 0.95 else -1
        self.down *= 1 if 0.15 < self.y < 0.95 else -1
        sides = (self.x - 0.02, self.y - 0.1, self.x + 0.02, self.y)
        box = Box(*(side + self.dice.gauss(0, 0.002) for side in sides))
        score = self.dice.uniform(0.35, 0.95)
        return (
            Detection(label="person", score=score, box=box) if self.dice.random() > 0.03 else None
        )


if __name__ == "__main__":
    main()
