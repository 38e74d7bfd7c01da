"""Other trackers on the looks that ``tracker.py`` makes, in an environment of their own.

    python -m venv /tmp/trackers && /tmp/trackers/bin/pip install trackers supervision norfair
    WATCHPOST_BENCH_TRACKERS=/tmp/trackers/bin/python python tests/benchmarks/tracker.py

Reads looks from standard input: lists of ``[left, top, right, bottom, score]`` in pixels.
Prints CPU milliseconds a look, the median, of each that is installed there.
"""

import json
import statistics
import sys
import time
from collections.abc import Callable
from importlib.metadata import version

import numpy as np

CROWD = 100  # boxes a look; norfair takes a quarter of a second for two hundred


def main() -> None:
    looks = [np.array(each, float).reshape(-1, 5) for each in json.load(sys.stdin)]
    print(json.dumps({"trackers": _roboflow(looks), "norfair": _norfair(looks)}))


def _timed(looks: list[np.ndarray], update: Callable[[np.ndarray], object]) -> float:
    spent = []
    for each in looks:
        began = time.process_time()
        update(each)
        spent.append(time.process_time() - began)
    return round(statistics.median(spent) * 1000, 4)


def _roboflow(looks: list[np.ndarray]) -> object:
    try:
        import supervision as sv
        from trackers import ByteTrackTracker, SORTTracker
    except ImportError as error:
        return str(error)

    def update(tracker: object) -> Callable[[np.ndarray], object]:
        return lambda rows: tracker.update(
            sv.Detections(
                xyxy=rows[:, :4],
                confidence=rows[:, 4],
                class_id=np.zeros(len(rows), int),
            )
        )

    return {
        "version": version("trackers"),
        "sort_ms": _timed(looks, update(SORTTracker())),
        "bytetrack_ms": _timed(looks, update(ByteTrackTracker())),
    }


def _norfair(looks: list[np.ndarray]) -> object:
    try:
        from norfair import Detection, Tracker
    except ImportError as error:
        return str(error)
    if max(map(len, looks)) > CROWD:
        return "not measured: too slow for so many"
    tracker = Tracker(distance_function="iou", distance_threshold=0.7)

    def update(rows: np.ndarray) -> object:
        return tracker.update([Detection(row[:4].reshape(2, 2)) for row in rows])

    return {"version": version("norfair"), "ms": _timed(looks, update)}


if __name__ == "__main__":
    main()
