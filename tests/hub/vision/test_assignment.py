from itertools import permutations

import numpy as np
import pytest

from hub.vision.assignment import best_pairs


def best_by_trying(weights: np.ndarray) -> float:
    """The largest sum, from every possible pairing."""
    weights = np.maximum(weights, 0.0)
    if weights.shape[0] > weights.shape[1]:
        weights = weights.T
    rows = range(weights.shape[0])
    choices = permutations(range(weights.shape[1]), weights.shape[0])
    return max(
        sum(weights[row, column] for row, column in zip(rows, c, strict=True)) for c in choices
    )


@pytest.mark.parametrize("shape", [(1, 1), (2, 2), (3, 5), (5, 3), (6, 6), (1, 4)])
@pytest.mark.parametrize("density", [0.3, 0.7, 1.0])
def test_the_pairs_are_as_good_as_the_best_of_all(shape: tuple[int, int], density: float) -> None:
    dice = np.random.default_rng(7)
    for _ in range(60):
        weights = dice.random(shape) * (dice.random(shape) < density)
        pairs = best_pairs(weights)
        assert sum(weights[pair] for pair in pairs) == pytest.approx(best_by_trying(weights))
        assert len({row for row, _ in pairs}) == len({column for _, column in pairs}) == len(pairs)
        assert all(weights[pair] > 0 for pair in pairs)


def test_equal_weights_leave_nobody_out() -> None:
    assert len(best_pairs(np.ones((6, 6)))) == 6
    assert len(best_pairs(np.full((3, 7), 0.5))) == 3


def test_nothing_is_paired_where_no_weight_is() -> None:
    assert best_pairs(np.zeros((4, 4))) == []
    assert best_pairs(np.full((2, 2), -1.0)) == []
    assert best_pairs(np.zeros((0, 3))) == []


def test_a_good_pair_is_not_given_up_for_two_poor_ones() -> None:
    weights = np.array([[0.9, 0.2], [0.2, 0.0]])
    assert best_pairs(weights) == [(0, 0)]


def test_a_greedy_choice_is_corrected() -> None:
    weights = np.array([[0.9, 0.8], [0.8, 0.0]])
    assert best_pairs(weights) == [(0, 1), (1, 0)]
