"""Pieces of foreground put together to whole figures, as boxes in pixels."""

from dataclasses import dataclass
from typing import Final

import cv2  # noqa: TID253 - imported in a worker only
import numpy as np
from numpy.typing import NDArray

Picture = NDArray[np.uint8]

_SPECK: Final = 6  # pixels; fewer are noise
_SAME_COLUMN: Final = 0.4  # of the narrower piece's width, by which pieces of one figure overlap
_GAP: Final = 0.3  # of the height of both, by which legs or head may be cut off


@dataclass(frozen=True, slots=True, kw_only=True)
class Blob:
    """A piece of foreground; edges and the pixels it fills, in pixels."""

    left: int
    top: int
    right: int
    bottom: int
    filled: int

    @property
    def width(self) -> int:
        """Right minus left."""
        return self.right - self.left

    @property
    def height(self) -> int:
        """Bottom minus top."""
        return self.bottom - self.top

    @property
    def centre(self) -> tuple[float, float]:
        """Its middle."""
        return (self.left + self.right) / 2, (self.top + self.bottom) / 2


def blobs(mask: Picture) -> list[Blob]:
    """Return the figures in a mask, split ones put together, largest first."""
    closed = cv2.morphologyEx(mask, cv2.MORPH_CLOSE, np.ones((5, 3), np.uint8))
    count, _, stats, _ = cv2.connectedComponentsWithStats(closed, connectivity=8)
    pieces = [
        Blob(left=left, top=top, right=left + width, bottom=top + height, filled=filled)
        for left, top, width, height, filled in stats[1:count].tolist()
        if filled >= _SPECK
    ]
    pieces.sort(key=lambda each: -each.filled)
    return _joined(pieces)


def _joined(pieces: list[Blob]) -> list[Blob]:
    whole: list[Blob] = []
    for piece in pieces:
        for index, other in enumerate(whole):
            if _one_figure(other, piece):
                whole[index] = _union(other, piece)
                break
        else:
            whole.append(piece)
    return whole if len(whole) == len(pieces) else _joined(whole)


def _one_figure(a: Blob, b: Blob) -> bool:
    shared = min(a.right, b.right) - max(a.left, b.left)
    if shared < _SAME_COLUMN * min(a.width, b.width):
        return False
    gap = max(a.top, b.top) - min(a.bottom, b.bottom)
    both = _union(a, b)
    return gap <= _GAP * (a.height + b.height) and both.height >= both.width


def _union(a: Blob, b: Blob) -> Blob:
    return Blob(
        left=min(a.left, b.left),
        top=min(a.top, b.top),
        right=max(a.right, b.right),
        bottom=max(a.bottom, b.bottom),
        filled=a.filled + b.filled,
    )
