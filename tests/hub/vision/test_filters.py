import pytest

from hub.api import Box, Detection
from hub.vision.filters import filter_by
from hub.vision.plan import FilterPlan

UPRIGHT = Box(0.4, 0.4, 0.5, 0.8)
WIDE = 16 / 9


def seen(box: Box = UPRIGHT, label: str = "person", score: float = 0.8) -> Detection:
    return Detection(label=label, score=score, box=box)


@pytest.mark.parametrize(
    ("options", "counts"),
    [
        ({}, True),
        ({"min_score": 0.8}, True),
        ({"min_score": 0.81}, False),
        ({"min_area": 0.03}, True),
        ({"min_area": 0.05}, False),
        ({"max_area": 0.03}, False),
        ({"min_ratio": 0.4, "max_ratio": 0.5}, True),
        ({"min_ratio": 0.5}, False),
        ({"max_ratio": 0.4}, False),
        ({"mask": (((0.4, 0.7), (0.6, 0.7), (0.6, 1.0), (0.4, 1.0)),)}, False),
        ({"mask": (((0.0, 0.0), (1.0, 0.0), (1.0, 0.7), (0.0, 0.7)),)}, True),
    ],
)
def test_a_detection_counts_by_score_size_shape_and_feet(
    options: dict[str, object], counts: bool
) -> None:
    wanted = filter_by([FilterPlan(object="person", **options)])
    assert wanted(seen(), WIDE) is counts
    assert wanted(seen(label="dog"), WIDE)


def test_a_box_without_a_height_has_no_shape() -> None:
    flat = seen(Box(0.4, 0.4, 0.5, 0.4))
    assert not filter_by([FilterPlan(object="person", min_ratio=0.1)])(flat, WIDE)
    assert filter_by([])(flat, WIDE)
