"""Replay: how many times faster than real time, and where the processor's time goes.

The bar is 3 times real time on 2 cores with YOLOX-nano. Beside it stands what is left with a
detector that sees nothing (decoding, sampling, motion), for the clip as it is and made larger to
1080p, and what drawing a film costs. The processor's seconds count in all, because others may
be using the machine; the best of three runs is told.
"""

import json
import os
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction
from pathlib import Path
from time import process_time

import av
import msgspec

from detectors.catalogue.entries import read
from detectors.openvino.detector import OpenVino
from detectors.openvino.options import Load
from hub.api import Detection, Detector, Region
from hub.vision.annotating import film
from hub.vision.plan import CameraPlan, ZonePlan
from hub.vision.replay import Summary, replay

DATA = Path(os.environ.get("WATCHPOST_TEST_DATA", Path(__file__).parents[3] / "shared" / "data"))
CLIP = DATA / "footage" / "people-detection.mp4"
WHOLE = ZonePlan(name="all", polygon=((0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0)))
PORCH = CameraPlan(name="porch", detector="detector", zones=(WHOLE,))
RUNS = 3


class Blind(Detector):
    """Sees nothing, at once."""

    KEY = "blind"
    labels = ()
    size = (416, 416)

    def load(self) -> None:
        return

    def submit(
        self, region: Region, camera: str, done: Callable[[Sequence[Detection]], None]
    ) -> None:
        done(())


def network() -> Detector:
    entry = read()["yolox_nano"]
    load = Load(
        model=entry.name,
        file=str(DATA / "models" / entry.file),
        head=entry.head,
        labels=entry.labels,
        input=entry.input,
        width=entry.input.width,
        height=entry.input.height,
    )
    made = OpenVino(entry.name, msgspec.to_builtins(load))
    made.load()
    return made


def larger(clip: Path, folder: Path) -> Path:
    """Return a clip made larger to 1080p."""
    out = folder / "1080p.mp4"
    with av.open(str(clip)) as given, av.open(str(out), "w") as made:
        rate = given.streams.video[0].average_rate
        stream = made.add_stream("libx264", rate=rate)
        stream.width, stream.height, stream.pix_fmt = 1920, 1080, "yuv420p"
        stream.options = {"preset": "ultrafast", "crf": "23"}
        for number, frame in enumerate(given.decode(video=0)):
            picture = frame.reformat(1920, 1080)
            picture.pts, picture.time_base = number, Fraction(1) / rate
            made.mux(stream.encode(picture))
        made.mux(stream.encode(None))
    return out


def best(clip: Path, make: Callable[[], Detector]) -> tuple[Summary, float, float]:
    """Return a run's summary, the least seconds it took and the least of the processor's."""
    runs = [run(clip, make()) for _ in range(RUNS)]
    return runs[0][0], min(each.took for each, _ in runs), min(spent for _, spent in runs)


def run(clip: Path, detector: Detector) -> tuple[Summary, float]:
    began = process_time()
    try:
        return replay(clip, PORCH, detector, [].append), process_time() - began
    finally:
        detector.close()


def drawn(clip: Path, folder: Path) -> float:
    """Return the processor's seconds for a film, with a detector that sees nothing."""
    began = process_time()
    with film(folder / "out.mp4", 12) as annotator:
        replay(clip, PORCH, Blind("blind", {}), [].append, annotator=annotator)
    return process_time() - began


def figures(folder: Path) -> Iterator[dict[str, object]]:
    for name, clip in (("768x432", CLIP), ("1920x1080", larger(CLIP, folder))):
        seeing, took, spent = best(clip, network)
        blind, _, rest = best(clip, lambda: Blind("blind", {}))
        yield {
            "benchmark": "replay",
            "size": name,
            "times_real_time": round(seeing.seconds / took, 1),
            "floor_times_real_time": 3,
            "inferences": seeing.inferences,
            "persons": seeing.events["object.appeared"],
            "visits": seeing.events["zone.cleared"],
            "cpu_ms_per_stream_second": round(spent / seeing.seconds * 1000, 2),
            "cpu_ms_per_stream_second_without_inference": round(rest / blind.seconds * 1000, 2),
            "cpu_ms_per_frame_drawn": round((drawn(clip, folder) - rest) / blind.frames * 1000, 2),
        }


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        for each in figures(Path(folder)):
            sys.stdout.write(json.dumps(each) + "\n")


if __name__ == "__main__":
    main()
