"""Regions keep their shape on the way in, and boxes find their way back."""

import numpy as np
import pytest

from detectors.heads.canvas import Canvas
from hub.api import Box, ModelInput, Region

WHOLE = Box(0, 0, 1, 1)


def grey(width: int, height: int, level: int, place: Box = WHOLE) -> Region:
    pixels = np.full((height, width, 3), level, np.uint8)
    return Region(pixels=memoryview(pixels.tobytes()), width=width, height=height, place=place)


def canvas(width: int, height: int, **wanted: object) -> tuple[np.ndarray, Canvas]:
    """Return a canvas and what it draws on, as rows of pixels."""
    memory = np.zeros((3, height, width), np.float32)
    drawn = Canvas(memory, ModelInput(width=width, height=height, **wanted))
    return memory.transpose(1, 2, 0), drawn


@pytest.mark.parametrize(
    ("region", "fits"),
    [((640, 360), (416, 234)), ((360, 640), (234, 416)), ((416, 416), (416, 416)),
     ((100, 50), (416, 208)), ((3840, 2160), (416, 234)), ((1000, 1), (416, 1))],
)  # fmt: skip
def test_a_region_keeps_its_shape(region: tuple[int, int], fits: tuple[int, int]) -> None:
    memory, drawn = canvas(416, 416)
    fit = drawn.put(grey(*region, 200))
    assert (fit.width, fit.height) == fits
    assert (memory[: fit.height, : fit.width] == 200).all()
    assert (memory[fit.height :] == 114).all()
    assert (memory[:, fit.width :] == 114).all()


@pytest.mark.parametrize(
    ("region", "spot"),
    [((640, 360), (0, 91, 416, 325)), ((360, 640), (91, 0, 325, 416)),
     ((416, 416), (0, 0, 416, 416)), ((100, 51), (0, 102, 416, 314))],
)  # fmt: skip
def test_a_region_may_lie_in_the_centre(
    region: tuple[int, int], spot: tuple[int, int, int, int]
) -> None:
    left, top, right, bottom = spot
    memory, drawn = canvas(416, 416, fit="centre")
    fit = drawn.put(grey(*region, 200))
    assert (fit.left, fit.top, fit.left + fit.width, fit.top + fit.height) == spot
    assert (memory[top:bottom, left:right] == 200).all()
    assert (memory == 200).all(axis=2).sum() == (right - left) * (bottom - top)
    assert fit.back(*spot) == WHOLE


@pytest.mark.parametrize("region", [(640, 360), (360, 640), (20, 20)])
def test_a_region_may_be_stretched(region: tuple[int, int]) -> None:
    memory, drawn = canvas(672, 384, fit="stretch")
    fit = drawn.put(grey(*region, 200, Box(0.5, 0, 1, 1)))
    assert (memory == 200).all()
    assert fit.back(0, 0, 336, 384) == Box(0.5, 0, 0.75, 1)


def test_nothing_is_left_of_the_region_before() -> None:
    memory, drawn = canvas(416, 416)
    drawn.put(grey(416, 416, 255))
    drawn.put(grey(640, 360, 10))
    assert set(np.unique(memory)) == {10, 114}


def test_pixels_of_the_right_size_are_not_touched() -> None:
    noise = np.random.default_rng(1).integers(0, 256, (64, 96, 3), np.uint8)
    memory, drawn = canvas(96, 64)
    drawn.put(
        Region(pixels=memoryview(noise.tobytes()), width=96, height=64, place=Box(0, 0, 1, 1))
    )
    assert (memory == noise).all()


def test_a_network_may_want_red_first_and_small_numbers() -> None:
    noise = np.random.default_rng(1).integers(0, 256, (64, 96, 3), np.uint8)
    memory, drawn = canvas(96, 96, colour="RGB", top=1.0)
    drawn.put(Region(pixels=memoryview(noise.tobytes()), width=96, height=64, place=WHOLE))
    np.testing.assert_allclose(memory[:64], noise[:, :, ::-1] / 255, rtol=1e-6)
    np.testing.assert_allclose(memory[64:], 114 / 255, rtol=1e-6)


def test_a_network_may_want_each_colour_normalised() -> None:
    noise = np.random.default_rng(1).integers(0, 256, (64, 96, 3), np.uint8)
    mean, std = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)
    memory, drawn = canvas(96, 96, colour="RGB", top=1.0, mean=mean, std=std, fit="centre")
    drawn.put(Region(pixels=memoryview(noise.tobytes()), width=96, height=64, place=WHOLE))
    expected = (noise[:, :, ::-1] / 255 - mean) / std
    np.testing.assert_allclose(memory[16:80], expected, rtol=1e-4, atol=1e-5)
    grey_there = (114 / 255 - np.array(mean)) / std
    np.testing.assert_allclose(memory[:16], np.broadcast_to(grey_there, (16, 96, 3)), rtol=1e-4)


def test_an_input_may_have_its_colours_last() -> None:
    noise = np.random.default_rng(1).integers(0, 256, (64, 96, 3), np.uint8)
    memory = np.zeros((96, 96, 3), np.float32)
    drawn = Canvas(memory.transpose(2, 0, 1), ModelInput(width=96, height=96))
    drawn.put(Region(pixels=memoryview(noise.tobytes()), width=96, height=64, place=WHOLE))
    assert (memory[:64] == noise).all()


def test_a_box_comes_back_to_the_whole_frame() -> None:
    _, drawn = canvas(416, 416)
    fit = drawn.put(grey(640, 360, 0, Box(0.5, 0.25, 1.0, 0.75)))
    box = fit.back(104, 58.5, 208, 117)
    assert box is not None
    assert tuple(map(float, (box.left, box.top, box.right, box.bottom))) == pytest.approx(
        (0.625, 0.375, 0.75, 0.5)
    )


def test_a_box_ends_where_its_region_ends() -> None:
    _, drawn = canvas(416, 416)
    fit = drawn.put(grey(640, 360, 0, Box(0.5, 0.25, 1.0, 0.75)))
    assert fit.back(-50, -50, 1000, 1000) == Box(0.5, 0.25, 1.0, 0.75)


def test_a_box_in_the_grey_is_none() -> None:
    _, drawn = canvas(416, 416)
    fit = drawn.put(grey(640, 360, 0))
    assert fit.back(10, 300, 100, 400) is None
