"""What a cheap first detector saves: full inferences with and without it, and what is seen.

Runs the footage with people through a camera's pipeline twice, with YOLOX-nano alone and with
lwpd before it. Prints one JSON object for each rate of looks a second: inferences, processor time,
persons and visits, which are to be the same.
"""

import argparse
import json
import os
import time
from pathlib import Path

import msgspec

from detectors.catalogue.entries import read
from detectors.openvino.detector import OpenVino
from detectors.openvino.options import Load
from hub.api.vision import VisionEvent
from hub.vision.plan import CameraPlan, ZonePlan
from hub.vision.replay import replay

ROOT = Path(__file__).parents[2]
DATA = Path(os.environ.get("WATCHPOST_TEST_DATA", ROOT.parent / "shared" / "data"))
ALL = ZonePlan(name="all", polygon=((0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0)))


def detector(model: str) -> OpenVino:
    entry = read()[model]
    load = Load(
        model=model,
        file=str(DATA / "models" / entry.file),
        head=entry.head,
        labels=entry.labels,
        input=entry.input,
        width=entry.input.width,
        height=entry.input.height,
        precision="f32",
    )
    made = OpenVino(model, msgspec.to_builtins(load))
    made.load()
    return made


def run(clip: Path, fps: float, *, with_first: bool) -> dict[str, object]:
    """Return what a replay cost and saw."""
    plan = CameraPlan(name="porch", fps=fps, detector="full", zones=(ALL,))
    full, first = detector("yolox_nano"), detector("lwpd_192") if with_first else None
    events: list[VisionEvent] = []
    began = time.process_time()
    done = replay(clip, plan, full, events.append, first=first)
    took = time.process_time() - began
    full.close()
    if first is not None:
        first.close()
    return {
        "full": done.inferences,
        "spared": done.spared,
        "cpu_s": round(took, 2),
        "persons": done.events["object.appeared"],
        "visits": done.events["zone.cleared"],
        "times": [
            f"{each.type} {each.captured.timestamp():.1f}"
            for each in events
            if each.type in {"zone.cleared", "object.appeared"}
        ],
    }


def main() -> None:
    wanted = argparse.ArgumentParser(description=__doc__)
    wanted.add_argument("--clip", type=Path, default=DATA / "footage" / "people-detection.mp4")
    wanted.add_argument("--fps", type=float, nargs="*", default=[3.0, 5.0, 8.0, 12.0])
    wanted.add_argument("--times", action="store_true", help="print when persons appeared, too")
    given = wanted.parse_args()
    for fps in given.fps:
        alone, both = (run(given.clip, fps, with_first=each) for each in (False, True))
        if not given.times:
            alone.pop("times")
            both.pop("times")
        saved = 1 - int(str(both["full"])) / max(1, int(str(alone["full"])))
        print(json.dumps({"benchmark": "cascade", "clip": given.clip.name, "fps": fps,
                          "saved": round(saved, 3), "alone": alone, "both": both}))  # fmt: skip


if __name__ == "__main__":
    main()
