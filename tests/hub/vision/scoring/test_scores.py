"""The measures: published values, cases made by hand, and what must hold of any tracks."""

from pathlib import Path

import numpy as np
import pytest
from msgspec.structs import replace

from hub.vision.scoring import Row, Rows, Scores, read_tracks, read_truth, score


def walk(number: int, frames: range, x: float = 0.0, shift: float = 0.0) -> Rows:
    """A box of 100 x 200 pixels that goes 5 pixels a frame; ``shift`` moves it aside."""
    return tuple(
        Row(
            frame=frame,
            id=number,
            left=x + 5 * frame + shift,
            top=0.0,
            right=x + 5 * frame + shift + 100,
            bottom=200.0,
        )
        for frame in frames
    )


def measures(scores: Scores) -> tuple[float, float, float]:
    return scores.clear.mota, scores.identity.idf1, scores.hota.hota


def test_the_published_values_of_tud_campus(data: Path) -> None:
    # What py-motmetrics gives for these files, and TrackEval 1.3.0 for HOTA.
    folder = data / "datasets/mot/TUD-Campus"
    found = score(read_truth(folder / "gt.txt"), read_tracks(folder / "test.txt"))
    assert found.identity.idf1 == pytest.approx(0.558, abs=0.0005)
    assert found.identity.idp == pytest.approx(0.730, abs=0.0005)
    assert found.identity.idr == pytest.approx(0.451, abs=0.0005)
    assert found.clear.mota == pytest.approx(0.526, abs=0.0005)
    assert found.clear.motp == pytest.approx(1 - 0.277, abs=0.0005)
    assert (found.clear.switches, found.clear.false_positives, found.clear.misses) == (7, 13, 150)
    assert (found.clear.fragments, found.objects, found.frames) == (7, 8, 71)
    tracked = found.clear.mostly_tracked, found.clear.partly_tracked, found.clear.mostly_lost
    assert tracked == (1, 6, 1)
    assert found.hota.hota == pytest.approx(0.3914, abs=0.0001)
    assert found.hota.deta == pytest.approx(0.4180, abs=0.0001)
    assert found.hota.assa == pytest.approx(0.3691, abs=0.0001)
    assert found.hota.loca == pytest.approx(0.7701, abs=0.0001)


def test_the_truth_itself_is_perfect(data: Path) -> None:
    truth = read_truth(data / "datasets/mot/TUD-Campus/gt.txt")
    found = score(truth, truth)
    assert measures(found) == pytest.approx((1.0, 1.0, 1.0))
    assert found.hota.loca == pytest.approx(1.0)
    assert found.clear.mostly_tracked == found.objects == found.tracks == 8


def test_nothing_found_is_all_missed() -> None:
    found = score(walk(1, range(1, 11)), ())
    assert measures(found) == (0.0, 0.0, 0.0)
    assert (found.clear.misses, found.clear.mostly_lost) == (10, 1)


def test_nothing_there_and_something_found_is_all_invented() -> None:
    found = score((), walk(1, range(1, 11)))
    assert found.clear.false_positives == 10
    assert found.identity.idf1 == 0.0
    assert score((), ()).clear.misses == 0


def test_a_name_that_changes_half_way_is_one_switch() -> None:
    truth = walk(1, range(1, 11))
    found = score(truth, (*walk(7, range(1, 6)), *walk(8, range(6, 11))))
    assert found.clear.switches == 1
    assert found.clear.mota == pytest.approx(0.9)
    assert found.clear.fragments == 0
    assert found.identity.idf1 == pytest.approx(0.5)
    # All boxes are found; each half shares 5 of 10 boxes with the thing.
    assert found.hota.deta == pytest.approx(1.0)
    assert found.hota.assa == pytest.approx(0.5)
    assert found.hota.hota == pytest.approx(0.5**0.5)


def test_a_gap_is_a_fragment_and_no_switch_when_the_name_comes_back() -> None:
    truth = walk(1, range(1, 21))
    found = score(truth, (*walk(7, range(1, 9)), *walk(7, range(12, 21))))
    assert (found.clear.switches, found.clear.fragments, found.clear.misses) == (0, 1, 3)
    assert found.clear.mostly_tracked == 1
    found = score(truth, (*walk(7, range(1, 9)), *walk(8, range(12, 21))))
    assert (found.clear.switches, found.clear.fragments) == (1, 1)


def test_what_is_matched_goes_on_although_another_overlaps_more() -> None:
    truth = walk(1, range(1, 11))
    worse, better = walk(7, range(1, 11), shift=20), walk(8, range(5, 11))
    found = score(truth, (*worse, *better))
    assert (found.clear.switches, found.clear.false_positives) == (0, 6)


def test_two_that_swap_names_are_two_switches() -> None:
    truth = (*walk(1, range(1, 11)), *walk(2, range(1, 11), x=1000))
    swapped = (
        *walk(7, range(1, 7)),
        *walk(8, range(7, 11)),
        *walk(8, range(1, 7), x=1000),
        *walk(7, range(7, 11), x=1000),
    )
    found = score(truth, swapped)
    assert found.clear.switches == 2
    assert found.identity.idf1 == pytest.approx(0.6)


def test_the_overlap_that_counts_can_be_chosen_but_hota_takes_all() -> None:
    truth, aside = walk(1, range(1, 11)), walk(7, range(1, 11), shift=25)
    overlap = 75 / 125
    strict, lax = score(truth, aside, 0.7), score(truth, aside, 0.5)
    assert (strict.clear.matches, lax.clear.matches) == (0, 10)
    assert strict.hota == lax.hota
    assert lax.hota.hota == pytest.approx(12 / 19)  # found at 0.05 to 0.60, lost beyond
    assert lax.clear.motp == pytest.approx(overlap)


def test_what_is_doubtful_is_neither_right_nor_wrong() -> None:
    walker, statue = walk(1, range(1, 11)), walk(2, range(1, 11), x=1000)
    doubtful = tuple(replace(each, counts=False, doubtful=True) for each in statue)
    ignored = tuple(replace(each, counts=False) for each in statue)
    found = (*walk(7, range(1, 11)), *walk(8, range(1, 11), x=1000))
    assert score((*walker, *doubtful), found).clear.false_positives == 0
    assert score((*walker, *ignored), found).clear.false_positives == 10
    assert score((*walker, *doubtful), walk(7, range(1, 11))).clear.misses == 0


@pytest.mark.parametrize("seed", range(8))
def test_names_do_not_matter_nor_does_the_order_of_lines(seed: int) -> None:
    dice = np.random.default_rng(seed)
    truth = tuple(row for n in range(6) for row in walk(n, range(1, 30), x=70.0 * n))
    found = tuple(
        replace(
            row,
            id=row.id if dice.random() < 0.9 else int(dice.integers(10, 99)),
            left=row.left + dice.normal(0, 15),
        )
        for row in truth
        if dice.random() < 0.8
    )
    mixed = [replace(found[at], id=found[at].id + 500) for at in dice.permutation(len(found))]
    one, other = score(truth, found), score(truth, tuple(mixed))
    assert measures(one) == pytest.approx(measures(other))
    assert one.clear.matches + one.clear.misses == one.true_boxes
    assert one.clear.matches + one.clear.false_positives == one.track_boxes
    assert 0 < one.hota.hota < 1
