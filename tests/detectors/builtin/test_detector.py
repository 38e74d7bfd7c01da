"""Upright things that move are labelled, and nothing else is."""

import logging
import subprocess
import sys

import cv2
import numpy as np
import pytest
import voluptuous as vol

from detectors.builtin import hub_components
from detectors.builtin.detector import BuiltinDetector
from hub.api import Box, Detection
from hub.core.components import load
from tests.detectors.builtin.conftest import Film, Picture, look, make, region, watch


def walk(film: Film, begin: float = 20, end: float = 200, steps: int = 20) -> list[Picture]:
    return [film.person(x) for x in np.linspace(begin, end, steps)]


def settled(detector: BuiltinDetector, film: Film) -> None:
    watch(detector, (film.still() for _ in range(10)))


def test_it_is_found_by_its_name() -> None:
    assert list(hub_components()) == [BuiltinDetector]
    assert load("builtin", "builtin", BuiltinDetector) is BuiltinDetector


def test_naming_it_costs_no_heavy_import() -> None:
    code = (
        "import detectors.builtin, sys; detectors.builtin.hub_components();"
        "print([each for each in ('cv2', 'numpy') if each in sys.modules])"
    )
    shown = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert shown.stdout.strip() == "[]"


def test_it_says_what_it_is_when_loaded(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO):
        detector = make()

    assert "it knows no objects" in caplog.text
    assert detector.labels == ("person",)
    assert detector.whole_frames


@pytest.mark.parametrize("wrong", [{"threshold": 0}, {"hold": 2.5}, {"max_height": 2}, {"x": 1}])
def test_wrong_options_are_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(vol.Invalid):
        vol.Schema(dict(BuiltinDetector.SCHEMA))(wrong)


def test_a_walker_is_a_person_with_a_fair_score(detector: BuiltinDetector, film: Film) -> None:
    settled(detector, film)
    seen = watch(detector, walk(film))[5:]

    assert all(len(each) == 1 for each in seen)
    assert {each[0].label for each in seen} == {"person"}
    assert all(0.5 < each[0].score <= 0.8 for each in seen)


def test_the_box_is_that_of_the_figure(detector: BuiltinDetector, film: Film) -> None:
    settled(detector, film)
    box = watch(detector, walk(film))[-1][0].box

    assert box.left * 320 == pytest.approx(200 - 10.5, abs=4)
    assert box.right * 320 == pytest.approx(200 + 10.5, abs=4)
    assert box.top * 180 == pytest.approx(150 - 70, abs=4)
    assert box.bottom * 180 == pytest.approx(150, abs=4)


def test_larger_pictures_give_the_same_boxes(film: Film) -> None:
    small, large = make(), make()
    pictures = [*(film.still() for _ in range(5)), *walk(film)]
    doubled = [np.asarray(cv2.resize(each, (640, 360)), np.uint8) for each in pictures]

    one, two = watch(small, pictures)[-1][0].box, watch(large, doubled)[-1][0].box
    assert one.left == pytest.approx(two.left, abs=0.02)
    assert one.bottom == pytest.approx(two.bottom, abs=0.02)


def test_boxes_are_of_the_whole_frame_also_for_a_part_of_it(film: Film) -> None:
    detector = make()
    answers: list[Detection] = []
    right_half = Box(0.5, 0.0, 1.0, 1.0)
    for each in [*(film.still() for _ in range(5)), *walk(film)]:
        answers.clear()
        detector.submit(region(each, right_half), "porch", answers.extend)

    assert answers[0].box.left == pytest.approx(0.5 + (200 - 10.5) / 320 / 2, abs=0.01)


def test_an_empty_picture_with_noise_holds_nobody(detector: BuiltinDetector, film: Film) -> None:
    seen = watch(detector, (film.still() for _ in range(100)))

    assert not any(seen)


def test_somebody_who_stands_at_the_door_is_kept(detector: BuiltinDetector, film: Film) -> None:
    settled(detector, film)
    watch(detector, walk(film))
    shifting = [film.person(200 + 1.5 * np.sin(each)) for each in range(120)]
    standing = watch(detector, shifting)

    assert all(len(each) == 1 for each in standing)


def test_nobody_is_left_where_somebody_stood(detector: BuiltinDetector, film: Film) -> None:
    settled(detector, film)
    watch(detector, walk(film))
    watch(detector, (film.person(200 + 1.5 * np.sin(each)) for each in range(60)))
    watch(detector, walk(film, 200, 300, 12))
    gone = watch(detector, (film.still() for _ in range(20)))

    assert not any(gone[4:])


def test_somebody_like_a_photograph_becomes_background(film: Film) -> None:
    detector = make()
    settled(detector, film)
    watch(detector, walk(film))
    frozen = film.person(200)
    seen = watch(detector, (frozen for _ in range(400)))

    assert seen[30]
    assert not seen[-1]


