"""Zones over time: trembling, crowds, loitering, priority, and dwell to the look."""

from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path

import pytest

from hub.vision.facts import Change, Pace, Track, Tracks, ZoneChange
from hub.vision.geometry import contains, foot
from hub.vision.plan import CrowdPlan, ZonePlan
from hub.vision.zones import Zones
from tests.hub.vision.people import campus, looks, path, stands, trembling

LEFT_HALF = ((0.0, 0.0), (0.5, 0.0), (0.5, 1.0), (0.0, 1.0))
IN, OUT = (0.25, 0.6), (0.75, 0.6)


def plan(name: str = "yard", **options: object) -> ZonePlan:
    return ZonePlan(**{"name": name, "polygon": LEFT_HALF, **options})


def walk(
    zones: Zones, points: Sequence[tuple[float, float]], fps: float = 5, start: float = 0.0
) -> list[ZoneChange]:
    return [
        change for tracks, now in looks(points, fps, start) for change in zones.update(tracks, now)
    ]


def kinds(changes: Iterable[ZoneChange]) -> list[Change]:
    return [each.kind for each in changes]


# Trembling


@pytest.mark.parametrize("hold", [{}, {"enter_after": 0.0, "leave_after": 0.0}])
@pytest.mark.parametrize("fps", [2, 5, 25])
@pytest.mark.parametrize("high", [360, 1080])
@pytest.mark.parametrize("kind", ["even", "normal"])
def test_feet_that_tremble_on_an_edge_for_ten_minutes_change_nothing(
    kind: str, high: int, fps: int, hold: dict[str, float]
) -> None:
    points = trembling(kind, 3, high, 600 * fps, (0.5, 0.5), seed=high + fps)
    assert walk(Zones([plan(**hold)]), points, fps) == []


@pytest.mark.parametrize("fps", [2, 10])
def test_nor_do_they_once_somebody_is_inside(fps: int) -> None:
    zones = Zones([plan(enter_after=0.0, leave_after=0.0)])
    came = path(OUT, (0.3, 0.6), looks=4 * fps)
    assert kinds(walk(zones, came, fps)) == [Change.ENTERED]
    back = path((0.3, 0.6), (0.5, 0.6), looks=4 * fps)[:-1]
    still = trembling("normal", 3, 360, 300 * fps, (0.5, 0.6))
    assert walk(zones, [*back, *still], fps, start=4) == []
    assert kinds(walk(zones, path((0.5, 0.6), OUT, looks=4 * fps), fps, start=308)) == [
        Change.LEFT, Change.CLEARED,
    ]  # fmt: skip


@pytest.mark.parametrize("deep", [0.001, 0.005, 0.02])
def test_who_stands_just_inside_for_many_seconds_is_in_since_they_came(deep: float) -> None:
    points = [*path((0.6, 0.6), (0.5 - deep, 0.6), looks=10), *[(0.5 - deep, 0.6)] * 80]
    zones = Zones([plan()])
    (entered,) = walk(zones, points)
    assert entered.kind is Change.ENTERED
    left, _ = zones.update(Tracks(ended=(stands(*IN, 17.8),)), 20.0)
    assert left.seconds == pytest.approx(16.0, abs=0.21)


def test_a_thin_zone_still_sees_who_stands_in_it() -> None:
    door = ((0.4, 0.58), (0.6, 0.58), (0.6, 0.6), (0.4, 0.6))
    points = [*path((0.5, 0.7), (0.5, 0.59), looks=10), *[(0.5, 0.59)] * 10]
    assert kinds(walk(Zones([plan(polygon=door)]), points)) == [Change.ENTERED]


def test_who_runs_through_in_a_second_is_counted_at_two_looks_a_second() -> None:
    lane = ((0.4, 0.0), (0.6, 0.0), (0.6, 1.0), (0.4, 1.0))
    points = path((0.0, 0.6), (1.0, 0.6), looks=11)
    changes = walk(Zones([plan(polygon=lane, leave_after=0.0)]), points, fps=2)
    assert kinds(changes) == [Change.ENTERED, Change.LEFT, Change.CLEARED]


def test_a_sight_that_is_told_again_is_no_second_one() -> None:
    zones, shallow = Zones([plan()]), stands(0.495, 0.6, 0.0)
    for number in range(100):
        assert zones.update(Tracks(live=(shallow,)), number / 5) == []


# What a zone is for


def test_another_point_than_the_feet_may_count() -> None:
    heads = plan(polygon=((0, 0), (1, 0), (1, 0.5), (0, 0.5)), anchor="top")
    feet = plan("feet", polygon=heads.polygon)
    zones = Zones([heads, feet])
    assert [each.zone for each in walk(zones, [(0.5, 0.6)] * 10)] == ["yard"]


def test_a_zone_may_want_a_score_and_a_size() -> None:
    zones = Zones([plan("sure", min_score=0.8), plan("near", min_area=0.02), plan("any")])
    found = Counter[str]()
    for number in range(10):
        now = number / 5
        live = (stands(*IN, now, 1, score=0.6), stands(*IN, now, 2, tall=0.4))
        found.update(each.zone for each in zones.update(Tracks(live=live), now))
    assert found == {"sure": 1, "near": 1, "any": 2}


