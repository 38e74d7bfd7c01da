import threading
import time
from collections.abc import Callable, Sequence

import numpy as np
import pytest

from hub.api import Box, Detection, Region
from hub.vision import inference
from hub.vision.geometry import WHOLE
from hub.vision.inference import Answer, Desk, Question, Queued, Waited, together
from tests.hub.vision.scenes import RedFinder

LEFT, RIGHT = Box(0.0, 0.0, 0.5, 1.0), Box(0.5, 0.0, 1.0, 1.0)


def region(place: Box = WHOLE) -> Region:
    pixels = np.zeros((8, 8, 3), np.uint8)
    return Region(pixels=pixels.data.cast("B"), width=8, height=8, place=place)


def thing(box: Box, score: float = 0.9, label: str = "person") -> Detection:
    return Detection(label=label, score=score, box=box)


class Slow(RedFinder):
    """Answers only when it is told to, from another thread."""

    def __init__(self) -> None:
        super().__init__()
        self.owed: list[Callable[[Sequence[Detection]], None]] = []
        self.came = threading.Semaphore(0)

    def submit(
        self, region: Region, camera: str, done: Callable[[Sequence[Detection]], None]
    ) -> None:
        self.asked.append(region)
        self.owed.append(done)
        self.came.release()

    def answer(self, *found: Detection) -> None:
        threading.Thread(target=self.owed.pop(0), args=(found,)).start()


class Broken(RedFinder):
    def submit(
        self, region: Region, camera: str, done: Callable[[Sequence[Detection]], None]
    ) -> None:
        raise RuntimeError("out of memory")


class Heard:
    """Collects answers."""

    def __init__(self) -> None:
        self.answers: list[Answer] = []
        self._came = threading.Semaphore(0)

    def __call__(self, answer: Answer) -> None:
        self.answers.append(answer)
        self._came.release()

    def wait(self) -> Answer:
        assert self._came.acquire(timeout=5)
        return self.answers[-1]


def question(heard: Heard, camera: str = "porch", *, urgent: bool = True) -> Question:
    return Question(camera=camera, regions=[region()], done=heard, urgent=urgent)


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


def test_what_moves_is_looked_at_before_what_only_stands() -> None:
    gate = threading.Event()

    class Busy(RedFinder):
        def submit(
            self, region: Region, camera: str, done: Callable[[Sequence[Detection]], None]
        ) -> None:
            gate.wait(5)
            super().submit(region, camera, done)

    order: list[str] = []
    over = threading.Semaphore(0)
    desk = Desk(Busy(), pytest.fail)
    for camera, urgent in (("first", True), ("parked", False), ("walker", True)):

        def done(answer: Answer, camera: str = camera) -> None:
            order.append(camera)
            over.release()

        desk.ask(Question(camera=camera, regions=[region()], done=done, urgent=urgent))
        time.sleep(0.05)
    gate.set()
    assert all(over.acquire(timeout=5) for _ in range(3))
    assert order == ["first", "walker", "parked"]
    desk.close()


def test_a_question_of_two_regions_is_answered_once_with_both() -> None:
    slow = Slow()
    desk = Desk(slow, pytest.fail)
    heard = Heard()
    desk.ask(Question(camera="porch", regions=[region(LEFT), region(RIGHT)], done=heard))
    assert slow.came.acquire(timeout=5)
    assert slow.came.acquire(timeout=5)
    slow.answer(thing(Box(0.1, 0.1, 0.2, 0.5)))
    time.sleep(0.05)
    assert heard.answers == []
    slow.answer(thing(Box(0.7, 0.1, 0.8, 0.5), 0.8))
    assert [each.score for each in heard.wait() or ()] == [0.9, 0.8]
    desk.close()


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
    eyes.look([region()], heard)
    assert woken.wait(5)
    assert heard.answers == [[]]
    desk.close()


def test_a_recording_waits_for_its_answer() -> None:
    slow = Slow()
    heard = Heard()
    threading.Thread(target=lambda: (slow.came.acquire(), slow.answer(thing(LEFT)))).start()
    Waited(slow, "porch").look([region()], heard)
    assert heard.answers == [[thing(LEFT)]]


def test_a_person_at_the_seam_of_two_regions_is_one_person() -> None:
    left, right = Box(0.0, 0.0, 0.55, 1.0), Box(0.45, 0.0, 1.0, 1.0)
    whole, cut = thing(Box(0.40, 0.2, 0.53, 0.9), 0.8), thing(Box(0.45, 0.2, 0.53, 0.9), 0.95)
    both = [(region(left), [whole]), (region(right), [cut])]
    assert together(both) == together(both[::-1]) == [whole]


def test_two_who_stand_close_in_one_region_stay_two() -> None:
    close = [thing(Box(0.40, 0.2, 0.53, 0.9)), thing(Box(0.42, 0.2, 0.55, 0.9), 0.7)]
    assert together([(region(), close)]) == close


def test_different_things_in_one_place_stay() -> None:
    box = Box(0.46, 0.2, 0.54, 0.9)
    pair = [(region(LEFT), [thing(box)]), (region(RIGHT), [thing(box, label="dog")])]
    assert len(together(pair)) == 2


def test_a_detector_is_not_accused_by_a_machine_that_slept(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    slow, accused = Slow(), []
    desk = Desk(slow, accused.append)
    answer = Heard()
    desk.ask(question(answer))
    assert slow.came.acquire(timeout=5)
    monkeypatch.setattr(inference, "monotonic", lambda: time.monotonic() + 60)
    desk.check()
    assert accused == []  # the first look after the sleep: nobody had time to answer
    desk.check()
    assert accused == ["it has not answered for 10 s"]
    slow.answer()
    desk.close()
