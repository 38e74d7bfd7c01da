from hub.app.retries import LONGEST, Retries


def test_a_detector_is_tried_less_and_less_often() -> None:
    retries = Retries()
    waits = [retries.after_failure("red", 0.0) for _ in range(6)]
    assert waits == [60, 120, 240, 480, 900, 900]
    assert retries.after_failure("blue", 0.0) == 60


def test_one_that_works_for_a_moment_only_does_not_begin_anew() -> None:
    retries = Retries()
    retries.after_failure("red", 0.0)
    retries.works("red", 60.0)
    assert retries.after_failure("red", 90.0) == 120
    retries.works("red", 200.0)
    assert retries.after_failure("red", 2000.0) == 60


def test_one_that_took_the_worker_down_waits_longest() -> None:
    retries = Retries()
    assert retries.after_crashes("red") == LONGEST
    assert retries.after_failure("red", 0.0) == LONGEST
