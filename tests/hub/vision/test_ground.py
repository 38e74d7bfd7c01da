import numpy as np
import pytest

from hub.vision.facts import Tracks
from hub.vision.ground import Ground, Speeds
from hub.vision.plan import GroundPlan
from tests.hub.vision.people import stands

# A camera 4 m high that looks 25 degrees down; x to its right and y ahead, in metres.
_TILT = np.radians(25)


def seen(x: float, y: float) -> tuple[float, float]:
    depth = y * np.cos(_TILT) + 4 * np.sin(_TILT)
    up = -4 * np.cos(_TILT) + y * np.sin(_TILT)
    return 0.5 + 0.6 * x / depth, 0.5 - 0.9 * up / depth


CORNERS = ((-2.0, 12.0), (2.0, 12.0), (2.0, 6.0), (-2.0, 6.0))
PLAN = GroundPlan(points=tuple(seen(*each) for each in CORNERS), width=4.0, depth=6.0)


def test_corners_are_where_they_were_said_to_be_and_all_else_fits() -> None:
    ground = Ground(PLAN)
    places = [ground.place(*each) for each in PLAN.points]
    assert np.array(places) == pytest.approx(np.array([(0, 0), (4, 0), (4, 6), (0, 6)]), abs=1e-6)
    assert ground.place(*seen(1.0, 8.0)) == pytest.approx((3.0, 4.0))
    assert ground.place(*seen(-5.0, 30.0)) == pytest.approx((-3.0, -18.0))


def test_the_sky_is_nowhere_on_the_ground() -> None:
    assert Ground(PLAN).place(0.5, 0.01) is None


@pytest.mark.parametrize("fps", [2, 5, 15])
@pytest.mark.parametrize("speed", [0.5, 1.4, 3.0])
@pytest.mark.parametrize("way", [(1.0, 0.0), (0.0, 1.0), (0.6, -0.8)])
def test_a_walker_is_as_fast_as_they_are(way: tuple[float, float], speed: float, fps: int) -> None:
    dice, speeds, found = np.random.default_rng(1), Speeds(PLAN), []
    for number in range(2 * fps + 1):
        now = number / fps
        gone = speed * (now - 1)
        x, y = seen(way[0] * gone, 9 + way[1] * gone)
        across, down = dice.normal(0, 0.0004, 2)
        track = stands(x + across, y + down, now, tall=0.1)
        pace = speeds.update(Tracks(live=(track,)))[1]
        found.append(pace.now)
    assert found[0] is None
    assert pace.now == pytest.approx(speed, rel=0.05, abs=0.05)
    assert pace.total / pace.looks == pytest.approx(speed, rel=0.05, abs=0.08)
    assert pace.most >= speed * 0.95


def test_who_stands_has_next_to_no_speed() -> None:
    speeds, dice = Speeds(PLAN), np.random.default_rng(2)
    for number in range(50):
        x, y = seen(0, 8)
        across, down = dice.normal(0, 0.001, 2)
        pace = speeds.update(Tracks(live=(stands(x + across, y + down, number / 5),)))[1]
    assert pace.now is not None
    assert pace.now < 0.15


def test_who_leaves_tells_the_last_time_and_is_forgotten() -> None:
    speeds = Speeds(PLAN)
    for number in range(10):
        x, y = seen(0.2 * number, 8)
        track = stands(x, y, number / 5)
        speeds.update(Tracks(live=(track,)))
    gone = speeds.update(Tracks(ended=(track,)))
    assert gone[1].most == pytest.approx(1.0, rel=0.05)
    assert speeds.update(Tracks()) == {}


def test_without_a_ground_there_are_no_speeds() -> None:
    assert Speeds(None).update(Tracks(live=(stands(0.5, 0.5, 0.0),))) == {}


def test_a_track_that_is_not_looked_at_keeps_its_pace() -> None:
    speeds = Speeds(PLAN)
    for number in range(6):
        track = stands(*seen(0.2 * number, 8), number / 5)
        before = speeds.update(Tracks(live=(track,)))
    assert speeds.update(Tracks(live=(track,))) == before
