import numpy as np
import pytest

from hub.api import Box, ObjectAppeared
from hub.vision.facts import Motion, Priority, Track, Tracks
from hub.vision.geometry import WHOLE, area, shared
from hub.vision.plan import RegionPlan
from hub.vision.regions import Regions
from tests.hub.vision.scenes import encode, person, picture
from tests.hub.vision.test_runner import Eager, plan

SMALL, LARGE = (640, 360), (3840, 2160)
STILL = Motion()
EMPTY = Tracks()


def holds(outer: Box, inner: Box) -> bool:
    return (
        outer.left <= inner.left + 1e-9
        and outer.top <= inner.top + 1e-9
        and outer.right >= inner.right - 1e-9
        and outer.bottom >= inner.bottom - 1e-9
    )


def moving(*boxes: Box) -> Motion:
    return Motion(boxes=boxes, moving=True)


def tracks(*boxes: Box, confirmed: bool = True, seen: bool = True, still: bool = False) -> Tracks:
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
                still=still,
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


def test_somebody_who_stands_is_looked_at_every_other_second() -> None:
    assert looks(begun(), STILL, tracks(Box(0.4, 0.4, 0.5, 0.8)), 2, 12) in (6, 7)


def test_what_is_parked_is_looked_at_more_and_more_rarely_the_longer_nothing_moves() -> None:
    regions, parked = begun(), tracks(Box(0.4, 0.4, 0.5, 0.8), still=True)
    assert looks(regions, STILL, parked, 2, 62) in range(9, 13)
    looks(regions, STILL, parked, 62, 300)
    assert looks(regions, STILL, parked, 300, 600) in (9, 10, 11)


def test_motion_at_something_parked_is_looked_at_at_once() -> None:
    regions, place = begun(), Box(0.4, 0.4, 0.5, 0.8)
    looks(regions, STILL, tracks(place, still=True), 2, 300)
    assert looks(regions, moving(place), tracks(place, still=True), 300, 301) == 5


def test_something_parked_that_a_look_missed_is_looked_for_again_soon() -> None:
    regions, place = begun(), Box(0.4, 0.4, 0.5, 0.8)
    looks(regions, STILL, tracks(place, still=True), 2, 300)
    assert looks(regions, STILL, tracks(place, still=True, seen=False), 300, 303) == 2


def test_what_is_parked_elsewhere_costs_no_region_of_its_own() -> None:
    cars = tracks(*[Box(x / 10, 0.8, x / 10 + 0.04, 0.9) for x in range(0, 10, 2)], still=True)
    regions = begun(LARGE).plan(LARGE, moving(Box(0.1, 0.1, 0.13, 0.2)), cars, 3.0)
    assert len(regions.places) == 1


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
        assert any(holds(region, each) for region in regions)
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


def test_what_moves_all_over_means_the_whole_frame() -> None:
    assert begun(LARGE).plan(LARGE, moving(Box(0.1, 0.0, 0.9, 1.0)), EMPTY, 3.0).places == (WHOLE,)


def test_much_that_moves_is_seen_in_few_regions() -> None:
    crowd = moving(*[Box(x / 10, 0.4, x / 10 + 0.03, 0.5) for x in range(0, 10, 2)])
    regions = begun(LARGE, 208).plan(LARGE, crowd, EMPTY, 3.0)
    assert len(regions.places) <= 4
    assert all(any(holds(r, each) for r in regions.places) for each in crowd.boxes)


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


@pytest.mark.parametrize(
    "frame", [(640, 360), (1280, 720), (1920, 1080), (3840, 2160), (1922, 1082)]
)
@pytest.mark.parametrize("size", [192, 416, 640])
def test_whatever_moves_is_whole_in_a_region_and_regions_are_few_even_and_in_the_frame(
    frame: tuple[int, int], size: int
) -> None:
    dice = np.random.default_rng(frame[0] + size)
    for _ in range(60):
        boxes = [random_box(dice) for _ in range(int(dice.integers(1, 9)))]
        places = begun(frame, size).plan(frame, moving(*boxes), EMPTY, 3.0).places
        assert 1 <= len(places) <= 4
        for each in boxes:
            assert any(holds(place, each) for place in places)
        for place in places:
            assert holds(WHOLE, place)
            assert place == WHOLE or all(map(is_even, pixels(place, frame)))


def test_the_same_is_planned_twice() -> None:
    dice = np.random.default_rng(4)
    scenes = [moving(*[random_box(dice) for _ in range(5)]) for _ in range(50)]
    planned = [
        [regions.plan(LARGE, each, EMPTY, 3 + i / 5) for i, each in enumerate(scenes)]
        for regions in (begun(LARGE), begun(LARGE))
    ]
    assert planned[0] == planned[1]


def test_a_camera_in_whole_mode_gives_all_of_every_frame() -> None:
    regions = Regions((416, 416), RegionPlan(mode="whole"), whole_frames=False)
    for number in range(100):
        look = regions.plan(LARGE, STILL, EMPTY, number / 5)
        assert look.places == (WHOLE,)
    assert look.priority is Priority.REFRESH


