"""Outputs as networks of each kind give them, written from boxes one number at a time."""

import math
from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

import numpy as np

Outputs = dict[str, np.ndarray]


class Seen(NamedTuple):
    """A box in pixels of the input, what is in it and how sure that is."""

    kind: int
    score: float
    left: float
    top: float
    right: float
    bottom: float

    @property
    def middle(self) -> tuple[float, float]:
        return ((self.left + self.right) / 2, (self.top + self.bottom) / 2)

    @property
    def size(self) -> tuple[float, float]:
        return (self.right - self.left, self.bottom - self.top)


class Scene(NamedTuple):
    """What a network of so many classes sees in an input of this size."""

    width: int
    height: int
    classes: int
    seen: Sequence[Seen]

    def cells(self, strides: Sequence[int] = (8, 16, 32)) -> int:
        return sum((self.width // each) * (self.height // each) for each in strides)

    def scores(self, one: Seen) -> list[float]:
        return [one.score if each == one.kind else one.score / 10 for each in range(self.classes)]


def yolov5(scene: Scene, anchors: int = 3) -> Outputs:
    output = np.zeros((1, anchors * scene.cells(), 5 + scene.classes), np.float32)
    for at, one in enumerate(scene.seen):
        sure = math.sqrt(one.score)  # there, and of this kind
        rest = [each / sure for each in scene.scores(one)]
        output[0, 7 * at + 3] = [*one.middle, *one.size, sure, *rest]
    return {"output0": output}


def yolov6(scene: Scene) -> Outputs:
    return yolov5(scene, anchors=1)


def yolov8(scene: Scene) -> Outputs:
    output = np.zeros((1, 4 + scene.classes, scene.cells()), np.float32)
    for at, one in enumerate(scene.seen):
        output[0, :, 7 * at + 3] = [*one.middle, *one.size, *scene.scores(one)]
    return {"output0": output}


def yolov10(scene: Scene) -> Outputs:
    output = np.zeros((1, 300, 6), np.float32)
    for at, one in enumerate(scene.seen):
        output[0, at] = [one.left, one.top, one.right, one.bottom, one.score, one.kind]
    return {"output0": output}


def ssd(scene: Scene, first: int = 1) -> Outputs:
    output = np.zeros((1, 1, 200, 7), np.float32)
    for at, one in enumerate(scene.seen):
        output[0, 0, at] = [
            0, one.kind + first, one.score,
            one.left / scene.width, one.top / scene.height,
            one.right / scene.width, one.bottom / scene.height,
        ]  # fmt: skip
    output[0, 0, len(scene.seen)] = [-1, 0, 0, 0, 0, 0, 0]
    output[0, 0, len(scene.seen) + 1] = [0, 1, 0.9, 0, 0, 1, 1]  # never written anew: from before
    output[0, 0, len(scene.seen) + 1, 0] = -1
    return {"detection_out": output}


def ssd_from_zero(scene: Scene) -> Outputs:
    return ssd(scene, first=0)


def detr(scene: Scene) -> Outputs:
    """One query in eight is something; a softmax of its logits gives the scores."""
    logits = np.zeros((1, 100, scene.classes + 1), np.float32)
    logits[..., -1] = 12
    for at, one in enumerate(scene.seen):
        others = (1 - one.score) / scene.classes  # nothing among them
        chances = [one.score if k == one.kind else others for k in range(scene.classes + 1)]
        logits[0, 8 * at] = [math.log(each) + 3 for each in chances]
    return {"logits": logits, "pred_boxes": centred(scene, 100)}


def rtdetr(scene: Scene) -> Outputs:
    """One query in eight is something; each logit is a chance of its own."""
    logits = np.full((1, 300, scene.classes), -9, np.float32)
    for at, one in enumerate(scene.seen):
        logits[0, 8 * at] = [math.log(each / (1 - each)) for each in scene.scores(one)]
    return {"dets": centred(scene, 300), "labels": logits}


def rtdetr_joined(scene: Scene) -> Outputs:
    logits = rtdetr(scene)["labels"]
    chances = 1 / (1 + np.exp(-logits))
    return {"output0": np.concatenate((centred(scene, 300), chances), axis=2)}


def rtdetr_ready(scene: Scene) -> Outputs:
    outputs = {
        "labels": np.zeros((1, 300), np.float32),
        "boxes": np.zeros((1, 300, 4), np.float32),
        "scores": np.zeros((1, 300), np.float32),
    }
    for at, one in enumerate(scene.seen):
        outputs["labels"][0, at] = one.kind
        outputs["boxes"][0, at] = [one.left, one.top, one.right, one.bottom]
        outputs["scores"][0, at] = one.score
    return outputs


def centred(scene: Scene, queries: int) -> np.ndarray:
    boxes = np.full((1, queries, 4), 0.5, np.float32)
    for at, one in enumerate(scene.seen):
        (x, y), (wide, high) = one.middle, one.size
        boxes[0, 8 * at] = [
            x / scene.width, y / scene.height, wide / scene.width, high / scene.height,
        ]  # fmt: skip
    return boxes


def ultraface(scene: Scene) -> Outputs:
    scores = np.zeros((1, 4420, 1 + scene.classes), np.float32)
    scores[..., 0] = 1
    boxes = np.zeros((1, 4420, 4), np.float32)
    for at, one in enumerate(scene.seen):
        scores[0, 7 * at] = [1 - one.score, *scene.scores(one)]
        boxes[0, 7 * at] = [
            one.left / scene.width, one.top / scene.height,
            one.right / scene.width, one.bottom / scene.height,
        ]  # fmt: skip
    return {"scores": scores, "boxes": boxes}


def yunet(scene: Scene) -> Outputs:
    """Faces in cells of the grid of 16 pixels; their points lie on a diagonal of the box."""
    numbers = {"cls": 1, "obj": 1, "bbox": 4, "kps": 10}
    outputs = {
        f"{kind}_{stride}": np.zeros((1, scene.cells([stride]), count), np.float32)
        for kind, count in numbers.items()
        for stride in (8, 16, 32)
    }
    for one in scene.seen:
        (x, y), (wide, high) = one.middle, one.size
        column, row = int(x / 16), int(y / 16)
        at = row * (scene.width // 16) + column
        outputs["cls_16"][0, at] = one.score**1.5
        outputs["obj_16"][0, at] = one.score**0.5
        outputs["bbox_16"][0, at] = [
            x / 16 - column, y / 16 - row, math.log(wide / 16), math.log(high / 16),
        ]  # fmt: skip
        outputs["kps_16"][0, at] = [
            number
            for point in diagonal(one)
            for number in (point[0] / 16 - column, point[1] / 16 - row)
        ]
    return outputs


def diagonal(one: Seen) -> list[tuple[float, float]]:
    """Return five points from the top left to the bottom right of a box."""
    (wide, high) = one.size
    return [(one.left + wide * n / 6, one.top + high * n / 6) for n in range(1, 6)]


KINDS: Mapping[str, Sequence[Callable[[Scene], Outputs]]] = {
    "yolov5": [yolov5],
    "yolov6": [yolov6],
    "yolov8": [yolov8],
    "yolov10": [yolov10],
    "ssd": [ssd],
    "ssd_from_zero": [ssd_from_zero],
    "detr": [detr],
    "rtdetr": [rtdetr, rtdetr_joined, rtdetr_ready],
    "yunet": [yunet],
    "ultraface": [ultraface],
}
