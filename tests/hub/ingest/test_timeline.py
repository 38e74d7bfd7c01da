"""Times that can be trusted, whatever the camera's clock does."""

import random
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.ingest.timeline import Moment, Timeline

WALL = 1_700_000_000.0  # when monotonic time is nought


def played(timeline: Timeline, packets: list[tuple[float | None, float]]) -> list[Moment]:
    return [timeline.place(raw, arrived, WALL + arrived) for raw, arrived in packets]


def test_a_steady_stream_keeps_its_even_times_although_packets_tremble() -> None:
    tremble = random.Random(1)  # noqa: S311 - not a secret
    packets = [(n * 0.04, 100 + n * 0.04 + tremble.uniform(0.0, 0.03)) for n in range(500)]
    moments = played(Timeline(), packets)
    steps = [b.captured - a.captured for a, b in pairwise(moments[250:])]
    assert max(steps) - min(steps) < 0.01
    assert all(m.captured <= WALL + at for m, (_, at) in zip(moments, packets, strict=True))


@pytest.mark.parametrize("jump", [3600.0, -3600.0, 44_121.0, -(2**32) / 90_000])
def test_a_jump_of_the_cameras_clock_is_carried_over(jump: float) -> None:
    packets = [(n * 0.04 + (jump if n >= 100 else 0.0), 50 + n * 0.04) for n in range(200)]
    moments = played(Timeline(), packets)
    assert moments[-1].pts == pytest.approx(199 * 0.04, abs=0.1)
    assert moments[-1].captured == pytest.approx(WALL + 50 + 199 * 0.04, abs=0.1)
    assert all(0 < b.pts - a.pts < 0.1 for a, b in pairwise(moments))


def test_pictures_that_were_held_up_keep_the_time_they_were_taken() -> None:
    smooth = [(n * 0.04, 10 + n * 0.04) for n in range(100)]
    held = [(n * 0.04, 10 + 7.0) for n in range(100, 175)]  # a stall of three seconds, then all
    moments = played(Timeline(), smooth + held)
    assert moments[100].captured == pytest.approx(WALL + 14.0, abs=0.05)


def test_captured_never_runs_backwards_not_even_when_the_wall_clock_does() -> None:
    timeline = Timeline()
    before = timeline.place(0.0, 10.0, WALL)
    after = timeline.place(0.04, 10.04, WALL - 3600)
    assert after.captured > before.captured


def test_a_wall_clock_that_is_set_forward_is_followed() -> None:
    timeline = Timeline()
    timeline.place(0.0, 10.0, 0.0)  # no battery: the machine woke up in 1970
    assert timeline.place(0.04, 10.04, WALL).captured == pytest.approx(WALL, abs=0.1)


def test_pictures_out_of_order_keep_their_own_times() -> None:
    order = [0.0, 0.12, 0.04, 0.08, 0.24, 0.16, 0.20]
    moments = played(Timeline(), [(raw, 10 + n * 0.04) for n, raw in enumerate(order)])
    assert [m.pts for m in moments] == order
    shown = sorted(moments, key=lambda m: m.pts)
    assert all(a.captured <= b.captured for a, b in pairwise(shown))


def test_packets_without_a_time_get_that_of_their_arrival() -> None:
    moments = played(Timeline(), [(None, 10 + n * 0.1) for n in range(50)])
    assert moments[-1].captured == pytest.approx(WALL + 14.9, abs=0.05)
    assert moments[-1].pts - moments[0].pts == pytest.approx(4.9, abs=0.05)


def test_a_first_packet_without_a_time_stands_just_before_the_second() -> None:
    first, second = played(Timeline(), [(None, 10.0), (0.0, 10.0)])
    assert 0 < second.pts - first.pts < 0.1


def test_another_connection_goes_on_where_the_last_ended() -> None:
    timeline = Timeline()
    played(timeline, [(900.0 + n * 0.04, 10 + n * 0.04) for n in range(25)])
    timeline.restart()
    again = played(timeline, [(902.0 + n * 0.04, 30 + n * 0.04) for n in range(25)])
    assert again[0].pts == pytest.approx(900.96 + 19.04, abs=0.1)
    assert again[0].captured == pytest.approx(WALL + 30, abs=0.01)


