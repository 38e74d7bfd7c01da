"""Detectors with the real model, and the footage they look at."""

import asyncio
import threading
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
import voluptuous as vol
from msgspec.structs import replace
from numpy.typing import NDArray

from detectors.catalogue.sources import Sources
from detectors.catalogue.store import Store
from detectors.openvino.detector import OpenVino
from hub.api import Box, Detection, ModelCost, ModelEntry, ModelInput, ModelStore, Region
from hub.plugins import Registry

Picture = NDArray[np.uint8]
Make = Callable[..., OpenVino]
CAMERA = "yard"
Truth = dict[int, list[Box]]
WHOLE = Box(0, 0, 1, 1)
WIDE, HIGH = 768, 432  # pixels of the footage


class Shelf(ModelStore):
    """A store of models whose files are here: the catalogue's, and some that are its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.catalogue = Store(Sources(cache=folder / "none", folder=folder, offline=True))
        coco = ("person", *(f"thing {number}" for number in range(2, 81)))
        nano = entry("yolox_nano", "yolox_nano.onnx", 416, coco)
        fixed = ModelInput(width=416, height=416)
        half = replace(nano, name="half", file="yolox_nano_float16_quantize.tflite", input=fixed)
        small = entry("lwpd_192", "lwpd_192.onnx", 192, ("person",))
        likes = replace(nano, name="likes", task="depth", head="depth")
        self.known = {each.name: each for each in (nano, half, small, likes)}

    def entries(self) -> Sequence[ModelEntry]:
        return tuple(self.known.values())

    def entry(self, name: str) -> ModelEntry:
        return self.known[name] if name in self.known else self.catalogue.entry(name)

    def labels(self, name: str) -> Sequence[str]:
        return self.known["yolox_nano"].labels

    async def path(self, name: str, progress: object = None) -> Path:
        if name in self.known:
            return self.folder / self.known[name].file
        return await self.catalogue.path(name)


def entry(name: str, file: str, side: int, labels: tuple[str, ...]) -> ModelEntry:
    return ModelEntry(
        name=name,
        file=file,
        url="",
        sha256="",
        bytes=0,
        licence="",
        task="objects",
        head="yolox",
        input=ModelInput(width=side, height=side, multiple=32),
        labels=labels,
        cost=ModelCost(ms=1, size=side, machine=""),
    )


def prepared(data: Path, given: dict[str, object]) -> dict[str, object]:
    base = given.pop("base", data)
    options = vol.Schema(dict(OpenVino.SCHEMA))({"precision": "f32", **given})
    store = Shelf(data / "models")
    context = SimpleNamespace(ask=lambda _: store, paths=SimpleNamespace(config=base))
    return dict(asyncio.run(OpenVino.prepare(options, context)))


@pytest.fixture
def make(data: Path) -> Iterator[Make]:
    """Return what loads a detector with some options; it is closed at the end."""
    made: list[OpenVino] = []

    def load(**given: object) -> OpenVino:
        detector = OpenVino("test", prepared(data, given))
        made.append(detector)
        detector.load()
        return detector

    yield load
    for each in made:
        each.close()


@pytest.fixture(scope="session")
def frames(data: Path) -> dict[int, Picture]:
    """Return frames of the footage with people, by their number from 1."""
    av = pytest.importorskip("av")
    wanted = {40, 60, 190, 205, 215, 225, 345, 355, 365, 375, 385, 530, 540}
    with av.open(str(data / "footage" / "people-detection.mp4")) as clip:
        numbered = enumerate(clip.decode(video=0), 1)
        return {at: f.to_ndarray(format="bgr24") for at, f in numbered if at in wanted}


@pytest.fixture(scope="session")
def truth(data: Path) -> Truth:
    """Return the persons that two models agree on, by frame."""
    rows = (data / "footage" / "truth" / "people-detection.pseudo.txt").read_text().splitlines()
    persons: Truth = {}
    for row in rows:
        frame, _, x, y, width, height, _, confirmed = map(float, row.split(","))
        box = Box(x / WIDE, y / HIGH, (x + width) / WIDE, (y + height) / HIGH)
        if confirmed == 1:
            persons.setdefault(int(frame), []).append(box)
    return persons


def region(picture: Picture, place: Box = WHOLE) -> Region:
    """Return a place of a picture, at the picture's own resolution."""
    high, wide = picture.shape[:2]
    left, right = round(place.left * wide), round(place.right * wide)
    top, bottom = round(place.top * high), round(place.bottom * high)
    cut = np.ascontiguousarray(picture[top:bottom, left:right])
    return Region(
        pixels=memoryview(cut.tobytes()), width=right - left, height=bottom - top, place=place
    )


def look(detector: OpenVino, *regions: Region) -> list[Sequence[Detection]]:
    """Return what is seen in each region, all submitted before the first answer is read."""
    answers: dict[int, Sequence[Detection]] = {}
    all_here = threading.Event()

    def done(at: int, found: Sequence[Detection]) -> None:
        assert at not in answers, "answered twice"
        answers[at] = found
        if len(answers) == len(regions):
            all_here.set()

    for at, each in enumerate(regions):
        detector.submit(each, CAMERA, lambda found, at=at: done(at, found))
    assert all_here.wait(20), f"{len(answers)} of {len(regions)} regions were answered"
    return [answers[at] for at in range(len(regions))]


def iou(one: Box, other: Box) -> float:
    wide = min(one.right, other.right) - max(one.left, other.left)
    high = min(one.bottom, other.bottom) - max(one.top, other.top)
    if wide <= 0 or high <= 0:
        return 0.0
    areas = [(b.right - b.left) * (b.bottom - b.top) for b in (one, other)]
    return wide * high / (sum(areas) - wide * high)


@pytest.fixture(scope="session")
def registry() -> Registry:
    """Every installed plugin."""
    return Registry.discover()
