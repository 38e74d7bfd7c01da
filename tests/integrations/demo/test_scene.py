"""What is drawn: the same for the same number, with boxes that are true."""

import numpy as np
import pytest

from integrations.demo.perspective import View
from integrations.demo.scene import Scene
from tests.integrations.demo.conftest import SMALL, Picture, colours

MINUTES_5 = range(0, 3000, 2)


def luma(frame: Picture) -> Picture:
    return frame[: len(frame) * 2 // 3]


def test_a_frame_is_the_same_whenever_it_is_asked_for(day: Scene) -> None:
    other = Scene(SMALL, 10.0, 1, time="day", title="Porch")
    backwards = {number: other.frame(number) for number in (95, 40, 0)}

    for number, frame in backwards.items():
        assert np.array_equal(day.frame(number), frame)


def test_the_light_does_not_depend_on_what_was_drawn_before() -> None:
    jumped, walked = Scene(SMALL, 10.0, 1), Scene(SMALL, 10.0, 1)
    for number in range(0, 2000, 250):
        walked.frame(number)

    assert np.array_equal(jumped.frame(2000), walked.frame(2000))


def test_frames_go_on_from_any_start(day: Scene) -> None:
    frames = day.frames(start=60)

    assert np.array_equal(next(frames), day.frame(60))
    assert np.array_equal(next(frames), day.frame(61))


def test_another_seed_brings_other_people(day: Scene) -> None:
    other = Scene(SMALL, 10.0, 2, time="day", title="Porch")

    assert other.people(400) != day.people(400)


def test_the_first_visitor_is_on_the_doorstep_within_seven_seconds(day: Scene) -> None:
    begins = next(n for n in range(200) if any(each.doorstep for each in day.people(n)))

    assert 40 < begins < 70


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_somebody_new_comes_to_the_door_every_quarter_of_a_minute(seed: int) -> None:
    scene = Scene(SMALL, 10.0, seed)
    came: dict[str, float] = {}
    for number in MINUTES_5:
        for each in scene.people(number):
            if each.doorstep:
                came.setdefault(each.name, number / 10)

    gaps = np.diff(sorted(came.values()))
    assert len(came) >= 15
    assert gaps.min() > 15
    assert gaps.max() < 21


def test_visitors_stay_for_some_seconds_and_leave(day: Scene) -> None:
    stays: dict[str, int] = {}
    for number in MINUTES_5:
        for each in day.people(number):
            stays[each.name] = stays.get(each.name, 0) + each.doorstep

    visitors = [stay / 5 for name, stay in stays.items() if name.startswith("visitor")]
    assert all(3 < stay < 12 for stay in visitors[:-1])


def test_people_also_just_pass_by_on_the_lane(day: Scene) -> None:
    passers = {
        each.name: each
        for number in MINUTES_5
        for each in day.people(number)
        if each.name.startswith("passer")
    }

    assert len(passers) >= 8
    assert not any(each.doorstep for each in passers.values())


def test_a_box_holds_its_figure_and_little_else(day: Scene) -> None:
    empty = colours(day.frame(0)).astype(int)
    for number in (25, 40, 60, 90):
        changed = np.abs(colours(day.frame(number)).astype(int) - empty).max(axis=2) > 45
        for each in day.people(number):
            if each.visible < 0.9:
                continue
            box = each.box
            left, right = round(box.left * 320), round(box.right * 320)
            top, bottom = round(box.top * 180), round(box.bottom * 180)
            inside = changed[top:bottom, left:right]
            beside = changed[top:bottom, right + 3 : right + 3 + right - left]
            assert inside.mean() > 0.25
            assert beside.mean() < 0.1
            assert inside.any(axis=1).mean() > 0.85  # from head to foot


def test_people_nearer_are_larger(day: Scene) -> None:
    tallest = {
        each.name.split("-")[0]: each.box.bottom - each.box.top
        for number in range(60, 100)
        for each in day.people(number)
    }

    assert tallest["visitor"] > 1.4 * tallest["passer"]


def test_who_walks_behind_the_house_is_not_seen(day: Scene) -> None:
    seen = [
        (each, number)
        for number in MINUTES_5
        for each in day.people(number)
        if each.name.startswith("passer") and each.box.left > 0.53
    ]

    assert seen
    assert all(each.visible < 0.05 for each, _ in seen)
    each, number = seen[0]
    rows = slice(round(each.box.top * 180), round(each.box.bottom * 180))
    columns = slice(round(each.box.left * 320), round(each.box.right * 320))
    wall = luma(day.frame(0))[rows, columns].astype(int)
    assert np.abs(luma(day.frame(number))[rows, columns] - wall).mean() < 6


def test_the_same_person_looks_the_same_on_the_way_out(day: Scene) -> None:
    def jacket(number: int) -> list[float]:
        box = next(each.box for each in day.people(number) if each.name == "visitor-0")
        across, down = (box.left + box.right) / 2 * 320, (box.top * 0.7 + box.bottom * 0.3) * 180
        around = colours(day.frame(number))[round(down) - 2 : round(down) + 3, :]
        middle = around[:, round(across) - 1 : round(across) + 2]
        return [float(each) for each in middle.mean(axis=(0, 1))]

    assert np.allclose(jacket(40), jacket(135), atol=45)


def test_dusk_is_darker_but_the_lamp_is_lit(day: Scene, dusk: Scene) -> None:
    bright, dim = luma(day.frame(0)), luma(dusk.frame(0))
    windows = np.s_[60:85, 255:280]

    assert dim.mean() < 0.75 * bright.mean()
    assert dim[windows].mean() > 1.2 * bright[windows].mean()


def test_the_light_goes_slowly_from_day_to_dusk_and_back() -> None:
    scene = Scene(SMALL, 10.0, 1)
    course = np.array([scene.dusk(second) for second in np.arange(0, 720, 0.1)])

    assert course.min() == 0.0
    assert course.max() == pytest.approx(1.0)
    assert np.abs(np.diff(course)).max() < 0.005
    assert scene.dusk(0.0) == scene.dusk(360.0) == 0.0


def test_the_clock_in_the_corner_goes_on() -> None:
    scene = Scene(SMALL, 10.0, 1, time="day", clock=3599.0)
    corner = np.s_[165:, 240:]
    first, same, later = (luma(scene.frame(each))[corner].astype(int) for each in (0, 8, 10))

    assert np.abs(first - same).max() < 25
    assert np.abs(first - later).max() > 60


@pytest.mark.parametrize(("width", "height"), [(160, 90), (640, 480), (1280, 720)])
def test_any_size_shows_the_same_yard(width: int, height: int) -> None:
    scene = Scene(View(width=width, height=height), 5.0, 1, title="Porch")

    frame = scene.frame(30)
    assert frame.shape == (height * 3 // 2, width)
    assert "visitor-0" in {each.name for each in scene.people(30)}
