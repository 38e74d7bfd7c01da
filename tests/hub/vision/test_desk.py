import threading
import time
from collections import Counter
from collections.abc import Callable, Sequence

import pytest

from hub.api import Box, Detection, Region
from hub.vision import desk as desk_module
from hub.vision.desk import Desk, Queued
from hub.vision.facts import Priority
from hub.vision.geometry import WHOLE
from tests.hub.vision.eyes import Broken, Gated, Heard, Slow, question, sight, thing
from tests.hub.vision.scenes import RedFinder

LEFT, RIGHT = Box(0.0, 0.0, 0.5, 1.0), Box(0.5, 0.0, 1.0, 1.0)


def test_a_slow_detector_is_never_waited_for_and_the_oldest_question_is_dropped() -> None:
    slow = Slow()
    desk = Desk(slow, pytest.fail)
    first, second, third = Heard(), Heard(), Heard()
    desk.ask(question(first))
    assert slow.came.acquire(timeout=5)
    desk.ask(question(second))
    desk.ask(question(third))
    assert second.answers == [None]
    slow.answer(thing(LEFT))
    assert first.wait() == [thing(LEFT)]
    assert slow.came.acquire(timeout=5)
    slow.answer()
    assert third.wait() == []
    desk.close()
    assert slow.closed


def test_a_camera_has_one_question_under_way_and_others_are_not_held_up() -> None:
    slow = Slow()
    desk = Desk(slow, pytest.fail)
    porch, again, yard = Heard(), Heard(), Heard()
    desk.ask(question(porch))
    desk.ask(question(yard, "yard"))
    assert slow.came.acquire(timeout=5)
    assert slow.came.acquire(timeout=5)
    desk.ask(question(again))
    time.sleep(0.05)
    assert len(slow.asked) == 2
    slow.answer()
    slow.answer()
    assert slow.came.acquire(timeout=5)
    slow.answer()
    assert again.wait() == []
    desk.close()


def test_a_question_of_two_regions_is_answered_once_with_both() -> None:
    slow = Slow()
    desk = Desk(slow, pytest.fail)
    heard = Heard()
    desk.ask(question(heard, "porch", Priority.NEW, LEFT, RIGHT))
    assert slow.came.acquire(timeout=5)
    assert slow.came.acquire(timeout=5)
    slow.answer(thing(Box(0.1, 0.1, 0.2, 0.5)))
    time.sleep(0.05)
    assert heard.answers == []
    slow.answer(thing(Box(0.7, 0.1, 0.8, 0.5), 0.8))
    assert [each.score for each in heard.wait() or ()] == [0.9, 0.8]
    desk.close()


class Moody(RedFinder):
    """Looks when it is in the mood."""

    def __init__(self, *moods: bool) -> None:
        super().__init__()
        self.moods = [*moods]

    def submit(
        self, region: Region, camera: str, done: Callable[[Sequence[Detection] | None], None]
    ) -> None:
        done(() if self.moods.pop(0) else None)


@pytest.mark.parametrize(
    ("moods", "reports"),
    [([False] * 22, 1), ([*[False] * 19, True, *[False] * 19], 0), ([True] * 5, 0)],
)
def test_one_that_can_never_look_is_reported_once_and_one_that_cannot_now_and_then_is_not(
    moods: Sequence[bool], reports: int
) -> None:
    reasons: list[str] = []
    desk = Desk(Moody(*moods), reasons.append)
    heard = Heard()
    for each in moods:
        desk.ask(question(heard))
        assert heard.wait() == ([] if each else None)
    desk.close()
    assert reasons == ["it could not look 20 times in a row"] * reports


def test_a_detector_that_raises_is_reported_and_the_question_answered_with_nothing() -> None:
    reasons: list[str] = []
    desk = Desk(Broken(), reasons.append)
    heard = Heard()
    desk.ask(question(heard))
    assert heard.wait() is None
    desk.close()
    assert reasons == ["RuntimeError: out of memory"]


def test_what_waits_when_a_desk_closes_is_answered_with_nothing() -> None:
    slow = Slow()
    desk = Desk(slow, pytest.fail)
    first, second, late = Heard(), Heard(), Heard()
    desk.ask(question(first))
    assert slow.came.acquire(timeout=5)
    desk.ask(question(second))
    slow_end = threading.Timer(0.1, slow.answer)
    slow_end.start()
    desk.close()
    desk.ask(question(late))
    assert second.answers == late.answers == [None]
    assert first.wait() == []


def test_a_camera_is_woken_after_its_answer() -> None:
    desk = Desk(RedFinder(), pytest.fail)
    heard, woken = Heard(), threading.Event()
    eyes = Queued(desk, "porch", woken.set)
    assert (eyes.size, eyes.whole_frames) == ((416, 416), False)
    eyes.look(sight(), heard)
    assert woken.wait(5)
    assert heard.answers == [[]]
    desk.close()