def test_where_zones_overlap_only_the_highest_priority_counts() -> None:
    inner = ((0.2, 0.4), (0.4, 0.4), (0.4, 0.8), (0.2, 0.8))
    zones = Zones([plan("yard"), plan("pool", polygon=inner, priority=1), plan("also")])
    changes = walk(zones, [(0.1, 0.6)] * 10)
    assert [each.zone for each in changes] == ["yard", "also"]
    into = walk(zones, path((0.1, 0.6), (0.3, 0.6), looks=10), start=2)
    assert [(each.zone, each.kind) for each in into] == [
        ("pool", Change.ENTERED),
        ("yard", Change.LEFT),
        ("yard", Change.CLEARED),
        ("also", Change.LEFT),
        ("also", Change.CLEARED),
    ]
    assert zones.occupied == {"pool"}
    out = walk(zones, [*path((0.3, 0.6), (0.1, 0.6), looks=10), *[(0.1, 0.6)] * 12], start=4)
    assert [(each.zone, each.kind) for each in out] == [
        ("pool", Change.LEFT),
        ("pool", Change.CLEARED),
        ("yard", Change.ENTERED),
        ("also", Change.ENTERED),
    ]


def test_a_higher_zone_that_is_not_for_dogs_leaves_them_where_they_are() -> None:
    zones = Zones([plan("yard"), plan("porch", priority=5, objects=("person",))])
    changes = []
    for number in range(10):
        now = number / 5
        live = (stands(*IN, now, 1), stands(*IN, now, 2, label="dog"))
        changes += zones.update(Tracks(live=live), now)
    assert [(each.zone, each.track and each.track.label) for each in changes] == [
        ("porch", "person"), ("yard", "dog"),
    ]  # fmt: skip


# Loitering and crowds


def test_who_stays_loiters_once_and_again_only_after_another_visit() -> None:
    zones = Zones([plan(loiter_after=10.0)])
    stay = walk(zones, [*[OUT] * 5, *[IN] * 150])
    assert kinds(stay) == [Change.ENTERED, Change.LOITERING]
    assert stay[1].seconds == pytest.approx(10.0)
    again = walk(zones, [*[OUT] * 20, *[IN] * 80], start=31)
    assert kinds(again) == [
        Change.LEFT, Change.CLEARED, Change.ENTERED, Change.LOITERING,
    ]  # fmt: skip


def test_short_visits_do_not_add_up_to_loitering() -> None:
    zones = Zones([plan(loiter_after=10.0, leave_after=1.0)])
    changes = walk(zones, ([*[IN] * 40, *[OUT] * 10]) * 4)
    assert Change.LOITERING not in kinds(changes)


def test_who_is_out_of_sight_does_not_loiter() -> None:
    zones = Zones([plan(loiter_after=3.0)])
    walk(zones, [IN] * 6)
    for number in range(20):
        hidden = Tracks(live=(stands(*IN, 1.0, seen=False),))
        assert zones.update(hidden, 1.2 + number / 5) == []


def crowd(zones: Zones, count: int, start: float, seconds: float) -> list[ZoneChange]:
    changes = []
    for number in range(round(seconds * 5)):
        now = start + number / 5
        live = tuple(stands(*(IN if each < count else OUT), now, each) for each in range(4))
        changes += zones.update(Tracks(live=live), now)
    return [each for each in changes if each.kind in {Change.CROWDED, Change.DISPERSED}]


def test_enough_for_long_enough_are_a_crowd_until_they_are_not_for_as_long() -> None:
    zones = Zones([plan(crowd=CrowdPlan(count=3, seconds=5.0), enter_after=0.0, leave_after=0.0)])
    assert crowd(zones, 2, 0, 20) == []
    assert crowd(zones, 3, 20, 4) == []
    assert crowd(zones, 2, 24, 5) == []
    assert kinds(crowd(zones, 3, 29, 4.8)) == []
    (told,) = crowd(zones, 4, 33.8, 10)
    assert (told.kind, told.count, zones.crowded) == (Change.CROWDED, 4, {"yard"})
    assert crowd(zones, 1, 43.8, 4) == []
    assert crowd(zones, 3, 47.8, 4) == []
    (over,) = crowd(zones, 2, 51.8, 6)
    assert (over.kind, over.count) == (Change.DISPERSED, 2)
    assert over.seconds == pytest.approx(51.8 - 29)
    assert not zones.crowded


def test_a_crowd_that_is_gone_at_once_is_none_at_once() -> None:
    zones = Zones([plan(crowd=CrowdPlan(count=2, seconds=2.0))])
    crowd(zones, 2, 0, 5)
    ended = tuple(stands(*IN, 4.8, each) for each in range(4))
    changes = zones.update(Tracks(ended=ended), 7.0)
    assert [each.kind for each in changes].count(Change.DISPERSED) == 1
    assert kinds(changes)[-1] is Change.CLEARED