def test_a_camera_whose_clock_is_slow_is_followed() -> None:
    packets = [(n * 0.04 * 0.99, 10 + n * 0.04) for n in range(5000)]
    last = played(Timeline(), packets)[-1]
    assert last.captured == pytest.approx(WALL + packets[-1][1], abs=0.25)


def test_a_file_read_flat_out_keeps_its_own_time() -> None:
    moments = played(Timeline(flat_out=True), [(n * 1.0, 10.0) for n in range(100)])
    assert moments[-1].captured - moments[0].captured == pytest.approx(99.0)


@pytest.mark.parametrize("raw", [float("nan"), float("inf"), -float("inf"), 9e18])
def test_a_time_that_no_clock_shows_is_none(raw: float) -> None:
    moments = played(Timeline(), [(0.0, 10.0), (raw, 10.04), (0.08, 10.08), (raw, 10.12)])
    assert [each.captured for each in moments] == pytest.approx(
        [WALL + each for each in (10.0, 10.04, 10.08, 10.12)], abs=0.05
    )
    assert all(abs(each.pts) < 1 for each in moments)


def test_decoding_times_are_as_far_before_the_shown_ones_as_the_camera_says() -> None:
    timeline = Timeline()
    shown = [0.0, 0.12, 0.04, 0.08, 0.24, 0.16, 0.20]
    found = []
    for number, raw in enumerate(shown):
        moment = timeline.place(raw, 10 + number * 0.04, WALL)
        found.append(timeline.decoded(moment.pts, raw, (number - 2) * 0.04))
    assert found == pytest.approx([(number - 2) * 0.04 for number in range(7)])


def test_decoding_times_that_are_not_known_at_first_are_never_after_the_shown_ones() -> None:
    timeline = Timeline()
    shown = [0.0, 0.16, 0.08, 0.04, 0.12, 0.32, 0.24, 0.20, 0.28]
    known: list[float | None] = [None, None, None, 0.04, 0.08, 0.12, 0.16, 0.20, 0.24]
    times = []
    for number, raw in enumerate(shown):
        moment = timeline.place(raw, 10 + number * 0.04, WALL)
        times.append((timeline.decoded(moment.pts, raw, known[number]), moment.pts))
    assert all(dts <= pts for dts, pts in times)
    assert all(a[0] < b[0] for a, b in pairwise(times))
    assert times[-1][0] == pytest.approx(0.24)


def test_decoding_times_that_are_never_known_stay_near_the_shown_ones() -> None:
    timeline = Timeline()
    found = []
    for number in range(100):
        raw = number * 0.04
        found.append(timeline.decoded(timeline.place(raw, 10 + raw, WALL).pts, raw, None))
    assert all(a < b for a, b in pairwise(found))
    assert all(0.0 <= number * 0.04 - dts <= 1.0001 for number, dts in enumerate(found))


@given(
    st.lists(
        st.tuples(st.one_of(st.none(), st.floats(-5, 50)), st.one_of(st.none(), st.floats(-5, 50))),
        max_size=40,
    )
)
def test_no_picture_is_decoded_after_it_is_shown(times: list[tuple[float | None, ...]]) -> None:
    timeline = Timeline()
    for number, (raw, dts) in enumerate(times):
        moment = timeline.place(raw, 10 + number / 25, WALL + number / 25)
        assert timeline.decoded(moment.pts, raw, dts) <= moment.pts


@pytest.mark.parametrize("early", [-5.0, 3600.0, float("nan")])
def test_decoding_times_go_on_whatever_the_camera_says(early: float) -> None:
    timeline = Timeline()
    found = []
    for number in range(20):
        raw = number * 0.04
        moment = timeline.place(raw, 10 + raw, WALL + 10 + raw)
        found.append(timeline.decoded(moment.pts, raw, raw - early))
    assert found == pytest.approx([number * 0.04 for number in range(20)])


def test_decoding_times_never_run_backwards_over_a_jump() -> None:
    timeline = Timeline()
    found = []
    for number in range(60):
        raw = number * 0.04 + (3600.0 if number > 30 else 0.0)
        moment = timeline.place(raw, 10 + number * 0.04, WALL + number)
        found.append(timeline.decoded(moment.pts, raw, raw - 0.08))
    assert all(a <= b for a, b in pairwise(found))
