"""Boxes that a detector makes tremble, followed by the tracker: what zones and lines make of them.

A tracker smooths, so what trembled sways: a look errs as the looks before it did. What stands is
parked where it happened to be.
"""

from collections.abc import Iterator

import numpy as np
import pytest

from hub.api import Box, Detection
from hub.vision.facts import Change, Tracks
from hub.vision.lines import Lines
from hub.vision.plan import LinePlan, ZonePlan
from hub.vision.tracker import Tracker
from hub.vision.zones import Zones

ASPECT = 16 / 9
PLACES = (0.1, 0.3, 0.5, 0.7, 0.9)  # where five persons stand side by side
EDGE = 0.75  # and their feet
AT_ONCE = {"enter_after": 0.0, "leave_after": 0.0}


def followed(  # noqa: PLR0913 - what makes a scene
    kind: str,
    high: int,
    tall: int,
    fps: int,
    seconds: float,
    *,
    inside: float = 0.0,
    whole: bool = False,
) -> Iterator[tuple[Tracks, float]]:
    """Yield tracks of persons whose boxes' sides tremble by 3 pixels, each side for itself.

    All sides tremble as one if ``whole``. Feet are so many pixels ``inside`` of the edges.
    """
    dice, wide = np.random.default_rng([high, tall, fps]), high * ASPECT
    size = (round(seconds * fps), len(PLACES), 4)
    off = dice.uniform(-3, 3, size) if kind == "even" else dice.normal(0, 3, size)
    if whole:
        off[..., 2:] = off[..., :2]
    tracker, across = Tracker(str, 0.5), np.array(PLACES) * wide
    boxes = [across - tall / 5, EDGE * high - tall, across + tall / 5, EDGE * high]
    boxes = (np.stack(np.broadcast_arrays(*boxes), -1) + inside + off) / (wide, high, wide, high)
    for look, sides in enumerate(boxes.tolist()):
        seen = [Detection(label="person", score=0.9, box=Box(*each)) for each in sides]
        yield tracker.update(seen, look / fps, ASPECT), look / fps


def places(**hold: float) -> Zones:
    """A zone below all feet, and one to the right of each."""
    polygons = [((0.0, EDGE), (1.0, EDGE), (1.0, 1.0), (0.0, 1.0))]
    polygons += [((x, 0.0), (x + 0.1, 0.0), (x + 0.1, 1.0), (x, 1.0)) for x in PLACES]
    return Zones([
        ZonePlan(name=f"zone{number}", polygon=each, **hold) for number, each in enumerate(polygons)
    ])  # fmt: skip


def lines() -> Lines:
    points = [((0.0, EDGE), (1.0, EDGE)), *(((x, 0.0), (x, 1.0)) for x in PLACES)]
    return Lines([LinePlan(name=f"line{n}", points=each) for n, each in enumerate(points)])


def told(scene: Iterator[tuple[Tracks, float]]) -> list[str]:
    """Return what was counted, with when."""
    slow, fast, over, found = places(), places(**AT_ONCE), lines(), []
    for tracks, now in scene:
        changes = [*slow.update(tracks, now), *fast.update(tracks, now)]
        found += [f"{each.kind.name} {each.zone} at {now}" for each in changes]
        found += [f"{each.line} at {now}" for each in over.update(tracks)]
    return found


@pytest.mark.parametrize(("fps", "tall"), [(2, 250), (5, 110), (5, 40), (15, 110)])
@pytest.mark.parametrize("kind", ["even", "normal"])
def test_persons_whose_boxes_tremble_on_edges_and_lines_count_nothing(
    kind: str, fps: int, tall: int
) -> None:
    assert told(followed(kind, 360, tall, fps, 300 / fps)) == []


@pytest.mark.slow
@pytest.mark.parametrize("whole", [False, True])
@pytest.mark.parametrize("fps", [2, 5, 15])
@pytest.mark.parametrize("high", [360, 1080])
@pytest.mark.parametrize("kind", ["even", "normal"])
def test_nor_do_they_in_ten_minutes(kind: str, high: int, fps: int, whole: bool) -> None:
    # Feet of less than this tremble by as much as they are wide: there is no telling of persons.
    tall = 60 if whole else 40
    assert told(followed(kind, high, tall, fps, 600, whole=whole)) == []


@pytest.mark.parametrize(("high", "tall", "fps"), [(360, 110, 5), (360, 250, 2), (360, 110, 15)])
def test_who_stands_five_pixels_inside_for_twenty_seconds_is_in(
    high: int, tall: int, fps: int
) -> None:
    zones, inside = places(), set()
    for tracks, now in followed("even", high, tall, fps, 20, inside=5.0):
        for each in zones.update(tracks, now):
            assert each.kind is Change.ENTERED
            inside.add(each.track and each.track.number)
    assert len(inside) == len(PLACES)
