from collections.abc import Sequence

import pytest

from hub.vision.facts import LineChange, Pace, Tracks
from hub.vision.lines import Lines
from hub.vision.plan import LinePlan
from tests.hub.vision.people import looks, path, stands, trembling

GATE = LinePlan(name="gate", points=((0.5, 0.2), (0.5, 0.8)))
RIGHT, LEFT = (0.8, 0.5), (0.2, 0.5)


def walk(
    lines: Lines, points: Sequence[tuple[float, float]], fps: float = 5, start: float = 0.0
) -> list[LineChange]:
    return [change for tracks, _ in looks(points, fps, start) for change in lines.update(tracks)]


def ways(changes: Sequence[LineChange]) -> list[str]:
    return ["in" if each.inwards else "out" for each in changes]


@pytest.mark.parametrize("fps", [1, 2, 5, 25])
@pytest.mark.parametrize("seconds", [1, 4, 20])
def test_a_walker_counts_once_in_the_direction_taken(fps: int, seconds: int) -> None:
    there = path(RIGHT, LEFT, looks=max(2, fps * seconds))
    assert ways(walk(Lines([GATE]), there, fps)) == ["in"]
    assert ways(walk(Lines([GATE]), there[::-1], fps)) == ["out"]


def test_there_and_back_is_in_and_out() -> None:
    assert ways(walk(Lines([GATE]), path(RIGHT, LEFT, RIGHT, LEFT, looks=60))) == [
        "in", "out", "in",
    ]  # fmt: skip


def test_a_jump_over_the_line_between_two_looks_counts() -> None:
    assert ways(walk(Lines([GATE]), [RIGHT, RIGHT, LEFT], fps=2)) == ["in"]


def test_a_jump_past_its_end_does_not() -> None:
    beyond = [(0.8, 0.9), (0.2, 0.95)]
    assert walk(Lines([GATE]), beyond) == []
    around = path((0.8, 0.5), (0.8, 0.95), (0.2, 0.95), (0.2, 0.5), looks=50)
    assert walk(Lines([GATE]), around) == []


def test_over_and_back_around_the_end_counts_over() -> None:
    way = path((0.8, 0.5), (0.2, 0.5), (0.2, 0.95), (0.8, 0.95), (0.8, 0.5), (0.2, 0.5), looks=90)
    assert ways(walk(Lines([GATE]), way)) == ["in", "in"]


def test_a_turn_on_the_line_counts_nothing() -> None:
    turn = path(RIGHT, (0.497, 0.5), RIGHT, looks=40)
    assert walk(Lines([GATE]), turn) == []


@pytest.mark.parametrize("fps", [2, 5, 25])
@pytest.mark.parametrize("high", [360, 1080])
@pytest.mark.parametrize("kind", ["even", "normal"])
def test_feet_that_tremble_on_a_line_for_ten_minutes_count_nothing(
    kind: str, high: int, fps: int
) -> None:
    points = trembling(kind, 3, high, 600 * fps, (0.5, 0.5), seed=fps)
    assert walk(Lines([GATE]), points, fps) == []


def test_after_trembling_on_it_a_line_still_counts_who_goes_over() -> None:
    lines = Lines([GATE])
    walk(lines, [*path(RIGHT, (0.5, 0.5), looks=20), *trembling("even", 3, 360, 300, (0.5, 0.5))])
    assert ways(walk(lines, path((0.5, 0.5), LEFT, looks=20), start=64)) == ["in"]


def test_a_line_may_have_corners() -> None:
    bent = LinePlan(name="bent", points=((0.3, 0.2), (0.6, 0.5), (0.3, 0.8)))
    assert ways(walk(Lines([bent]), path((0.9, 0.5), (0.3, 0.5), looks=30))) == ["in"]
    assert ways(walk(Lines([bent]), path((0.4, 0.1), (0.4, 0.9), looks=60))) == ["in", "out"]


def test_who_is_lost_and_found_on_the_other_side_counts() -> None:
    lines = Lines([GATE])
    walk(lines, path(RIGHT, (0.6, 0.5), looks=6))
    for number in range(4):
        hidden = Tracks(live=(stands(0.5, 0.5, 1.0, seen=False),))
        assert lines.update(hidden) == [], number
    assert ways(walk(lines, [(0.4, 0.5), (0.35, 0.5)], start=2.2)) == ["in"]


