import pytest

from hub.vision.budget import Reason
from hub.vision.facts import Priority
from hub.vision.queueing import AGES, Line
from tests.hub.vision.eyes import Heard, question


def served(line: Line, now: float, busy: tuple[str, ...] = ()) -> str | None:
    chosen = line.first(busy, now)
    if chosen is None:
        return None
    line.take(chosen)
    return chosen.question.camera


def test_of_equals_the_one_served_least_recently_goes_first() -> None:
    line = Line()
    order = []
    for turn in range(6):
        for camera in ("busy", "calm") if turn % 2 else ("busy",):
            line.put(question(Heard(), camera), float(turn) / 10)
        order.append(served(line, float(turn) / 10))
    assert order == ["busy", "calm", "busy", "calm", "busy", "calm"]


def test_a_refresh_is_late_but_comes() -> None:
    line = Line()
    line.put(question(Heard(), "parked", Priority.REFRESH), 0.0)
    now, order = 0.0, []
    while "parked" not in order and now < 60:
        line.put(question(Heard(), "busy", Priority.NEW), now)
        if now > 1:  # a newer refresh keeps the place of the one it replaces
            line.put(question(Heard(), "parked", Priority.REFRESH), now)
        order.append(served(line, now))
        now += 0.1
    assert AGES <= now <= 3 * AGES


def test_a_newer_question_inherits_the_need_of_the_one_it_replaces() -> None:
    line = Line()
    line.put(question(Heard(), "walker", Priority.ACTIVE), 0.0)
    old = question(Heard(), "comer", Priority.NEW)
    line.put(old, 0.0)
    dropped = line.put(question(Heard(), "comer", Priority.REFRESH), 0.1)
    assert dropped == [(old, Reason.REPLACED)]
    assert served(line, 0.1) == "comer"


def test_the_line_is_bounded_and_what_matters_least_is_dropped() -> None:
    line = Line(most=3)
    line.put(question(Heard(), "comer", Priority.NEW), 0.0)
    line.put(question(Heard(), "parked", Priority.REFRESH), 0.0)
    line.put(question(Heard(), "walker", Priority.ACTIVE), 0.0)
    ((left, why),) = line.put(question(Heard(), "other", Priority.NEW), 0.1)
    assert (left.camera, why, len(line)) == ("parked", Reason.CROWDED, 3)


def test_a_camera_that_is_being_answered_waits() -> None:
    line = Line()
    line.put(question(Heard(), "porch"), 0.0)
    assert served(line, 0.0, busy=("porch",)) is None
    assert served(line, 0.0) == "porch"
    assert line.clear() == []


@pytest.mark.parametrize("cameras", [1, 16, 60])
def test_everybody_gets_the_same_share(cameras: int) -> None:
    line = Line()
    names = [f"camera{number}" for number in range(cameras)]
    count = dict.fromkeys(names, 0)
    for turn in range(cameras * 10):
        for each in names:
            line.put(question(Heard(), each), turn / 100)
        chosen = served(line, turn / 100)
        assert chosen is not None
        count[chosen] += 1
    assert set(count.values()) == {10}
