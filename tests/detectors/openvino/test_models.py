"""The catalogue's models on real pictures: persons and faces where they truly are."""

import asyncio
import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from detectors.catalogue.entries import read
from detectors.catalogue.sources import Sources
from detectors.catalogue.store import Store
from detectors.openvino.runtime import openvino
from hub.api import Box, Detection
from tests.detectors.openvino.conftest import Make, Picture, Truth, iou, look, region

Noses = list[tuple[float, float]]
LARGEST = 1600  # pixels: a camera's picture, not a photographer's


@pytest.fixture(scope="session")
def photographs(data: Path) -> list[tuple[Picture, Noses]]:
    """Return group photographs, and where the noses are in fractions of each."""
    cv2 = pytest.importorskip("cv2")
    folder = data / "footage" / "faces"
    listed = json.loads((folder / "annotations.json").read_text())["noses_xy"]
    found = []
    for name, noses in listed.items():
        picture = cv2.imread(str(folder / name)) if (folder / name).is_file() else None
        if picture is None:
            continue
        high, wide = picture.shape[:2]
        scale = min(1.0, LARGEST / max(high, wide))
        small = cv2.resize(picture, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
        found.append((small, [(x / wide, y / high) for x, y in noses]))
    return found


@pytest.mark.parametrize(
    ("given", "score", "missed"),
    [
        ({"model": "yunet"}, 0.6, 0),
        ({"model": "yunet", "size": 320}, 0.6, 0),
        ({"model": "yunet", "size": [640, 384], "precision": "auto"}, 0.6, 0),
        ({"model": "models/face_detection_yunet_2026may.onnx", "size": 640}, 0.6, 0),
        ({"model": "face_retail_0004"}, 0.5, 3),
        (
            {
                "model": "models/omz/face-detection-retail-0004/FP16-INT8/"
                "face-detection-retail-0004.xml",
                "labels": ["face"],
            },
            0.5,
            3,
        ),
        ({"model": "ultraface_320"}, 0.6, 0),
        ({"model": "models/version-RFB-320.onnx"}, 0.6, 0),
    ],
    ids=str,
)
def test_a_face_is_around_every_nose_and_nowhere_else(
    make: Make,
    photographs: list[tuple[Picture, Noses]],
    given: dict[str, object],
    score: float,
    missed: int,
) -> None:
    detector = make(**given)
    assert detector.labels == ("face",)
    wanted = hits = false = 0
    for picture, noses in photographs:
        (found,) = look(detector, region(picture))
        faces = [each.box for each in found if each.score >= score]
        centred = [any(_middle(each, nose) for each in faces) for nose in noses]
        wanted, hits = wanted + len(noses), hits + sum(centred)
        false += sum(not any(_middle(each, nose) for nose in noses) for each in faces)
    assert wanted == 42
    assert wanted - hits <= missed
    assert false == 0


def test_points_of_a_face_lie_in_it(make: Make, photographs: list[tuple[Picture, Noses]]) -> None:
    """Nobody reads them yet but the head; the nose is the third."""
    detector = make(model="yunet", min_score=0.6)
    engine = detector._engine
    assert engine is not None
    request = engine._free.get()
    picture, noses = photographs[0]
    fit = request.start(region(picture))
    found = engine._model.head.read(request.wait())
    engine._free.put(request)
    assert found.points is not None
    assert found.points.shape == (len(noses), 5, 2)
    told = {(x / fit.width, y / fit.height) for x, y in found.points[:, 2].tolist()}
    for nose in noses:
        assert min(abs(x - nose[0]) + abs(y - nose[1]) for x, y in told) < 0.02


@pytest.mark.parametrize(
    "given",
    [
        {"model": "pedestrian_adas_0002"},
        {
            "model": "models/omz/pedestrian-detection-adas-0002/FP16-INT8/"
            "pedestrian-detection-adas-0002.xml",
            "labels": ["person"],
        },
    ],
    ids=["catalogue", "file"],
)
def test_pedestrians_are_found_in_a_wide_picture(
    make: Make, frames: dict[int, Picture], truth: Truth, given: dict[str, object]
) -> None:
    detector = make(**given)
    assert detector.size == (672, 384)
    seen = look(detector, *(region(picture) for picture in frames.values()))
    hits = wanted = 0
    for frame, found in zip(frames, seen, strict=True):
        likely = [each for each in found if each.score >= 0.3]
        wanted += len(truth.get(frame, ()))
        hits += sum(
            any(iou(box, each.box) > 0.5 for each in likely) for box in truth.get(frame, ())
        )
    assert wanted >= 20
    assert hits / wanted >= 0.85


def test_a_part_of_a_stretched_picture_gives_boxes_of_the_whole(
    make: Make, frames: dict[int, Picture]
) -> None:
    place = Box(0.2, 0.0, 0.7, 1.0)
    part, whole = look(
        make(model="pedestrian_adas_0002"), region(frames[365], place), region(frames[365])
    )
    for one in _sure(whole):
        if place.left < one.box.left and one.box.right < place.right:
            assert max(iou(one.box, each.box) for each in _sure(part)) > 0.6


@pytest.mark.parametrize("name", [each.name for each in read().values() if each.task == "reid"])
def test_what_a_person_looks_like_tells_persons_apart(
    data: Path, frames: dict[int, Picture], truth: Truth, name: str
) -> None:
    """Whoever follows objects runs these models; here, that the catalogue's words are true."""
    cv2 = pytest.importorskip("cv2")
    wanted = read()[name]
    store = Store(Sources(cache=data / "none", folder=data / "models", offline=True))
    core = openvino().Core()
    model = core.compile_model(
        str(asyncio.run(store.path(name))), "CPU", {"INFERENCE_PRECISION_HINT": "f32"}
    )

    def looks(frame: int, which: int) -> NDArray[np.float32]:
        crop = _crop(frames[frame], truth[frame][which])
        size = (wanted.input.width, wanted.input.height)
        planes = cv2.resize(crop, size).transpose(2, 0, 1)[None].astype(np.float32)
        (vector,) = model(planes).values()
        assert vector.shape == (1, 256)
        return vector[0] / np.linalg.norm(vector)

    one, later, other = looks(215, 0), looks(225, 1), looks(215, 1)
    assert one @ later > 0.7
    assert one @ other < 0.5


def _crop(picture: Picture, box: Box) -> Picture:
    high, wide = picture.shape[:2]
    rows = slice(max(0, round(box.top * high)), round(box.bottom * high))
    return picture[rows, max(0, round(box.left * wide)) : round(box.right * wide)]


def _middle(box: Box, nose: tuple[float, float]) -> bool:
    """Say whether a nose is where the nose of a face in this box would be."""
    across = (nose[0] - box.left) / (box.right - box.left)
    down = (nose[1] - box.top) / (box.bottom - box.top)
    return 0 < across < 1 and 0.25 < down < 0.9  # one of them is seen from the side


def _sure(found: Sequence[Detection]) -> list[Detection]:
    return [each for each in found if each.score >= 0.7]
