"""Persons told apart by the real networks, on footage with several of them."""

import numpy as np
import pytest

from hub.api import Box, Region, Rejected
from tests.detectors.openvino.conftest import Make, Picture, Truth

# In the footage two persons walk on: their places change order between these two frames.
EARLY, LATE = 215, 225


def cut(picture: Picture, box: Box) -> Region:
    high, wide = picture.shape[:2]
    rows = slice(max(0, round(box.top * high)), round(box.bottom * high))
    part = picture[rows, max(0, round(box.left * wide)) : round(box.right * wide)]
    pixels = np.ascontiguousarray(part)
    return Region(
        pixels=memoryview(pixels).cast("B"),
        width=pixels.shape[1],
        height=pixels.shape[0],
        place=box,
    )


@pytest.mark.parametrize("name", ["person_reid_0277", "person_reid_0287", "person_reid_0288"])
def test_the_same_person_later_looks_more_alike_than_another(
    make: Make, frames: dict[int, Picture], truth: Truth, name: str
) -> None:
    looks = make(model=name)
    rows = looks.likeness(
        [
            cut(frames[EARLY], truth[EARLY][0]),
            cut(frames[LATE], truth[LATE][1]),
            cut(frames[EARLY], truth[EARLY][1]),
        ]
    )
    one, later, other = (np.array(row) / np.linalg.norm(row) for row in rows)
    assert len(one) == 256
    assert one @ later > 0.7
    assert one @ other < 0.5


def test_the_same_picture_gives_the_same_numbers(
    make: Make, frames: dict[int, Picture], truth: Truth
) -> None:
    looks = make(model="person_reid_0287")
    shown = [cut(frames[EARLY], each) for each in truth[EARLY][:2]]
    first, second = looks.likeness(shown)
    assert looks.likeness(shown[1:]) == [second]
    assert looks.likeness(shown[:1]) == [first]


def test_it_finds_nothing(make: Make, frames: dict[int, Picture], truth: Truth) -> None:
    looks, answers = make(model="person_reid_0287"), []
    looks.submit(cut(frames[EARLY], truth[EARLY][0]), "yard", answers.append)
    assert [list(each) for each in answers] == [[]]
    assert looks.size == (128, 256)
    assert looks.device == "CPU"
    assert looks.failures == 0


def test_what_finds_things_does_not_tell_them_apart(make: Make) -> None:
    with pytest.raises(Rejected, match="does not tell them apart"):
        make(model="yolox_nano").likeness([])
