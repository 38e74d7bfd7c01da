from collections.abc import Iterable, Sequence
from pathlib import Path

import msgspec
import numpy as np
import pytest

from hub.api import Box, Detection
from hub.vision.facts import Track, TrackerMemory, Tracks
from hub.vision.tracker import Tracker

ASPECT = 16 / 9


def seen(x: float, foot: float = 0.8, score: float = 0.9, label: str = "person") -> Detection:
    """A person of 0.4 of the picture's height, standing at x."""
    return Detection(label=label, score=score, box=Box(x - 0.05, foot - 0.4, x + 0.05, foot))


def tracker(min_score: float = 0.5) -> Tracker:
    return Tracker(lambda number: f"t{number}", min_score)


def follow(
    tracker: Tracker, looks: Iterable[Sequence[Detection]], fps: float = 5, start: float = 0.0
) -> list[Tracks]:
    return [tracker.update(each, start + number / fps, ASPECT) for number, each in enumerate(looks)]


def names(steps: Iterable[Tracks]) -> list[str]:
    """Every confirmed track there ever was, in order of confirmation."""
    found: dict[str, None] = {}
    for step in steps:
        found |= dict.fromkeys(each.id for each in step.live if each.confirmed)
    return list(found)


def nearest(tracks: Tracks, x: float) -> Track:
    return min(tracks.live, key=lambda each: abs((each.box.left + each.box.right) / 2 - x))


@pytest.mark.parametrize("fps", [2, 3, 5, 10, 15])
def test_one_person_who_walks_is_one_track_at_any_rate(fps: float) -> None:
    dice = np.random.default_rng(2)
    looks = [
        [seen(0.1 + 0.12 * i / fps + dice.normal(0, 0.003), score=dice.uniform(0.45, 0.95))]
        for i in range(round(6 * fps))
    ]
    assert names(follow(tracker(), looks, fps)) == ["t1"]


@pytest.mark.parametrize("fps", [2, 5, 10])
def test_a_runner_is_one_track(fps: float) -> None:
    looks = [[seen(0.05 + 0.3 * i / fps)] for i in range(round(3 * fps))]
    assert names(follow(tracker(), looks, fps)) == ["t1"]


@pytest.mark.parametrize("fps", [5, 10])
def test_two_who_cross_keep_their_names(fps: float) -> None:
    looks = []
    for i in range(round(8 * fps)):
        left, right = 0.1 + 0.1 * i / fps, 0.9 - 0.1 * i / fps
        both = [seen(left), seen(right, foot=0.82)]
        looks.append(both if abs(left - right) > 0.05 else both[1:])  # one hides the other
    steps = follow(tracker(), looks, fps)
    assert len(names(steps)) == 2
    before, after = steps[round(1 * fps)], steps[-1]
    assert nearest(before, 0.2).id == nearest(after, 0.9).id
    assert nearest(before, 0.8).id == nearest(after, 0.1).id


@pytest.mark.parametrize("fps", [1, 2, 5, 15])
@pytest.mark.parametrize("speed", [0.0, 0.05, 0.1])
def test_somebody_hidden_for_two_seconds_is_still_the_same(fps: float, speed: float) -> None:
    looks = []
    for i in range(round(9 * fps) + 1):
        hidden = 3.0 < i / fps < 5.1
        looks.append([] if hidden else [seen(0.05 + speed * i / fps)])
    assert names(follow(tracker(), looks, fps)) == ["t1"]


def test_a_pause_of_the_stream_of_a_second_and_a_half_breaks_nothing() -> None:
    mine = tracker()
    before = follow(mine, [[seen(0.1 + 0.02 * i)] for i in range(10)])
    after = follow(mine, [[seen(0.45 + 0.02 * i)] for i in range(10)], start=3.5)
    assert names([*before, *after]) == ["t1"]


def test_somebody_whose_legs_are_hidden_by_a_passer_by_is_not_lost() -> None:
    looks = []
    for i in range(40):
        whole = seen(0.4 + 0.002 * i)
        box = Box(whole.box.left, whole.box.top, whole.box.right, whole.box.top + 0.18)
        half = Detection(label="person", score=0.35, box=box)
        hidden, passer = 14 <= i < 22, seen(0.1 + 0.02 * i, foot=0.9)
        looks.append([half if hidden else whole, passer])
    steps = follow(tracker(), looks)
    assert len(names(steps)) == 2
    assert nearest(steps[10], 0.42).id == nearest(steps[-1], 0.48).id


