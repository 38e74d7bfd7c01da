"""A camera's picture with its motion laid over it, and a grid to read polygons off."""

from collections.abc import Sequence
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from hub.vision.pictures import jpeg, png

Pixels = NDArray[np.uint8]
Floats = NDArray[np.float32]
Point = tuple[float, float]

_LEAST: Final = 720  # pixels; labels on a narrower picture cannot be read
_COLOUR: Final = 0.45  # of the picture's own colours; the map's have to stand out
_BRIGHT: Final = 0.8
_OPAQUE: Final = 0.62  # where most motion was
_FEW: Final = 0.2  # seconds of motion that can just be seen
_LINE: Final = 0.28  # opacity of the grid
_HALFWAY: Final = 0.6  # opacity of the lines through the middle
_WHITE: Final = (255, 255, 255)
_DARK: Final = (28, 24, 22)
_MASK: Final = (235, 200, 130)
_FONT: Final = cv2.FONT_HERSHEY_DUPLEX
_MINUTE: Final = 60.0
_HOUR: Final = 3600.0


def heat_picture(
    picture: Pixels,
    cells: Floats,
    masks: Sequence[Sequence[Point]] = (),
    *,
    lossless: bool = False,
) -> bytes:
    """Return a picture (BGR) as a JPEG with heat over it: seconds of motion in rows of cells.

    ``masks`` are polygons in fractions of the picture that are left out already. What is
    ``lossless`` is a PNG.
    """
    drawn = _heated(_legible(picture), cells)
    for each in masks:
        _outline(drawn, each)
    scale = max(0.42, drawn.shape[1] / 2100)
    _grid(drawn, scale)
    _legend(drawn, float(cells.max(initial=0.0)), scale)
    return png(drawn) if lossless else jpeg(drawn)


def _legible(picture: Pixels) -> Pixels:
    high, wide = picture.shape[:2]
    if wide >= _LEAST:
        return picture
    size = (_LEAST, max(2, round(high * _LEAST / wide)))
    return np.asarray(cv2.resize(picture, size, interpolation=cv2.INTER_CUBIC), np.uint8)


def _heated(picture: Pixels, cells: Floats) -> Pixels:
    high, wide = picture.shape[:2]
    grey = cv2.cvtColor(cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY), cv2.COLOR_GRAY2BGR)
    below = cv2.addWeighted(picture, _COLOUR * _BRIGHT, grey, (1 - _COLOUR) * _BRIGHT, 0)
    # By orders of magnitude: a tree that moved for an hour must not hide who passed once.
    strength = np.log1p(cells / _FEW) / max(1.0, np.log1p(float(cells.max(initial=0.0)) / _FEW))
    smooth = cv2.resize(strength.astype(np.float32), (wide, high), interpolation=cv2.INTER_CUBIC)
    levels = np.clip(smooth, 0.0, 1.0)
    colours = cv2.applyColorMap((40 + levels * 200).astype(np.uint8), cv2.COLORMAP_TURBO)
    opacity = (_OPAQUE * np.clip(levels * 2.5, 0.0, 1.0))[..., None]
    return np.asarray(below * (1 - opacity) + colours * opacity, np.uint8)


def _outline(drawn: Pixels, polygon: Sequence[Point]) -> None:
    size = np.array([drawn.shape[1] - 1, drawn.shape[0] - 1])
    corners = np.asarray(np.round(np.array(polygon) * size), np.int32)
    veil = cv2.fillPoly(drawn.copy(), [corners], _DARK)
    drawn[:] = cv2.addWeighted(veil, 0.45, drawn, 0.55, 0)
    cv2.polylines(drawn, [corners], isClosed=True, color=_MASK, thickness=2, lineType=cv2.LINE_AA)


def _grid(drawn: Pixels, scale: float) -> None:
    high, wide = drawn.shape[:2]
    lines = np.zeros((high, wide, 1), np.float32)
    for tenth in range(1, 10):
        x, y = round(tenth / 10 * (wide - 1)), round(tenth / 10 * (high - 1))
        opacity = _HALFWAY if 2 * tenth == 10 else _LINE  # noqa: PLR2004 - tenths
        lines[:, x] = np.maximum(lines[:, x], opacity)
        lines[y] = np.maximum(lines[y], opacity)
    drawn[:] = (drawn * (1 - lines) + 255 * lines).astype(np.uint8)
    for tenth in range(1, 10):
        text = f"{tenth / 10:.1f}"
        (width, height), _ = cv2.getTextSize(text, _FONT, scale, 1)
        x, y = round(tenth / 10 * (wide - 1)), round(tenth / 10 * (high - 1))
        _write(drawn, text, (x - width // 2, height + 5), scale)
        _write(drawn, text, (5, y + height // 2), scale)


def _legend(drawn: Pixels, most: float, scale: float) -> None:
    """Say in the lower right corner what the strongest colour stands for."""
    high, wide = drawn.shape[:2]
    text = f"most: {_span(most)} of motion" if most else "no motion yet"
    (width, height), _ = cv2.getTextSize(text, _FONT, scale, 1)
    left, bar = wide - width - 14, max(6, height // 2)
    ramp = np.linspace(40, 240, width).astype(np.uint8)[None].repeat(bar, axis=0)
    colours = cv2.applyColorMap(ramp, cv2.COLORMAP_TURBO)
    drawn[high - bar - 10 : high - 10, left : left + width] = colours
    _write(drawn, text, (left, high - bar - 18), scale)


def _span(seconds: float) -> str:
    if seconds < 1.0:
        return f"{max(seconds, 0.1):.1f} s"
    if seconds < _MINUTE:
        return f"{seconds:.0f} s"
    if seconds < _HOUR:
        return f"{seconds / _MINUTE:.0f} min"
    return f"{seconds / _HOUR:.1f} h"


def _write(drawn: Pixels, text: str, at: tuple[int, int], scale: float) -> None:
    for thickness, colour in ((3, _DARK), (1, _WHITE)):
        cv2.putText(drawn, text, at, _FONT, scale, colour, thickness, cv2.LINE_AA)
