"""What cameras cost: CPU milliseconds per second of stream and camera, of the worker processes.

Prints one JSON object for each number of cameras. Each camera has a main stream (1920x1080 at 25
pictures a second, about 4 Mbit/s), recorded by copy, and a sub stream (640x360 at 5), decoded and
looked at for motion without a detector. Real RTSP servers in processes of their own serve them;
what those use is not counted. Beside them, in the same run:

- ``bare_pyav``: one process that copies the main streams to the same kind of file and decodes the
  sub streams with PyAV, and does nothing else (``peers/bare_pyav.py``);
- ``no_recording``: our workers without the recorder, which open the sub streams alone.

The recorder is this benchmark's own (``cameras/recording.py``), as small as one can be: Watchpost
has none yet. CPU time is read from ``/proc``, so other load on the machine disturbs it little.
"""

import argparse
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from hub.vision.messages import Beat as VisionBeat
from hub.vision.messages import FromVision
from hub.vision.plan import CameraPlan, Plan

sys.path.insert(0, str(Path(__file__).parents[2]))  # a script finds its own folder only
from tests.benchmarks.cameras.footage import cpu, made, memory, served
from tests.hub.ingest.harness import ROOT, Beat, Ear, Online, Worker, camera

WARM_UP = 5.0  # seconds
PEERS = {"frigate_ms": 46.4, "frigate_with_audio_copied_ms": 34.1, "bare_pyav_ms": 15.3}
BUDGET_MS = 18.0

Urls = list[tuple[str, str]]
Figures = dict[str, float]


class Vision(Worker):
    """A vision worker's process."""

    MODULE = "hub.vision"
    KIND = FromVision


class Recorder(Worker):
    """An ingest worker that records as well."""

    MODULE = "tests.benchmarks.cameras.recording"


def used(seconds: float, **processes: int) -> Figures:
    """Return what processes use per second, in milliseconds of CPU."""
    time.sleep(WARM_UP)
    before, began = {name: cpu(pid) for name, pid in processes.items()}, time.monotonic()
    time.sleep(seconds)
    took = time.monotonic() - began
    return {name: (cpu(pid) - before[name]) / took for name, pid in processes.items()}


def bare(urls: Urls, seconds: float, folder: str) -> Figures:
    """Measure PyAV alone."""
    flat = [each for pair in urls for each in pair]
    script = ROOT / "tests" / "benchmarks" / "peers" / "bare_pyav.py"
    with subprocess.Popen([sys.executable, str(script), folder, *flat]) as process:
        figures = used(seconds, together=process.pid)
        mib = memory(process.pid)
        process.kill()
    return {"together": round(figures["together"] / len(urls), 2), "mib": mib}


@contextmanager
def workers(urls: Urls, ingest: Worker) -> Iterator[tuple[Worker, Vision]]:
    """Run both workers with all cameras online; ``ingest`` is one of either kind."""
    ear = Ear()
    path = f"{ear.folder}/real.sock"
    vision = Vision(path)
    names = [f"camera_{number}" for number in range(len(urls))]
    vision.tell(Plan(cameras=tuple(CameraPlan(name=each, detector=None) for each in names)))
    vision.wait(VisionBeat)
    ingest.plan(
        *(
            camera(name, "rtsp", path, streams={"main": main, "sub": sub})
            for name, (main, sub) in zip(names, urls, strict=True)
        )
    )
    try:
        ingest.wait(Online, len(urls), limit=60)
        yield ingest, vision
    finally:
        ingest.stop()
        vision.stop()


def ours(urls: Urls, seconds: float, ingest: Worker) -> Figures:
    """Measure our workers."""
    with workers(urls, ingest) as (first, second):
        figures = used(seconds, ingest=first.process.pid, vision=second.process.pid)
        mib = {"ingest": memory(first.process.pid), "vision": memory(second.process.pid)}
        frames = second.of(VisionBeat)[-1].frames
        dropped = sum(first.of(Beat)[-1].dropped.values())
    assert len(frames) == len(urls), frames
    assert min(frames.values()) > 4 * seconds, frames
    each = {name: round(value / len(urls), 2) for name, value in figures.items()}
    together = round(sum(figures.values()) / len(urls), 2)
    return {
        **each,
        "together": together,
        "dropped": dropped,
        "ingest_mib": mib["ingest"],
        "vision_mib": mib["vision"],
    }


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--cameras", default="1,4,16")
    parser.add_argument("--seconds", type=float, default=20.0)
    given = parser.parse_args()
    counts = [int(each) for each in given.cameras.split(",")]
    with tempfile.TemporaryDirectory() as folder:
        large, small = made(Path(folder))
        rate = large.stat().st_size * 8 / 10
        with served(large, max(counts)) as mains, served(small, max(counts)) as subs:
            for count in counts:
                urls = list(zip(mains, subs, strict=True))[:count]
                figures = {
                    "bare_pyav": bare(urls, given.seconds, folder),
                    "no_recording": ours(urls, given.seconds, Worker()),
                    "recording": ours(urls, given.seconds, Recorder(folder)),
                }
                print(json.dumps(_told(count, rate, figures)), flush=True)


def _told(count: int, rate: float, figures: dict[str, Figures]) -> dict[str, object]:
    return {
        "benchmark": "ingest",
        "unit": "ms of CPU per second of stream and camera",
        "cameras": count,
        "main_mbit_per_s": round(rate / 1e6, 2),
        **figures,
        "recorder": "the benchmark's own: Watchpost's is not there yet",
        "budget": {"together": BUDGET_MS, "met": figures["recording"]["together"] <= BUDGET_MS},
        "peers_measured_before": PEERS,
    }


if __name__ == "__main__":
    main()