def test_faint_detections_carry_a_track_but_begin_none() -> None:
    strong = [[seen(0.3)]] * 5
    faint = [[seen(0.3, score=0.15)]] * 20
    steps = follow(tracker(), [*strong, *faint])
    assert steps[-1].live[0].seen
    assert not any(each.live for each in follow(tracker(), faint))


def test_what_never_scores_well_is_never_believed() -> None:
    assert names(follow(tracker(0.5), [[seen(0.3, score=0.45)]] * 30)) == []
    assert names(follow(tracker(0.4), [[seen(0.3, score=0.45)]] * 30)) == ["t1"]


def test_a_single_sight_is_never_believed_and_soon_forgotten() -> None:
    steps = follow(tracker(), [[seen(0.3)], *[[]] * 6])
    assert names(steps) == []
    assert steps[-1] == Tracks()


def test_a_lost_track_ends_after_two_seconds_and_not_twice() -> None:
    steps = follow(tracker(), [*[[seen(0.3)]] * 5, *[[]] * 20])
    ended = [(number / 5, each.id) for number, s in enumerate(steps) for each in s.ended]
    assert ended == [(pytest.approx(3.2), "t1")]


def test_somebody_who_is_not_looked_at_does_not_age() -> None:
    mine = tracker()
    follow(mine, [[seen(0.3)]] * 5)
    assert mine.update([seen(0.3)], 11.0, ASPECT).live[0].id == "t1"
    assert mine.update([seen(0.301)], 30.0, ASPECT).live[0].id == "t1"


def test_another_kind_of_thing_in_the_same_place_is_another_track() -> None:
    both = [[seen(0.3), seen(0.3, label="dog")]] * 5
    steps = follow(tracker(), both)
    assert sorted(each.label for each in steps[-1].live) == ["dog", "person"]
    swapped = follow(tracker(), [[seen(0.3)]] * 5 + [[seen(0.3, label="dog")]] * 5)
    assert len(names(swapped)) == 2


def test_the_same_thing_seen_twice_in_a_look_is_one_track() -> None:
    twice = [[seen(0.3), seen(0.305, score=0.7)]] * 10
    assert names(follow(tracker(), twice)) == ["t1"]


def test_a_trembling_box_comes_out_calmer() -> None:
    dice = np.random.default_rng(4)
    xs = [0.3 + dice.normal(0, 0.01) for _ in range(60)]
    steps = follow(tracker(), [[seen(x)] for x in xs])
    out = [(s.live[0].box.left + s.live[0].box.right) / 2 for s in steps[10:]]
    assert sum(abs(x - 0.3) for x in out) < 0.9 * sum(abs(x - 0.3) for x in xs[10:])


def test_the_score_is_the_best_and_boxes_stay_in_the_frame() -> None:
    looks = [[seen(0.02 + 0.001 * i, foot=1.05, score=0.5 + i / 100)] for i in range(20)]
    live = follow(tracker(), looks)[-1].live[0]
    assert live.score == pytest.approx(0.69)
    assert live.box.left == 0.0
    assert live.box.bottom == 1.0


def test_the_end_of_the_stream_ends_everything_that_was_believed() -> None:
    mine = tracker()
    follow(mine, [[seen(0.3), seen(0.7)]] * 5)
    mine.update([seen(0.3), seen(0.7), seen(0.5)], 1.0, ASPECT)
    assert [each.id for each in mine.finish().ended] == ["t1", "t2"]
    assert mine.tracks == Tracks()
    assert names(follow(mine, [[seen(0.3)]] * 5, start=5.0)) == ["t3"]


def test_a_crowd_keeps_its_names() -> None:
    dice = np.random.default_rng(6)
    walkers = [[dice.uniform(0.1, 0.9), dice.uniform(0.5, 0.9)] for _ in range(12)]
    speeds = [dice.uniform(-0.02, 0.02) for _ in walkers]
    looks = []
    for _ in range(50):
        for each, speed in zip(walkers, speeds, strict=True):
            each[0] += speed / 5
        small = [Box(x - 0.01, y - 0.08, x + 0.01, y) for x, y in walkers]
        looks.append([Detection(label="person", score=0.8, box=box) for box in small])
    assert len(names(follow(tracker(), looks))) == 12


