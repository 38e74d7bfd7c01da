"""What a network wants to be told beside the picture."""

import numpy as np
from numpy.typing import NDArray

from hub.api import Rejected


def beside(
    model: str, name: str, shape: tuple[int, ...], size: tuple[int, int]
) -> NDArray[np.int64]:
    """Return what goes into an input that is not the picture, for a picture of this size.

    RT-DETR asks for the size (width, height) that its boxes are to be in, DETR for a mask of
    the pixels that count, which is all of them. Raises ``Rejected`` for anything else.
    """
    width, height = size
    if len(shape) == 2 and shape[1] == 2:  # noqa: PLR2004 - width and height
        return np.array([[width, height]], np.int64)
    if "mask" in name.lower():
        return np.ones((1, height, width), np.int64)
    raise Rejected(
        f"{model} has an input {name} {list(shape)} beside the picture, which nobody here can fill"
    )
