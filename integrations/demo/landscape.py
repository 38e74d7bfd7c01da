"""What lies around the house: sky, hills, grass, the lane, paths of stone and a fence."""

import math
from collections.abc import Sequence
from itertools import pairwise
from typing import Final

import cv2  # noqa: TID253 - imported in a worker only
import numpy as np
from numpy.typing import NDArray

from integrations.demo.brush import Brush, Colour, blurred, toned
from integrations.demo.perspective import MOUNTED, Ground

_FENCE: Final = 14.6  # metres from the camera
_TILE: Final = 512  # pixels of a piece of noise that is laid side by side

Grid = NDArray[np.float32]


def draw_landscape(brush: Brush) -> None:
    """Draw everything behind and below the house."""
    _sky(brush)
    _clouds(brush)
    _hills(brush, (150, 158, 128), 0.075, 5.0)
    _hills(brush, (92, 122, 90), 0.05, 11.0)
    _grass(brush)
    _lane(brush)
    _path(brush, [(-7.5, 6.2), (-3.2, 6.35), (-1.1, 6.65), (0.95, 7.15)], 1.1)
    _path(brush, [(-2.0, 11.4), (-1.6, 9.3), (-1.0, 7.25)], 1.0)
    _fence(brush)


def _sky(brush: Brush) -> None:
    rows = math.ceil(brush.view.horizon) + 2
    down = np.linspace(0, 1, rows)[:, None]
    high, low = np.array((222, 170, 112.0)), np.array((244, 230, 210.0))
    brush.canvas[:rows] = (high * (1 - down) + low * down).astype(np.uint8)[:, None]


def _clouds(brush: Brush) -> None:
    view, luck = brush.view, brush.luck
    top = brush.canvas[: math.ceil(view.horizon)]
    soft = top.copy()
    for _ in range(5):
        x, y = luck.uniform(0, view.width), luck.uniform(0.04, 0.15) * view.height
        for _ in range(7):
            at = (
                round(x + luck.gauss(0, 0.045) * view.width),
                round(y + luck.gauss(0, 0.01) * view.height),
            )
            axes = (round(0.04 * view.width), round(0.016 * view.height))
            cv2.ellipse(soft, at, axes, 0, 0, 360, (250, 247, 244), -1, cv2.LINE_AA)
    soft = blurred(soft, view.height * 0.045)
    cv2.addWeighted(top, 0.4, soft, 0.6, 0, dst=top)


def _hills(brush: Brush, tone: Colour, tall: float, rough: float) -> None:
    view = brush.view
    across = np.linspace(0, 1, 160)
    wave = np.zeros_like(across)
    for each in range(1, 5):
        wave += np.sin(rough * each * across + brush.luck.uniform(0, math.tau)) / each
    tops = view.horizon + 2 - tall * view.height * (0.6 + 0.25 * wave)
    outline = [(x * view.width, y) for x, y in zip(across.tolist(), tops.tolist(), strict=True)]
    low = view.horizon + 4
    brush.polygon([*outline, (view.width, low), (0, low)], tone)


def _grass(brush: Brush) -> None:
    view = brush.view
    top = math.ceil(view.horizon)
    rows, columns = np.mgrid[top : view.height, 0 : view.width].astype(np.float32)
    depth = view.scale(1.0) * MOUNTED / np.maximum(rows - view.horizon, 1.0)
    across = (columns - view.width / 2) * depth / view.scale(1.0)
    noise = _noise(brush)
    fine = _laid(noise, across, depth, 40.0) * np.clip(1.5 - depth / 12, 0.2, 1)
    coarse = _laid(noise, across, depth, 6.0)
    mown = np.where(np.sin(across * math.tau / 2.2) > 0, 1.02, 0.98)
    shade = (1 + 0.7 * fine + 0.22 * coarse) * mown
    far = np.clip((depth - 9) / 40, 0, 1)[..., None]
    near_colour, far_colour = np.array((64, 134, 98.0)), np.array((108, 160, 136.0))
    grass = near_colour * shade[..., None] * (1 - far) + far_colour * far
    brush.canvas[top:] = np.clip(grass, 0, 255).astype(np.uint8)