def test_seven_persons_are_seven_tracks_by_the_boxes_of_two_other_models(data: Path) -> None:
    looks: list[list[Detection]] = [[] for _ in range(600)]
    for line in (data / "footage/truth/people-detection.pseudo.txt").read_text().splitlines():
        frame, _, x, y, wide, high, score, _ = map(float, line.split(","))
        box = Box(x / 768, y / 432, (x + wide) / 768, (y + high) / 432)
        looks[int(frame) - 1].append(Detection(label="person", score=score, box=box))
    for step, fps in ((1, 12), (2, 6), (3, 4)):
        assert len(names(follow(tracker(), looks[::step], fps))) == 7


def middle(track: Track) -> float:
    return (track.box.left + track.box.right) / 2


def test_how_fast_somebody_walks_is_told_in_frames_per_second() -> None:
    steps = follow(tracker(), [[seen(0.1 + 0.1 * i / 5)] for i in range(20)])
    across, down = steps[-1].live[0].velocity
    assert across == pytest.approx(0.1, rel=0.15)
    assert down == pytest.approx(0.0, abs=0.01)


def test_what_was_not_looked_at_was_not_missed() -> None:
    mine = tracker()
    follow(mine, [[seen(0.3)]] * 5)
    elsewhere = Box(0.5, 0.0, 1.0, 1.0)
    for number in range(50):
        tracks = mine.update([], 1.0 + number / 5, ASPECT, [elsewhere])
        assert [each.seen for each in tracks.live] == [True]
    for number in range(12):
        tracks = mine.update([], 11.0 + number / 5, ASPECT, [Box(0.0, 0.0, 0.5, 1.0)])
    assert [each.id for each in tracks.ended] == ["t1"]


def test_a_tracker_that_starts_again_goes_on_with_the_same_names() -> None:
    before = tracker()
    follow(before, [[seen(0.1 + 0.02 * i), seen(0.9)] for i in range(15)])
    written = msgspec.json.encode(before.remember())
    after = tracker()
    memory = msgspec.json.decode(written, type=TrackerMemory)
    resumed = after.recall(memory, 1.0)
    assert [each.id for each in resumed.live] == ["t1", "t2"]
    assert not resumed.ended
    looks = [[seen(0.1 + 0.02 * i), seen(0.9), seen(0.8, foot=0.5)] for i in range(20, 30)]
    steps = follow(after, looks, start=0.2)
    assert names(steps) == ["t1", "t2", "t3"]
    assert nearest(steps[-1], 0.68).id == "t1"


def test_after_a_long_pause_who_walked_has_left_as_of_the_last_sight() -> None:
    before = tracker()
    steps = follow(before, [[seen(0.1 + 0.02 * i)] for i in range(15)])
    resumed = tracker().recall(before.remember(), 60.0)
    assert resumed.live == ()
    (ended,) = resumed.ended
    assert ended.id == "t1"
    assert ended.last == pytest.approx(-60.0)
    assert ended.last - ended.born == pytest.approx(2.8)
    assert ended.box == steps[-1].live[0].box


def test_what_stood_still_is_still_there_after_a_minutes_pause() -> None:
    before = tracker()
    follow(before, [[seen(0.3)] for _ in range(60)])
    after = tracker()
    (resumed,) = after.recall(before.remember(), 60.0, 5.0).live
    assert resumed.still
    assert resumed.stood == pytest.approx(5.0 - 60.0 - 11.8, abs=0.3)
    assert names(follow(after, [[seen(0.3)]] * 10, start=5.2)) == ["t1"]


def stood(looks: int = 60) -> Tracker:
    """A car that has been parked at 0.3 for long enough, at 5 looks a second."""
    mine = tracker()
    follow(mine, [[car()]] * looks)
    (parked,) = mine.tracks.live
    assert parked.still
    return mine


def car(x: float = 0.3, wide: float = 0.2, score: float = 0.9) -> Detection:
    return Detection(label="car", score=score, box=Box(x - wide / 2, 0.5, x + wide / 2, 0.7))


def test_what_has_stood_long_enough_is_still_since_it_came() -> None:
    drives = [[car(0.1 + 0.05 * i)] for i in range(5)]
    steps = follow(tracker(), [*drives, *[[car(0.3)]] * 70])
    first = next(number for number, each in enumerate(steps) if each.live and each.live[0].still)
    assert first / 5 == pytest.approx(10.8, abs=1.0)
    assert steps[-1].live[0].stood == pytest.approx(0.8, abs=0.8)
    assert steps[-1].still == steps[-1].live
    assert steps[0].moving == steps[0].live


