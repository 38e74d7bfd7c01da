"""What is asked for beside the picture, and what a user may say about the picture itself."""

import numpy as np
import pytest
import voluptuous as vol

from detectors.heads.choosing import HEADS
from detectors.heads.inputs import beside
from detectors.heads.wishes import INPUT, finds
from detectors.remote.detector import Remote
from hub.api import Rejected


def test_a_network_is_told_the_size_its_boxes_are_to_have() -> None:
    told = beside("mine", "orig_target_sizes", (1, 2), (640, 384))
    assert told.tolist() == [[640, 384]]
    assert told.dtype == np.int64


def test_every_pixel_counts() -> None:
    assert beside("mine", "pixel_mask", (1, 384, 640), (640, 384)).tolist() == [[[1] * 640] * 384]


def test_what_nobody_can_fill_is_refused() -> None:
    with pytest.raises(Rejected, match=r"mine has an input im_shape \[1, 3\] beside the picture"):
        beside("mine", "im_shape", (1, 3), (640, 384))


def valid(**given: object) -> dict[str, object]:
    return vol.Schema(dict(INPUT))(given)


def test_one_number_stands_for_all_colours() -> None:
    assert valid(mean=127, std=[1, 2, 3]) == {"mean": [127.0] * 3, "std": [1.0, 2.0, 3.0]}
    assert valid() == {}


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"mean": [1, 2]}, "expected a number for each of 3 colours, got 2"),
        ({"std": 0}, "expected a number of at least"),
        ({"std": "much"}, "expected a number, got 'much'"),
        ({"colour": "GBR"}, "expected one of BGR, RGB"),
        ({"fit": "crop"}, "expected one of corner, centre, stretch"),
        ({"top": 0}, "expected a number"),
        ({"pad": 300}, "from 0 to 255"),
    ],
)
def test_what_cannot_be_is_explained(given: dict[str, object], words: str) -> None:
    with pytest.raises(vol.Invalid, match=words):
        valid(**given)


def test_cameras_may_ask_for_labels_that_were_given() -> None:
    assert finds({"labels": ["fox", "hen"]}) == ["fox", "hen"]
    assert Remote.finds({"labels": ["fox"], "head": "auto"}) == ["fox"]
    assert finds({"labels": "coco", "head": "yunet"}) is None
    assert finds({}) is None


def test_cameras_may_ask_a_head_for_what_it_always_finds() -> None:
    assert {name: finds({"head": name}) or () for name in HEADS} == {
        name: kind.LABELS for name, kind in HEADS.items()
    }
