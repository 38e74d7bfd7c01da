"""Each head reads back the boxes that were written the way its networks write them."""

from collections.abc import Callable
from itertools import pairwise

import numpy as np
import pytest

from detectors.heads.choosing import HEADS
from detectors.heads.found import Found
from detectors.heads.head import Head, Wanted
from tests.detectors.heads.written import KINDS, Outputs, Scene, Seen, diagonal

FACES = {"yunet", "ultraface"}  # know one class only
# These leave suppression to whoever reads them; the others have done it.
OVERLAPPING = {"yolov5", "yolov6", "yolov8", "yunet", "ultraface"}
WAYS = [
    pytest.param(name, write, id=write.__name__)
    for name, writes in KINDS.items()
    for write in writes
]
Write = Callable[[Scene], Outputs]


def scene(name: str, width: int = 416, height: int = 320, *seen: Seen) -> Scene:
    return Scene(width, height, 1 if name in FACES else 7, seen)


def head(name: str, scene: Scene, **wishes: object) -> Head:
    labels = tuple(f"thing {each}" for each in range(scene.classes))
    return HEADS[name](Wanted(width=scene.width, height=scene.height, labels=labels, **wishes))


def shapes(outputs: Outputs) -> dict[str, tuple[int, ...]]:
    return {name: each.shape for name, each in outputs.items()}


def random_scene(name: str, seed: int) -> Scene:
    """Return up to a dozen boxes that touch nowhere, with scores that differ, best first."""
    dice = np.random.default_rng(seed)
    empty = scene(name)
    count = int(dice.integers(1, 13))
    places = dice.permutation(12)[:count]
    scores = sorted(dice.uniform(0.15, 0.95, count).tolist(), reverse=True)
    seen = []
    for place, score in zip(places.tolist(), scores, strict=True):
        left, top = place % 4 * 104 + dice.uniform(2, 30), place // 4 * 104 + dice.uniform(2, 30)
        wide, high = dice.uniform(20, 70, 2)
        kind = int(dice.integers(0, empty.classes))
        seen.append(Seen(kind, score, left, top, left + wide, top + high))
    return empty._replace(seen=seen)


def same(found: Found, seen: list[Seen]) -> None:
    assert found.classes.tolist() == [each.kind for each in seen]
    np.testing.assert_allclose(found.scores, [each.score for each in seen], rtol=1e-4)
    np.testing.assert_allclose(found.boxes, [each[2:] for each in seen], rtol=1e-3, atol=1e-2)


@pytest.mark.parametrize(("name", "write"), WAYS)
@pytest.mark.parametrize("seed", range(5))
def test_every_box_is_read_as_it_was_written(name: str, write: Write, seed: int) -> None:
    written = random_scene(name, seed)
    outputs = write(written)
    reader = head(name, written)

    assert reader.fits(shapes(outputs)) is None
    same(reader.read(outputs), list(written.seen))


@pytest.mark.parametrize(("name", "write"), WAYS)
def test_nothing_is_nothing(name: str, write: Write) -> None:
    empty = scene(name)
    found = head(name, empty).read(write(empty))
    assert len(found.boxes) == len(found.scores) == len(found.classes) == 0
    assert found.boxes.shape == (0, 4)


@pytest.mark.parametrize(("name", "write"), WAYS)
def test_what_is_read_does_not_change_with_the_next_inference(name: str, write: Write) -> None:
    written = random_scene(name, 1)
    outputs = write(written)
    found = head(name, written).read(outputs)
    for each in outputs.values():
        each[:] = 0
    same(found, list(written.seen))


@pytest.mark.parametrize(("name", "write"), WAYS)
def test_scores_pass_down_to_the_floor_and_not_below(name: str, write: Write) -> None:
    kinds = [0.6, 0.31, 0.29, 0.12]
    seen = [Seen(0, score, 60 * n, 50, 60 * n + 40, 110) for n, score in enumerate(kinds, 1)]
    written = scene(name)._replace(seen=seen)
    found = head(name, written, min_score=0.3).read(write(written))
    same(found, seen[:2])