def test_somebody_who_walks_slowly_is_never_still() -> None:
    steps = follow(tracker(), [[seen(0.1 + 0.004 * i)] for i in range(200)])
    assert not any(each.still for each in steps)


def test_a_parked_car_that_is_seen_after_minutes_is_the_same() -> None:
    mine = stood()
    tracks = mine.update([car(0.305)], 300.0, ASPECT)
    assert [(each.id, each.still, each.last) for each in tracks.live] == [("t1", True, 300.0)]


def test_a_parked_car_that_trembles_does_not_move() -> None:
    mine, dice = stood(), np.random.default_rng(3)
    looks = [[car(0.3 + dice.normal(0, 0.012), 0.2 + dice.normal(0, 0.012))] for _ in range(500)]
    steps = follow(mine, looks, start=12.0)
    assert names(steps) == ["t1"]
    assert all(each.live[0].still for each in steps)


def test_a_car_that_drives_off_moves_under_its_name_and_parks_again() -> None:
    mine = stood()
    leaves = follow(mine, [[car(0.3 + 0.01 * i)] for i in range(41)], start=12.0)
    moved = [number for number, each in enumerate(leaves) if not each.live[0].still]
    assert 8 <= moved[0] <= 20
    again = follow(mine, [[car(0.7)]] * 70, start=20.2)
    assert again[-1].live[0].still
    assert names([*leaves, *again]) == ["t1"]


def test_somebody_before_a_parked_car_takes_nothing_from_it() -> None:
    mine = stood()
    looks = []
    for i in range(60):
        x = 0.05 + 0.01 * i
        hides = 0.2 < x < 0.4
        part = Detection(label="car", score=0.6, box=Box(0.2, 0.5, 0.28, 0.7))
        looks.append([seen(x), *([part] if hides and i % 2 else [] if hides else [car()])])
    steps = follow(mine, looks, start=12.0)
    assert names(steps) == ["t1", "t2"]
    assert not any(each.ended for each in steps)
    assert all(each.still[0].id == "t1" for each in steps)


def test_somebody_who_passes_somebody_who_sits_takes_not_his_name() -> None:
    mine = tracker()
    follow(mine, [[seen(0.5)]] * 60)
    looks = []
    for i in range(50):
        x = 0.1 + 0.016 * i
        passer = seen(x, foot=0.84)
        looks.append([passer] if abs(x - 0.5) < 0.05 else [seen(0.5), passer])
    steps = follow(mine, looks, start=12.0)
    assert names(steps) == ["t1", "t2"]
    assert nearest(steps[-1], 0.88).id == "t2"
    assert nearest(steps[-1], 0.5).id == "t1"
    assert [each.id for each in steps[-1].still] == ["t1"]


def test_a_parked_car_has_left_only_when_several_looks_at_its_place_miss_it() -> None:
    mine = stood()
    elsewhere, there = [Box(0.5, 0.0, 1.0, 1.0)], [Box(0.0, 0.2, 0.5, 1.0)]
    for number in range(20):
        assert mine.update([], 20.0 + 5 * number, ASPECT, elsewhere).live[0].seen
    assert not mine.update([], 125.0, ASPECT, there).live[0].seen
    assert mine.update([car()], 130.0, ASPECT, there).live[0].seen
    steps = [mine.update([], 135.0 + 5 * number, ASPECT, there) for number in range(3)]
    assert [len(each.ended) for each in steps] == [0, 0, 1]
    assert steps[-1].ended[0].last == 130.0


def test_a_glimpse_of_nothing_is_not_enough_for_a_parked_car_to_leave() -> None:
    mine = stood()
    blind = follow(mine, [[]] * 15, start=12.0)
    assert not any(each.ended for each in blind)
    assert [each.id for each in mine.update([car()], 15.2, ASPECT).live] == ["t1"]


def test_a_thing_that_stands_behind_another_parks_beside_it() -> None:
    both = [car(0.3), car(0.42)]
    steps = follow(tracker(), [both] * 80)
    assert len(steps[-1].still) == 2
    assert names(steps) == ["t1", "t2"]


def test_parked_things_are_remembered_as_well() -> None:
    before = stood()
    after = tracker()
    after.recall(before.remember(), 300.0)
    steps = follow(after, [[car()]] * 3, start=0.2)
    assert [(each.id, each.still) for each in steps[-1].live] == [("t1", True)]
    assert [each.id for each in after.finish().ended] == ["t1"]