def test_who_is_not_believed_yet_counts_once_believed() -> None:
    lines = Lines([GATE])
    for now, x in ((0.0, 0.6), (0.2, 0.45), (0.4, 0.3)):
        assert lines.update(Tracks(live=(stands(x, 0.5, now, sure=False),))) == []
    assert ways(walk(lines, [(0.2, 0.5)], start=0.6)) == ["in"]


def test_only_what_the_line_is_for_counts_and_only_well_seen() -> None:
    lines = Lines([LinePlan(name="gate", points=GATE.points, objects=("dog",), min_score=0.8)])
    changes = []
    for now, x in ((0.0, 0.6), (0.2, 0.4)):
        live = (
            stands(x, 0.5, now, 1),
            stands(x, 0.5, now, 2, label="dog", score=0.5),
            stands(x, 0.5, now, 3, label="dog"),
        )
        changes += lines.update(Tracks(live=live))
    assert [each.track.number for each in changes] == [3]


def test_another_point_than_the_feet_may_count() -> None:
    heads = LinePlan(name="gate", points=((0.0, 0.3), (1.0, 0.3)), anchor="top")
    assert ways(walk(Lines([heads]), path((0.5, 0.4), (0.5, 0.6), looks=20))) == ["in"]
    assert walk(Lines([heads]), path((0.5, 0.2), (0.5, 0.4), looks=20)) == []


def test_a_crossing_tells_how_fast() -> None:
    lines, crossed = Lines([GATE]), []
    for tracks, _ in looks(path(RIGHT, LEFT, looks=10), 5):
        crossed += lines.update(tracks, paces={1: Pace(now=1.25)})
    assert [each.speed for each in crossed] == [1.25]


def test_an_unchanged_line_goes_on_when_others_come() -> None:
    lines = Lines([GATE])
    walk(lines, [RIGHT, (0.6, 0.5)])
    lines.replan([LinePlan(name="other", points=((0.3, 0.0), (0.3, 1.0))), GATE])
    assert [each.line for each in walk(lines, [(0.4, 0.5), LEFT], start=0.4)] == ["gate", "other"]
    lines.replan([])
    assert walk(lines, [RIGHT, LEFT], start=1.0) == []


def test_what_is_remembered_goes_on_in_another_start() -> None:
    before, after = Lines([GATE]), Lines([GATE])
    walk(before, [RIGHT, (0.6, 0.5)])
    after.recall(before.remember(), later=-0.4)
    assert ways(walk(after, [(0.4, 0.5), LEFT])) == ["in"]


def test_a_line_that_was_moved_between_two_starts_begins_anew() -> None:
    walk(before := Lines([GATE]), [RIGHT, (0.49, 0.5)])
    moved = LinePlan(name=GATE.name, points=((0.8, 0.0), (0.8, 1.0)))
    after = Lines([moved])
    after.recall(before.remember(), later=-0.4)
    assert walk(after, [(0.45, 0.5), LEFT]) == []


# Who is gone before it is clear


def gone(lines: Lines, points: Sequence[tuple[float, float]], fps: float = 5) -> list[LineChange]:
    """Somebody goes along these points and is then no more."""
    changes, last = walk(lines, points, fps), (len(points) - 1) / fps
    return changes + lines.update(Tracks(ended=(stands(*points[-1], last),)))


@pytest.mark.parametrize("fps", [2, 5, 25])
def test_who_walks_over_it_and_is_gone_at_once_counts(fps: int) -> None:
    there = path(RIGHT, (0.499, 0.5), looks=3 * fps)
    assert walk(Lines([GATE]), there, fps) == []
    lines = Lines([GATE])
    assert ways(gone(lines, there, fps)) == ["in"]
    assert lines.update(Tracks(ended=(stands(*there[-1], 3.0),))) == []


def test_who_has_counted_is_not_counted_again_at_the_end() -> None:
    assert ways(gone(Lines([GATE]), path(RIGHT, (0.4, 0.5), looks=12))) == ["in"]


def test_who_is_gone_before_the_line_does_not_count() -> None:
    assert gone(Lines([GATE]), path(RIGHT, (0.501, 0.5), looks=12)) == []


@pytest.mark.parametrize("seed", range(20))
def test_who_trembles_on_it_and_is_gone_does_not_count(seed: int) -> None:
    assert gone(Lines([GATE]), trembling("normal", 3, 360, 40 + seed, (0.5, 0.5), seed)) == []


def test_who_is_gone_while_walking_along_it_does_not_count() -> None:
    along = [(0.5 + 0.001 * (-1) ** look, 0.25 + look * 0.02) for look in range(25)]
    assert gone(Lines([GATE]), along) == []