@pytest.mark.parametrize("tiles", [(1, 1), (2, 2), (3, 2), (8, 1), (5, 5)])
@pytest.mark.parametrize("frame", [(1920, 1080), (3840, 2160), (1922, 1082)])
def test_tiles_cover_the_frame_and_what_is_small_is_whole_in_one(
    tiles: tuple[int, int], frame: tuple[int, int]
) -> None:
    regions = Regions((416, 416), RegionPlan(mode="tiles", tiles=tiles), whole_frames=False)
    places = regions.plan(frame, STILL, EMPTY, 100.0).places
    assert len(places) == tiles[0] * tiles[1]
    assert all(is_even(each) for place in places for each in pixels(place, frame))
    dice = np.random.default_rng(1)
    wide, high = 0.14 / tiles[0], 0.14 / tiles[1]
    for _ in range(300):
        x, y = dice.uniform(0, 1 - wide), dice.uniform(0, 1 - high)
        assert any(holds(place, Box(x, y, x + wide, y + high)) for place in places)


def test_nothing_outside_the_region_of_interest_is_looked_at() -> None:
    gate = ((0.5, 0.25), (0.75, 0.25), (0.75, 0.75), (0.5, 0.75))
    regions = Regions((416, 416), RegionPlan(interest=gate), whole_frames=False)
    bounds = Box(0.5, 0.25, 0.75, 0.75)
    assert regions.plan(LARGE, STILL, EMPTY, 0.0).places == (bounds,)
    assert not regions.plan(LARGE, moving(Box(0.1, 0.1, 0.2, 0.2)), EMPTY, 2.0)
    across = regions.plan(LARGE, moving(Box(0.45, 0.4, 0.52, 0.5)), EMPTY, 2.2).places
    assert len(across) == 1
    assert holds(bounds, across[0])
    assert shared(across[0], Box(0.5, 0.4, 0.52, 0.5)) > 0
    assert regions.counts(Box(0.55, 0.2, 0.6, 0.7))
    assert not regions.counts(Box(0.55, 0.2, 0.6, 0.8))


def test_tiles_are_those_of_the_region_of_interest() -> None:
    plan = RegionPlan(mode="tiles", interest=((0.5, 0.5), (1.0, 0.5), (1.0, 1.0), (0.5, 1.0)))
    places = Regions((416, 416), plan, whole_frames=False).plan(LARGE, STILL, EMPTY, 0).places
    assert len(places) == 4
    assert all(holds(Box(0.5, 0.5, 1.0, 1.0), each) for each in places)


def test_leaves_are_looked_at_less_and_less_but_every_two_seconds() -> None:
    regions, tree = begun(), moving(Box(0.6, 0.1, 0.8, 0.4))
    first = looks(regions, tree, EMPTY, 2, 4)
    later = looks(regions, tree, EMPTY, 4, 34)
    last = looks(regions, tree, EMPTY, 34, 64)
    assert first == 10
    assert 15 <= last <= later <= 60


def test_somebody_beside_the_leaves_is_looked_at_at_once() -> None:
    regions, tree = begun(), Box(0.6, 0.1, 0.8, 0.4)
    looks(regions, moving(tree), EMPTY, 2, 64)
    assert looks(regions, moving(tree, Box(0.2, 0.4, 0.3, 0.8)), EMPTY, 64, 65) == 5


def test_somebody_who_walks_before_the_leaves_is_looked_at_as_soon_as_he_is_known() -> None:
    regions, tree = begun(), Box(0.6, 0.1, 0.8, 0.4)
    looks(regions, moving(tree), EMPTY, 2, 64)
    walker = tracks(Box(0.65, 0.2, 0.7, 0.45))
    assert looks(regions, moving(tree), walker, 64, 66) == 10


def test_what_was_in_vain_is_forgotten() -> None:
    regions, tree = begun(), moving(Box(0.6, 0.1, 0.8, 0.4))
    looks(regions, tree, EMPTY, 2, 34)
    looks(regions, STILL, EMPTY, 34, 400)
    assert looks(regions, tree, EMPTY, 400, 401) == 5


def test_a_changed_plan_is_followed() -> None:
    regions = begun(LARGE)
    regions.replan(RegionPlan(mode="tiles", tiles=(3, 2)))
    assert len(regions.plan(LARGE, STILL, EMPTY, 3.0).places) == 6


def random_box(dice: np.random.Generator) -> Box:
    wide, high = dice.uniform(0.01, 0.2), dice.uniform(0.01, 0.3)
    left, top = dice.uniform(0, 1 - wide), dice.uniform(0, 1 - high)
    return Box(left, top, left + wide, top + high)


def pixels(place: Box, frame: tuple[int, int]) -> list[float]:
    wide, high = frame
    return [place.left * wide, place.right * wide, place.top * high, place.bottom * high]


def is_even(value: float) -> bool:
    return abs(value / 2 - round(value / 2)) < 1e-6


def test_who_stands_outside_the_region_of_interest_is_not_followed() -> None:
    gate = ((0.6, 0.0), (1.0, 0.0), (1.0, 1.0), (0.6, 1.0))
    shown = encode([picture()] * 5 + [picture(person(0.3), person(0.8))] * 15, fps=5)
    for interest, count in (((), 2), (gate, 1)):
        camera = Eager(plan(zones=(), regions=RegionPlan(interest=interest)))
        camera.show(shown)
        assert len(camera.of(ObjectAppeared)) == count
