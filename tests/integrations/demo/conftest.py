"""The drawn yard, painted once for all tests that only look at it."""

from collections.abc import Callable

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from integrations.demo.perspective import View
from integrations.demo.scene import Scene

SMALL = View(width=320, height=180)

Picture = NDArray[np.uint8]
MakeScene = Callable[..., Scene]


def colours(frame: Picture) -> Picture:
    return np.asarray(cv2.cvtColor(frame, cv2.COLOR_YUV2BGR_I420), np.uint8)


@pytest.fixture(scope="session")
def day() -> Scene:
    return Scene(SMALL, 10.0, 1, time="day", title="Porch")


@pytest.fixture(scope="session")
def dusk() -> Scene:
    return Scene(SMALL, 10.0, 1, time="dusk", title="Porch")
