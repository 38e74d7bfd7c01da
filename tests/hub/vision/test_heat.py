import cv2
import numpy as np
import pytest

from hub.api import NotReady
from hub.vision.heat import COLUMNS, ROWS, Heat
from hub.vision.heatmap import heat_picture
from hub.vision.plan import MotionPlan
from tests.hub.vision.scenes import encode, picture, walk
from tests.hub.vision.test_runner import Eager, plan


def corner() -> np.ndarray:
    """The upper left quarter of a frame moved."""
    moved = np.zeros((180, 320), np.uint8)
    moved[:90, :160] = 255
    return moved


def decoded(jpeg: bytes) -> np.ndarray:
    pixels = cv2.imdecode(np.frombuffer(jpeg, np.uint8), cv2.IMREAD_COLOR)
    assert pixels is not None
    return pixels.astype(np.int16)


def test_heat_is_seconds_of_motion_where_it_was() -> None:
    heat = Heat()
    for number in range(51):
        heat.add(corner(), number / 5)
    assert heat.cells.shape == (ROWS, COLUMNS)
    assert heat.cells[0, 0] == pytest.approx(10.0)
    assert heat.cells[-1, -1] == 0
    assert heat.cells[0, -1] == 0


def test_a_camera_that_paused_did_not_move_all_the_while() -> None:
    heat = Heat()
    heat.add(corner(), 0.0)
    heat.add(corner(), 500.0)
    assert heat.cells.max() <= 2.0


def test_heat_fades_by_half_in_six_hours() -> None:
    heat = Heat()
    for number in range(500):
        heat.add(corner(), number / 5)
    before = heat.cells[0, 0]
    for second in range(100, 100 + 6 * 3600, 10):
        heat.add(None, float(second))
    assert heat.cells[0, 0] == pytest.approx(before / 2, rel=0.01)


def test_the_map_is_coloured_where_it_moved_and_grey_where_not() -> None:
    cells = np.zeros((ROWS, COLUMNS), np.float32)
    cells[:18, :32] = 60.0
    shown = decoded(heat_picture(np.full((360, 640, 3), 90, np.uint8), cells))
    assert shown.shape == (405, 720, 3)  # so that the labels can be read
    coloured = np.ptp(shown, axis=2)
    assert np.median(coloured[40:180, 60:330]) > 60
    assert np.median(coloured[240:330, 400:600]) < 10


def test_one_who_passed_can_be_seen_beside_a_tree_that_moved_for_an_hour() -> None:
    cells = np.zeros((ROWS, COLUMNS), np.float32)
    cells[:10, :10] = 3600.0
    cells[20:30, 40:50] = 4.0
    shown = decoded(heat_picture(np.full((720, 1280, 3), 90, np.uint8), cells))
    assert np.median(np.ptp(shown[440:560, 830:970], axis=2)) > 40


def test_the_grid_is_in_tenths() -> None:
    plain = np.full((720, 1280, 3), 60, np.uint8)
    shown = decoded(heat_picture(plain, np.zeros((ROWS, COLUMNS), np.float32)))
    row = shown[:, :, 1].mean(axis=0)
    lines = [x for x in range(1, 1279) if row[x] > row[x - 1] + 8 and row[x] > row[x + 1] + 8]
    tenths = [round(tenth / 10 * 1279) for tenth in range(1, 10)]
    assert all(any(abs(line - each) <= 1 for line in lines) for each in tenths)


def test_a_mask_is_outlined() -> None:
    plain, none = np.full((720, 1280, 3), 90, np.uint8), np.zeros((ROWS, COLUMNS), np.float32)
    mask = ((0.61, 0.61), (0.89, 0.61), (0.89, 0.89), (0.61, 0.89))
    bare, masked = decoded(heat_picture(plain, none)), decoded(heat_picture(plain, none, [mask]))
    assert np.abs(bare - masked)[500:600, 850:1000].mean() > 10
    assert np.abs(bare - masked)[100:300, 100:600].mean() < 1


@pytest.mark.parametrize("size", [(64, 48), (322, 242), (1920, 1080), (480, 640)])
def test_pictures_of_any_shape_have_a_map(size: tuple[int, int]) -> None:
    shown = decoded(heat_picture(picture(size=size), np.ones((ROWS, COLUMNS), np.float32)))
    assert shown.shape[1] / shown.shape[0] == pytest.approx(size[0] / size[1], rel=0.02)


def test_a_camera_shows_where_somebody_walked() -> None:
    camera = Eager(plan(zones=()))
    with pytest.raises(NotReady):
        camera.pipeline.motion_picture()
    camera.show(encode([picture()] * 10 + walk(4, 5) + [picture()] * 5, fps=5))
    shown = decoded(camera.pipeline.motion_picture())
    high, wide = shown.shape[:2]
    strong = np.ptp(shown, axis=2)
    assert (
        np.median(strong[int(0.6 * high) : int(0.8 * high), int(0.2 * wide) : int(0.7 * wide)]) > 60
    )
    assert np.median(strong[: high // 5, wide // 2 :]) < 12


def test_heat_outlives_a_change_of_the_motion_options() -> None:
    camera = Eager(first := plan(zones=()))
    camera.show(encode([picture()] * 10 + walk(4, 5), fps=5))
    before = camera.pipeline.motion_picture()
    changed = {name: getattr(first, name) for name in first.__struct_fields__}
    camera.pipeline.replan(type(first)(**{**changed, "motion": MotionPlan(threshold=40)}))
    assert camera.pipeline.motion_picture() == before
