"""Our own tracker on given detections; TUD-Campus is from the MOTChallenge of 2015."""

from pathlib import Path

import numpy as np
import pytest
from msgspec.structs import replace

from hub.vision.scoring import (
    Area,
    Row,
    Rows,
    Scores,
    around,
    follow,
    kept,
    on_beat,
    read_detections,
    read_truth,
    score,
    stride,
)

FPS = 25.0


def tracked(truth: Rows, detections: Rows, every: int = 1) -> Scores:
    area = around(detections, 640, 480)
    found = follow(kept(detections, every), area, FPS, 0.5, beat=every, told=every)
    return score(kept(truth, every), found)


def test_tud_campus_is_followed_as_well_as_it_should_be(data: Path) -> None:
    folder = data / "datasets/mot/TUD-Campus"
    truth, seen = read_truth(folder / "gt.txt"), read_detections(folder / "det.txt")
    every, fifth = tracked(truth, seen), tracked(truth, seen, 5)
    assert every.identity.idf1 >= 0.74
    assert every.hota.hota >= 0.53
    assert fifth.identity.idf1 >= every.identity.idf1 - 0.10


def test_a_file_of_every_fifth_frame_is_taken_for_looks_so_far_apart(data: Path) -> None:
    folder = data / "datasets/mot/TUD-Campus"
    truth, seen = read_truth(folder / "gt.txt"), kept(read_detections(folder / "det.txt"), 5)
    found = follow(seen, around(seen, 640, 480), FPS, 0.5, beat=stride(seen), told=stride(truth))
    fifth = kept(truth, 5)
    assert stride(seen) == stride(fifth) == 5
    assert score(fifth, on_beat(found, fifth)).identity.idf1 >= 0.64
    assert score(truth, found).identity.idf1 >= 0.64  # between looks they go on


def test_a_few_frames_or_uneven_ones_tell_of_no_beat() -> None:
    rows = [Row(frame=frame, id=1, left=0, top=0, right=1, bottom=1) for frame in (1, 11, 21, 31)]
    assert stride(tuple(rows)) == 1
    rows.append(replace(rows[0], frame=41))
    assert stride(tuple(rows)) == 10
    rows.append(replace(rows[0], frame=42))
    assert stride(tuple(rows)) == 1
    assert stride(()) == 1


def walkers(seed: int, count: int = 8, seconds: float = 12.0) -> Rows:
    """People of several sizes who cross a picture of 1280 x 720 at several speeds."""
    dice = np.random.default_rng(seed)
    rows = []
    for number in range(count):
        tall = dice.uniform(90, 260)
        foot = dice.uniform(tall, 720)
        speed = tall * dice.uniform(0.25, 0.7) * dice.choice([-1, 1])
        start = dice.uniform(100, 1180)
        for frame in range(1, round(seconds * FPS)):
            x = start + speed * (frame / FPS - seconds / 3)
            if 0 < x < 1280:
                rows.append(
                    Row(
                        frame=frame,
                        id=number,
                        left=x - tall / 6,
                        top=foot - tall,
                        right=x + tall / 6,
                        bottom=foot,
                    )
                )
    return tuple(rows)


def glimpsed(truth: Rows, seed: int, missed: float = 0.1, invented: float = 0.2) -> Rows:
    """What a detector might see of them: trembling, with misses, and things that are not there."""
    dice = np.random.default_rng(seed)
    found = []
    for each in truth:
        if dice.random() < missed:
            continue
        off = dice.normal(0, 0.04, 4) * (each.right - each.left)
        found.append(
            replace(
                each,
                id=-1,
                left=each.left + off[0],
                top=each.top + off[1],
                right=each.right + off[2],
                bottom=each.bottom + off[3],
                score=float(dice.uniform(0.4, 0.95)),
            )
        )
        if dice.random() < invented / 8:
            x, y = dice.uniform(0, 1200), dice.uniform(0, 600)
            box = replace(each, id=-1, left=x, top=y, right=x + 40, bottom=y + 100, score=0.6)
            found.append(box)
    return tuple(found)


@pytest.mark.parametrize(("every", "least"), [(1, 0.85), (2, 0.85), (5, 0.8), (12, 0.6)])
def test_people_who_cross_keep_their_names_at_any_rate(every: int, least: float) -> None:
    scores = [
        tracked(truth, glimpsed(truth, seed), every)
        for seed in range(4)
        for truth in [walkers(seed)]
    ]
    assert np.mean([each.identity.idf1 for each in scores]) >= least


def test_nothing_that_is_seen_only_once_becomes_a_track() -> None:
    alone = [
        Row(frame=frame, id=-1, left=60.0 * frame, top=0, right=60.0 * frame + 20, bottom=50)
        for frame in range(1, 10)
    ]
    assert follow(tuple(alone), around(tuple(alone)), FPS, 0.5) == ()


@pytest.mark.parametrize("scale", [(1, 0), (100, -30), (4, -2)])
def test_scores_of_any_scale_do(scale: tuple[float, float]) -> None:
    truth = walkers(1)
    seen = glimpsed(truth, 1)
    times, plus = scale
    scaled = tuple(replace(each, score=each.score * times + plus) for each in seen)
    assert tracked(truth, scaled).identity.idf1 >= 0.8


def test_detections_without_scores_are_all_believed() -> None:
    truth = walkers(2)
    bare = tuple(replace(each, id=-1, score=-1.0) for each in truth)
    assert tracked(truth, bare).clear.mota >= 0.9


def test_a_short_gap_between_two_sights_is_filled() -> None:
    truth = tuple(each for each in walkers(3, count=1, seconds=4))
    holed = tuple(each for each in truth if each.frame % 20 not in {0, 1, 2, 3, 4})
    scores = tracked(truth, holed)
    assert scores.clear.misses <= 5
    assert scores.clear.fragments == 0


def test_an_area_holds_the_picture_and_every_box() -> None:
    box = Row(frame=1, id=1, left=-10, top=5, right=700, bottom=300)
    assert around((box,), 640, 480) == Area(left=-10, top=0, right=700, bottom=480)
    assert around((), 640, 480).aspect == pytest.approx(4 / 3)
