import random
from itertools import pairwise

import pytest

from hub.vision.sampler import GAP, Sampler


def taken(sampler: Sampler, times: list[float], offset: float = 1e9) -> list[float]:
    looks = [sampler.take(each, each + offset) for each in times]
    return [each for each in looks if each is not None]


@pytest.mark.parametrize("stream", [5, 6, 7.5, 12, 15, 25, 29.97, 30, 60])
def test_five_frames_a_second_are_taken_out_of_any_stream(stream: float) -> None:
    times = [i / stream for i in range(round(20 * stream))]
    assert len(taken(Sampler(5), times)) == pytest.approx(100, abs=2)


def test_a_slow_stream_is_taken_whole() -> None:
    times = [i / 3 for i in range(30)]
    assert len(taken(Sampler(5), times)) == 30


def test_a_trembling_clock_loses_no_frames() -> None:
    times = [i * 0.2 + (0.015 if i % 2 else 0) for i in range(50)]
    assert len(taken(Sampler(5), times)) == 50


def test_time_goes_on_when_the_camera_jumps_back() -> None:
    sampler = Sampler(5)
    before = taken(sampler, [100.0, 100.2, 100.4])
    after = [sampler.take(pts, 1e9 + 100.4 + i * 0.2) for i, pts in enumerate([3.0, 3.2, 3.4], 1)]
    assert before + [each for each in after if each is not None] == pytest.approx(
        [0, 0.2, 0.4, 0.6, 0.8, 1.0]
    )


def test_an_hour_left_out_counts_as_a_short_pause() -> None:
    sampler = Sampler(5)
    assert taken(sampler, [0.0, 0.2, 3600.0, 3600.2]) == pytest.approx(
        [0.0, 0.2, 0.2 + GAP, 0.4 + GAP]
    )


def test_time_never_goes_back_whatever_both_clocks_do() -> None:
    sampler = Sampler(5)
    looks = [
        sampler.take(pts, wall)
        for pts, wall in [(5, 100), (5.2, 50), (1, 20), (1.2, 20.2), (0.9, 9), (900, 1), (2, 0)]
    ]
    times = [each for each in looks if each is not None]
    assert times == sorted(times)
    assert len(times) >= 5
    assert times[-1] < 3 * GAP


def test_frames_out_of_order_and_twice_are_passed_over() -> None:
    sampler = Sampler(10)
    assert taken(sampler, [0.0, 0.0, 0.1, 0.05, 0.1, 0.2]) == pytest.approx([0.0, 0.1, 0.2])


def test_a_restart_counts_the_pause_by_the_wall_clock() -> None:
    sampler = Sampler(5)
    sampler.take(50.0, 1000.0)
    sampler.restart()
    assert sampler.take(0.0, 1004.0) == pytest.approx(4.0)


def test_another_rate_holds_from_the_next_frame_on() -> None:
    sampler = Sampler(1)
    assert len(taken(sampler, [i / 10 for i in range(20)])) == 2
    sampler.retime(10)
    assert len(taken(sampler, [2 + i / 10 for i in range(20)])) == 20


@pytest.mark.parametrize(
    ("stream", "fps"),
    [(25, 5), (15, 5), (12, 5), (30, 4), (30, 7), (29.97, 5), (20, 3), (10, 7), (6, 5), (60, 2)],
)
def test_the_beat_is_as_even_as_the_stream_allows(stream: float, fps: float) -> None:
    times = taken(Sampler(fps), [i / stream for i in range(round(60 * stream))])
    steps = [b - a for a, b in pairwise(times)]
    assert max(steps) - min(steps) <= 1.001 / stream
    assert max(abs(each - 1 / fps) for each in steps) <= 1.001 / stream
    assert len(times) == pytest.approx(60 * fps, abs=2)


@pytest.mark.parametrize("seed", range(5))
def test_a_stream_of_changing_rate_is_sampled_within_one_of_its_own_steps(seed: int) -> None:
    dice, now, times = random.Random(seed), 0.0, []  # noqa: S311 - not a secret
    while now < 60:
        times.append(now)
        now += dice.choice([0.02, 0.033, 0.04, 0.05, 0.1])
    steps = [b - a for a, b in pairwise(taken(Sampler(5), times))]
    assert max(steps) <= 0.2 + 0.1
    assert min(steps) >= 0.2 - 0.1 - 0.02


def test_a_pause_is_followed_by_the_same_beat_and_not_by_a_burst() -> None:
    before = [i / 25 for i in range(50)]
    after = [7.0 + i / 25 for i in range(50)]
    times = taken(Sampler(5), [*before, *after])
    steps = [b - a for a, b in pairwise(times)]
    pause = max(range(len(steps)), key=steps.__getitem__)
    assert steps[pause] == pytest.approx(5.2, abs=0.2)
    assert steps[pause + 1 :] == pytest.approx([0.2] * len(steps[pause + 1 :]), abs=0.001)


def test_key_frames_alone_are_all_taken_and_the_beat_goes_on_after_them() -> None:
    sampler = Sampler(5)
    keys = taken(sampler, [i * 2.0 for i in range(10)])
    assert len(keys) == 10
    steps = [b - a for a, b in pairwise(taken(sampler, [18.0 + i / 25 for i in range(50)]))]
    assert steps == pytest.approx([0.2] * len(steps), abs=0.001)


@pytest.mark.parametrize("turn", [2**32 / 90_000, 2**33 / 90_000, 26.5 * 3600])
def test_a_clock_that_wraps_is_carried_over_by_the_wall_clock(turn: float) -> None:
    sampler = Sampler(5)
    shown = [turn - 2 + i / 25 for i in range(50)] + [i / 25 for i in range(50)]
    looks = [sampler.take(pts, 1e9 + i / 25) for i, pts in enumerate(shown)]
    times = [each for each in looks if each is not None]
    assert [b - a for a, b in pairwise(times)] == pytest.approx([0.2] * (len(times) - 1), abs=0.045)


def test_a_sampler_that_resumes_passes_over_what_was_seen_and_counts_from_then() -> None:
    sampler = Sampler(5)
    sampler.resume(100.0)
    assert [sampler.take(7.0 + n / 5, 98.0 + n / 5) for n in range(11)] == [None] * 11
    assert sampler.take(9.5, 100.5) == pytest.approx(0.5)
    assert sampler.take(9.7, 100.7) == pytest.approx(0.7)


def test_a_clock_that_was_set_back_meanwhile_does_not_blind_it() -> None:
    sampler = Sampler(5)
    sampler.resume(5000.0)
    assert sampler.take(0.0, 100.0) == pytest.approx(0.2)