def test_a_detector_is_not_accused_by_a_machine_that_slept(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    slow, accused = Slow(), []
    desk = Desk(slow, accused.append)
    answer = Heard()
    desk.ask(question(answer))
    assert slow.came.acquire(timeout=5)
    monkeypatch.setattr(desk_module, "monotonic", lambda: time.monotonic() + 60)
    desk.check()
    assert accused == []  # the first look after the sleep: nobody had time to answer
    desk.check()
    assert accused == ["it has not answered for 10 s"]
    slow.answer()
    desk.close()


def test_need_goes_first_and_of_equals_who_waited_longest() -> None:
    gated = Gated()
    desk = Desk(gated, pytest.fail)
    desk.ask(question(Heard(), "first"))
    assert gated.at_the_gate.acquire(timeout=5)
    desk.ask(question(Heard(), "parked", Priority.REFRESH))
    desk.ask(question(Heard(), "walker", Priority.ACTIVE))
    desk.ask(question(Heard(), "comer", Priority.NEW))
    desk.ask(question(last := Heard(), "other", Priority.REFRESH))
    gated.gate.release(5)
    last.wait()
    desk.close()
    assert gated.cameras == ["first", "comer", "walker", "parked", "other"]


def test_a_question_of_many_regions_lets_a_greater_need_go_first() -> None:
    gated = Gated()
    desk = Desk(gated, pytest.fail)
    tiles, comer = Heard(), Heard()
    desk.ask(question(tiles, "tiles", Priority.REFRESH, *[WHOLE] * 4))
    assert gated.at_the_gate.acquire(timeout=5)
    desk.ask(question(comer, "comer"))
    gated.gate.release(5)
    tiles.wait()
    desk.close()
    assert gated.cameras == ["tiles", "comer", "tiles", "tiles", "tiles"]
    assert comer.answers == [[]]


def test_a_camera_that_asks_all_the_time_starves_nobody() -> None:
    gated = Gated()
    desk = Desk(gated, pytest.fail)
    cameras = [f"camera{number}" for number in range(4)]
    open_ = True

    def again(camera: str) -> None:
        def done(answer: object) -> None:
            if open_ and answer is not None:
                again(camera)

        desk.ask(question(done, camera))

    for each in cameras:
        again(each)
    gated.gate.release(200)
    end = time.monotonic() + 10
    while len(gated.cameras) < 200:
        assert time.monotonic() < end
        time.sleep(0.01)
    open_ = False
    gated.gate.release(10)
    desk.close()
    turns = Counter(gated.cameras[:200])
    assert max(turns.values()) - min(turns.values()) <= 2


def test_drops_are_counted_by_camera_and_reason() -> None:
    slow = Slow()
    desk = Desk(slow, pytest.fail)
    desk.ask(question(Heard()))
    assert slow.came.acquire(timeout=5)
    for _ in range(3):
        desk.ask(question(Heard()))
    threading.Timer(0.1, slow.answer).start()
    desk.close()
    assert desk.budget.dropped == {"porch": {"replaced": 2, "failed": 1}}


def test_the_budget_tells_what_was_done() -> None:
    class Steady(RedFinder):
        def submit(
            self, region: Region, camera: str, done: Callable[[Sequence[Detection]], None]
        ) -> None:
            time.sleep(0.02)
            super().submit(region, camera, done)

    desk = Desk(Steady(), pytest.fail)
    for _ in range(5):
        desk.ask(question(heard := Heard(), "porch", Priority.NEW, LEFT, RIGHT))
        heard.wait()
    figures = desk.budget
    desk.close()
    assert figures.questions == 5
    assert figures.rate * figures.seconds == pytest.approx(10, rel=0.3)
    assert 20 <= figures.inference_ms <= figures.inference_p95_ms
    assert 0.5 <= figures.load <= 1.0
    assert (figures.waiting, figures.under_way, figures.failures) == (0, 0, 0)


def test_a_detector_whose_queue_is_full_is_asked_no_further() -> None:
    gated = Gated()
    desk = Desk(gated, pytest.fail)
    for number in range(3):
        desk.ask(question(Heard(), f"camera{number}"))
    assert gated.at_the_gate.acquire(timeout=5)
    assert not gated.at_the_gate.acquire(timeout=0.1)
    assert desk.budget.waiting == 2
    gated.gate.release(3)
    desk.close()


def test_one_answer_that_never_comes_is_found_while_others_do(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    slow, accused = Slow(), []
    desk = Desk(slow, accused.append)
    desk.ask(question(Heard(), "lost"))
    desk.ask(question(Heard(), "porch"))
    assert slow.came.acquire(timeout=5)
    assert slow.came.acquire(timeout=5)
    start = time.monotonic
    monkeypatch.setattr(desk_module, "monotonic", lambda: start() + 61)
    desk.meter.answered = start() + 60
    desk.check()
    desk.check()
    assert len(accused) == 1
    slow.answer()
    slow.answer()
    desk.close()
