"""Files of one's own, of every kind: they are recognised, shown the right picture, and read."""

from pathlib import Path

import numpy as np
import pytest

from hub.api import Box, Region, Rejected
from tests.detectors.heads.test_reading import WAYS, Write
from tests.detectors.heads.written import Scene, Seen
from tests.detectors.openvino.built import answer, asked, named, opset, picture, saved
from tests.detectors.openvino.conftest import Make, look

FACES = {"yunet", "ultraface"}
NAMED = {"yolov6", "ssd_from_zero"}  # look like others, so they are never guessed
WIDE = Region(pixels=memoryview(bytes(640 * 320 * 3)), width=640, height=320,
              place=Box(0.5, 0, 1, 0.5))  # fmt: skip


def fits(name: str) -> tuple[float, float]:
    """Return from where to where a region twice as wide as high lies in a square, in pixels."""
    if name in {"yolov5", "yolov6", "yolov8", "yolov10"}:
        return 104, 312  # in the centre
    return (0, 208) if name == "yunet" else (0, 416)  # in the corner, or all of it


@pytest.mark.parametrize(("name", "write"), WAYS)
def test_every_head_gives_boxes_of_the_whole_frame(
    make: Make, tmp_path: Path, name: str, write: Write
) -> None:
    top, bottom = fits(name)
    high = bottom - top
    box = Seen(0, 0.75, 104, top + high / 4, 312, top + high / 2)
    outputs = write(Scene(416, 416, 1 if name in FACES else 3, [box]))
    seen = picture((1, 3, 416, 416))
    model = saved(tmp_path / "mine.xml", [seen], answer(seen, outputs))
    labels = {} if name in FACES else {"labels": ["fox", "hen", "cat"]}
    head = {"head": name} if name in NAMED else {}

    detector = make(model=model, base=tmp_path, **labels, **head)
    (found,) = look(detector, WIDE)

    assert detector.size == (416, 416)
    (one,) = found
    assert one.label == ("face" if name in FACES else "fox")
    assert one.score == pytest.approx(0.75, abs=1e-3)
    at = (one.box.left, one.box.top, one.box.right, one.box.bottom)
    assert tuple(map(float, at)) == pytest.approx((0.625, 0.125, 0.875, 0.25), abs=1e-3)


def watching(make: Make, folder: Path, shape: tuple[int, ...], kind: str, **given: object) -> Write:
    """Return what shows a picture to a network that answers with the numbers it sees.

    Its three boxes are as likely as its three colours are bright, on average, after halving.
    """
    op = opset()
    seen = picture(shape, kind)
    colours_last = shape[3] == 3
    axes = np.array([1, 2] if colours_last else [2, 3])
    means = op.multiply(op.reduce_mean(op.convert(seen, "f32"), axes), np.float32(0.5))
    boxes = np.array([[[10, 10, 20, 20], [30, 30, 40, 40], [50, 50, 60, 60]]], np.float32)
    scores = op.reshape(means, np.array([1, 3, 1]), False)
    kinds = np.array([[[0], [1], [2]]], np.float32)
    joined = op.concat([op.constant(boxes), scores, op.constant(kinds)], 2)
    full = op.pad(joined, np.array([0, 0, 0]), np.array([0, 97, 0]), "constant", op.constant(
        np.float32(0)))  # fmt: skip
    saved(folder / "seen.xml", [seen], [named(full, "output0")])
    labels = ["first", "second", "third"]
    detector = make(model="seen.xml", base=folder, head="yolov10", labels=labels, **given)

    def show(colour: tuple[int, int, int]) -> dict[str, float]:
        pixels = np.full((64, 64, 3), colour, np.uint8).tobytes()
        (found,) = look(detector, Region(pixels=memoryview(pixels), width=64, height=64,
                                         place=Box(0, 0, 1, 1)))  # fmt: skip
        return {each.label: each.score * 2 for each in found}

    return show


BLUE_GREEN_RED = (51, 102, 204)


