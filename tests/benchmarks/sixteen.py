"""Sixteen cameras for five minutes: what is sent arrives, what is due is looked at, or it is told.

Prints one JSON object. A real hub with its two worker processes holds cameras of a main stream
(1920x1080 at 25 pictures a second, recorded by the benchmark's own recorder) and a sub stream
(640x360 at 5, looked at by YOLOX-nano). Real RTSP servers, in processes of their own, show cars
that drive all the time, people who come and go, somebody at work, and a scene that stands still.

- ``packets``: sent by the servers and taken by ingest, all streams together. Of each stream one
  picture may be under way at the end: FFmpeg's parser holds it.
- ``looks``: how many each camera had of those that were due; ``unexplained`` counts the spans of
  ten of the worker's beats in which a camera had less than 80% of them and was not told as shed
  then or within three seconds: what is late is dropped, and then told.
- ``cpu_percent``: of one core, by process, over the run; ``mib``: each minute, and at the end.
"""

import argparse
import asyncio
import json
import os
import subprocess
import sys
import tempfile
import time
from collections import Counter, deque
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))  # a script finds its own folder only
from hub.api import CameraOffline
from hub.app.hub import Hub
from hub.cli.configuration import configuration
from hub.ingest.messages import Beat as IngestBeat
from hub.vision.messages import Beat as VisionBeat
from tests.benchmarks.cameras.footage import DATA, FPS, ROOT, SUB_FPS, cpu, made, memory

SCENES = (
    ("car-detection.mp4", False),
    ("people-detection.mp4", False),
    ("derived/worker-zone-detection.preview.mp4", False),
    ("people-detection.mp4", True),
)
SPAN = 10  # beats of the worker, a second each at least, over which looks are counted
LATER = 3  # beats until which that a camera is shed must have been told
ENOUGH = 0.8  # of the looks that are due
START = 120.0  # seconds until every camera is there

Server = subprocess.Popen[str]


@dataclass
class Seen:
    """What was noted of the hub while it ran."""

    began: float = 0.0
    cpu: dict[str, float] = field(default_factory=dict)
    memory: dict[str, list[float]] = field(default_factory=dict)
    looked: dict[str, int] = field(default_factory=dict)
    unexplained: Counter[str] = field(default_factory=Counter)
    shed: Counter[str] = field(default_factory=Counter)  # seconds
    offline: int = 0
    packets: int = 0
    dropped: int = 0
    lost: int = 0
    took: float = 0.0
    detectors: dict[str, dict[str, object]] = field(default_factory=dict)


