import pytest

from hub.app.crashes import Crashes
from hub.vision.messages import Beat
from tests.hub.app.test_budgets import BUSY, IDLE

SEGFAULT = "was ended by SIGSEGV"


def beat(**detectors: bool) -> Beat:
    spent = {name: BUSY if works else IDLE for name, works in detectors.items()}
    return Beat(frames={}, inferences={}, dropped={}, detectors=spent)


def life(crashes: Crashes, *loaded: str, working: str = "", planned: str = "") -> None:
    crashes.started()
    crashes.planned([*loaded, *planned.split()])
    for each in loaded:
        crashes.loaded(each)
    crashes.beat(beat(**{each: each in working.split() for each in loaded}))


def test_who_was_at_work_at_three_crashes_is_to_blame() -> None:
    crashes = Crashes()
    found = []
    for number in range(3):
        life(crashes, "openvino", "builtin", working="openvino")
        found.append(crashes.lost(SEGFAULT, number * 10.0, ()))
    assert found == [[], [], ["openvino"]]


def test_who_was_being_loaded_is_to_blame_and_not_who_worked() -> None:
    crashes = Crashes()
    for number in range(3):
        life(crashes, "builtin", working="builtin", planned="openvino")
        found = crashes.lost(SEGFAULT, number * 10.0, ())
    assert found == ["openvino"]


def test_one_that_crashes_before_its_first_beat_is_known() -> None:
    crashes = Crashes()
    for number in range(3):
        crashes.started()
        crashes.planned(["openvino"])
        crashes.loaded("openvino")
        found = crashes.lost("said nothing for 5 s and was killed", float(number), ())
    assert found == ["openvino"]


@pytest.mark.parametrize(
    "reason", ["was ended by SIGKILL", "ended with code 1", "cannot be started: Too many files"]
)
def test_an_end_that_is_no_crash_blames_nobody(reason: str) -> None:
    crashes = Crashes()
    for number in range(5):
        life(crashes, "openvino", working="openvino")
        assert crashes.lost(reason, float(number), ()) == []


def test_crashes_far_apart_or_without_it_blame_nobody() -> None:
    crashes = Crashes()
    for number in range(5):
        life(crashes, "openvino", working="openvino")
        assert crashes.lost(SEGFAULT, number * 200.0, ()) == []
    crashes = Crashes()
    for number in range(9):
        life(crashes, "openvino", "other", working="openvino" if number % 3 else "other")
        assert crashes.lost(SEGFAULT, float(number), ()) == []


def test_one_that_is_only_tried_is_given_no_second_chance() -> None:
    crashes = Crashes()
    life(crashes, "builtin", working="builtin", planned="openvino")
    assert crashes.lost(SEGFAULT, 0.0, {"openvino"}) == ["openvino"]


def test_one_that_failed_or_is_not_wanted_any_more_is_no_suspect() -> None:
    crashes = Crashes()
    for number in range(4):
        life(crashes, "openvino", "other", working="openvino other")
        crashes.failed("openvino")
        crashes.planned(["other"])
        found = crashes.lost(SEGFAULT, float(number), ())
        assert "openvino" not in found


def test_the_builtin_one_is_blamed_only_when_nobody_else_was_there() -> None:
    for others in ("openvino", ""):
        crashes = Crashes()
        for number in range(3):
            life(crashes, "builtin", *others.split(), working=f"builtin {others}")
            found = crashes.lost(SEGFAULT, float(number), ())
        assert found == [others or "builtin"]
