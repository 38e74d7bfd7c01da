"""Two runs over one recording: what is the same, and what only one of them saw."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from msgspec.structs import replace

from hub.api import Box, LineCrossed, MotionStarted, ObjectAppeared, ZoneCleared, ZoneEntered
from hub.api.vision import VisionEvent
from hub.vision.comparing import compare

START = datetime(2024, 5, 6, tzinfo=UTC)
BOX = Box(0.4, 0.3, 0.5, 0.7)


def at(seconds: float) -> datetime:
    return START + timedelta(seconds=seconds)


def came(seconds: float, track: str = "1", box: Box = BOX, what: str = "person") -> VisionEvent:
    return ObjectAppeared(
        camera="porch", object=what, track=track, score=0.8, box=box, captured=at(seconds)
    )


def entered(seconds: float, zone: str = "gate") -> ZoneEntered:
    return ZoneEntered(
        camera="porch",
        zone=zone,
        object="person",
        track="1",
        score=0.8,
        box=BOX,
        captured=at(seconds),
        count=1,
    )


def crossed(seconds: float, direction: str) -> VisionEvent:
    return LineCrossed(
        camera="porch",
        line="path",
        object="person",
        track="1",
        score=0.8,
        box=BOX,
        captured=at(seconds),
        direction=direction,
    )


def shape(a: Sequence[VisionEvent], b: Sequence[VisionEvent]) -> tuple[int, int, int]:
    found = compare(a, b)
    return len(found.same), len(found.only_a), len(found.only_b)


def test_a_run_compared_with_itself_is_the_same() -> None:
    events = [
        came(1),
        entered(1.4),
        crossed(2, "in"),
        MotionStarted(camera="porch", captured=at(0)),
    ]
    found = compare(events, events)
    assert [one for one, _ in found.same] == events
    assert not found.only_a
    assert not found.only_b


def test_names_scores_counts_and_small_shifts_do_not_matter() -> None:
    moved = Box(0.45, 0.35, 0.55, 0.75)
    other = replace(entered(2.0), track="porch-9", score=0.5, count=3, sequence=7, box=moved)
    assert shape([entered(1.4)], [other]) == (1, 0, 0)


def test_another_time_place_zone_object_or_direction_is_another_event() -> None:
    assert shape([came(1)], [came(3.1)]) == (0, 1, 1)
    assert shape([came(1)], [came(1, box=Box(0.85, 0.3, 0.95, 0.7))]) == (0, 1, 1)
    assert shape([entered(1)], [entered(1, "door")]) == (0, 1, 1)
    assert shape([came(1)], [came(1, what="dog")]) == (0, 1, 1)
    assert shape([crossed(1, "in")], [crossed(1, "out")]) == (0, 1, 1)
    cleared = ZoneCleared(camera="porch", zone="gate", captured=at(1), seconds=1.0)
    assert shape([entered(1)], [cleared]) == (0, 1, 1)


def test_the_nearest_go_together_and_each_only_once() -> None:
    a = [came(1.0, "1"), came(1.5, "2")]
    b = [came(1.4, "5")]
    found = compare(a, b)
    assert [(one.track, other.track) for one, other in found.same] == [("2", "5")]  # type: ignore[union-attr]
    assert found.only_a == [a[0]]
    apart = [came(1.0, "1"), came(1.0, "2", Box(0.6, 0.3, 0.7, 0.7))]
    crosswise = compare(apart, apart[::-1])
    assert all(one.track == other.track for one, other in crosswise.same)  # type: ignore[union-attr]


def test_counts_are_told_by_type() -> None:
    found = compare([came(1), came(9), entered(2)], [came(1), crossed(5, "in")])
    assert found.counts() == {
        "line.crossed": (0, 1, 0),
        "object.appeared": (2, 1, 1),
        "zone.entered": (1, 0, 0),
    }
