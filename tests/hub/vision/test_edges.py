import numpy as np
import pytest

from hub.vision.edges import Paths, Run, Surfaces, widened
from hub.vision.geometry import contains

SQUARE = ((0.2, 0.2), (0.8, 0.2), (0.8, 0.8), (0.2, 0.8))
HOOK = ((0.1, 0.1), (0.9, 0.1), (0.9, 0.9), (0.6, 0.9), (0.6, 0.4), (0.1, 0.4))
WHOLE = ((0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0))
LOWER = ((0.3, 0.5), (0.7, 0.5), (0.7, 1.0), (0.3, 1.0))


def depth(polygon: tuple[tuple[float, float], ...], x: float, y: float, aspect: float = 1) -> float:
    found: float = Surfaces([polygon], aspect).depths(np.array([[x * aspect, y]]))[0, 0]
    return found


def test_the_sign_of_a_depth_says_what_contains_says() -> None:
    points = np.random.default_rng(3).uniform(0, 1, (2000, 2))
    surfaces = Surfaces([SQUARE, HOOK], 1.0)
    inside = surfaces.depths(points) > 0
    for (x, y), (square, hook) in zip(points.tolist(), inside.tolist(), strict=True):
        assert square is contains(SQUARE, x, y)
        assert hook is contains(HOOK, x, y)


def test_depths_are_the_way_to_the_edge_in_heights_of_the_frame() -> None:
    assert depth(SQUARE, 0.5, 0.7) == pytest.approx(0.1)
    assert depth(SQUARE, 0.5, 0.9) == pytest.approx(-0.1)
    assert depth(SQUARE, 0.3, 0.5, aspect=2) == pytest.approx(0.2)
    assert depth(SQUARE, 0.9, 0.9) == pytest.approx(-(0.02**0.5))


def test_points_on_an_edge_are_inside() -> None:
    for x, y in ((0.2, 0.5), (0.8, 0.8), (0.5, 0.2), (0.2, 0.2)):
        assert depth(SQUARE, x, y) > 0


def test_a_zone_that_ends_at_the_border_goes_on_beyond_it() -> None:
    assert depth(LOWER, 0.5, 1.0) == pytest.approx(0.2)
    assert depth(LOWER, 0.31, 1.0) == pytest.approx(0.01)
    for corner in ((0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0), (0.5, 0.5)):
        assert depth(WHOLE, *corner) >= 1.0
    nearly = ((0.3, 0.5), (0.7, 0.5), (0.7, 0.997), (0.3, 0.997))
    assert depth(nearly, 0.5, 1.0) == pytest.approx(0.2, abs=0.01)


def test_an_edge_that_only_meets_the_border_keeps_its_direction() -> None:
    slope = ((0.2, 0.5), (0.6, 1.0), (0.2, 1.0))
    assert (0.6, 1.0) in widened(slope)
    assert depth(slope, 0.59, 0.95) < 0 < depth(slope, 0.3, 0.95)


@pytest.mark.parametrize(
    ("before", "after", "over"),
    [
        ((0.8, 0.5), (0.2, 0.5), 1),  # looking down the picture, its right is to our left
        ((0.2, 0.5), (0.8, 0.5), -1),
        ((0.8, 0.1), (0.2, 0.1), 0),  # past its beginning
        ((0.8, 0.9), (0.2, 0.9), 0),  # past its end
        ((0.8, 0.5), (0.6, 0.5), 0),
        ((0.5, 0.1), (0.5, 0.9), 0),  # along it
    ],
)
def test_a_way_goes_over_the_line_itself(
    before: tuple[float, float], after: tuple[float, float], over: int
) -> None:
    line = Paths([[(0.5, 0.2), (0.5, 0.8)]], 1.0)
    assert line.crossed(np.array([before]), np.array([after])) == [[over]]


def test_a_way_through_a_corner_of_a_line_goes_over_it_once() -> None:
    bent = Paths([[(0.2, 0.2), (0.5, 0.5), (0.2, 0.8)]], 1.0)
    for shift in (-0.01, 0.0, 0.01):
        there, back = np.array([[0.2, 0.5 + shift]]), np.array([[0.8, 0.5 + shift]])
        assert abs(bent.crossed(there, back)[0][0]) == 1
        assert bent.crossed(there, back)[0][0] == -bent.crossed(back, there)[0][0]


def test_a_way_that_ends_on_a_line_and_goes_on_later_goes_over_it_once() -> None:
    line = Paths([[(0.5, 0.2), (0.5, 0.8)]], 1.0)
    steps = np.array([[0.8, 0.5], [0.5, 0.5], [0.5, 0.6], [0.2, 0.5]])
    assert sum(each for (each,) in line.crossed(steps[:-1], steps[1:])) == 1


def test_the_way_to_a_line_is_to_its_nearest_piece() -> None:
    bent = Paths([[(0.2, 0.2), (0.5, 0.2), (0.5, 0.8)]], 1.0)
    points = np.array([[0.3, 0.25], [0.6, 0.5], [0.5, 0.9], [0.5, 0.5]])
    assert [each for (each,) in bent.distances(points)] == pytest.approx([0.05, 0.1, 0.1, 0.0])


def test_a_deep_look_is_believed_at_once_and_a_shallow_one_in_time() -> None:
    deep, shallow = Run(), Run()
    deep.go_on(0.1, 0.005, 0.0)
    assert deep.believed(0.005)
    for number in range(40):
        shallow.go_on(0.002, 0.005, number / 5)
        assert shallow.believed(0.005) is (number >= 23)


def test_the_same_sight_told_twice_proves_nothing_more() -> None:
    run = Run()
    for _ in range(50):
        run.go_on(0.03, 0.005, 1.0)
    assert not run.believed(0.005)


def test_what_came_back_before_must_be_outdone() -> None:
    run = Run()
    for number in range(3):
        run.go_on(0.02, 0.005, number / 5)
    run.fail(0.6)
    run.go_on(0.07, 0.005, 0.8)
    assert not run.believed(0.005)
    run.go_on(0.07, 0.005, 1.0)
    assert run.believed(0.005)