@pytest.mark.parametrize(("name", "write"), WAYS)
def test_of_two_boxes_of_a_kind_one_stays_where_the_network_leaves_both(
    name: str, write: Write
) -> None:
    seen = [Seen(0, 0.8, 100, 100, 200, 200), Seen(0, 0.5, 118, 100, 218, 200)]
    written = scene(name)._replace(seen=seen)
    same(head(name, written).read(write(written)), seen[:1] if name in OVERLAPPING else seen)
    same(head(name, written, iou=0.9).read(write(written)), seen)


@pytest.mark.parametrize(("name", "write"), [each for each in WAYS if each.values[0] not in FACES])
def test_boxes_of_two_kinds_may_lie_on_each_other(name: str, write: Write) -> None:
    seen = [Seen(0, 0.8, 100, 100, 200, 200), Seen(1, 0.5, 101, 100, 201, 200)]
    written = scene(name)._replace(seen=seen)
    same(head(name, written).read(write(written)), seen)


@pytest.mark.parametrize(("name", "write"), WAYS)
@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("nonsense", [np.nan, np.inf, -np.inf, 1e30, -1e30, -1.0])
def test_a_network_that_gives_nonsense_gives_no_false_alarm(
    name: str, write: Write, nonsense: float
) -> None:
    written = random_scene(name, 2)
    outputs = write(written)
    for each in outputs.values():
        each[:] = nonsense
    with np.errstate(invalid="ignore", over="ignore"):
        found = head(name, written).read(outputs)
    assert np.isfinite(found.boxes).all()
    assert not np.isnan(found.scores).any()
    assert ((found.classes >= 0) & (found.classes < written.classes)).all()
    assert len(found.boxes) <= 300


@pytest.mark.parametrize(("name", "write"), WAYS)
def test_a_frame_of_noise_is_bounded_and_sorted(name: str, write: Write) -> None:
    written = random_scene(name, 3)
    dice = np.random.default_rng(1)
    outputs = {key: dice.uniform(0, 1, each.shape).astype(np.float32) for key, each in
               write(written).items()}  # fmt: skip
    found = head(name, written).read(outputs)
    assert len(found.boxes) <= 300
    assert all(one >= other for one, other in pairwise(found.scores.tolist()))


@pytest.mark.parametrize("name", ["yolov5", "yolov6", "yolov8", "yolov10"])
def test_boxes_in_fractions_are_made_pixels(name: str) -> None:
    """TFLite exports have them so."""
    written = random_scene(name, 4)
    pixels = KINDS[name][0](written)["output0"]
    sides = np.array([written.width, written.height] * 2, np.float32)
    if name == "yolov8":
        pixels[:, :4] /= sides[:, None]
    else:
        pixels[..., :4] /= sides
    same(head(name, written, fractions=True).read({"Identity": pixels}), list(written.seen))


@pytest.mark.parametrize("name", ["yolov10", "ssd", "ssd_from_zero"])
def test_a_class_without_a_label_is_left_out(name: str) -> None:
    seen = [Seen(8, 0.9, 10, 10, 50, 50), Seen(2, 0.5, 100, 10, 150, 50)]
    written = scene(name)._replace(seen=seen)
    same(head(name, written).read(KINDS[name][0](written)), seen[1:])


def test_a_background_is_no_object() -> None:
    written = scene("ssd")._replace(seen=[Seen(-1, 0.9, 10, 10, 50, 50)])
    assert len(head("ssd", written).read(KINDS["ssd"][0](written)).boxes) == 0


def test_faces_come_with_their_points() -> None:
    written = random_scene("yunet", 7)
    found = head("yunet", written).read(KINDS["yunet"][0](written))
    assert found.points is not None
    assert found.points.shape == (len(written.seen), 5, 2)
    expected = [diagonal(each) for each in written.seen]
    np.testing.assert_allclose(found.points, expected, rtol=1e-3, atol=1e-2)


def test_points_stay_with_their_faces() -> None:
    seen = [Seen(0, 0.8, 100, 100, 200, 200), Seen(0, 0.5, 118, 100, 218, 200),
            Seen(0, 0.4, 300, 100, 350, 200)]  # fmt: skip
    written = scene("yunet")._replace(seen=seen)
    found = head("yunet", written).read(KINDS["yunet"][0](written))
    assert found.points is not None
    expected = [diagonal(each) for each in (seen[0], seen[2])]
    np.testing.assert_allclose(found.points, expected, rtol=1e-3, atol=1e-2)
