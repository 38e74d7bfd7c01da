"""The tree before the lane: a trunk that hides who walks behind it, and leaves that sway."""

import math
from dataclasses import dataclass
from random import Random
from typing import Final

import cv2  # noqa: TID253 - imported in a worker only
import numpy as np

from integrations.demo.brush import Brush, Picture, toned
from integrations.demo.perspective import View

DEPTH: Final = 9.4  # metres from the camera
_AT: Final = -4.45  # metres to the right of the camera's axis
_CROWN: Final = (3.55, 2.25, 1.5)  # metres: height of its middle, half its width, half its height
_SWAY: Final = 0.045  # metres at the crown's edges


@dataclass(frozen=True, slots=True, kw_only=True)
class Leaves:
    """The crown as a patch: colours times coverage, and what shines through (0..255)."""

    colours: Picture
    through: Picture
    left: int
    top: int

    def swayed(self, time: float, scale: float) -> tuple[Picture, Picture]:
        """Return both as the wind has them at a time in seconds; ``scale`` in pixels a metre."""
        height, width = self.colours.shape[:2]
        gust = math.sin(time * 1.9) + 0.6 * math.sin(time * 3.7 + 1.0)
        lean = _SWAY * scale * gust / height
        lift = 0.4 * _SWAY * scale * math.sin(time * 2.6) / width
        move = np.array([[1, lean, -lean * height / 2], [lift, 1, -lift * width / 2]], np.float32)
        colours = cv2.warpAffine(self.colours, move, (width, height))
        through = cv2.warpAffine(self.through, move, (width, height), borderValue=(255,) * 3)
        return np.asarray(colours, np.uint8), np.asarray(through, np.uint8)


def trunk(view: View) -> list[tuple[float, float]]:
    """Return the trunk's outline in pixels."""
    shape = ((-0.26, 0.0), (0.28, 0.0), (0.17, 0.5), (0.13, 2.6), (-0.12, 2.6), (-0.16, 0.5))
    return [view.pixel(_AT + x, up, DEPTH) for x, up in shape]


def draw_trunk(brush: Brush) -> None:
    """Draw the trunk and some shade under the crown."""
    shade = [
        (_AT + 0.9 + 2.1 * math.cos(a), DEPTH + 0.75 * math.sin(a))
        for a in np.linspace(0, math.tau, 40).tolist()
    ]
    outline = [brush.view.pixel(x, 0.0, depth) for x, depth in shade]
    shaded = Brush(brush.view, 0)
    shaded.polygon(outline, (70, 70, 70))
    soft = cv2.GaussianBlur(shaded.canvas, (0, 0), brush.view.height / 120)
    cv2.multiply(brush.canvas, cv2.bitwise_not(soft), dst=brush.canvas, scale=1 / 255)
    brush.polygon(trunk(brush.view), (66, 86, 106))
    for _ in range(9):
        x, up = brush.luck.uniform(-0.1, 0.1), brush.luck.uniform(0.2, 2.2)
        a = brush.view.pixel(_AT + x, up, DEPTH)
        b = brush.view.pixel(_AT + x, up + 0.4, DEPTH)
        brush.line(a, b, (52, 70, 90))


def grow(view: View, seed: int) -> Leaves:
    """Return the crown."""
    luck = Random(f"leaves {seed}")  # noqa: S311 - a drawing, not a secret
    middle, wide, tall = _CROWN
    brush, cover = Brush(view, seed), Brush(view, seed)
    for index in range(420):
        angle, out = luck.uniform(0, math.tau), math.sqrt(luck.random())
        x, up = _AT + wide * out * math.cos(angle), middle + tall * out * math.sin(angle)
        # Later leaves lie on top and higher ones catch the light.
        light = 0.55 + 0.3 * index / 420 + 0.2 * (up - middle) / tall + luck.uniform(-0.1, 0.1)
        radius = luck.uniform(0.12, 0.26)
        brush.dot((x, up, DEPTH), radius, toned((70, 142, 96), light))
        cover.dot((x, up, DEPTH), radius, (255, 255, 255))
    left, bottom = view.pixel(_AT - wide - 0.4, middle - tall - 0.4, DEPTH)
    right, top = view.pixel(_AT + wide + 0.4, middle + tall + 0.4, DEPTH)
    rows = slice(max(0, round(top)), round(bottom))
    columns = slice(max(0, round(left)), round(right))
    shown = np.asarray(cv2.multiply(brush.canvas, cover.canvas, scale=1 / 255), np.uint8)
    return Leaves(
        colours=shown[rows, columns].copy(),
        through=np.asarray(cv2.bitwise_not(cover.canvas[rows, columns]), np.uint8),
        left=columns.start,
        top=rows.start,
    )