def test_hold_limits_how_long_somebody_may_stand() -> None:
    film, detector = Film(), make(hold=20)
    settled(detector, film)
    watch(detector, walk(film))
    seen = watch(detector, (film.person(200 + 1.2 * np.sin(each)) for each in range(400)))

    assert seen[10]
    assert not seen[-1]


def test_who_was_there_at_the_start_is_nobody_until_they_walk(
    detector: BuiltinDetector, film: Film
) -> None:
    standing = watch(detector, (film.person(100) for _ in range(20)))
    walking = watch(detector, walk(film, 100, 250))

    assert not any(standing)
    assert walking[-1]
    assert walking[-1][0].box.left * 320 > 200


def test_a_thing_that_sways_on_its_spot_is_not_a_person(
    detector: BuiltinDetector, film: Film
) -> None:
    settled(detector, film)
    seen = watch(detector, (film.person(150 + 4 * np.sin(each * 0.7)) for each in range(150)))

    assert not any(seen)


def test_a_wide_thing_that_moves_is_not_a_person(detector: BuiltinDetector, film: Film) -> None:
    settled(detector, film)
    seen = watch(detector, (film.box(x, 100, 90, 45) for x in range(0, 220, 8)))

    assert not any(seen)


def test_a_small_thing_that_moves_is_not_a_person(detector: BuiltinDetector, film: Film) -> None:
    settled(detector, film)
    seen = watch(detector, (film.box(x, 100, 5, 10) for x in range(20, 220, 4)))

    assert not any(seen)


def test_how_tall_a_person_is_can_be_said(film: Film) -> None:
    detector = make(min_height=0.5)
    settled(detector, film)

    assert not any(watch(detector, walk(film)))


def test_a_shadow_that_wanders_is_not_a_person(detector: BuiltinDetector, film: Film) -> None:
    settled(detector, film)

    def shaded(left: int) -> Picture:
        picture = film.still()
        part = picture[60:140, left : left + 30]
        part[:] = (part * 0.7).astype(np.uint8)
        return picture

    assert not any(watch(detector, (shaded(each) for each in range(20, 240, 8))))


def test_a_light_that_is_switched_is_no_news(detector: BuiltinDetector, film: Film) -> None:
    settled(detector, film)
    dark = [(film.still() * 0.3).astype(np.uint8) for _ in range(15)]
    light = [film.still() for _ in range(15)]

    assert not any(watch(detector, [*dark, *light]))
    assert watch(detector, walk(film))[-1]


def test_light_that_fades_slowly_is_no_news(detector: BuiltinDetector, film: Film) -> None:
    faded = [(film.still() * part).astype(np.uint8) for part in np.linspace(1.0, 0.5, 300)]

    assert not any(watch(detector, faded))


def test_light_that_fades_behind_somebody_leaves_no_trace_of_them(
    detector: BuiltinDetector, film: Film
) -> None:
    settled(detector, film)
    watch(detector, walk(film))
    light = np.linspace(1.0, 0.7, 60)
    watch(detector, ((film.person(200 + np.sin(i)) * part).astype(np.uint8)
                     for i, part in enumerate(light)))  # fmt: skip
    watch(detector, ((each * 0.7).astype(np.uint8) for each in walk(film, 200, 310, 14)))
    gone = watch(detector, ((film.still() * 0.7).astype(np.uint8) for _ in range(20)))

    assert not any(gone[4:])


def test_two_people_apart_are_two(detector: BuiltinDetector, film: Film) -> None:
    settled(detector, film)

    def both(x: float) -> Picture:
        left, right = film.person(x), film.person(x + 100)
        return np.hstack([left[:, : round(x) + 50], right[:, round(x) + 50 :]])

    seen = watch(detector, (both(x) for x in np.linspace(20, 150, 20)))

    assert [len(each) for each in seen[-5:]] == [2] * 5


def test_cameras_do_not_mix(detector: BuiltinDetector, film: Film) -> None:
    other = Film(seed=9)
    seen = []
    for each in range(25):
        look(detector, other.still(), "yard")
        seen.append(look(detector, film.still() if each < 5 else film.person(each * 8), "porch"))

    assert seen[-1]
    assert not look(detector, other.still(), "yard")


def test_another_size_in_the_middle_begins_anew(detector: BuiltinDetector, film: Film) -> None:
    settled(detector, film)
    watch(detector, walk(film))
    tall = [np.asarray(cv2.resize(each, (240, 180)), np.uint8) for each in walk(film)]
    seen = watch(detector, tall)

    assert not seen[0]
    assert seen[-1]


def test_the_same_pictures_give_the_same_answers() -> None:
    film = Film()
    pictures = [*(film.still() for _ in range(5)), *walk(film)]

    assert watch(make(), pictures) == watch(make(), pictures)


def test_it_forgets_everything_when_closed(detector: BuiltinDetector, film: Film) -> None:
    settled(detector, film)
    detector.close()

    assert not look(detector, film.person(100))
