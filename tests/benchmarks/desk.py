"""Sixteen cameras at one detector: how many looks it takes, how evenly, and what is dropped.

Each camera asks for its newest picture five times a second, whether it has an answer or not, as a
live camera in which something moves does. Prints one JSON object for each hint: looks a second in
all, the share of the camera served least and most, the budget as the hub would tell it, and how
many regions of different cameras were under way at once.
"""

import argparse
import json
import sys
import threading
import time
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))  # a script finds its own folder only
from detectors.openvino.detector import OpenVino
from hub.vision.desk import Desk
from hub.vision.facts import Priority
from hub.vision.inference import Answer, Question
from tests.benchmarks.inference import detector, picture


def run(made: OpenVino, cameras: int, seconds: float, fps: float) -> dict[str, object]:
    """Return what the cameras got."""
    desk, region = Desk(made, print), picture()
    answered: Counter[str] = Counter()
    at_once = [0]
    over = threading.Event()

    def ask(camera: str) -> None:
        def done(answer: Answer) -> None:
            if answer is not None:
                answered[camera] += 1

        while not over.wait(1 / fps):
            question = Question(
                camera=camera, regions=[region], done=done, priority=Priority.ACTIVE
            )
            desk.ask(question)
            at_once[0] = max(at_once[0], desk.meter.under_way)

    names = [f"camera{number}" for number in range(cameras)]
    threads = [threading.Thread(target=ask, args=(name,)) for name in names]
    for each in threads:
        each.start()
    time.sleep(seconds)
    budget = desk.budget
    over.set()
    for each in threads:
        each.join()
    desk.close()
    return {
        "cameras": cameras,
        "wanted_per_second": cameras * fps,
        "answered_per_second": round(budget.rate, 1),
        "least": min(answered[name] for name in names),
        "most": max(answered[name] for name in names),
        "queue_ms": round(budget.queue_ms, 1),
        "queue_p95_ms": round(budget.queue_p95_ms, 1),
        "inference_ms": round(budget.inference_ms, 1),
        "load": round(budget.load, 2),
        "at_once": at_once[0],
        "dropped": sum(sum(each.values()) for each in budget.dropped.values()),
    }


def main() -> None:
    wanted = argparse.ArgumentParser(description=__doc__)
    wanted.add_argument("--seconds", type=float, default=10.0)
    wanted.add_argument("--cameras", type=int, nargs="*", default=[1, 4, 16])
    wanted.add_argument("--size", type=int, default=416)
    given = wanted.parse_args()
    for hint in ("latency", "throughput"):
        for cameras in given.cameras:
            found = run(detector(given.size, hint), cameras, given.seconds, fps=5.0)
            print(json.dumps({"benchmark": "desk", "hint": hint, "size": given.size, **found}))


if __name__ == "__main__":
    main()
