"""How many pictures a second the detector looks at, beside OpenVINO's own benchmark.

Both run the same model on the same cores; ``benchmark_app`` only infers, over and over on the
same input, while we also copy and scale a 640x360 picture and read the boxes each time. They
take turns, and the median of the rounds counts, so that a busy machine slows both. Prints one
JSON object; ``--rounds`` and ``--seconds`` (of each run) make it shorter or surer.
"""

import argparse
import json
import os
import re
import statistics
import subprocess
import sys
import threading
import time
from pathlib import Path

import msgspec
import numpy as np

from detectors.catalogue.entries import read
from detectors.openvino.detector import OpenVino
from detectors.openvino.options import Load
from hub.api import Box, Region

ROOT = Path(__file__).parents[2]
DATA = Path(os.environ.get("WATCHPOST_TEST_DATA", ROOT.parent / "shared" / "data"))
ENTRY = read()["yolox_nano"]
FILE = DATA / "models" / ENTRY.file
PEER = """
import sys
sys.modules["openvino_telemetry"] = None
from openvino.tools.benchmark.main import main
main()
"""


def detector(size: int, hint: str) -> OpenVino:
    load = Load(
        model=ENTRY.name,
        file=str(FILE),
        head=ENTRY.head,
        labels=ENTRY.labels,
        input=ENTRY.input,
        width=size,
        height=size,
        hint=hint,
    )
    made = OpenVino(ENTRY.name, msgspec.to_builtins(load))
    made.load()
    return made


def picture() -> Region:
    """Return a frame of the footage, as a camera's sub stream has it."""
    import av

    with av.open(str(DATA / "footage" / "people-detection.mp4")) as clip:
        frames = (f.reformat(640, 360, "bgr24") for f in clip.decode(video=0))
        pixels = next(f.to_ndarray() for at, f in enumerate(frames) if at == 200)
    return Region(
        pixels=memoryview(np.ascontiguousarray(pixels).tobytes()),
        width=640,
        height=360,
        place=Box(0, 0, 1, 1),
    )


def throughput(made: OpenVino, region: Region, seconds: float) -> tuple[float, float]:
    """Return answers a second while as many are asked for as it takes, and CPU ms for each."""
    answered = 0

    def done(_: object) -> None:
        nonlocal answered
        answered += 1

    begin, cpu = time.perf_counter(), time.process_time()
    while time.perf_counter() - begin < seconds:
        made.submit(region, "benchmark", done)
    spent = time.perf_counter() - begin
    return answered / spent, (time.process_time() - cpu) / answered * 1000


def latency(made: OpenVino, region: Region, times: int = 100) -> float:
    """Return the median of milliseconds from submission to answer, one at a time."""
    took = []
    for _ in range(times):
        answered = threading.Event()
        begin = time.perf_counter()
        made.submit(region, "benchmark", lambda _, answered=answered: answered.set())
        answered.wait()
        took.append(time.perf_counter() - begin)
    return statistics.median(took) * 1000


def peer(size: int, hint: str, seconds: float) -> float:
    """Return what OpenVINO's own benchmark reaches, in inferences a second."""
    command = ["-m", str(FILE), "-d", "CPU", "-hint", hint, "-t", str(int(seconds))]
    shape = ["-shape", f"[1,3,{size},{size}]"]
    said = subprocess.run(
        [sys.executable, "-c", PEER, *command, *shape], capture_output=True, text=True, check=True
    ).stdout
    found = re.search(r"Throughput:\s*([\d.]+)", said)
    assert found, said
    return float(found[1])


def compare(size: int, hint: str, rounds: int, seconds: float) -> dict[str, object]:
    made, region = detector(size, hint), picture()
    ours, theirs, cpu = [], [], []
    for _ in range(rounds):
        rate, cost = throughput(made, region, seconds)
        ours.append(rate)
        cpu.append(cost)
        theirs.append(peer(size, hint, seconds))
    median = latency(made, region)
    made.close()
    return {
        "size": size,
        "hint": hint,
        "per_second": round(statistics.median(ours), 1),
        "benchmark_app_per_second": round(statistics.median(theirs), 1),
        "ratio": round(statistics.median(ours) / statistics.median(theirs), 3),
        "cpu_ms": round(statistics.median(cpu), 2),
        "latency_ms": round(median, 2),
        "rounds": [[round(a, 1), round(b, 1)] for a, b in zip(ours, theirs, strict=True)],
    }


def main() -> None:
    wanted = argparse.ArgumentParser(description=__doc__)
    wanted.add_argument("--rounds", type=int, default=5)
    wanted.add_argument("--seconds", type=float, default=4.0)
    given = wanted.parse_args()
    results = [
        compare(size, hint, given.rounds, given.seconds)
        for size in (416, 640)
        for hint in ("latency", "throughput")
    ]
    print(json.dumps({"benchmark": "inference", "model": ENTRY.name, "cores": os.cpu_count(),
                      "wanted_ratio": 0.95, "results": results}))  # fmt: skip


if __name__ == "__main__":
    main()
