"""Events against a truth: what counts, what is forgiven, and in which words it is told."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest
from msgspec.structs import replace

from hub.api import Box, LineCrossed, MotionStarted, ObjectAppeared, ObjectLeft
from hub.api.vision import VisionEvent
from hub.vision.verdict import Limits, failures
from hub.vision.visits import Score, Truth, Visit, presences, score, side

START = datetime(2024, 5, 6, tzinfo=UTC)
MIDDLE = Box(0.4, 0.3, 0.5, 0.7)
LEFT = Box(0.0, 0.3, 0.1, 0.7)
RIGHT = Box(0.9, 0.3, 1.0, 0.7)


def stay(
    track: str,
    begin: float,
    end: float,
    first: Box = MIDDLE,
    last: Box = LEFT,
    what: str = "person",
) -> list[VisionEvent]:
    """A track that is there from ``begin`` to ``end``, in seconds, and given up 2 s later."""
    same = {"camera": "porch", "object": what, "track": track, "score": 0.8}
    return [
        ObjectAppeared(**same, box=first, captured=START + timedelta(seconds=begin + 0.4)),
        ObjectLeft(
            **same,
            box=last,
            captured=START + timedelta(seconds=end + 2),
            seconds=end - begin,
            last_seen=START + timedelta(seconds=end),
        ),
    ]


def crossed(direction: str, line: str = "gate", what: str = "person") -> VisionEvent:
    return LineCrossed(
        camera="porch",
        line=line,
        object=what,
        track="1",
        score=0.8,
        box=MIDDLE,
        captured=START,
        direction=direction,
    )


def scored(truth: Truth, *events: Sequence[VisionEvent]) -> Score:
    return score(truth, [each for some in events for each in some], START)


def truth(*visits: Visit, lines: dict[str, int] | None = None) -> Truth:
    return Truth(fps=10, visits=visits, lines=lines or {})


def wrong(truth: Truth, *events: Sequence[VisionEvent], **limits: float) -> list[str]:
    return failures(scored(truth, *events), truth.fps, Limits(**limits))


TWO = truth(
    Visit(span=(1, 5), persons=2, exits={"left": 1, "right": 1}),
    Visit(span=(20, 24), exits={"left": 1}),
)
RIGHT_EVENTS = (
    stay("a", 1.2, 4.8),
    stay("b", 1.5, 5.0, last=RIGHT),
    stay("c", 20.1, 24.0),
)


def test_what_happened_as_it_should_has_nothing_wrong() -> None:
    found = scored(TWO, *RIGHT_EVENTS)
    assert wrong(TWO, *RIGHT_EVENTS) == []
    assert (found.groups, found.tracks, found.persons, found.extra) == (2, 3, 3, 0)
    assert found.seen[0].span == pytest.approx((1.2, 5.0))
    assert found.seen[0].exits == {"left": 1, "right": 1}
    assert found.false == found.longest == 0.0


def test_tracks_that_are_of_something_else_or_never_left_do_not_count() -> None:
    other = stay("d", 10, 12, what="dog")
    cut = stay("e", 30, 33)[:1]
    moved = [MotionStarted(camera="porch", captured=START)]
    assert [each.track for each in presences([*other, *cut, *moved], "person", START)] == []
    assert wrong(TWO, *RIGHT_EVENTS, other, cut, moved) == []


def test_who_is_there_when_the_recording_ends_left_over_no_side() -> None:
    came, left = stay("a", 1, 4)
    (found,) = presences([came, replace(left, captured=left.last_seen)], "person", START)
    assert (found.span, found.side) == ((1.0, 4.0), "")


def test_a_log_from_before_last_seen_was_told_counts_the_end_itself() -> None:
    came, left = stay("a", 1, 4)
    old = ObjectLeft(
        **{
            name: getattr(left, name)
            for name in ("camera", "object", "track", "score", "box", "captured", "seconds")
        }
    )
    (found,) = presences([came, old], "person", START)
    assert found.span == pytest.approx((3.0, 6.0))


def test_every_kind_of_mistake_is_told_in_words() -> None:
    assert wrong(TWO, *RIGHT_EVENTS[:2]) == ["visit 2: not seen", "visits: 1 instead of 2"]
    assert wrong(TWO, *RIGHT_EVENTS[1:]) == [
        "visit 1: 1 of 2 persons",
        "visit 1: 0 left over the left instead of 1",
    ]
    assert wrong(TWO, *RIGHT_EVENTS[:2], stay("c", 18.5, 21.0)) == [
        "visit 2: began 1.5 s too early",
        "visit 2: ended 3.0 s too early",
        "a false one for 1.0 s",
    ]
    assert wrong(TWO, *RIGHT_EVENTS[:2], stay("c", 23.0, 26.0)) == [
        "visit 2: began 3.0 s too late",
        "visit 2: ended 2.0 s too late",
        "a false one for 1.5 s",
    ]


def test_one_track_more_is_forgiven_and_a_second_one_is_not() -> None:
    again = stay("d", 2.5, 4.5, last=MIDDLE)
    assert scored(TWO, *RIGHT_EVENTS, again).extra == 1
    told = wrong(TWO, *RIGHT_EVENTS, again, stay("e", 3.5, 4.0, last=MIDDLE))
    assert told == ["2 tracks that nobody needed", "a false one for 2.0 s"]


def test_two_tracks_of_one_person_after_each_other_are_extra_but_not_false() -> None:
    once = truth(Visit(span=(0, 10)))
    found = scored(once, stay("a", 0, 4, last=MIDDLE), stay("b", 4.5, 10))
    assert (found.extra, found.false, found.groups) == (1, 0.0, 1)


def test_somebody_where_nobody_is_is_false_for_as_long() -> None:
    empty = truth()
    found = scored(empty, stay("a", 3.0, 3.4), stay("b", 9.0, 10.5))
    assert found.false == pytest.approx(1.9)
    assert found.longest == pytest.approx(1.5)
    assert wrong(empty, stay("a", 3.0, 3.4)) == ["visits: 1 instead of 0"]
    assert wrong(empty, *[stay("b", 9.0, 10.5)], false=2.0) == ["visits: 1 instead of 0"]


def test_an_optional_visit_may_be_seen_or_not() -> None:
    arms = truth(Visit(span=(2, 6), optional=True), Visit(span=(20, 24)))
    unseen, seen = stay("a", 20, 24), stay("b", 3, 5)
    assert wrong(arms, unseen) == wrong(arms, unseen, seen) == []
    assert scored(arms, unseen, seen).tracks == 1
    assert wrong(arms, seen) == ["visit 2: not seen", "visits: 0 instead of 1"]


def test_one_long_track_over_two_visits_is_one_of_them() -> None:
    told = wrong(TWO, stay("a", 1, 24), *RIGHT_EVENTS[1:2])
    assert "visit 2: not seen" in told or "visit 1: not seen" in told
    assert any("a false one for" in each for each in told)


def test_lines_are_compared_by_name_and_direction() -> None:
    lines = truth(lines={"gate in": 2, "gate out": 0})
    events = [crossed("in"), crossed("in", what="car"), crossed("out"), crossed("in", line="door")]
    assert scored(lines, events).lines == {"gate in": (2, 1), "gate out": (0, 1)}
    assert wrong(lines, events) == [
        "line gate in: 1 instead of 2",
        "line gate out: 1 instead of 0",
    ]


@pytest.mark.parametrize(
    ("first", "last", "where"),
    [
        (MIDDLE, LEFT, "left"),
        (MIDDLE, RIGHT, "right"),
        (MIDDLE, MIDDLE, ""),
        (MIDDLE, Box(0.4, 0.0, 0.5, 0.2), "top"),
        (MIDDLE, Box(0.4, 0.6, 0.5, 1.0), "bottom"),
        (MIDDLE, Box(0.0, 0.5, 0.2, 1.0), "left"),
        (Box(0.4, 0.5, 0.6, 1.0), Box(0.0, 0.5, 0.2, 1.0), "left"),
        (Box(0.0, 0.1, 0.1, 0.4), Box(0.0, 0.6, 0.1, 1.0), "bottom"),
        (MIDDLE, Box(0.75, 0.3, 0.86, 0.7), "right"),
        (MIDDLE, Box(0.7, 0.3, 0.8, 0.7), ""),
    ],
)
def test_the_side_somebody_leaves_by(first: Box, last: Box, where: str) -> None:
    assert side(first, last) == where
