"""Which picture of somebody is the best, and when it is worth storing."""

from collections.abc import Sequence

import cv2
import pytest

from hub.api import Box
from hub.vision.best import Best, Shot, sharpness
from tests.hub.vision.stills import Drawn, hit, noise, person, track

FRAME = noise()


def look(best: Best, box: Box, now: float, score: float = 0.8, frame: Drawn = FRAME) -> list[Shot]:
    return best.look([track(box)], [hit(box, score)], frame, now)


def worth(box: Box, score: float = 0.8, frame: Drawn = FRAME, others: Sequence[Box] = ()) -> float:
    shots = Best().look(
        [track(box), *(track(each, 2 + n) for n, each in enumerate(others))],
        [hit(box, score), *(hit(each) for each in others)],
        frame,
        0.0,
    )
    return shots[0].worth.total


def test_the_first_look_at_somebody_is_stored_at_once() -> None:
    (shot,) = look(Best(), person(), 1.0)
    assert (shot.track.id, shot.box, shot.frame) == ("porch-1", person(), FRAME)
    assert shot.first == FRAME.captured


def test_who_is_not_believed_not_seen_or_not_found_again_is_not_shot() -> None:
    box = person()
    assert Best().look([track(box, id="")], [hit(box)], FRAME, 0.0) == []
    assert Best().look([track(box, seen=False)], [hit(box)], FRAME, 0.0) == []
    assert Best().look([track(box)], [], FRAME, 0.0) == []
    assert Best().look([track(box)], [hit(box, label="dog")], FRAME, 0.0) == []
    assert Best().look([track(box)], [hit(person(0.1))], FRAME, 0.0) == []


def test_larger_surer_and_sharper_is_better() -> None:
    small, large = person(height=0.3), person(height=0.6)
    assert worth(large) > worth(small)
    assert worth(large, score=0.9) > worth(large, score=0.6)
    blurred = Drawn(cv2.GaussianBlur(FRAME.pixels, (15, 15), 5))
    assert worth(large) > 1.5 * worth(large, frame=blurred)


def test_whom_the_edge_cuts_is_worse_and_worse_still_in_a_corner() -> None:
    inside, cut = person(0.5, 0.95), person(0.5, 1.0)
    corner = Box(0.0, 0.6, 0.1, 1.0)
    assert worth(cut) == pytest.approx(worth(inside) * 0.6, rel=0.05)
    assert worth(corner) == pytest.approx(worth(inside) * 0.36, rel=0.05)


def test_somebody_in_front_makes_it_worse_and_somebody_behind_does_not() -> None:
    alone = worth(person(0.5, 0.8))
    assert worth(person(0.5, 0.8), others=[person(0.52, 0.9)]) < 0.7 * alone
    assert worth(person(0.5, 0.8), others=[person(0.52, 0.7)]) == alone


def test_a_notably_better_one_is_stored_after_a_pause_and_a_worse_one_never() -> None:
    best = Best()
    look(best, person(height=0.3), 0.0)
    assert look(best, person(height=0.5), 0.4) == []
    assert look(best, person(height=0.4), 1.9) == []
    (shot,) = look(best, person(height=0.3), 2.1)
    assert shot.box == person(height=0.5)
    assert look(best, person(height=0.45), 9.0) == []


def test_a_little_better_waits_for_the_end() -> None:
    best = Best()
    look(best, person(height=0.5), 0.0)
    assert look(best, person(height=0.54), 5.0) == []
    (last,) = best.end([track(person())], 6.0)
    assert last.box == person(height=0.54)
    assert best.end([track(person())], 6.0) == []


def test_a_little_better_one_is_not_held_for_as_long_as_somebody_stays() -> None:
    best = Best()
    look(best, person(height=0.5), 0.0)
    assert look(best, person(height=0.54), 5.0) == []
    assert look(best, person(height=0.5), 29.0) == []
    (shot,) = look(best, person(height=0.5), 31.0)
    assert shot.box == person(height=0.54)
    assert look(best, person(height=0.5), 90.0) == []


def test_a_larger_one_that_is_blurred_takes_no_sharp_ones_place() -> None:
    best = Best()
    look(best, person(height=0.5), 0.0)
    flat = noise(spread=1.0)
    box = person(height=0.6)
    assert best.look([track(box)], [hit(box)], flat, 5.0) == []
    assert best.look([track(box)], [hit(box)], flat, 50.0) == []
    assert best.end([track(box)], 60.0) == []


def test_the_end_of_somebody_whose_best_is_stored_stores_nothing() -> None:
    best = Best()
    look(best, person(), 0.0)
    assert best.end([track(person()), track(person(), 7)], 1.0) == []


def test_what_could_not_be_stored_is_tried_again_at_the_next_look() -> None:
    best = Best()
    (shot,) = look(best, person(), 0.0)
    best.lost(shot)
    assert len(look(best, person(), 0.2)) == 1
    best.lost(shot)
    best.end([track(person())], 1.0)
    best.lost(shot)


def test_pixels_are_looked_at_only_where_the_numbers_promise_something() -> None:
    class Counted(Drawn):
        reads = 0

        @property
        def luma(self) -> object:
            Counted.reads += 1
            return super().luma

    best, frame = Best(), Counted(FRAME.pixels)
    look(best, person(height=0.6), 0.0, frame=frame)
    for number in range(50):
        look(best, person(height=0.3), number / 5, frame=frame)
    assert Counted.reads == 1


def test_in_a_crowd_they_take_turns_and_everybody_gets_a_picture_soon() -> None:
    best, crowd = Best(), [person(0.05 + 0.045 * n, height=0.2) for n in range(20)]
    tracks = [track(box, n) for n, box in enumerate(crowd)]
    shots = [
        best.look(tracks, [hit(box) for box in crowd], FRAME, number / 5) for number in range(3)
    ]
    assert [len(each) for each in shots] == [8, 8, 4]
    assert len({each.track.number for some in shots for each in some}) == 20


@pytest.mark.parametrize(
    "box",
    [
        Box(0, 0, 1, 1),
        Box(-0.2, -0.2, 0.1, 0.1),
        Box(0.9, 0.9, 1.4, 1.4),
        Box(0.5, 0.5, 0.5, 0.5),
        Box(1.0, 1.0, 1.0, 1.0),
        Box(0.1, 0.0, 0.101, 1.0),
        Box(0.0, 0.1, 1.0, 0.101),
    ],
)
def test_any_box_has_a_sharpness(box: Box) -> None:
    assert 0.0 <= sharpness(FRAME.luma, box) <= 1.0


def test_sharpness_falls_with_blur_and_hardly_depends_on_how_large_somebody_is() -> None:
    whole = Box(0, 0, 1, 1)
    values = [
        sharpness(cv2.GaussianBlur(FRAME.luma, (0, 0), sigma), whole) for sigma in (0.5, 2, 4, 8)
    ]
    assert values == sorted(values, reverse=True)
    assert sharpness(noise(spread=1).luma, whole) < 0.1