@pytest.mark.parametrize(
    ("shape", "kind"), [((1, 3, 64, 64), "f32"), ((1, 64, 64, 3), "f32"), ((1, 3, 64, 64), "f16")]
)
def test_a_network_sees_the_colours_it_was_trained_with(
    make: Make, tmp_path: Path, shape: tuple[int, ...], kind: str
) -> None:
    show = watching(make, tmp_path, shape, kind)
    assert show(BLUE_GREEN_RED) == pytest.approx(
        {"first": 0.8, "second": 0.4, "third": 0.2}, abs=1e-2
    )


def test_what_is_unusual_about_the_picture_can_be_said(make: Make, tmp_path: Path) -> None:
    unusual = {"colour": "BGR", "top": 255, "mean": [0, 51, 102], "std": [102, 102, 102]}
    show = watching(make, tmp_path, (1, 3, 64, 64), "f32", input=unusual)
    assert show(BLUE_GREEN_RED) == pytest.approx(
        {"first": 0.5, "second": 0.5, "third": 1.0}, abs=1e-2
    )


def test_a_network_of_whole_numbers_sees_them(make: Make, tmp_path: Path) -> None:
    """As TFLite's quantised ones do; their pixels are bytes with the colours last."""
    show = watching(make, tmp_path, (1, 64, 64, 3), "u8", input={"top": 255})
    seen = show((1, 0, 1))
    assert seen == pytest.approx({"first": 1, "third": 1}, abs=1e-2)


def test_a_network_of_any_size_is_given_one(make: Make, tmp_path: Path) -> None:
    outputs = {"output0": np.zeros((1, 300, 6), np.float32)}
    seen = picture((-1, 3, -1, -1))
    model = saved(tmp_path / "any.xml", [seen], answer(seen, outputs))
    assert make(model=model, base=tmp_path, labels=["a"]).size == (640, 640)
    assert make(model=model, base=tmp_path, labels=["a"], size=[320, 192]).size == (320, 192)
    named = make(model=model, base=tmp_path, labels=["a"], head="yolov10")
    assert named.size == (640, 640)


@pytest.mark.parametrize("batch", [1, -1])
def test_an_rtdetr_is_told_the_size_of_its_boxes(make: Make, tmp_path: Path, batch: int) -> None:
    """Its authors' export multiplies by ``orig_target_sizes`` in the network."""
    op = opset()
    seen = picture((batch, 3, 64, 96))
    sizes = asked("orig_target_sizes", (batch, 2), "i64")
    fractions = np.array([[[0.25, 0.5, 0.75, 1.0]]], np.float32)
    twice = op.concat([op.convert(sizes, "f32")] * 2, 1)
    boxes = op.multiply(op.reshape(twice, np.array([1, 1, 4]), False), fractions)
    nothing = op.multiply(op.reduce_max(seen, np.arange(4)), np.float32(0))
    scores = op.add(np.array([[0.9]], np.float32), nothing)
    kinds = op.constant(np.array([[1]], np.int64))
    outputs = [named(kinds, "labels"), named(boxes, "boxes"), named(scores, "scores")]
    model = saved(tmp_path / "rtdetr.xml", [seen, sizes], outputs)

    detector = make(model=model, base=tmp_path, labels=["fox", "hen"])
    (found,) = look(detector, WIDE)

    assert [each.label for each in found] == ["hen"]
    box = found[0].box
    assert (box.left, box.top, box.right, box.bottom) == pytest.approx((0.625, 0.25, 0.875, 0.5))


def test_a_network_that_wants_to_know_more_is_refused(make: Make, tmp_path: Path) -> None:
    seen = picture((1, 3, 64, 64))
    other = asked("im_shape", (1, 3))
    outputs = answer(seen, {"output0": np.zeros((1, 300, 6), np.float32)})
    used = opset().add(outputs[0], opset().reduce_max(other, np.arange(2)))
    model = saved(tmp_path / "more.xml", [seen, other], [named(used, "output0")])
    with pytest.raises(Rejected, match=r"more\.xml has an input im_shape \[1, 3\] beside the"):
        make(model=model, base=tmp_path, labels=["a"])
