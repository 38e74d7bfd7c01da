import pytest

from hub.api import Box
from hub.vision.facts import Motion, Priority, Track, Tracks
from hub.vision.geometry import WHOLE, area
from hub.vision.regions import Regions

SMALL, LARGE = (640, 360), (3840, 2160)
STILL = Motion()
EMPTY = Tracks()


def moving(*boxes: Box) -> Motion:
    return Motion(boxes=boxes, moving=True)


def tracks(*boxes: Box, confirmed: bool = True, seen: bool = True) -> Tracks:
    return Tracks(
        live=tuple(
            Track(
                number=number,
                id=f"t{number}" if confirmed else "",
                label="person",
                score=0.9,
                box=box,
                seen=seen,
                born=0.0,
                last=0.0,
            )
            for number, box in enumerate(boxes)
        )
    )


def begun(frame: tuple[int, int] = SMALL, size: int = 416, *, whole: bool = False) -> Regions:
    """Regions of a camera that has been looked at for a while."""
    regions = Regions((size, size), whole_frames=whole)
    for number in range(10):
        regions.plan(frame, STILL, EMPTY, number / 5)
    return regions


def looks(regions: Regions, motion: Motion, known: Tracks, start: float, end: float) -> int:
    times = range(round(start * 5), round(end * 5))
    return sum(bool(regions.plan(SMALL, motion, known, each / 5)) for each in times)


def test_the_first_second_is_looked_at_whole() -> None:
    regions = Regions((416, 416), whole_frames=False)
    assert [regions.plan(LARGE, STILL, EMPTY, i / 5).places for i in range(5)] == [(WHOLE,)] * 5
    assert regions.plan(LARGE, STILL, EMPTY, 1.0).places == ()


def test_an_empty_yard_costs_a_look_in_ten_seconds() -> None:
    assert looks(begun(), STILL, EMPTY, 2, 62) == 6


def test_what_moves_is_looked_at_in_every_frame() -> None:
    assert looks(begun(), moving(Box(0.4, 0.4, 0.5, 0.6)), EMPTY, 2, 4) == 10


def test_somebody_who_stands_still_is_looked_at_every_other_second_then_more_rarely() -> None:
    standing = tracks(Box(0.4, 0.4, 0.5, 0.8))
    regions = begun()
    assert looks(regions, STILL, standing, 2, 12) in (6, 7)
    assert looks(regions, STILL, standing, 30, 60) in (6, 7)


def test_who_stops_is_looked_at_a_moment_longer_because_he_may_have_gone() -> None:
    regions = begun()
    regions.plan(SMALL, moving(Box(0.4, 0.4, 0.5, 0.8)), tracks(Box(0.4, 0.4, 0.5, 0.8)), 2.0)
    assert looks(regions, STILL, tracks(Box(0.4, 0.4, 0.5, 0.8)), 2.2, 3.0) == 3


@pytest.mark.parametrize(
    "known",
    [
        tracks(Box(0.4, 0.4, 0.5, 0.8), seen=False),
        tracks(Box(0.4, 0.4, 0.5, 0.8), confirmed=False),
    ],
)
def test_somebody_missed_or_not_yet_sure_is_looked_for_at_once(known: Tracks) -> None:
    assert looks(begun(), STILL, known, 2, 4) == 10


def test_a_detector_that_wants_everything_gets_it() -> None:
    regions = begun(whole=True)
    assert regions.plan(LARGE, STILL, EMPTY, 100.0).places == (WHOLE,)


def test_a_small_frame_is_given_whole() -> None:
    assert begun().plan(SMALL, moving(Box(0.1, 0.1, 0.2, 0.2)), EMPTY, 3.0).places == (WHOLE,)


def test_a_large_frame_is_cut_to_squares_that_hold_what_moves() -> None:
    walker, bird = Box(0.1, 0.5, 0.14, 0.7), Box(0.8, 0.1, 0.82, 0.13)
    regions = begun(LARGE).plan(LARGE, moving(walker, bird), EMPTY, 3.0).places
    assert len(regions) == 2
    for each in (walker, bird):
        assert any(
            r.left <= each.left
            and r.top <= each.top
            and r.right >= each.right
            and r.bottom >= each.bottom
            for r in regions
        )
    for each in regions:
        wide, high = (each.right - each.left) * LARGE[0], (each.bottom - each.top) * LARGE[1]
        assert wide == pytest.approx(high)
        assert wide >= 416 - 1e-6
        assert min(each.left, each.top) >= 0
        assert max(each.right, each.bottom) <= 1 + 1e-9


def test_squares_that_meet_become_one() -> None:
    near = moving(Box(0.1, 0.5, 0.14, 0.7), Box(0.17, 0.5, 0.2, 0.7))
    regions = begun(LARGE).plan(LARGE, near, EMPTY, 3.0).places
    assert len(regions) == 1
    assert area(regions[0]) < 0.1


def test_much_that_moves_means_the_whole_frame() -> None:
    crowd = moving(*[Box(x / 10, 0.4, x / 10 + 0.03, 0.5) for x in range(0, 10, 2)])
    assert begun(LARGE, 208).plan(LARGE, crowd, EMPTY, 3.0).places == (WHOLE,)
    assert begun(LARGE).plan(LARGE, moving(Box(0.1, 0.0, 0.9, 1.0)), EMPTY, 3.0).places == (WHOLE,)


def test_what_stands_elsewhere_is_looked_at_together_with_what_moves() -> None:
    regions = begun(LARGE).plan(
        LARGE, moving(Box(0.1, 0.1, 0.13, 0.2)), tracks(Box(0.8, 0.7, 0.84, 0.9)), 3.0
    )
    assert len(regions.places) == 2


@pytest.mark.parametrize(
    ("motion", "known", "why"),
    [
        (moving(Box(0.1, 0.1, 0.2, 0.2)), EMPTY, Priority.NEW),
        (moving(Box(0.1, 0.1, 0.2, 0.2)), tracks(Box(0.8, 0.7, 0.84, 0.9)), Priority.NEW),
        (moving(Box(0.1, 0.1, 0.2, 0.2)), tracks(Box(0.1, 0.1, 0.2, 0.2)), Priority.ACTIVE),
        (STILL, tracks(Box(0.1, 0.1, 0.2, 0.2), seen=False), Priority.ACTIVE),
        (STILL, tracks(Box(0.1, 0.1, 0.2, 0.2)), Priority.REFRESH),
    ],
)
def test_a_look_says_why(motion: Motion, known: Tracks, why: Priority) -> None:
    assert begun().plan(SMALL, motion, known, 8.0).priority == why


def test_a_new_stream_is_looked_at_whole_again() -> None:
    regions = begun(LARGE)
    assert regions.plan(LARGE, STILL, EMPTY, 5.0).places == ()
    regions.restart()
    assert regions.plan(LARGE, STILL, EMPTY, 5.2).places == (WHOLE,)