# Other plans, other starts


def test_a_crowd_that_nobody_asks_for_any_more_is_none() -> None:
    zones = Zones([plan(crowd=CrowdPlan(count=2, seconds=2.0))])
    assert kinds(crowd(zones, 3, 0, 5)) == [Change.CROWDED]
    zones.replan([plan()])
    (over,) = crowd(zones, 3, 5, 3)
    assert (over.kind, over.count) == (Change.DISPERSED, 3)
    assert over.seconds == pytest.approx(5.0, abs=0.5)
    assert not zones.crowded


def test_who_was_in_a_zone_that_is_gone_has_left_it() -> None:
    zones = Zones([plan(), plan("gate")])
    walk(zones, [IN] * 11)
    changes = zones.replan([plan()])
    assert [(each.zone, each.kind) for each in changes] == [
        ("gate", Change.LEFT), ("gate", Change.CLEARED),
    ]  # fmt: skip
    assert changes[0].seconds == pytest.approx(2.0)
    assert zones.replan([plan()]) == []


def test_a_zone_that_moves_is_left_by_who_is_not_in_it_any_more() -> None:
    zones = Zones([plan()])
    walk(zones, [IN] * 6)
    assert zones.replan([plan(polygon=((0.6, 0), (1, 0), (1, 1), (0.6, 1)))]) == []
    changes = walk(zones, [IN] * 12, start=1.2)
    assert kinds(changes) == [Change.LEFT, Change.CLEARED]


def test_a_zone_that_is_for_others_now_is_left() -> None:
    zones = Zones([plan()])
    walk(zones, [IN] * 6)
    assert kinds(zones.replan([plan(objects=("dog",))])) == [Change.LEFT, Change.CLEARED]


def test_speeds_inside_are_told_when_somebody_leaves() -> None:
    zones = Zones([plan(leave_after=0.0)])
    paced = [(OUT, 9.0)] * 3 + [(IN, 1.0)] * 5 + [(IN, 2.0)] * 5 + [(OUT, 9.0)] * 3
    changes = []
    for number, (at, speed) in enumerate(paced):
        now = number / 5
        live = Tracks(live=(stands(*at, now),))
        changes += zones.update(live, now, paces={1: Pace(now=speed)})
    assert [each.speed for each in changes] == [None, pytest.approx(1.5), None]


# The truth


def stays(flags: Sequence[tuple[float, bool]], enter: float, leave: float) -> list[float]:
    """Return how long each visit was, by counting frames; each has a time and says inside."""
    found, state, entered = list[float](), False, 0.0
    since: float | None = None
    for now, inside in flags:
        if inside == state:
            since = None
            continue
        since = now if since is None else since
        if now - since >= (leave if state else enter) - 1e-6:
            found += [since - entered] if state else []
            state, entered, since = inside, since, None
    if state:
        found.append((flags[-1][0] if since is None else since) - entered)
    return found


def visits(
    frames: Sequence[Tracks], polygon: Sequence[tuple[float, float]], enter: float, leave: float
) -> dict[int, list[float]]:
    """Return how long each track was in a polygon, visit by visit."""
    places: dict[int, list[tuple[float, bool]]] = {}
    for tracks in frames:
        for each in tracks.live:
            inside = contains(polygon, *foot(each.box))
            places.setdefault(each.number, []).append((each.last, inside))
    found = {number: stays(flags, enter, leave) for number, flags in places.items()}
    return {number: each for number, each in found.items() if each}


@pytest.mark.parametrize(("enter", "leave"), [(0.4, 2.0), (0.2, 0.4), (0.4, 0.4)])
@pytest.mark.parametrize(
    "polygon",
    [
        LEFT_HALF,
        ((0.5, 0.0), (1.0, 0.0), (1.0, 1.0), (0.5, 1.0)),
        ((0.3, 0.5), (0.7, 0.5), (0.7, 1.0), (0.3, 1.0)),
        ((0.2, 0.6), (0.5, 0.6), (0.6, 0.95), (0.1, 0.95)),
        ((0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0)),
    ],
)
def test_visits_of_true_tracks_are_counted_and_timed_to_the_frame(
    data: Path, polygon: tuple[tuple[float, float], ...], enter: float, leave: float
) -> None:
    frames, fps, aspect = campus(data)
    zones = Zones([plan(polygon=polygon, enter_after=enter, leave_after=leave)])
    seen: dict[int, list[float]] = {}
    for number, tracks in enumerate(frames):
        for each in zones.update(tracks, number / fps, aspect):
            if each.kind is Change.LEFT:
                assert isinstance(each.track, Track)
                seen.setdefault(each.track.number, []).append(each.seconds)
    truth = visits(frames, polygon, enter, leave)
    assert {key: len(each) for key, each in seen.items()} == {
        key: len(each) for key, each in truth.items()
    }
    for key, durations in truth.items():
        assert seen[key] == pytest.approx(durations, abs=1 / fps + 1e-6)
