"""What a region costs from the decoder's planes to boxes, prepared outside or inside the network.

Ways, for YOLOX-nano and a crop of a 1080p frame:

``planes``    today's: three planes scaled, made BGR, split and converted into the input;
``bytes``     the same, but the input is bytes, and the network converts them to numbers;
``i420``      the scaled planes are the input, and the network makes BGR and numbers of them;
``nv12``      the same with two planes, as hardware decoders give them;
``resized``   the crop's own planes are the input, and the network also scales them.

They take turns. Prints one JSON object per line: milliseconds of processor time for a region, of
all threads, preparing and inferring together (the least and the median of many rounds).
"""

import argparse
import json
import statistics
import time
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from detectors.heads.canvas import Canvas
from detectors.openvino.runtime import openvino
from hub.api import Box, ModelInput, Region
from tests.benchmarks.inference import DATA, FILE

Planes = tuple[NDArray[np.uint8], ...]
WANTED = ModelInput(width=416, height=416, multiple=32)
WIDE, HIGH = 1920, 1080  # pixels of the frame
CROPS = ((320, 320), (640, 360), (1280, 720))
LIKELY = 0.3  # score above which a row counts, to see that the ways see the same
WARM = 5  # rounds
WAYS = ("planes", "bytes", "i420", "nv12", "resized")


class Job(NamedTuple):
    """A crop (columns and rows, in pixels) for a network of one side."""

    side: int
    width: int
    height: int

    @property
    def fitted(self) -> tuple[int, int]:
        """Width and height in the network's input, whole pairs of pixels."""
        scale = min(self.side / self.width, self.side / self.height, 1.0)
        return (round(self.width * scale / 2) * 2, round(self.height * scale / 2) * 2)


