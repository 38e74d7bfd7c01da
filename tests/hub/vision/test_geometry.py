import numpy as np
import pytest

from hub.api import Box
from hub.vision.geometry import area, clamp, contains, foot, grow, ious, merged, shared, touch

SQUARE = ((0.2, 0.2), (0.8, 0.2), (0.8, 0.8), (0.2, 0.8))
HOOK = ((0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.6, 1.0), (0.6, 0.4), (0.0, 0.4))


@pytest.mark.parametrize(
    ("point", "inside"),
    [
        ((0.5, 0.5), True),
        ((0.2, 0.5), True),
        ((0.8, 0.8), True),
        ((0.2, 0.2), True),
        ((0.5, 0.8), True),
        ((0.19999, 0.5), False),
        ((0.5, 0.80001), False),
        ((0.9, 0.9), False),
    ],
)
def test_a_polygon_contains_its_edges_and_corners(point: tuple[float, float], inside: bool) -> None:
    assert contains(SQUARE, *point) is inside
    assert contains(SQUARE[::-1], *point) is inside


@pytest.mark.parametrize(
    ("point", "inside"),
    [((0.5, 0.2), True), ((0.3, 0.7), False), ((0.8, 0.9), True), ((0.6, 1.0), True)],
)
def test_a_polygon_may_be_hollow_on_one_side(point: tuple[float, float], inside: bool) -> None:
    assert contains(HOOK, *point) is inside


def test_a_foot_at_the_lower_border_is_in_a_zone_that_ends_there() -> None:
    whole = ((0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0))
    assert contains(whole, *foot(Box(0.4, 0.5, 0.6, 1.02)))
    assert contains(whole, *foot(Box(-0.1, 0.5, 0.0, 1.0)))


def test_boxes_are_kept_within_the_frame() -> None:
    assert clamp(Box(-0.5, -0.1, 1.2, 0.5)) == Box(0.0, 0.0, 1.0, 0.5)
    assert clamp(Box(1.2, 0.5, 1.4, 0.7)) == Box(1.0, 0.5, 1.0, 0.7)
    assert clamp(Box(0.6, 0.5, 0.4, 0.2)) == Box(0.6, 0.5, 0.6, 0.5)
    wider = grow(Box(0.1, 0.1, 0.2, 0.2), 0.2, 0.05)
    assert (wider.left, wider.right) == pytest.approx((0.0, 0.4))
    assert (wider.top, wider.bottom) == pytest.approx((0.05, 0.25))


def test_boxes_that_meet_become_one_also_through_a_third() -> None:
    apart = [Box(0.0, 0.0, 0.2, 0.2), Box(0.5, 0.5, 0.6, 0.6), Box(0.3, 0.0, 0.4, 0.2)]
    assert len(merged(apart)) == 3
    bridge = Box(0.15, 0.1, 0.35, 0.15)
    assert sorted(merged([*apart, bridge]), key=lambda box: box.left) == [
        Box(0.0, 0.0, 0.4, 0.2),
        Box(0.5, 0.5, 0.6, 0.6),
    ]
    assert touch(Box(0, 0, 0.5, 1), Box(0.5, 0, 1, 1))


def test_overlap_is_measured_for_every_pair() -> None:
    some = np.array([[0.0, 0.0, 0.5, 0.5], [0.5, 0.5, 1.0, 1.0]])
    others = np.array([[0.0, 0.0, 0.5, 0.5], [0.25, 0.0, 0.75, 0.5], [2.0, 2.0, 3.0, 3.0]])
    assert ious(some, others) == pytest.approx(
        np.array([[1.0, 1 / 3, 0.0], [0.0, 0.0, 0.0]]), abs=1e-9
    )
    assert shared(Box(0, 0, 0.5, 0.5), Box(0.25, 0.25, 1, 1)) == pytest.approx(0.0625)
    assert area(Box(0.5, 0, 0.25, 1)) == 0.0
