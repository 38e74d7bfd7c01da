"""The moving picture: any frame of it, by number, and who is to be seen in it.

Frame n is a pure function of the seed, n and the options, so tests may ask for any frame, as
fast as they like, and know where everybody stands in it.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import cv2  # noqa: TID253 - imported in a worker only
import numpy as np

from hub.api import Box
from integrations.demo import house, tree, yard
from integrations.demo.brush import Picture, blurred, dimmed
from integrations.demo.figures import Figure, Look
from integrations.demo.perspective import Ground, View
from integrations.demo.walks import Step, walkers

# Day, the change to dusk, dusk, and the change back; somebody who watches sees it all.
_DAY, _FADE, _EVENING = 120.0, 75.0, 90.0  # seconds
# The sun stands behind the house to the left: a shadow falls to the right and nearer, so many
# pixels for each that something is high.
_SUN_ACROSS, _SUN_DOWN = 0.45, 0.26
_SUN_SHADOW: Final = 0.38  # of the light is gone in a shadow by day
_FOOT_SHADOW: Final = 0.3  # of the light is gone right under somebody
_NOISE: Final = 2.2  # grey levels, standard deviation
_NOISES: Final = 5  # noise patterns that take turns
_FONT: Final = cv2.FONT_HERSHEY_SIMPLEX


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Somebody in a frame: the box, how much of it is in view (0..1), whether on the doorstep."""

    name: str
    box: Box
    visible: float
    doorstep: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class _Spot:
    """A rectangle of pixels, perhaps partly outside of the picture."""

    left: int
    top: int
    right: int
    bottom: int

    @property
    def area(self) -> int:
        return (self.right - self.left) * (self.bottom - self.top)

    @property
    def cut(self) -> tuple[slice, slice]:
        return slice(self.top, self.bottom), slice(self.left, self.right)

    def inside(self, other: "_Spot") -> tuple[slice, slice]:
        """Return where this lies in a patch that covers ``other``."""
        return (
            slice(self.top - other.top, self.bottom - other.top),
            slice(self.left - other.left, self.right - other.left),
        )

    def within(self, view: View) -> "_Spot | None":
        """Return the part inside of the picture, or none."""
        cut = _Spot(
            left=max(0, self.left),
            top=max(0, self.top),
            right=min(view.width, self.right),
            bottom=min(view.height, self.bottom),
        )
        return cut if cut.left < cut.right and cut.top < cut.bottom else None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Placed:
    name: str
    step: Step
    figure: Figure
    foot: tuple[float, float]  # pixels
    spot: "_Spot"


