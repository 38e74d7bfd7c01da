"""A whole pipeline with zones, lines, a ground and filters."""

import cv2
import msgspec
import numpy as np
import pytest

from hub.api import Event, LineCrossed, ObjectLeft, ZoneLeft, ZoneLoitering
from hub.vision.inference import Waited
from hub.vision.plan import CameraPlan, FilterPlan, GroundPlan, LinePlan, ZonePlan
from hub.vision.runner import Pipeline
from tests.hub.vision.scenes import Encoded, RedFinder, encode, person, picture, walk

START = 1_700_000_000.0
LEFT = ZonePlan(
    name="left", polygon=((0.0, 0.0), (0.5, 0.0), (0.5, 1.0), (0.0, 1.0)), loiter_after=2.0
)
GATE = LinePlan(name="gate", points=((0.5, 0.2), (0.5, 1.0)))
# As seen from straight above: the picture is 16 m wide and 9 m high.
ABOVE = GroundPlan(points=((0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0)), width=16, depth=9)
YARD = CameraPlan(name="yard", detector="red", zones=(LEFT,), lines=(GATE,), ground=ABOVE)


@pytest.fixture(scope="module")
def crossing() -> Encoded:
    """Two seconds of an empty yard, eight of somebody who crosses it, five of nothing."""
    return encode([*[picture()] * 20, *walk(8, 10, 0.05, 0.95), *[picture()] * 50])


def shown(plan: CameraPlan, clip: Encoded) -> tuple[Pipeline, list[Event]]:
    events: list[Event] = []
    pipeline = Pipeline(plan, Waited(RedFinder(), plan.name), events.append)
    pipeline.start(clip.form)
    for each in clip.packets:
        for frame in pipeline.decode(each.data, each.pts, START + each.pts, key=each.key):
            pipeline.look(frame)
    return pipeline, events


def test_who_crosses_the_yard_loiters_leaves_and_goes_over_the_line_at_a_speed(
    crossing: Encoded,
) -> None:
    _, events = shown(YARD, crossing)
    assert [each.type for each in events if each.type.startswith(("zone", "line"))] == [
        "zone.entered",
        "zone.loitering",
        "line.crossed",
        "zone.left",
        "zone.cleared",
    ]
    (crossed,) = [each for each in events if isinstance(each, LineCrossed)]
    assert (crossed.line, crossed.direction, crossed.object) == ("gate", "out", "person")
    speed = 0.9 * 16 / 8  # metres a second
    assert crossed.speed == pytest.approx(speed, rel=0.05)
    (left,) = [each for each in events if isinstance(each, ZoneLeft)]
    (gone,) = [each for each in events if isinstance(each, ObjectLeft)]
    assert left.speed == pytest.approx(speed, rel=0.1)
    assert gone.speed == pytest.approx(speed, rel=0.1)
    assert gone.top_speed is not None
    assert gone.top_speed >= gone.speed
    (loitering,) = [each for each in events if isinstance(each, ZoneLoitering)]
    assert loitering.seconds == pytest.approx(2.0, abs=0.21)


def test_without_a_ground_speeds_are_not_told(crossing: Encoded) -> None:
    _, events = shown(msgspec.structs.replace(YARD, ground=None), crossing)
    (crossed,) = [each for each in events if isinstance(each, LineCrossed)]
    assert crossed.speed is None


@pytest.mark.parametrize(
    "wanted",
    [
        FilterPlan(object="person", min_score=0.95),
        FilterPlan(object="person", min_area=0.2),
        FilterPlan(object="person", min_ratio=1.0),
        FilterPlan(object="person", mask=(((0, 0.8), (1, 0.8), (1, 1), (0, 1)),)),
    ],
)
def test_what_a_filter_leaves_out_is_never_told(crossing: Encoded, wanted: FilterPlan) -> None:
    _, events = shown(msgspec.structs.replace(YARD, filters=(wanted,)), crossing)
    assert {each.type for each in events} <= {"motion.started", "motion.ended"}


def test_zones_and_lines_of_a_changed_plan_are_followed(crossing: Encoded) -> None:
    pipeline, events = shown(YARD, encode([*[picture()] * 10, *walk(2, 10, 0.1, 0.3)]))
    pipeline.replan(msgspec.structs.replace(YARD, zones=(), lines=()))
    kinds = [each.type for each in events if each.type.startswith("zone")]
    assert kinds == ["zone.entered", "zone.left", "zone.cleared"]


def test_lines_are_drawn_with_an_arrow_that_shows_the_way_in() -> None:
    clip = encode([picture(person(0.25))] * 4)
    plain, _ = shown(msgspec.structs.replace(YARD, lines=()), clip)
    lined, _ = shown(YARD, clip)
    before, after = (
        cv2.imdecode(np.frombuffer(each.picture(boxes=True), np.uint8), cv2.IMREAD_COLOR)
        for each in (plain, lined)
    )
    changed = np.abs(before.astype(int) - after).max(axis=2) > 40
    assert changed[80:350, 317:324].any(axis=1).mean() > 0.95  # the line itself
    across = np.flatnonzero(changed[200:232].any(axis=0))
    assert 305 <= across.min() <= 312  # the arrow, at its middle
    assert 328 <= across.max() <= 336
    # Its tip is broad, and to the left: looking down the picture, right is to our left.
    assert changed[206:226, 309:316].sum() > changed[206:226, 325:332].sum()
