"""The front of the house: wall, roof, windows, the door with its lamp and step, some flowers."""

from typing import Final

import numpy as np

from integrations.demo.brush import Brush, toned

WALL: Final = 8.0  # metres from the camera
CORNER: Final = 0.25  # metres to the right of the camera's axis, where the wall begins
LAMP: Final = (2.74, 1.95, WALL)  # metres right, up and away
WINDOWS: Final = ((3.55, 5.15), (6.3, 7.9))  # metres, left and right edges
PANE: Final = (0.96, 2.2)  # metres, low and high edges
STEP: Final = (0.75, 2.85, 6.7)  # metres: the doorstep's left, right and front edge
STEP_TALL: Final = 0.14  # metres
_WHITE: Final = (234, 240, 242)
_EAVE: Final = 3.3  # metres


def draw_house(brush: Brush) -> None:
    """Draw the house and what stands before it."""
    _siding(brush)
    _roof(brush)
    for left, right in WINDOWS:
        _window(brush, left, right)
    _doorstep(brush)
    _door(brush)
    _porch_roof(brush)
    _flowers(brush)
    for x in (0.95, 2.66):
        _pot(brush, x)


def _siding(brush: Brush) -> None:
    brush.wall((CORNER, 14, 0, _EAVE), WALL, (184, 204, 216))
    for board in np.arange(0.36, _EAVE, 0.19).tolist():
        brush.wall((CORNER, 14, board, board + 0.024), WALL, (160, 180, 193))
    brush.wall((CORNER, 14, 0, 0.34), WALL, (122, 130, 138))
    brush.wall((CORNER, CORNER + 0.14, 0.34, _EAVE), WALL, _WHITE)
    brush.wall((CORNER, 14, _EAVE - 0.32, _EAVE), WALL, (146, 165, 178))


def _roof(brush: Brush) -> None:
    view = brush.view
    left, low = view.pixel(CORNER - 0.35, _EAVE, WALL - 0.55)
    right, _ = view.pixel(14, _EAVE, WALL - 0.55)
    top_left, top = view.pixel(CORNER + 0.6, 5.4, WALL + 2.4)
    brush.polygon([(left, low), (right, low), (right, top), (top_left, top)], (86, 84, 106))
    for part in np.linspace(0.1, 0.95, 8).tolist():
        row, start = low + (top - low) * part, left + (top_left - left) * part
        brush.line((start, row), (view.width, row), (72, 70, 90))
    brush.line((left, low), (right, low), (228, 234, 236), 5.0)


def _window(brush: Brush, left: float, right: float) -> None:
    low, high = PANE
    middle = (left + right) / 2
    brush.wall((left - 0.1, right + 0.1, low - 0.1, high + 0.1), WALL, _WHITE)
    brush.wall((left, right, low, high), WALL, (126, 106, 86))
    brush.wall((left, right, 1.62, high), WALL, (158, 140, 118))
    brush.wall((middle - 0.03, middle + 0.03, low, high), WALL, _WHITE)
    brush.wall((left, right, 1.56, 1.62), WALL, _WHITE)
    brush.wall((left - 0.14, right + 0.14, low - 0.18, low - 0.08), WALL, (204, 212, 217))


def _doorstep(brush: Brush) -> None:
    left, right, front = STEP
    brush.ground([(left, front), (right, front), (right, WALL), (left, WALL)], (178, 189, 197),
                 STEP_TALL)  # fmt: skip
    brush.wall((left, right, 0, STEP_TALL), front, (132, 141, 150))
    brush.ground([(1.3, 7.35), (2.3, 7.35), (2.3, 7.85), (1.3, 7.85)], (62, 80, 108), STEP_TALL)


def _door(brush: Brush) -> None:
    brush.wall((1.2, 2.4, STEP_TALL, 2.34), WALL, _WHITE)
    brush.wall((1.32, 2.28, STEP_TALL, 2.22), WALL, (98, 106, 38))
    for left in (1.44, 1.86):
        brush.wall((left, left + 0.3, 0.36, 1.0), WALL, (82, 89, 29))
        brush.wall((left, left + 0.3, 1.22, 2.06), WALL, (152, 142, 114))
    brush.dot((2.2, 1.1, WALL), 0.045, (92, 192, 222))
    brush.wall((2.5, 2.62, 1.22, 1.4), WALL, (74, 78, 82))
    x, up, depth = LAMP
    brush.wall((x - 0.06, x + 0.06, up + 0.12, up + 0.2), depth, (42, 42, 46))
    brush.wall((x - 0.08, x + 0.08, up - 0.14, up + 0.12), depth, (202, 228, 238))


def _porch_roof(brush: Brush) -> None:
    brush.wall((1.0, 2.6, 2.34, 2.66), WALL, (142, 160, 172))
    outline = ((0.8, 2.62, WALL - 0.95), (2.8, 2.62, WALL - 0.95), (2.65, 2.95, WALL),
               (0.95, 2.95, WALL))  # fmt: skip
    brush.polygon([brush.view.pixel(*each) for each in outline], (92, 89, 112))
    a, b = (brush.view.pixel(*each) for each in outline[:2])
    brush.line(a, b, (228, 234, 236), 3.0)


def _flowers(brush: Brush) -> None:
    luck = brush.luck
    for _ in range(170):
        depth = WALL - luck.uniform(0.1, 0.6)
        up = luck.uniform(0.08, 0.7)
        tone = 0.62 + 0.55 * up + luck.uniform(-0.08, 0.08)
        at = (luck.uniform(3.3, 9.2), up, depth)
        brush.dot(at, luck.uniform(0.08, 0.16), toned((58, 112, 74), tone))
    for _ in range(50):
        at = (luck.uniform(3.4, 9.2), luck.uniform(0.3, 0.8), WALL - luck.uniform(0.3, 0.6))
        brush.dot(at, 0.04, luck.choice(((120, 110, 226), (96, 190, 238), (216, 150, 206))))


def _pot(brush: Brush, x: float) -> None:
    depth = WALL - 0.35
    brush.wall((x - 0.14, x + 0.14, STEP_TALL, 0.46), depth, (60, 94, 154))
    for _ in range(18):
        at = (x + brush.luck.gauss(0, 0.09), 0.62 + brush.luck.gauss(0, 0.1), depth)
        brush.dot(at, 0.08, toned((66, 126, 82), brush.luck.uniform(0.72, 1.2)))