@contextmanager
def serving(clip: Path, paths: int) -> Iterator[tuple[Server, str]]:
    """Serve a clip from a process of its own; gives it, and the address without its number."""
    command = [sys.executable, "-m", "tests.servers", str(clip), "--paths", str(paths)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        try:
            yield server, server.stdout.readline().strip().removesuffix("1")
        finally:
            server.kill()


def sent(servers: Sequence[Server]) -> int:
    """End the servers; return how many pictures they sent."""
    for each in servers:
        each.terminate()
    total = 0
    for each in servers:
        assert each.stdout is not None
        total += sum(json.loads(each.stdout.readline()).values())
    return total


def configured(folder: Path, addresses: Sequence[tuple[str, str]]) -> None:
    """Write a configuration with a camera for each pair of addresses."""
    lines = ["web: {port: 0}", "hub: {data: data}", "cameras:"]
    for number, (main, sub) in enumerate(addresses):
        lines += [
            f"  camera_{number:02}:",
            "    platform: rtsp",
            f'    streams: {{main: "{main}", sub: "{sub}"}}',
            f"    detect: {{fps: {SUB_FPS}, objects: [person, car]}}",
        ]
    (folder / "configuration.yaml").write_text("\n".join(lines) + "\n")


class Soak:
    """A hub that runs, and what is noted of it every second."""

    def __init__(self, folder: Path, cameras: int) -> None:
        settings, registry = configuration(folder)
        self.hub = Hub(settings, registry)
        # The same worker with a recorder, for which there is no other place yet.
        self.hub.workers._ingest._command = ("tests.benchmarks.cameras.recording", str(folder))
        self.cameras = cameras
        self.seen = Seen()
        self._counted = self._beat()
        self._beats: deque[VisionBeat] = deque(maxlen=SPAN + 1 + LATER)

    async def run(self, seconds: float, servers: Sequence[Server]) -> int:
        """Let it run for so long once every camera is there; returns what was sent."""
        until, ready = asyncio.Event(), asyncio.Event()
        running = asyncio.create_task(self.hub.run(until, ready.set))
        try:
            await self._ready(ready, running)
            await self._watch(seconds)
            total = await asyncio.to_thread(sent, servers)
            await self._still()
            self._finish()
        finally:
            until.set()
            await running
        return total

    async def _ready(self, ready: asyncio.Event, running: "asyncio.Task[None]") -> None:
        async with asyncio.timeout(START):
            while not ready.is_set():
                if running.done():
                    running.result()
                await asyncio.sleep(0.1)
            while len(self._online()) < self.cameras or not self._beat().detectors:  # noqa: ASYNC110 - beats
                await asyncio.sleep(0.2)
        _ = self.hub.bus.listen(CameraOffline, self._went)
        await asyncio.sleep(SPAN / 2)  # motion has to know the scene first

    async def _still(self) -> None:
        """Wait until ingest takes no more: some beats that count the same."""
        before, same, rounds = -1, 0, 0
        while same < 3 and rounds < START:
            await asyncio.sleep(1.0)
            beat = self.hub.workers.beats["ingest"]
            assert isinstance(beat, IngestBeat)
            now, rounds = sum(beat.packets.values()), rounds + 1
            before, same = now, same + 1 if now == before else 0

    def _online(self) -> list[str]:
        names = self.hub.settings.cameras
        states = [self.hub.states.get(f"camera.{name}") for name in names]
        return [each.entity for each in states if each is not None and each.state == "online"]

    def _went(self, event: CameraOffline) -> None:
        self.seen.offline += not self.seen.took  # at the end they are let go

    def _beat(self) -> VisionBeat:
        beat = self.hub.workers.beats.get("vision")
        if isinstance(beat, VisionBeat):
            return beat
        return VisionBeat(frames={}, inferences={}, dropped={})

    @property
    def _processes(self) -> dict[str, int]:
        pids = {name: pid for name, pid in self.hub.workers.pids.items() if pid is not None}
        return {"hub": os.getpid(), **pids}

    async def _watch(self, seconds: float) -> None:
        seen, minute = self.seen, min(60.0, seconds / 3)
        weighed = 0
        seen.began = time.monotonic()
        seen.cpu = {name: cpu(pid) for name, pid in self._processes.items()}
        first = self._beat().looked
        while (passed := time.monotonic() - seen.began) < seconds:
            await asyncio.sleep(0.25)
            self._count(self._beat())
            if passed >= minute * (1 + weighed):
                weighed += 1
                self._weigh()
        seen.took = time.monotonic() - seen.began
        seen.cpu = {
            name: round((cpu(pid) - seen.cpu[name]) / seen.took / 10, 1)
            for name, pid in self._processes.items()
        }
        self._weigh()
        seen.looked = {name: count - first[name] for name, count in self._beat().looked.items()}

    def _weigh(self) -> None:
        for name, pid in self._processes.items():
            self.seen.memory.setdefault(name, []).append(memory(pid))

    def _count(self, beat: VisionBeat) -> None:
        """Hold the looks of the worker's last seconds against those that were due."""
        if beat is self._counted:
            return
        self._counted = beat
        self.seen.shed.update(beat.shed)
        self._beats.append(beat)
        if len(self._beats) <= SPAN + LATER:
            return
        first, last = self._beats[0].looked, self._beats[SPAN].looked
        told = {name for each in self._beats for name in each.shed}
        for name in last.keys() - told:
            if last[name] - first.get(name, 0) < SUB_FPS * SPAN * ENOUGH:
                self.seen.unexplained[name] += 1

    def _finish(self) -> None:
        beat, vision = self.hub.workers.beats["ingest"], self._beat()
        assert isinstance(beat, IngestBeat)
        self.seen.packets = sum(beat.packets.values())
        self.seen.dropped = sum(beat.dropped.values())
        self.seen.lost = sum(vision.dropped.values())
        self.seen.detectors = {
            name: {
                "rate": each.rate,
                "queue_p95_ms": each.queue_p95_ms,
                "inference_ms": each.inference_ms,
                "load": each.load,
                "dropped": sum(sum(some.values()) for some in each.dropped.values()),
                "failures": each.failures,
            }
            for name, each in vision.detectors.items()
        }


def soak(cameras: int, seconds: float, length: int = 10) -> dict[str, object]:
    """Run so many cameras for so long, with clips of ``length``; returns what is to be told."""
    os.environ.setdefault("WATCHPOST_MODELS", str(DATA / "models"))
    os.environ["WATCHPOST_OFFLINE"] = "1"
    os.environ["PYTHONPATH"] = str(ROOT)
    with tempfile.TemporaryDirectory() as name, ExitStack() as stack:
        folder, servers, addresses = Path(name), [], []
        scenes = SCENES[:cameras]
        each_scene = -(-cameras // len(scenes))
        for film, still in scenes:
            pair = []
            for clip in made(folder, film, length, still=still):
                server, address = stack.enter_context(serving(clip, each_scene))
                servers.append(server)
                pair.append(address)
            addresses.append(pair)
        wanted = [
            (f"{main}{number + 1}", f"{sub}{number + 1}")
            for number in range(each_scene)
            for main, sub in addresses
        ][:cameras]
        configured(folder, wanted)
        running = Soak(folder, cameras)
        total = asyncio.run(running.run(seconds, servers))
        return told(running.seen, cameras, total)


def told(seen: Seen, cameras: int, total: int) -> dict[str, object]:
    """Return the figures of a run."""
    due = round(SUB_FPS * seen.took)
    return {
        "benchmark": "sixteen",
        "cameras": cameras,
        "seconds": round(seen.took),
        "streams": {"main": f"1920x1080 at {FPS}, recorded", "sub": f"640x360 at {SUB_FPS}"},
        "packets": {
            "sent": total,
            "received": seen.packets,
            "missing": total - seen.packets,
            "dropped_at_ingest": seen.dropped,
        },
        "offline": seen.offline,
        "looks": {
            "due_each": due,
            "least": min(seen.looked.values()),
            "most": max(seen.looked.values()),
            "unexplained": dict(seen.unexplained),
        },
        "shed_seconds": dict(seen.shed),
        "left_out_by_vision": seen.lost,
        "detectors": seen.detectors,
        "cpu_percent": seen.cpu,
        "mib": seen.memory,
        "cores": os.cpu_count(),
        "load_of_the_machine": round(os.getloadavg()[0], 1),
    }


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--cameras", type=int, default=16)
    parser.add_argument("--seconds", type=float, default=300.0)
    given = parser.parse_args()
    print(json.dumps(soak(given.cameras, given.seconds)))
