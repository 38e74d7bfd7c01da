"""What a detection must be like to count, by object: not a poster, not a far-away speck."""

from collections.abc import Callable, Iterable

from hub.api import Detection
from hub.vision.geometry import area, contains, foot
from hub.vision.plan import FilterPlan

Filter = Callable[[Detection, float], bool]
"""Says whether a detection counts in a frame of an aspect (width over height)."""


def filter_by(plans: Iterable[FilterPlan]) -> Filter:
    """Return what lets through the detections that count; objects without a plan all do."""
    by_object = {each.object: each for each in plans}

    def counts(seen: Detection, aspect: float) -> bool:
        plan = by_object.get(seen.label)
        return plan is None or _fits(plan, seen, aspect)

    return counts


def _fits(plan: FilterPlan, seen: Detection, aspect: float) -> bool:
    box = seen.box
    tall = box.bottom - box.top
    ratio = (box.right - box.left) * aspect / tall if tall > 0 else 0.0
    return (
        seen.score >= plan.min_score
        and plan.min_area <= area(box) <= plan.max_area
        and plan.min_ratio <= ratio <= plan.max_ratio
        and not any(contains(each, *foot(box)) for each in plan.mask)
    )
