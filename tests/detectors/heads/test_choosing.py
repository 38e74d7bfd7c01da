"""A file's outputs tell which head it needs, or the words say what to do."""

import pytest

from detectors.heads.choosing import HEADS, chosen, described, head
from detectors.heads.head import Shapes, Wanted
from detectors.heads.names import AUTO, NAMES
from hub.api import Rejected
from tests.detectors.heads.written import KINDS, Scene

COCO = tuple(f"thing {number}" for number in range(80))
YUNET = {
    f"{kind}_{stride}": (1, (640 // stride) ** 2, numbers)
    for kind, numbers in {"cls": 1, "obj": 1, "bbox": 4, "kps": 10}.items()
    for stride in (8, 16, 32)
}


def wanted(side: int = 640, labels: tuple[str, ...] = COCO, **more: object) -> Wanted:
    return Wanted(width=side, height=side, labels=labels, **more)


def test_the_names_that_a_configuration_knows_are_those_there_are() -> None:
    assert tuple(HEADS) == NAMES


@pytest.mark.parametrize(
    ("shapes", "name"),
    [
        ({"output": (1, 8400, 85)}, "yolox"),
        ({"output0": (1, 25200, 85)}, "yolov5"),
        ({"output0": (1, 25500, 85)}, "yolov5"),  # with a fourth grid
        ({"output0": (1, 84, 8400)}, "yolov8"),
        ({"output0": (1, 84, 8500)}, "yolov8"),  # with a fourth grid
        ({"output0": (1, 300, 6)}, "yolov10"),
        ({"detection_out": (1, 1, 200, 7)}, "ssd"),
        ({"detection_out": (1, 1, -1, 7)}, "ssd"),
        ({"logits": (1, 100, 81), "pred_boxes": (1, 100, 4)}, "detr"),
        ({"logits": (1, 300, 80), "pred_boxes": (1, 300, 4)}, "rtdetr"),
        ({"dets": (1, 300, 4), "labels": (1, 300, 80)}, "rtdetr"),
        ({"labels": (1, 300), "boxes": (1, 300, 4), "scores": (1, 300)}, "rtdetr"),
        ({"labels": (-1, -1), "boxes": (-1, -1, 4), "scores": (-1, -1)}, "rtdetr"),
        ({"output0": (1, 300, 84)}, "rtdetr"),
    ],
)
def test_a_head_is_known_by_the_outputs(shapes: Shapes, name: str) -> None:
    assert name == chosen(AUTO, "mine.onnx", shapes, wanted()).NAME
    assert name == chosen(name, "mine.onnx", shapes, wanted()).NAME


@pytest.mark.parametrize("name", [name for name in KINDS if HEADS[name].GUESSED])
def test_what_is_written_for_a_head_is_taken_for_its_own(name: str) -> None:
    classes = 1 if name in {"yunet", "ultraface"} else 7
    labels = tuple(f"thing {each}" for each in range(classes))
    for write in KINDS[name]:
        outputs = write(Scene(416, 416, classes, ()))
        shapes = {key: each.shape for key, each in outputs.items()}
        assert name == chosen(AUTO, "mine", shapes, wanted(416, labels)).NAME


@pytest.mark.parametrize(
    ("shapes", "name"),
    [(YUNET, "yunet"), ({"scores": (1, 4420, 2), "boxes": (1, 4420, 4)}, "ultraface")],
)
def test_a_face_is_called_a_face_unless_somebody_says_otherwise(shapes: Shapes, name: str) -> None:
    known = chosen(AUTO, "mine.onnx", shapes, wanted(assumed=True))
    assert (known.NAME, known.labels) == (name, ("face",))
    assert chosen(AUTO, "mine", shapes, wanted(labels=("nose",))).labels == ("nose",)


def test_a_person_network_of_one_class_is_no_list() -> None:
    """A grid of six numbers and a list of six numbers differ in their rows."""
    for side in range(64, 1025, 32):
        rows = sum((side // each) ** 2 for each in (8, 16, 32))
        one = wanted(side, ("person",))
        assert chosen(AUTO, "mine", {"output": (1, rows, 6)}, one).NAME == "yolox"


@pytest.mark.parametrize(
    ("name", "shapes", "words"),
    [
        (
            AUTO,
            {"output": (1, 8400, 85)},
            r"mine.onnx has the output .*\[1, 8400, 85\], but yolox reads 80 .* under 'labels'",
        ),
        (
            "yolov8",
            {"out": (1, 5, 8400)},
            "yolov8 reads 1 class there, and 2 labels are given",
        ),
        (
            AUTO,
            {"logits": (1, 100, 92), "pred_boxes": (1, 100, 4)},
            "detr reads 91 classes there, .*; rtdetr reads 92 classes there",
        ),
        (
            AUTO,
            {"a": (1, 1000), "b": (1, -1, 4)},
            r"outputs a \[1, 1000\] and b \[1, \?, 4\], which no head reads at 640x640 .*yolox",
        ),
        (AUTO, {"output": (1, 300, 6)}, "which yolov10 and rtdetr can read: name the right one"),
        (
            "yolox",
            {"output": (1, 84, 8400)},
            "but yolox at 640x640 pixels reads one output of a row for each cell",
        ),
        ("yolo", {"output": (1, 84, 8400)}, "no head is called 'yolo'. Did you mean 'yolo"),
    ],
)
def test_what_does_not_fit_is_explained(name: str, shapes: Shapes, words: str) -> None:
    with pytest.raises(Rejected, match=words):
        chosen(name, "mine.onnx", shapes, wanted(labels=("cat", "dog")))


@pytest.mark.parametrize("name", [AUTO, "ssd", "ssd_from_zero"])
def test_a_list_that_does_not_tell_its_classes_needs_labels(name: str) -> None:
    with pytest.raises(Rejected, match="cannot tell its classes there: list them under 'labels'"):
        chosen(name, "mine", {"out": (1, 1, 200, 7)}, wanted(assumed=True))


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(
    "shapes",
    [{}, {"a": ()}, {"a": (1,)}, {"a": (1, 0, 0)}, {"a": (-1, -1, -1)}, {"a": (2, 8400, 85)},
     {"a": (1, 4, 8400)}, {"a": (1, 8400, 5)}, {"a": (1, 0, 4), "b": (1, 0, 4)}],
)  # fmt: skip
def test_odd_shapes_fit_nothing(name: str, shapes: Shapes) -> None:
    assert head(name, wanted()).fits(shapes) is not None


def test_a_head_says_what_it_reads() -> None:
    for name in NAMES:
        kind = HEADS[name]
        assert kind.FORM
        assert kind.INPUT.fit in {"corner", "centre", "stretch"}
        assert kind.__doc__


def test_outputs_are_described_in_words() -> None:
    assert described({"a": (1, 2)}) == "the output a [1, 2]"
    assert described({"a": (1,), "b": (2,), "c": (-1,)}) == "the outputs a [1], b [2] and c [?]"
