"""A model server with a real network behind it, and detectors that ask it."""

import asyncio
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import av
import numpy as np
import pytest
import voluptuous as vol
from numpy.typing import NDArray

from detectors.openvino.runtime import openvino
from detectors.remote.detector import Remote
from hub.api import Box, Detection, Region
from tests.servers.kserve import Array, Served, serving

WHOLE = Box(0, 0, 1, 1)
COCO = ("person", *(f"thing {number}" for number in range(2, 81)))
Make = Callable[..., Remote]
Answers = Sequence[Detection] | None


@pytest.fixture(scope="session")
def network(data: Path) -> Callable[[Array], Array]:
    """YOLOX-nano, as a function from a picture to its output."""
    precise = {"INFERENCE_PRECISION_HINT": "f32"}
    made = openvino().Core().compile_model(data / "models" / "yolox_nano.onnx", "CPU", precise)
    lock = threading.Lock()

    def look(picture: Array) -> Array:
        with lock:
            return np.array(made(picture.astype(np.float32))[0])

    return look


@pytest.fixture
def served(network: Callable[[Array], Array]) -> Iterator[Served]:
    """A server with YOLOX-nano as Triton would serve it."""
    model = Served(
        name="yolox",
        inputs=[("images", "FP32", [-1, 3, 416, 416])],
        outputs=[("output", "FP32", [-1, -1, 85])],
        look=lambda inputs: {"output": network(inputs["images"])},
    )
    with serving(model):
        yield model


def prepared(given: Mapping[str, object]) -> dict[str, Any]:
    """Return what the worker is told for some options, through the door of YAML."""
    options = vol.Schema(dict(Remote.SCHEMA))(dict(given))
    store = SimpleNamespace(labels=lambda _: COCO)
    return dict(asyncio.run(Remote.prepare(options, SimpleNamespace(ask=lambda _: store))))  # type: ignore[arg-type]


@pytest.fixture
def make() -> Iterator[Make]:
    """Return what loads a detector with some options; it is closed at the end."""
    made: list[Remote] = []

    def load(**given: object) -> Remote:
        detector = Remote("far", prepared({"model": "yolox", "timeout": 5, **given}))
        detector.load()
        made.append(detector)
        return detector

    yield load
    for each in made:
        each.close()


def address(served: Served, kind: str) -> str:
    """Return where a server listens."""
    return f"{kind}://127.0.0.1:{served.http if kind == 'http' else served.grpc}"


def region(picture: NDArray[np.uint8], place: Box = WHOLE) -> Region:
    """Return a picture (height, width, 3) as a region."""
    high, wide = picture.shape[:2]
    pixels = memoryview(np.ascontiguousarray(picture)).cast("B")
    return Region(pixels=pixels, width=wide, height=high, place=place)


def asked(detector: Remote, *regions: Region) -> list[Answers]:
    """Ask about regions and return the answers in the order they came."""
    found: list[Answers] = []
    all_here = threading.Event()

    def take(answer: Answers) -> None:
        found.append(answer)
        if len(found) == len(regions):
            all_here.set()

    for each in regions:
        detector.submit(each, "yard", take)
    assert all_here.wait(20)
    return found


@pytest.fixture(scope="session")
def walker(data: Path) -> NDArray[np.uint8]:
    """A frame with one person in it."""
    with av.open(str(data / "footage" / "people-detection.mp4")) as container:
        for number, frame in enumerate(container.decode(video=0)):
            if number == 40:
                return frame.to_ndarray(format="bgr24")
    raise AssertionError("the clip is shorter than that")
