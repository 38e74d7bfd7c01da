"""How many pictures a second the detector looks at, beside OpenVINO's own benchmark.

Both run the same model on the same cores; ``benchmark_app`` only infers, over and over on the
same input, while we also copy and scale a 640x360 picture and read the boxes each time. They
take turns; ``ratio`` compares the best rounds, since what else runs only ever slows them, and
``cpu_ratio`` the processor time for each answer, which a busy machine hardly changes. Prints
one JSON object; ``--rounds`` and ``--count`` (of inferences) make it shorter or surer.
"""

import argparse
import json
import os
import re
import resource
import statistics
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import NamedTuple

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
FEW = 20  # inferences, to know what starting costs
PEER = """
import sys
sys.modules["openvino_telemetry"] = None
from openvino.tools.benchmark.main import main
main()
"""


class Pace(NamedTuple):
    """Answers a second, and milliseconds of processor time for each."""

    rate: float
    cpu: float


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


def throughput(made: OpenVino, region: Region, count: int) -> Pace:
    """Ask for as many answers at once as it takes."""
    answered = threading.Semaphore(0)
    begin, cpu = time.perf_counter(), time.process_time()
    for _ in range(count):
        made.submit(region, "benchmark", lambda _: answered.release())
    for _ in range(count):
        answered.acquire()
    spent = time.perf_counter() - begin
    return Pace(count / spent, (time.process_time() - cpu) / count * 1000)


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


def peer(size: int, hint: str, count: int) -> Pace:
    """Return what OpenVINO's own benchmark reaches; its CPU time includes that of starting."""
    command = ["-m", str(FILE), "-d", "CPU", "-hint", hint, "-niter", str(count)]
    shape = ["-shape", f"[1,3,{size},{size}]"]
    before = children()
    said = subprocess.run(
        [sys.executable, "-c", PEER, *command, *shape], capture_output=True, text=True, check=True
    ).stdout
    found = re.search(r"Throughput:\s*([\d.]+)", said)
    assert found, said
    return Pace(float(found[1]), (children() - before) / count * 1000)


def children() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def compare(size: int, hint: str, rounds: int, count: int) -> dict[str, object]:
    made, region = detector(size, hint), picture()
    ours, theirs = [], []
    throughput(made, region, FEW)
    for _ in range(rounds):
        ours.append(throughput(made, region, count))
        theirs.append(peer(size, hint, count))
    starting = min(peer(size, hint, FEW).cpu for _ in range(3)) * FEW
    soonest = latency(made, region)
    made.close()
    cpu = statistics.median(each.cpu for each in ours)
    their_cpu = statistics.median((each.cpu * count - starting) / (count - FEW) for each in theirs)
    return {
        "size": size,
        "hint": hint,
        "per_second": round(max(each.rate for each in ours), 1),
        "peer_per_second": round(max(each.rate for each in theirs), 1),
        "ratio": round(max(e.rate for e in ours) / max(e.rate for e in theirs), 3),
        "median_ratio": round(
            statistics.median(a.rate / b.rate for a, b in zip(ours, theirs, strict=True)), 3
        ),
        "cpu_ms": round(cpu, 2),
        "peer_cpu_ms": round(their_cpu, 2),
        "cpu_ratio": round(their_cpu / cpu, 3),
        "latency_ms": round(soonest, 2),
    }


def main() -> None:
    wanted = argparse.ArgumentParser(description=__doc__)
    wanted.add_argument("--rounds", type=int, default=5)
    wanted.add_argument("--count", type=int, default=300)
    given = wanted.parse_args()
    results = [
        compare(size, hint, given.rounds, given.count)
        for size in (416, 640)
        for hint in ("latency", "throughput")
    ]
    print(json.dumps({"benchmark": "inference", "model": ENTRY.name, "cores": os.cpu_count(),
                      "wanted_ratio": 0.95, "results": results}))  # fmt: skip


if __name__ == "__main__":
    main()
