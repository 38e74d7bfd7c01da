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
    places = [(dice.uniform(0.1, 0.9), dice.uniform(0.2, 0.9)) for _ in range(objects)]
    speeds = [(dice.uniform(-0.08, 0.08), dice.uniform(-0.03, 0.03)) for _ in range(objects)]
    looks = []
    for _ in range(LOOKS):
        seen = []
        for number, ((x, y), (dx, dy)) in enumerate(zip(places, speeds, strict=True)):
            x, y = x + dx / FPS, y + dy / FPS
            if not 0.05 < x < 0.95:
                dx = -dx
            if not 0.15 < y < 0.95:
                dy = -dy
            places[number], speeds[number] = (x, y), (dx, dy)
            tremble = [dice.gauss(0, 0.002) for _ in range(4)]
            box = Box(
                x - 0.02 + tremble[0],
                y - 0.1 + tremble[1],
                x + 0.02 + tremble[2],
                y + tremble[3],
            )
            if dice.random() > 0.03:
                seen.append(Detection(label="person", score=dice.uniform(0.35, 0.95), box=box))
        looks.append(seen)
    return looks


if __name__ == "__main__":
    main()
