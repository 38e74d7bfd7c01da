import threading
import time

import pytest

from hub.vision.budget import Meter, Reason, Shedding


def test_nothing_done_costs_nothing() -> None:
    figures = Meter().budget()
    assert (figures.questions, figures.rate, figures.load, figures.inference_ms) == (0, 0, 0, 0)
    assert figures.dropped == {}


def test_times_are_averages_and_the_worst_of_twenty(monkeypatch: pytest.MonkeyPatch) -> None:
    now = [100.0]
    monkeypatch.setattr("hub.vision.budget.monotonic", lambda: now[0])
    meter = Meter()
    for number in range(20):
        meter.waited(0.001 * number)
        inference = meter.began()
        now[0] += 0.110 if number == 19 else 0.010
        inference.ended()
        inference.ended()
        now[0] += 0.010
    figures = meter.budget(waiting=3)
    assert figures.inference_ms == pytest.approx(15)
    assert figures.inference_p95_ms == pytest.approx(110)
    assert figures.queue_ms == pytest.approx(9.5)
    assert figures.queue_p95_ms == pytest.approx(19)
    assert figures.load == pytest.approx(0.3 / 0.5)
    assert figures.rate == pytest.approx(20 / 0.5)
    assert figures.waiting == 3


def test_two_at_once_are_one_load_and_the_past_is_forgotten(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    now = [0.0]
    monkeypatch.setattr("hub.vision.budget.monotonic", lambda: now[0])
    meter = Meter()
    one, other = meter.began(), meter.began()
    now[0] = 1.0
    assert meter.budget().load == pytest.approx(1.0)
    assert meter.budget().under_way == 2
    one.ended()
    now[0] = 2.0
    other.ended()
    now[0] = 4.0
    assert meter.budget().load == pytest.approx(0.5)
    for second in range(5, 20):
        now[0] = float(second)
        meter.budget()
    figures = meter.budget()
    assert (figures.load, figures.questions, figures.seconds) == (0.0, 0, 10.0)


def test_what_was_waited_for_a_start_is_no_inference(monkeypatch: pytest.MonkeyPatch) -> None:
    now = [0.0]
    monkeypatch.setattr("hub.vision.budget.monotonic", lambda: now[0])
    meter = Meter()
    inference = meter.began()
    now[0] = 5.0
    inference.accepted()
    now[0] = 5.01
    inference.ended()
    assert meter.budget().inference_ms == pytest.approx(10)


def test_it_measures_from_many_threads() -> None:
    meter = Meter()

    def work(camera: str) -> None:
        for _ in range(200):
            meter.began().ended()
            meter.dropped(camera, Reason.REPLACED)

    threads = [threading.Thread(target=work, args=(f"camera{n}",)) for n in range(4)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    figures = meter.budget()
    assert figures.dropped == {f"camera{n}": {"replaced": 200} for n in range(4)}
    assert (figures.under_way, meter.failed(), meter.budget().failures) == (0, None, 1)
    assert meter.answered <= time.monotonic()


def test_who_goes_short_for_seconds_is_shed_until_there_is_plenty() -> None:
    shedding, dropped = Shedding(), 100
    told = []
    for second in range(40):
        dropped += 3 if 5 <= second < 15 else 0
        frames = {"porch": 25 * second, "yard": 25 * second}
        told.append(bool(shedding.update(frames, {"porch": dropped, "yard": 7})))
    assert told[:9] == [False] * 9
    assert told[9:15] == [True] * 6
    assert True not in told[26:]
    assert shedding.shed == frozenset()


def test_a_single_drop_is_no_shedding() -> None:
    shedding = Shedding()
    for second in range(30):
        assert shedding.update({"porch": second * 5}, {"porch": second // 10}) == frozenset()
    assert shedding.update({}, {}) == frozenset()


def test_a_burst_that_came_too_late_is_shedding_when_it_was_seconds_of_pictures() -> None:
    shedding, frames, lost, told = Shedding(), 0, 0, []
    for second in range(40):
        late = second == 20
        frames, lost = frames + (0 if late else 5), lost + (10 if late else 0)
        told.append(bool(shedding.update({"porch": frames}, {"porch": lost})))
    assert [second for second, each in enumerate(told) if each] == list(range(20, 30))


def test_a_short_burst_is_not() -> None:
    shedding, lost = Shedding(), 0
    for second in range(40):
        lost += 5 if second == 20 else 0
        assert not shedding.update({"porch": 25 * second}, {"porch": lost})
