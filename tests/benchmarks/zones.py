"""Zones and lines: milliseconds of CPU per look, by how many objects and how many of each.

The aim is 0.2 ms for 10 objects and 5 zones: less than the tracker beside it takes.
"""

import json
import math
import random
import sys
import time
from collections.abc import Callable
from functools import partial
from itertools import product

from hub.api import Box
from hub.vision.facts import Track, Tracks
from hub.vision.ground import Speeds
from hub.vision.lines import Lines
from hub.vision.plan import GroundPlan, LinePlan, ZonePlan
from hub.vision.zones import Zones

OBJECTS, PLACES = (10, 50, 200), (5, 20)
BUDGET = {(10, 5): 0.2}
LOOKS, ROUNDS, FPS = 200, 3, 5
GROUND = GroundPlan(points=((0.3, 0.4), (0.7, 0.4), (0.9, 0.9), (0.1, 0.9)), width=6.0, depth=12.0)


def main() -> None:
    for objects, places in product(OBJECTS, PLACES):
        looks = _looks(objects)
        figures = {
            "benchmark": "zones",
            "objects": objects,
            "zones": places,
            "lines": places,
            "zones_ms": _best(partial(_watched, Zones, _zones(places)), looks, timed=True),
            "lines_ms": _best(partial(_watched, Lines, _lines(places)), looks, timed=False),
            "speeds_ms": _best(lambda: Speeds(GROUND).update, looks, timed=False),
            "budget_ms": BUDGET.get((objects, places)),
        }
        sys.stdout.write(json.dumps(figures) + "\n")


def _watched(kind: Callable[..., Zones | Lines], plans: object) -> Callable[..., object]:
    return kind(plans).update


def _best(make: Callable[[], Callable[..., object]], looks: list[Tracks], *, timed: bool) -> float:
    """Return the least mean of some rounds, each from the start."""
    found = []
    for _ in range(ROUNDS):
        update = make()
        began = time.thread_time()
        for number, tracks in enumerate(looks):
            update(tracks, number / FPS) if timed else update(tracks)
        found.append((time.thread_time() - began) / len(looks))
    return round(min(found) * 1000, 4)


def _looks(objects: int) -> list[Tracks]:
    """Persons who walk about a yard and bounce off its edges."""
    dice = random.Random(1)
    walkers = [
        [dice.uniform(0.1, 0.9), dice.uniform(0.3, 0.9), dice.gauss(0, 0.08), dice.gauss(0, 0.03)]
        for _ in range(objects)
    ]
    return [_look(walkers, number / FPS, dice) for number in range(LOOKS)]


def _look(walkers: list[list[float]], now: float, dice: random.Random) -> Tracks:
    live = []
    for number, each in enumerate(walkers):
        each[0], each[1] = each[0] + each[2] / FPS, each[1] + each[3] / FPS
        each[2] *= 1 if 0.05 < each[0] < 0.95 else -1
        each[3] *= 1 if 0.25 < each[1] < 0.95 else -1
        x, y = each[0] + dice.gauss(0, 0.002), each[1] + dice.gauss(0, 0.002)
        box = Box(x - 0.02, y - 0.2, x + 0.02, y)
        live.append(
            Track(
                number=number, id=f"t{number}", label="person", score=0.9, box=box, seen=True,
                born=0.0, last=now,
            )
        )  # fmt: skip
    return Tracks(live=tuple(live))


def _zones(count: int) -> list[ZonePlan]:
    """Hexagons all over the picture; some overlap."""
    dice, found = random.Random(2), []
    for number in range(count):
        x, y, wide = dice.uniform(0.2, 0.8), dice.uniform(0.3, 0.8), dice.uniform(0.1, 0.2)
        turns = [math.pi / 3 * corner for corner in range(6)]
        polygon = tuple((x + wide * math.cos(t), y + wide * math.sin(t)) for t in turns)
        found.append(ZonePlan(name=f"zone{number}", polygon=polygon, loiter_after=10.0))
    return found


def _lines(count: int) -> list[LinePlan]:
    dice, found = random.Random(3), []
    for number in range(count):
        points = tuple((dice.uniform(0.1, 0.9), dice.uniform(0.2, 0.9)) for _ in range(3))
        found.append(LinePlan(name=f"line{number}", points=points))
    return found


if __name__ == "__main__":
    main()