class Scene:
    """The yard of one seed in one size; ``clock`` is the time of day at frame 0 in seconds."""

    def __init__(
        self,
        view: View,
        fps: float = 10.0,
        seed: int = 1,
        *,
        time: str = "auto",
        title: str = "",
        clock: float = 43200.0,
    ) -> None:
        self.view = view
        self.fps = fps
        self._seed = seed
        self._time = time
        self._title = title
        self._clock = clock
        self._yard = yard.paint(view, seed)
        self._lit = yard.lit(self._yard, 0)
        luck = np.random.default_rng(seed)
        self._grain = [_grain(luck, view) for _ in range(_NOISES)]

    def frames(self, start: int = 0) -> Iterator[Picture]:
        """Yield the frames from one on, for ever and as fast as they are asked for."""
        number = start
        while True:
            yield self.frame(number)
            number += 1

    def frame(self, number: int) -> Picture:
        """Return a frame as planar YUV 4:2:0 (I420): one and a half times as many rows."""
        canvas = self._painted(number / self.fps)
        self._write(canvas, number)
        frame = np.asarray(cv2.cvtColor(canvas, cv2.COLOR_BGR2YUV_I420), np.uint8)
        luma = frame[: self.view.height]
        brighter, darker = self._grain[number * 3 % _NOISES]
        cv2.add(luma, brighter, dst=luma)
        cv2.subtract(luma, darker, dst=luma)
        return frame

    def people(self, number: int) -> list[Person]:
        """Return who is in a frame, also those whom house or tree hide."""
        found = map(self._person, self._placed(number / self.fps))
        return [each for each in found if each]

    def dusk(self, time: float) -> float:
        """Return how far the light has gone at a time in seconds: 0 is day, 1 is dusk."""
        if self._time != "auto":
            return float(self._time == "dusk")
        into = time % (_DAY + _EVENING + 2 * _FADE)
        falls = _smooth((into - _DAY) / _FADE)
        return falls - _smooth((into - _DAY - _FADE - _EVENING) / _FADE)

    def _painted(self, time: float) -> Picture:
        dusk = self.dusk(time)
        step = yard.light_step(dusk)
        if step != self._lit.step:
            self._lit = yard.lit(self._yard, step)
        canvas = self._lit.backdrop.copy()
        everybody = self._placed(time)
        behind = [each for each in everybody if each.step.at[1] > tree.DEPTH]
        for each in behind:
            self._draw(canvas, each, dusk)
        self._sway(canvas, time)
        for each in everybody:
            if each not in behind:
                self._draw(canvas, each, dusk)
        return canvas

    def _placed(self, time: float) -> list[_Placed]:
        """Return everybody, from far to near."""
        found = [
            self._place(each.name, step)
            for each in walkers(self._seed, time)
            if (step := each.at(time))
        ]
        return sorted(found, key=lambda each: -each.step.at[1])

    def _place(self, name: str, step: Step) -> _Placed:
        x, depth = step.at
        foot = self.view.pixel(x, house.STEP_TALL * _climbed(step.at), depth)
        figure = Figure.seen(_look(name, self._seed), step, self.view.scale(depth))
        left, top, right, bottom = figure.bounds
        spot = _Spot(
            left=math.floor(foot[0] + left),
            top=math.floor(foot[1] + top),
            right=math.ceil(foot[0] + right),
            bottom=math.ceil(foot[1] + bottom),
        )
        return _Placed(name=name, step=step, figure=figure, foot=foot, spot=spot)

    def _person(self, placed: _Placed) -> Person | None:
        spot = placed.spot
        seen = spot.within(self.view)
        if seen is None:
            return None
        free = self._free(placed.step.at[1])
        share = 1.0 if free is None else float(free[seen.cut].mean()) / 255
        wide, tall = self.view.width, self.view.height
        return Person(
            name=placed.name,
            box=Box(seen.left / wide, seen.top / tall, seen.right / wide, seen.bottom / tall),
            visible=share * seen.area / spot.area,
            doorstep=_climbed(placed.step.at) > 0,
        )

    def _draw(self, canvas: Picture, placed: _Placed, dusk: float) -> None:
        spot = placed.spot
        away = (spot.left - placed.foot[0], spot.top - placed.foot[1])
        colours, cover = placed.figure.paint(away, (spot.right - spot.left, spot.bottom - spot.top))
        self._shade(canvas, placed, cover, dusk)
        seen = spot.within(self.view)
        if seen is None:
            return
        colours = dimmed(colours, _tint(placed.step, dusk))
        colours, cover = colours[seen.inside(spot)], cover[seen.inside(spot)]
        free = self._free(placed.step.at[1])
        if free is not None:
            cover = np.asarray(cv2.multiply(cover, free[seen.cut], scale=1 / 255), np.uint8)
            bare = cv2.merge((free[seen.cut],) * 3)
            colours = np.asarray(cv2.multiply(colours, bare, scale=1 / 255), np.uint8)
        target = canvas[seen.cut]
        _darken(target, cover)
        cv2.add(target, colours, dst=target)

    def _shade(self, canvas: Picture, placed: _Placed, cover: Picture, dusk: float) -> None:
        """Lay a figure's shadow: a long soft one from the sun, and a small one at its feet."""
        scale = self.view.scale(placed.step.at[1])
        fell = self._fallen(placed, scale)
        seen = fell.within(self.view)
        if seen is None:
            return
        shadow = self._sun_shadow(placed, cover, fell, 1 - dusk)
        at = (round(placed.foot[0] - fell.left), round(placed.foot[1] - fell.top))
        axes = (round(0.24 * scale), max(1, round(0.07 * scale)))
        cv2.ellipse(shadow, at, axes, 0, 0, 360, (255 * _FOOT_SHADOW,), -1)
        shadow = blurred(shadow, 3)[seen.inside(fell)]
        free = self._free(placed.step.at[1])
        if free is not None:
            shadow = np.asarray(cv2.multiply(shadow, free[seen.cut], scale=1 / 255), np.uint8)
        _darken(canvas[seen.cut], shadow)

    def _fallen(self, placed: _Placed, scale: float) -> _Spot:
        """Return where a figure's shadow lies."""
        tall = placed.spot.bottom - placed.spot.top
        left = math.floor(placed.foot[0] - 0.3 * scale)
        top = math.floor(placed.foot[1] - 0.08 * scale)
        right = left + math.ceil(0.65 * scale + (_SUN_ACROSS + 0.3) * tall)
        return _Spot(left=left, top=top, right=right, bottom=top + math.ceil(0.3 * tall + 4))

    def _sun_shadow(self, placed: _Placed, cover: Picture, fell: _Spot, strength: float) -> Picture:
        """Return the figure's outline laid on the ground, as seen in ``fell``."""
        up = placed.foot[1] - placed.spot.top
        move = np.array(
            [
                [1, -_SUN_ACROSS, placed.spot.left - fell.left + _SUN_ACROSS * up],
                [0, -_SUN_DOWN, placed.foot[1] - fell.top + _SUN_DOWN * up],
            ],
            np.float32,
        )
        size = (fell.right - fell.left, fell.bottom - fell.top)
        shadow = np.asarray(cv2.warpAffine(cover, move, size), np.uint8)
        return dimmed(shadow, [_SUN_SHADOW * strength])

    def _sway(self, canvas: Picture, time: float) -> None:
        leaves = self._lit.leaves
        colours, through = leaves.swayed(time, self.view.scale(tree.DEPTH))
        tall, wide = colours.shape[:2]
        target = canvas[leaves.top : leaves.top + tall, leaves.left : leaves.left + wide]
        cv2.multiply(target, through, dst=target, scale=1 / 255)
        cv2.add(target, colours, dst=target)

    def _free(self, depth: float) -> Picture | None:
        """Return where somebody at a depth is not hidden, 0..255; none when nowhere hidden."""
        if depth > tree.DEPTH:
            return self._yard.behind_all
        return self._yard.behind_house if depth > house.WALL else None

    def _write(self, canvas: Picture, number: int) -> None:
        seconds = int(self._clock + number / self.fps) % 86400
        clock = f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}"
        size = 0.42 * self.view.height / 360
        row = self.view.height - round(10 * self.view.height / 360)
        (wide, _), _ = cv2.getTextSize(clock, _FONT, size, 1)
        for text, column in ((self._title, 10), (clock, self.view.width - wide - 10)):
            for colour, thick in (((30, 30, 30), 3), ((240, 240, 240), 1)):
                cv2.putText(canvas, text, (column, row), _FONT, size, colour, thick, cv2.LINE_AA)