def _noise(brush: Brush) -> Grid:
    """Return soft noise of about -0.5..0.5 that can be laid side by side."""
    total = np.zeros((_TILE, _TILE), np.float32)
    for cells in (16, 64, 256):
        grain = np.pad(brush.grain.random((cells, cells), np.float32) - 0.5, 1, mode="wrap")
        grow = _TILE // cells
        large = np.asarray(cv2.resize(grain, None, fx=grow, fy=grow), np.float32)
        total += large[grow:-grow, grow:-grow] / 1.7
    return total


def _laid(noise: Grid, across: Grid, depth: Grid, fine: float) -> Grid:
    """Return the noise as it is seen lying on the ground, ``fine`` cells to the metre."""
    x = np.mod(across * fine, _TILE).astype(np.float32)
    y = np.mod(depth * fine, _TILE).astype(np.float32)
    return np.asarray(
        cv2.remap(noise, x, y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_WRAP), np.float32
    )


def _lane(brush: Brush) -> None:
    for near, far, colour in (
        (11.35, 11.6, (156, 162, 166)),
        (11.6, 13.9, (136, 139, 142)),
        (13.9, 14.1, (156, 162, 166)),
    ):
        brush.ground([(-30, near), (30, near), (30, far), (-30, far)], colour)
    for _ in range(220):
        at = (brush.luck.uniform(-12, 1), 0.0, brush.luck.uniform(11.7, 13.8))
        brush.dot(at, 0.015, toned((136, 139, 142), brush.luck.uniform(0.88, 1.1)))


def _path(brush: Brush, way: Sequence[Ground], wide: float) -> None:
    line = _spread(way, 0.5)
    for grow, colour in ((0.16, (72, 116, 94)), (0.06, (112, 126, 130))):
        for a, b in pairwise(line):
            brush.ground(_slab(a, b, (-wide / 2 - grow, wide / 2 + grow), -0.06), colour)
    for index, (a, b) in enumerate(pairwise(line)):
        seam = wide * (0.12 if index % 2 else -0.12)
        for sides in ((-wide / 2, seam - 0.02), (seam + 0.02, wide / 2)):
            tone = brush.luck.uniform(0.9, 1.06)
            brush.ground(_slab(a, b, sides, 0.025), toned((162, 174, 182), tone))


def _spread(way: Sequence[Ground], step: float) -> list[Ground]:
    """Return points along a way, about ``step`` metres apart."""
    points: list[Ground] = []
    for a, b in pairwise(way):
        count = max(1, round(math.dist(a, b) / step))
        points += [
            (a[0] + (b[0] - a[0]) * part / count, a[1] + (b[1] - a[1]) * part / count)
            for part in range(count)
        ]
    return [*points, way[-1]]


def _slab(a: Ground, b: Ground, sides: tuple[float, float], inset: float) -> list[Ground]:
    """Return a stone between two points of a way; ``sides`` are metres left and right of it."""
    length = math.dist(a, b)
    ahead = ((b[0] - a[0]) / length, (b[1] - a[1]) / length)
    corners = ((a, inset, sides[0]), (b, -inset, sides[0]), (b, -inset, sides[1]),
               (a, inset, sides[1]))  # fmt: skip
    return [
        (at[0] + ahead[0] * along - ahead[1] * side, at[1] + ahead[1] * along + ahead[0] * side)
        for at, along, side in corners
    ]


def _fence(brush: Brush) -> None:
    for up in (0.3, 0.72):
        brush.wall((-22, 0.4, up, up + 0.1), _FENCE, (204, 212, 215))
    for post in range(60):
        x = -14.0 + post * 0.24
        tone = brush.luck.uniform(0.94, 1.03)
        brush.wall((x, x + 0.13, 0.04, 0.95), _FENCE, toned((222, 230, 233), tone))