def frame() -> Planes:
    """Return luma and two planes of colour, of a frame of the footage made 1080p."""
    import av

    with av.open(str(DATA / "footage" / "people-detection.mp4")) as clip:
        frames = (f.reformat(WIDE, HIGH, "yuv420p") for f in clip.decode(video=0))
        sheet = next(f.to_ndarray() for at, f in enumerate(frames) if at == 200)
    luma = sheet[:HIGH]
    blue, red = sheet[HIGH:].reshape(2, HIGH // 2, WIDE // 2)
    return luma, blue, red


def cut(planes: Planes, job: Job) -> Planes:
    luma, blue, red = planes
    half = slice(0, job.height // 2), slice(0, job.width // 2)
    return luma[: job.height, : job.width], blue[half], red[half]


def scaled(planes: Planes, wide: int, high: int) -> NDArray[np.uint8]:
    """Return an I420 sheet of the wanted size."""
    flat = np.empty(wide * high * 3 // 2, np.uint8)
    at = 0
    for plane, (columns, rows) in zip(
        planes, [(wide, high), (wide // 2, high // 2), (wide // 2, high // 2)], strict=True
    ):
        into = flat[at : at + columns * rows].reshape(rows, columns)
        how = cv2.INTER_AREA if plane.shape[0] > rows else cv2.INTER_LINEAR
        cv2.resize(plane, (columns, rows), dst=into, interpolation=how)
        at += columns * rows
    return flat.reshape(high * 3 // 2, wide)


def compiled(way: str, job: Job) -> Any:
    ov = openvino()
    core = ov.Core()
    model = core.read_model(str(FILE))
    model.reshape([1, 3, job.side, job.side])
    steps = ov.preprocess.PrePostProcessor(model)
    taken = steps.input()
    _describe(ov, way, job, taken)
    taken.model().set_layout(ov.Layout("NCHW"))
    return core.compile_model(steps.build(), "CPU", {"PERFORMANCE_HINT": "LATENCY"})


def _describe(ov: Any, way: str, job: Job, taken: Any) -> None:
    pre = ov.preprocess
    wide, high = (job.width, job.height) if way == "resized" else job.fitted
    if way == "planes":
        taken.tensor().set_element_type(ov.Type.f32).set_layout(ov.Layout("NCHW"))
        return
    taken.tensor().set_element_type(ov.Type.u8)
    if way == "bytes":
        taken.tensor().set_layout(ov.Layout("NHWC"))
        return
    two = way == "nv12"
    form = pre.ColorFormat.NV12_TWO_PLANES if two else pre.ColorFormat.I420_THREE_PLANES
    taken.tensor().set_color_format(form, ["y", "uv"] if two else ["y", "u", "v"])
    taken.tensor().set_spatial_static_shape(high, wide)
    steps = taken.preprocess()
    steps.convert_color(pre.ColorFormat.BGR).convert_element_type(ov.Type.f32)
    if (wide, high) != job.fitted:
        fitted = job.fitted
        steps.resize(pre.ResizeAlgorithm.RESIZE_LINEAR, fitted[1], fitted[0])
    if job.fitted != (job.side, job.side):
        below, right = job.side - job.fitted[1], job.side - job.fitted[0]
        steps.pad([0, 0, 0, 0], [0, below, right, 0], 114.0, pre.PaddingMode.CONSTANT)


def filler(way: str, job: Job, request: Any) -> Callable[[Planes], object]:
    """Return what puts a crop's planes into a request."""
    if way == "planes":
        canvas = Canvas(request.get_input_tensor().data[0], WANTED)
        return lambda planes: canvas.put(_region(planes, job))
    if way == "bytes":
        memory = request.get_input_tensor().data[0]
        memory[:] = 114
        wide, high = job.fitted
        place = memory[:high, :wide]
        return lambda planes: np.copyto(
            place, cv2.cvtColor(scaled(planes, wide, high), cv2.COLOR_YUV2BGR_I420)
        )
    if way == "nv12":
        luma, pairs = (each.data[0] for each in request.input_tensors)
        return lambda planes: _pairs(planes, luma[..., 0], pairs)
    inputs = [each.data[0, ..., 0] for each in request.input_tensors]
    return lambda planes: _planes(planes, inputs, whole=way == "resized")


def _region(planes: Planes, job: Job) -> Region:
    wide, high = job.fitted
    colours = cv2.cvtColor(scaled(planes, wide, high), cv2.COLOR_YUV2BGR_I420)
    pixels = np.asarray(colours, np.uint8).data.cast("B")
    return Region(pixels=pixels, width=wide, height=high, place=Box(0, 0, 1, 1))


def _planes(planes: Planes, inputs: Sequence[NDArray[np.uint8]], *, whole: bool) -> None:
    for plane, into in zip(planes, inputs, strict=True):
        if whole:
            np.copyto(into, plane)
        else:
            how = cv2.INTER_AREA if plane.shape[0] > into.shape[0] else cv2.INTER_LINEAR
            cv2.resize(plane, into.shape[::-1], dst=into, interpolation=how)


def _pairs(planes: Planes, luma: NDArray[np.uint8], pairs: NDArray[np.uint8]) -> None:
    _planes(planes[:1], [luma], whole=False)
    both = [np.empty(pairs.shape[:2], np.uint8) for _ in planes[1:]]
    _planes(planes[1:], both, whole=False)
    cv2.merge(both, pairs)


class Way:
    """A network ready to be asked one way, and what that cost so far."""

    def __init__(self, name: str, job: Job) -> None:
        self.name = name
        self.job = job
        self._request = compiled(name, job).create_infer_request()
        self._fill = filler(name, job, self._request)
        self._planes = cut(frame(), job)
        self._spent: list[tuple[float, float]] = []

    def ask(self) -> None:
        begin = time.process_time()
        self._fill(self._planes)
        middle = time.process_time()
        self._request.infer()
        self._spent.append((time.process_time() - begin, middle - begin))

    def row(self) -> dict[str, object]:
        spent, preparing = zip(*self._spent[WARM:], strict=True)
        sure = self._request.get_output_tensor().data[0, :, 4]
        return {
            "benchmark": "preprocessing",
            "size": self.job.side,
            "crop": [self.job.width, self.job.height],
            "way": self.name,
            "least_cpu_ms": round(min(spent) * 1000, 2),
            "median_cpu_ms": round(statistics.median(spent) * 1000, 2),
            "preparing_cpu_ms": round(statistics.median(preparing) * 1000, 2),
            "likely_rows": int((sure > LIKELY).sum()),
        }


def compare(job: Job, rounds: int) -> None:
    """Let the ways take turns, so that what else runs on the machine slows them alike."""
    ways = [Way(each, job) for each in WAYS]
    for _ in range(rounds + WARM):
        for each in ways:
            each.ask()
    for each in ways:
        print(json.dumps(each.row()), flush=True)


def main() -> None:
    wanted = argparse.ArgumentParser(description=__doc__)
    wanted.add_argument("--rounds", type=int, default=200)
    given = wanted.parse_args()
    for side in (416, 640):
        for width, height in CROPS:
            compare(Job(side, width, height), given.rounds)


if __name__ == "__main__":
    main()