def _grain(luck: np.random.Generator, view: View) -> tuple[Picture, Picture]:
    """Return a camera's noise: what to add to the luma, and what to take away."""
    noise = luck.standard_normal((view.height, view.width), np.float32) * _NOISE
    brighter, darker = np.clip(noise, 0, 255), np.clip(-noise, 0, 255)
    return brighter.round().astype(np.uint8), darker.round().astype(np.uint8)


@lru_cache(maxsize=64)
def _look(name: str, seed: int) -> Look:
    return Look.of(name, seed)


def _climbed(at: Ground) -> float:
    """Return how far up the step somebody is: 0 on the ground, 1 on it."""
    left, right, front = house.STEP
    inside = min(at[0] - left, right - at[0], at[1] - front, house.WALL - at[1])
    return min(1.0, max(0.0, inside / 0.25))


def _tint(step: Step, dusk: float) -> tuple[float, float, float]:
    away = math.hypot(step.at[0] - house.LAMP[0], step.at[1] - house.LAMP[2] + 0.4)
    glow = yard.lamp(dusk) * math.exp(-((away / yard.GLOW_REACH) ** 2))
    blue, green, red = (
        1 - dusk * (1 - left) + glow * added
        for left, added in zip(yard.DUSK, yard.GLOW, strict=True)
    )
    return blue, green, red


def _darken(target: Picture, cover: Picture) -> None:
    through = cv2.bitwise_not(cover)
    cv2.multiply(target, cv2.merge((through,) * 3), dst=target, scale=1 / 255)


def _smooth(part: float) -> float:
    part = min(1.0, max(0.0, part))
    return part * part * (3 - 2 * part)
