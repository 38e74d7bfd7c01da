"""The quick reading of an output says what a slow and plain one says."""

import math

import numpy as np
import pytest

from detectors.heads.found import Found, suppress
from detectors.heads.grids import STRIDES, grid
from detectors.heads.head import Wanted
from detectors.heads.yolox import Yolox

SIZES = [(416, 416), (640, 384), (192, 320)]


def head(width: int, height: int, classes: int, *, min_score: float = 0.1) -> Yolox:
    labels = tuple(map(str, range(classes)))
    return Yolox(Wanted(width=width, height=height, labels=labels, min_score=min_score))


def written(width: int, height: int, classes: int, seed: int) -> np.ndarray:
    """Return an output as a network might give it, with many overlapping boxes."""
    dice = np.random.default_rng(seed)
    rows = sum((width // s) * (height // s) for s in STRIDES)
    output = dice.uniform(0, 1, (rows, 5 + classes)).astype(np.float32)
    output[:, 0:2] = dice.uniform(-1, 2, (rows, 2))
    output[:, 2:4] = dice.uniform(-0.5, 2.5, (rows, 2))
    output[:, 4] = dice.beta(0.5, 3, rows)
    return output


def slowly(
    output: np.ndarray, width: int, height: int, min_score: float, iou: float
) -> list[tuple[float, int, tuple[float, ...]]]:
    """Read an output one number at a time."""
    boxes = []
    at = 0
    for stride in STRIDES:
        for y in range(height // stride):
            for x in range(width // stride):
                row = output[at].tolist()
                at += 1
                best = max(range(len(row) - 5), key=lambda each: row[5 + each])
                score = float(np.float32(row[4]) * np.float32(row[5 + best]))
                if score < np.float32(min_score):
                    continue
                middle = ((row[0] + x) * stride, (row[1] + y) * stride)
                half = (math.exp(row[2]) * stride / 2, math.exp(row[3]) * stride / 2)
                corners = (
                    middle[0] - half[0], middle[1] - half[1],
                    middle[0] + half[0], middle[1] + half[1],
                )  # fmt: skip
                boxes.append((score, best, corners))
    boxes.sort(key=lambda each: -each[0])
    kept: list[tuple[float, int, tuple[float, ...]]] = []
    for one in boxes[:300]:
        if all(one[1] != other[1] or overlap(one[2], other[2]) <= iou for other in kept):
            kept.append(one)
    return kept


def overlap(one: tuple[float, ...], other: tuple[float, ...]) -> float:
    wide = min(one[2], other[2]) - max(one[0], other[0])
    high = min(one[3], other[3]) - max(one[1], other[1])
    if wide <= 0 or high <= 0:
        return 0
    both = sum((b[2] - b[0]) * (b[3] - b[1]) for b in (one, other))
    return wide * high / (both - wide * high)


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("classes", [1, 80])
@pytest.mark.parametrize("seed", [1, 2])
def test_boxes_are_those_of_the_plain_reading(
    size: tuple[int, int], classes: int, seed: int
) -> None:
    output = written(*size, classes, seed)
    found = head(*size, classes, min_score=0.3).read({"output": output[None]})
    expected = slowly(output, *size, 0.3, 0.45)

    assert 10 < len(expected) < (output[:, 4] > 0.3).sum()  # some were suppressed
    assert found.classes.tolist() == [each for _, each, _ in expected]
    np.testing.assert_allclose(found.scores, [score for score, _, _ in expected], rtol=1e-6)
    np.testing.assert_allclose(found.boxes, [box for _, _, box in expected], rtol=1e-4, atol=1e-3)


@pytest.mark.parametrize("size", SIZES)
def test_a_grid_has_a_row_for_each_cell(size: tuple[int, int]) -> None:
    cells, strides = grid(*size)
    assert len(cells) == len(strides) == sum((size[0] // s) * (size[1] // s) for s in STRIDES)
    assert cells[1].tolist() == [1, 0]  # x runs first
    assert cells[size[0] // 8].tolist() == [0, 1]
    assert strides[-1].tolist() == [32]


def test_an_empty_output_is_nothing() -> None:
    found = head(416, 416, 80).read({"output": np.zeros((1, 3549, 85), np.float32)})
    assert isinstance(found, Found)
    assert len(found.boxes) == len(found.scores) == len(found.classes) == 0


def test_low_scores_pass_down_to_the_floor_and_not_below() -> None:
    output = np.zeros((3549, 85), np.float32)
    output[[0, 100, 200], 4] = [0.10, 0.12, 0.09]
    output[:, 5] = 1
    found = head(416, 416, 80).read({"output": output[None]})
    assert found.scores.tolist() == pytest.approx([0.12, 0.10])


def test_of_two_boxes_of_a_kind_the_better_stays() -> None:
    boxes = np.array([[0, 0, 10, 10], [1, 0, 11, 10], [1, 0, 11, 10]], np.float32)
    assert suppress(boxes, np.array([0, 0, 1]), 0.45).tolist() == [0, 2]


def test_neighbours_that_overlap_little_both_stay() -> None:
    boxes = np.array([[0, 0, 10, 10], [6, 0, 16, 10]], np.float32)
    assert suppress(boxes, np.array([0, 0]), 0.45).tolist() == [0, 1]
