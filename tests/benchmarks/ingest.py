"""What one camera costs: CPU milliseconds per second of stream, of the worker processes.

Prints one JSON object. A real RTSP server (a process of its own, not counted) serves a main stream,
1920x1080 at 25 pictures a second and about 4 Mbit/s, and a sub stream, 640x360 at 5. Measured
by ``/proc``, each over the same seconds:

- ``bare``: a process that demuxes the streams with PyAV and does nothing with them;
- ``ingest``: our ingest worker, which hands the detect stream to a reader (not counted);
- ``vision``: our vision worker behind it, decoding and looking for motion, no detector.

Recording is not there yet, so ingest opens the stream it detects on, not both.
"""

import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from fractions import Fraction
from pathlib import Path

import av
import numpy as np

from hub.vision.messages import Beat as VisionBeat
from hub.vision.messages import FromVision
from hub.vision.plan import CameraPlan, Plan

sys.path.insert(0, str(Path(__file__).parents[2]))  # a script finds its own folder only
from tests.hub.ingest.harness import ROOT, Beat, Online, StreamPacket, Worker, camera, running

SECONDS = 15.0
WARM_UP = 3.0
PEERS = {"frigate_ms": 46.4, "frigate_with_audio_copied_ms": 34.1, "bare_pyav_ms": 15.3}
BUDGET_MS = 18.0

_BARE = """
import sys, threading, av
def demux(url):
    options = {"protocol_whitelist": "rtsp,rtp,tcp,udp", "rtsp_transport": "tcp",
               "analyzeduration": "200000", "fpsprobesize": "0"}
    with av.open(url, options=options, timeout=(5, 6)) as container:
        for packet in container.demux(video=0):
            pass
for url in sys.argv[1:]:
    threading.Thread(target=demux, args=(url,)).start()
"""


def clip(path: Path, size: tuple[int, int], fps: int, rate: int) -> Path:
    """Encode a texture that drifts, so that the stream has the bytes of a busy scene."""
    width, height = size
    field = np.random.default_rng(1).integers(40, 216, (height // 8, width // 8), np.uint8)
    field = np.kron(field, np.ones((8, 8), np.uint8))
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx264", rate=fps)
        stream.width, stream.height, stream.pix_fmt = width, height, "yuv420p"
        stream.bit_rate = rate
        stream.codec_context.gop_size = 2 * fps
        stream.options = {"preset": "ultrafast", "tune": "zerolatency", "maxrate": str(rate),
                          "bufsize": str(rate // 4)}  # fmt: skip
        for index in range(4 * fps):
            picture = np.roll(field, (index * 3, index * 5), (0, 1))
            frame = av.VideoFrame.from_ndarray(picture, format="gray")
            frame.pts, frame.time_base = index, Fraction(1, fps)
            container.mux(stream.encode(frame.reformat(format="yuv420p")))
        container.mux(stream.encode())
    return path


@contextmanager
def served(path: Path) -> Iterator[str]:
    """Serve a clip from a process of its own."""
    command = [sys.executable, "-m", "tests.servers", str(path)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        yield server.stdout.readline().strip()
        server.terminate()


def cpu(pid: int) -> float:
    """Return a process's CPU time so far, in milliseconds."""
    threads = Path(f"/proc/{pid}/task").iterdir()
    return sum(int((each / "schedstat").read_text().split()[0]) for each in threads) / 1e6


def cost(*pids: int) -> list[float]:
    """Return what processes use per second, in milliseconds of CPU."""
    time.sleep(WARM_UP)
    before, began = [cpu(pid) for pid in pids], time.monotonic()
    time.sleep(SECONDS)
    took = time.monotonic() - began
    return [round((cpu(pid) - was) / took, 2) for pid, was in zip(pids, before, strict=True)]


def bare(*urls: str) -> float:
    """Measure PyAV alone."""
    with subprocess.Popen([sys.executable, "-c", _BARE, *urls]) as process:
        (used,) = cost(process.pid)
        process.kill()
    return used


def ingest(url: str) -> float:
    """Measure the ingest worker with a camera, above what it uses with none."""
    with running() as (worker, ear):
        worker.wait(Beat)
        (idle,) = cost(worker.process.pid)
        worker.plan(camera("porch", "rtsp", ear.path, source=url))
        worker.wait(Online)
        (used,) = cost(worker.process.pid)
        assert len(ear.last().of(StreamPacket)) > SECONDS
    return round(used - idle, 2)


class Vision(Worker):
    """A vision worker's process."""

    MODULE = "hub.vision"
    KIND = FromVision


def chain(url: str) -> dict[str, float]:
    """Measure both workers, the vision worker decoding and looking for motion."""
    with running() as (worker, ear):
        path = f"{ear.folder}/real.sock"
        vision = Vision(path)
        vision.tell(Plan(cameras=(CameraPlan(name="porch", detector=None),)))
        vision.wait(VisionBeat)
        worker.wait(Beat)
        idle = cost(worker.process.pid, vision.process.pid)
        worker.plan(camera("porch", "rtsp", path, source=url))
        worker.wait(Online)
        used = cost(worker.process.pid, vision.process.pid)
        frames = vision.of(VisionBeat)[-1].frames
        vision.stop()
    assert frames["porch"] > SECONDS, frames
    parts = [round(now - before, 2) for now, before in zip(used, idle, strict=True)]
    return {"ingest": parts[0], "vision": parts[1], "together": round(sum(parts), 2)}


def main() -> None:
    """Measure and print."""
    with tempfile.TemporaryDirectory() as folder:
        large = clip(Path(folder) / "main.mp4", (1920, 1080), 25, 4_000_000)
        small = clip(Path(folder) / "sub.mp4", (640, 360), 5, 300_000)
        rate = large.stat().st_size * 8 / 4
        with served(large) as main_url, served(small) as sub_url:
            figures = {
                "bare_main_1080p25": bare(main_url),
                "bare_sub_360p5": bare(sub_url),
                "ingest_main_1080p25": ingest(main_url),
                "ingest_sub_360p5": ingest(sub_url),
                "sub_360p5_with_motion": chain(sub_url),
            }
    print(
        json.dumps(
            {
                "benchmark": "ingest",
                "unit": "ms of CPU per second of stream",
                "main_mbit_per_s": round(rate / 1e6, 2),
                **figures,
                "recording": "not there yet: ingest opens only the stream that is detected on",
                "budget_with_recording_and_motion": BUDGET_MS,
                "peers": PEERS,
            }
        )
    )


if __name__ == "__main__":
    main()
