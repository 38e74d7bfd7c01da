"""Who walks where: known for any moment, without a jump between two."""

import math

import pytest

from integrations.demo.walks import DOOR, Walker, Way, walkers


def test_a_way_is_walked_at_an_even_pace() -> None:
    way = Way((0.0, 5.0), (4.0, 5.0), (4.0, 9.0))
    steps = [way.step(walked) for walked in (0.0, 1.0, 2.0, way.length)]

    assert steps[0].at == (0.0, 5.0)
    assert math.dist(steps[1].at, steps[2].at) == pytest.approx(1.0, abs=0.05)
    assert steps[3].at == pytest.approx((4.0, 9.0))
    assert 7 < way.length < 8  # the corner is cut


def test_a_walker_comes_faces_the_door_and_goes() -> None:
    walker = Walker(
        name="anna",
        begins=2.0,
        speed=1.0,
        way_in=Way((0.0, 7.0), DOOR),
        stays=4.0,
        way_out=Way(DOOR, (0.0, 7.0)),
    )
    coming, waiting, going = walker.at(3.0), walker.at(walker.arrives + 2), walker.at(9.0)

    assert walker.at(1.9) is None
    assert coming
    assert coming.pace == 1
    assert coming.heading[0] > 0
    assert waiting
    assert waiting.pace == 0
    assert waiting.heading[1] == pytest.approx(1.0)
    assert going
    assert going.heading[0] < 0
    assert walker.at(walker.ends) is None


@pytest.mark.parametrize("seed", [1, 7])
def test_nobody_ever_jumps(seed: int) -> None:
    last: dict[str, tuple[float, float]] = {}
    for tick in range(4000):
        now = {
            each.name: step.at
            for each in walkers(seed, tick / 20)
            if (step := each.at(tick / 20)) is not None
        }
        for name, at in now.items():
            if name in last:
                assert math.dist(last[name], at) < 0.1  # metres in a twentieth of a second
        last = now


def test_a_late_moment_can_be_asked_for_at_once() -> None:
    weeks = 30 * 86400.0
    late = {each.name for tick in range(20) for each in walkers(1, weeks + tick)}

    assert any(name.startswith("visitor-140") for name in late)
