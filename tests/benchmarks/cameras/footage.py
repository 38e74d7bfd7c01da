"""Streams as a camera gives them, made once from real footage, and who serves them.

The main stream is 1920x1080 at 25 pictures a second and about 4 Mbit/s, the sub stream 640x360
at 5: the same scene. Servers are processes of their own, so that what they use is not counted.
"""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from fractions import Fraction
from pathlib import Path

import av

ROOT = Path(__file__).parents[3]
DATA = Path(os.environ.get("WATCHPOST_TEST_DATA", ROOT.parent / "shared" / "data"))
MAIN, SUB = (1920, 1080), (640, 360)
FPS, SUB_FPS = 25, 5
RATE, SUB_RATE = 4_000_000, 300_000  # bits a second


def made(
    folder: Path, film: str = "car-detection.mp4", seconds: int = 10, *, still: bool = False
) -> tuple[Path, Path]:
    """Encode both streams of a scene, to be played over and over; ``still`` shows one picture."""
    name = Path(film).stem + ("-still" if still else "")
    main, sub = folder / f"{name}-main.mp4", folder / f"{name}-sub.mp4"
    with av.open(str(DATA / "footage" / film)) as source:
        frames = [
            frame.reformat(width=MAIN[0], height=MAIN[1], format="yuv420p")
            for _, frame in zip(range(seconds * FPS), source.decode(video=0), strict=False)
        ]
    if still:
        frames = frames[:1] * len(frames)
    _encode(main, frames, FPS, RATE)
    _encode(sub, frames[:: FPS // SUB_FPS], SUB_FPS, SUB_RATE)
    return main, sub


def _encode(path: Path, frames: list[av.VideoFrame], fps: int, rate: int) -> None:
    width, height = MAIN if fps == FPS else SUB
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx264", rate=fps)
        stream.width, stream.height, stream.pix_fmt = width, height, "yuv420p"
        stream.bit_rate = rate
        stream.codec_context.gop_size = 2 * fps
        stream.options = {
            "preset": "veryfast", "tune": "zerolatency", "bf": "0",
            "maxrate": str(rate), "bufsize": str(rate // 2),
        }  # fmt: skip
        for number, each in enumerate(frames):
            frame = each.reformat(width=width, height=height, format="yuv420p")
            frame.pts, frame.time_base = number, Fraction(1, fps)
            frame.pict_type = av.video.frame.PictureType.NONE
            container.mux(stream.encode(frame))
        container.mux(stream.encode())


@contextmanager
def served(path: Path, count: int) -> Iterator[list[str]]:
    """Serve a clip under several addresses from a process of its own."""
    command = [sys.executable, "-m", "tests.servers", str(path), "--paths", str(count)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        first = server.stdout.readline().strip()
        try:
            yield [f"{first.removesuffix('1')}{number + 1}" for number in range(count)]
        finally:
            server.kill()


def cpu(pid: int) -> float:
    """Return a process's CPU time so far, in milliseconds."""
    total = 0
    for each in Path(f"/proc/{pid}/task").iterdir():
        try:
            total += int((each / "schedstat").read_text().split()[0])
        except FileNotFoundError:  # that thread has ended
            continue
    return total / 1e6


def memory(pid: int) -> float:
    """Return the memory that is a process's own, in MiB: its share of what it shares."""
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    kib = next(int(line.split()[1]) for line in lines if line.startswith("Pss:"))
    return round(kib / 1024, 1)
