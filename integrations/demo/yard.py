"""The yard, painted once by day and once at dusk; the light in between is a mix of the two.

All of it is made from numbers: no picture is shipped.
"""

import math
from dataclasses import dataclass
from typing import Final

import cv2  # noqa: TID253 - imported in a worker only
import numpy as np
from numpy.typing import NDArray

from integrations.demo import house, tree
from integrations.demo.brush import Brush, Picture, dimmed
from integrations.demo.landscape import draw_landscape
from integrations.demo.perspective import View

DUSK: Final = (0.6, 0.46, 0.43)
"""What dusk leaves of blue, green and red."""
GLOW: Final = (0.25, 0.55, 0.8)
"""What the lamp adds beside it, of blue, green and red."""
GLOW_REACH: Final = 2.3  # metres in which the lamp's light falls to a third
_MIX: Final = 160  # steps between day and dusk, so small that none is seen


@dataclass(frozen=True, slots=True, kw_only=True)
class Yard:
    """The painted pieces. The masks are 255 where somebody so far back is not hidden."""

    day: Picture
    dusk: Picture
    lights: Picture
    behind_house: Picture
    behind_all: Picture
    leaves: tree.Leaves


@dataclass(frozen=True, slots=True, kw_only=True)
class Lit:
    """The yard in one light."""

    step: int
    backdrop: Picture
    leaves: tree.Leaves


def paint(view: View, seed: int) -> Yard:
    """Paint the yard: some tens of milliseconds at 640x360."""
    brush = Brush(view, seed)
    draw_landscape(brush)
    open_land = brush.canvas.copy()
    house.draw_house(brush)
    tree.draw_trunk(brush)
    dusk = _at_dusk(view, brush.canvas, open_land)
    hidden = _mask_of_house(view)
    trunk = _filled(view, tree.trunk(view))
    return Yard(
        day=brush.canvas,
        dusk=dusk,
        lights=_lights(view, brush.canvas, dusk),
        behind_house=np.asarray(cv2.bitwise_not(hidden), np.uint8),
        behind_all=np.asarray(cv2.bitwise_not(cv2.max(hidden, trunk)), np.uint8),
        leaves=tree.grow(view, seed),
    )


def light_step(dusk: float) -> int:
    """Return the step of light for a dusk of 0..1; the same step looks the same."""
    return round(dusk * _MIX)


def lamp(dusk: float) -> float:
    """Return how bright the lamp is, 0..1: it comes on when it is nearly dark."""
    return min(1.0, max(0.0, (dusk - 0.45) / 0.5))


def lit(yard: Yard, step: int) -> Lit:
    """Return the yard in a step of light."""
    dusk = step / _MIX
    backdrop = cv2.addWeighted(yard.day, 1 - dusk, yard.dusk, dusk, 0)
    backdrop = cv2.addWeighted(backdrop, 1, yard.lights, lamp(dusk), 0)
    scale = tuple(1 - dusk * (1 - each) for each in DUSK)
    leaves = tree.Leaves(
        colours=dimmed(yard.leaves.colours, scale),
        through=yard.leaves.through,
        left=yard.leaves.left,
        top=yard.leaves.top,
    )
    return Lit(step=step, backdrop=np.asarray(backdrop, np.uint8), leaves=leaves)


def _at_dusk(view: View, day: Picture, open_land: Picture) -> Picture:
    """Return dusk without any lamp: dim and blue, under a sky that is still bright."""
    dim = day * np.array(DUSK, np.float32)
    rows = math.ceil(view.horizon)
    # Sky is what is bright there and not house or tree; hills stay dark before it.
    bright = np.clip((day[:rows].min(axis=2, keepdims=True) - 100.0) / 40, 0, 1)
    bright *= (day[:rows] == open_land[:rows]).all(axis=2, keepdims=True)
    dim[:rows] = dim[:rows] * (1 - bright) + _sky_at_dusk(view) * bright
    return np.asarray(np.clip(dim, 0, 255), np.uint8)


def _lights(view: View, day: Picture, dusk: Picture) -> Picture:
    """Return what lamp and windows add to dusk."""
    lights = day * _glow(view)[..., None] * np.array(GLOW, np.float32)
    _shine(view, lights)
    shone = dusk + lights
    return np.asarray(np.clip(shone, 0, 255) - dusk, np.uint8)


def _sky_at_dusk(view: View) -> NDArray[np.float32]:
    down = np.linspace(0, 1, math.ceil(view.horizon))[:, None, None] ** 1.5
    high, low = np.array((118, 66, 46.0)), np.array((104, 132, 214.0))
    column = np.asarray(high * (1 - down) + low * down, np.float32)
    return np.asarray(np.repeat(column, view.width, axis=1), np.float32)


def _glow(view: View) -> NDArray[np.float32]:
    """Return how much the lamp lights each pixel: wall and ground near the door."""
    x, y = view.pixel(*house.LAMP)
    reach = GLOW_REACH * view.scale(house.WALL)
    rows, columns = np.mgrid[0 : view.height, 0 : view.width].astype(np.float32)
    # The pool of light on the ground is flat, as the ground is seen.
    down = np.where(rows > y, (rows - y) * 1.15, (y - rows) * 1.5)
    spread = np.exp(-(((columns - x) ** 2 + down**2) / reach**2))
    lit_up = cv2.GaussianBlur(_mask_of_house_and_ground(view), (0, 0), 2)
    return np.asarray(spread * lit_up / 255, np.float32)


def _shine(view: View, picture: NDArray[np.float32]) -> None:
    """Light the windows and the lamp itself."""
    lights = Brush(view, 0)
    for left, right in house.WINDOWS:
        low, high = house.PANE
        middle = (left + right) / 2
        for sides in ((left, middle - 0.03), (middle + 0.03, right)):
            lights.wall((*sides, low, 1.56), house.WALL, (34, 132, 196))
            lights.wall((*sides, 1.62, high), house.WALL, (46, 142, 198))
    x, up, depth = house.LAMP
    lights.wall((x - 0.08, x + 0.08, up - 0.14, up + 0.12), depth, (140, 200, 220))
    halo = cv2.GaussianBlur(lights.canvas.astype(np.float32), (0, 0), view.height / 45)
    np.maximum(picture, lights.canvas, out=picture)
    picture += halo * 0.35


def _mask_of_house(view: View) -> Picture:
    left = house.CORNER
    return _mask(view, [(left, 0), (14, 0), (14, 5), (left, 5)], house.WALL)


def _mask_of_house_and_ground(view: View) -> Picture:
    mask = _mask_of_house(view)
    mask[math.ceil(view.pixel(0, 0, house.WALL)[1]) :] = 255
    return mask


def _mask(view: View, corners: list[tuple[float, float]], depth: float) -> Picture:
    return _filled(view, [view.pixel(x, up, depth) for x, up in corners])


def _filled(view: View, outline: list[tuple[float, float]]) -> Picture:
    brush = Brush(view, 0)
    brush.polygon(outline, (255, 255, 255))
    return brush.canvas[..., 0].copy()
