"""Waiting longer and longer, and never long."""

from hub.ingest.backoff import GOOD, Backoff


def low(least: float, most: float) -> float:
    return least


def high(least: float, most: float) -> float:
    return most


def test_failures_are_a_second_apart_then_two_then_at_most_a_minute() -> None:
    backoff = Backoff(lambda *_: 1.0)
    waits = [backoff.after_failure() for _ in range(50)]
    assert waits[:7] == [1, 2, 4, 8, 16, 32, 60]
    assert set(waits[6:]) == {60.0}


def test_waits_are_spread_but_stay_between_a_second_and_a_minute() -> None:
    for spread in (low, high):
        backoff = Backoff(spread)
        assert all(1.0 <= backoff.after_failure() <= 60.0 for _ in range(12))
    backoffs = [Backoff() for _ in range(5)]
    for each in backoffs:
        each.after_failure()  # the first may be the shortest for all of them
    assert len({each.after_failure() for each in backoffs}) > 1


def test_a_good_connection_that_is_lost_is_tried_again_at_once() -> None:
    backoff = Backoff()
    for _ in range(5):
        backoff.after_failure()
    assert backoff.after_loss(lasted=GOOD + 1) == 0.0


def test_a_camera_that_hangs_up_all_the_time_is_left_alone_more_and_more() -> None:
    backoff = Backoff(lambda *_: 1.0)
    assert [backoff.after_loss(lasted=0.5) for _ in range(4)] == [0.0, 2.0, 4.0, 8.0]


def test_a_camera_that_refuses_us_is_asked_once_a_minute_at_most() -> None:
    backoff = Backoff(low)
    assert all(backoff.after_refusal() >= 60.0 for _ in range(5))
