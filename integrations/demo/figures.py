"""How a walking person looks: a skeleton in metres, dressed, seen from any side.

Limbs are tapered and round, so the outline is a person's and not a stick man's; the swing of
legs and arms follows the metres walked, so feet do not slide over the ground.
"""

import math
from dataclasses import dataclass
from random import Random
from typing import Final

import cv2  # noqa: TID253 - imported in a worker only
import numpy as np
from numpy.typing import NDArray

from integrations.demo.walks import Step

Picture = NDArray[np.uint8]
Colour = tuple[int, int, int]
"""Blue, green, red."""

_STRIDE: Final = 1.45  # metres per two steps of a grown-up
_FINE: Final = 3  # a figure is drawn so many times larger, then shrunk, for smooth edges
_WORTH_LIGHT: Final = 8.0  # pixels of the large drawing: the radius from which light is seen
_SHIFT: Final = 4  # bits of a pixel's fraction in OpenCV's drawing
_JACKETS: Final[tuple[Colour, ...]] = (
    (58, 52, 168), (140, 84, 40), (62, 62, 66), (70, 110, 48), (60, 150, 205), (168, 160, 150),
    (110, 56, 88), (42, 96, 196), (150, 120, 60),
)  # fmt: skip
_TROUSERS: Final[tuple[Colour, ...]] = (
    (92, 62, 40), (52, 48, 46), (70, 88, 110), (110, 104, 100), (40, 40, 60),
)  # fmt: skip
_SKINS: Final[tuple[Colour, ...]] = (
    (150, 178, 226), (120, 152, 204), (84, 114, 168), (52, 74, 116), (136, 164, 216),
)  # fmt: skip
_HAIRS: Final[tuple[Colour, ...]] = (
    (24, 26, 32), (34, 52, 80), (60, 100, 150), (120, 124, 130), (20, 36, 60),
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """What somebody looks like: size in metres, colours, and what they carry."""

    tall: float
    broad: float  # 1 is the usual build
    jacket: Colour
    trousers: Colour
    skin: Colour
    hair: Colour
    long_hair: bool
    coat: bool
    backpack: bool

    @classmethod
    def of(cls, name: str, seed: int) -> "Look":
        """Return the look of somebody; the same name looks the same."""
        luck = Random(f"look {name} {seed}")  # noqa: S311 - a drawing, not a secret
        return cls(
            tall=luck.uniform(1.62, 1.88),
            broad=luck.uniform(0.95, 1.15),
            jacket=luck.choice(_JACKETS),
            trousers=luck.choice(_TROUSERS),
            skin=luck.choice(_SKINS),
            hair=luck.choice(_HAIRS),
            long_hair=luck.random() < 0.4,  # noqa: PLR2004 - two in five
            coat=luck.random() < 0.3,  # noqa: PLR2004
            backpack=luck.random() < 0.3,  # noqa: PLR2004
        )


Joint = tuple[float, float, float]
"""Metres to the figure's front, to its left and up."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Part:
    """A tapered, rounded piece of a body between two joints; radii in metres."""

    a: Joint
    b: Joint
    at_a: float
    at_b: float
    colour: Colour
    flat: float = 1.0  # how much wider it is seen from the front than from the side
    under: float = 0.0  # metres it is taken to be farther away, as a jacket hides a thigh


def body(look: Look, step: Step) -> list[_Part]:
    """Return a figure's parts for one moment, in no order."""
    tall = look.tall
    swing = math.tau * step.walked / (_STRIDE * tall / 1.75)
    # The spread legs reach less far down than when they pass each other.
    bob = -0.04 * tall * math.sin(swing) ** 2 * step.pace
    hip, neck = 0.51 * tall + bob, 0.83 * tall + bob
    lean = 0.03 * step.pace
    parts = [
        *_torso(look, hip, neck, lean),
        *_head(look, neck, lean),
        *_leg(look, hip, 1, swing, step.pace),
        *_leg(look, hip, -1, swing + math.pi, step.pace),
        *_arm(look, neck, 1, swing + math.pi, step.pace, 0.0),
        *_arm(look, neck, -1, swing, step.pace, step.reach),
    ]
    if look.backpack:
        grey = (60, 70, 60)
        parts.append(_Part(a=(-0.17, 0, neck - 0.12), b=(-0.18, 0, neck - 0.42), at_a=0.1,
                           at_b=0.12, colour=grey, flat=1.3))  # fmt: skip
    return parts


def _torso(look: Look, hip: float, neck: float, lean: float) -> list[_Part]:
    wide = look.broad
    chest, waist = (lean, 0.0, neck - 0.11), (0.0, 0.0, hip + 0.04)
    parts = [
        _Part(a=chest, b=waist, at_a=0.118 * wide, at_b=0.108 * wide, colour=look.jacket, flat=1.5),
        _Part(a=(lean, 0.1 * wide, neck - 0.08), b=(lean, -0.1 * wide, neck - 0.08), at_a=0.085,
              at_b=0.085, colour=look.jacket),
        _Part(a=(lean, 0, neck + 0.04), b=(lean, 0, neck - 0.06), at_a=0.05, at_b=0.055,
              colour=look.skin),
    ]  # fmt: skip
    hem = hip - 0.3 if look.coat else hip - 0.06
    flare = 0.125 if look.coat else 0.108
    parts.append(_Part(a=waist, b=(0.0, 0.0, hem), at_a=0.108 * wide, at_b=flare * wide,
                       colour=look.jacket, flat=1.5))  # fmt: skip
    return parts


def _head(look: Look, neck: float, lean: float) -> list[_Part]:
    middle = neck + 0.145
    front = lean + 0.02
    parts = [
        _Part(a=(front + 0.012, 0, middle + 0.02), b=(front + 0.02, 0, middle - 0.045), at_a=0.082,
              at_b=0.066, colour=look.skin),
        _Part(a=(front - 0.025, 0, middle + 0.05), b=(front - 0.035, 0, middle + 0.01), at_a=0.085,
              at_b=0.085, colour=look.hair),
    ]  # fmt: skip
    if look.long_hair:
        parts.append(_Part(a=(front - 0.06, 0, middle + 0.02), b=(front - 0.07, 0, neck - 0.05),
                           at_a=0.08, at_b=0.06, colour=look.hair, flat=1.3))  # fmt: skip
    return parts


def _leg(look: Look, hip: float, side: int, swing: float, pace: float) -> list[_Part]:
    tall = look.tall
    thigh = 0.43 * math.sin(swing) * pace + 0.02
    # The knee bends while its leg swings forward, and hardly while it carries.
    bend = (0.12 + 0.85 * max(0.0, math.cos(swing)) ** 1.5) * pace
    top = (0.0, 0.075 * side * look.broad, hip)
    knee = _hang(top, thigh, 0.245 * tall)
    ankle = _hang(knee, thigh - bend, 0.235 * tall)
    toe = _hang(ankle, thigh - bend + math.pi / 2 - 0.12, 0.13)
    shoe = (34, 34, 38)
    return [
        _Part(a=top, b=knee, at_a=0.092 * look.broad, at_b=0.066, colour=look.trousers, under=0.3),
        _Part(a=knee, b=ankle, at_a=0.066, at_b=0.046, colour=look.trousers),
        _Part(a=ankle, b=toe, at_a=0.05, at_b=0.036, colour=shoe),
    ]


def _arm(
    look: Look, neck: float, side: int, swing: float, pace: float, reach: float
) -> list[_Part]:
    tall = look.tall
    upper = 0.42 * math.sin(swing) * pace + 1.1 * reach
    lower = upper + 0.12 + 0.25 * pace + 0.5 * reach
    shoulder = (0.02, 0.19 * side * look.broad, neck - 0.07)
    out = (0.0, 0.03 * side, 0.0)
    elbow = _plus(_hang(shoulder, upper, 0.165 * tall), out)
    wrist = _hang(elbow, lower, 0.135 * tall)
    hand = _hang(wrist, lower, 0.06)
    return [
        _Part(a=shoulder, b=elbow, at_a=0.066, at_b=0.05, colour=look.jacket),
        _Part(a=elbow, b=wrist, at_a=0.05, at_b=0.038, colour=look.jacket),
        _Part(a=wrist, b=hand, at_a=0.036, at_b=0.036, colour=look.skin),
    ]


def _hang(a: Joint, angle: float, length: float) -> Joint:
    """Return the end of a bone that hangs from ``a``, swung forward by an angle."""
    return (a[0] + math.sin(angle) * length, a[1], a[2] - math.cos(angle) * length)


def _plus(a: Joint, b: Joint) -> Joint:
    return (a[0] + b[0], a[1] + b[1], a[2] + b[2])


@dataclass(frozen=True, slots=True, kw_only=True)
class _Seen:
    """A part as it is seen: pixels from the figure's foot, x to the right and y down."""

    ends: tuple[tuple[float, float], tuple[float, float]]
    radii: tuple[float, float]
    widen: float  # how much wider than its radius it is, across
    depth: float
    colour: Colour


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """A figure ready to be drawn: its parts from far to near, pixels from its foot."""

    parts: tuple[_Seen, ...]

    @classmethod
    def seen(cls, look: Look, step: Step, scale: float) -> "Figure":
        """Turn a body the way its step heads; ``scale`` is pixels per metre."""
        parts = [_turned(each, step.heading, scale) for each in body(look, step)]
        return cls(parts=tuple(sorted(parts, key=lambda each: -each.depth)))

    @property
    def bounds(self) -> tuple[float, float, float, float]:
        """Left, top, right, bottom in pixels from the foot."""
        rims = [
            (x, y, radius, radius * each.widen)
            for each in self.parts
            for (x, y), radius in zip(each.ends, each.radii, strict=True)
        ]
        return (
            min(x - wide for x, _, _, wide in rims),
            min(y - radius for _, y, radius, _ in rims),
            max(x + wide for x, _, _, wide in rims),
            max(y + radius for _, y, radius, _ in rims),
        )

    def paint(self, corner: tuple[float, float], size: tuple[int, int]) -> tuple[Picture, Picture]:
        """Draw the figure into a patch whose upper left corner is that far from the foot.

        Returns colours (black outside) and coverage 0..255.
        """
        width, height = size
        large = np.zeros((height * _FINE, width * _FINE, 4), np.uint8)
        for each in self.parts:
            outline = _outline(each, corner)
            _fill(large, outline, each.colour)
            if min(outline.radii) > _WORTH_LIGHT:
                _fill(large, _lit(outline), _brighter(each.colour))
        small = cv2.resize(large, size, interpolation=cv2.INTER_AREA)
        *colours, cover = cv2.split(small)
        return np.asarray(cv2.merge(colours), np.uint8), np.asarray(cover, np.uint8)


def _turned(part: _Part, heading: tuple[float, float], scale: float) -> _Seen:
    across, away = heading
    ends = []
    depths = []
    for front, left, up in (part.a, part.b):
        # The figure's left is its heading turned by a quarter to the left, seen from above.
        ends.append(((front * across - left * away) * scale, -up * scale))
        depths.append(front * away + left * across)
    return _Seen(
        ends=(ends[0], ends[1]),
        radii=(part.at_a * scale, part.at_b * scale),
        widen=part.flat + (1 - part.flat) * abs(across),
        depth=sum(depths) / 2 + part.under,
        colour=part.colour,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Rounded:
    """Two ellipses and what lies between them, in pixels of the patch drawn large."""

    a: tuple[float, float]
    b: tuple[float, float]
    radii: tuple[float, float]
    widen: float


def _outline(part: _Seen, corner: tuple[float, float]) -> _Rounded:
    left, top = corner
    a, b = (((x - left) * _FINE, (y - top) * _FINE) for x, y in part.ends)
    radii = (part.radii[0] * _FINE, part.radii[1] * _FINE)
    return _Rounded(a=a, b=b, radii=radii, widen=part.widen)


def _lit(whole: _Rounded) -> _Rounded:
    """Return the side that the light from the upper left falls on."""
    a, b = (
        (x - 0.4 * radius * whole.widen, y - 0.1 * radius)
        for (x, y), radius in zip((whole.a, whole.b), whole.radii, strict=True)
    )
    radii = (whole.radii[0] * 0.5, whole.radii[1] * 0.5)
    return _Rounded(a=a, b=b, radii=radii, widen=whole.widen)


def _brighter(colour: Colour) -> Colour:
    blue, green, red = (min(255, round(each * 1.1 + 8)) for each in colour)
    return (blue, green, red)


def _fill(target: Picture, shape: _Rounded, colour: Colour) -> None:
    opaque = (*colour, 255)
    for (x, y), radius in zip((shape.a, shape.b), shape.radii, strict=True):
        axes = (max(1, round(radius * shape.widen)), max(1, round(radius)))
        cv2.ellipse(target, (round(x), round(y)), axes, 0, 0, 360, opaque, -1)
    (ax, ay), (bx, by) = shape.a, shape.b
    length = math.hypot(bx - ax, by - ay)
    if length < 1:
        return
    across, down = (by - ay) / length * shape.widen, (ax - bx) / length
    a, b = shape.radii
    corners = [
        (ax + across * a, ay + down * a),
        (bx + across * b, by + down * b),
        (bx - across * b, by - down * b),
        (ax - across * a, ay - down * a),
    ]
    points = (np.array(corners) * (1 << _SHIFT)).astype(np.int32)
    cv2.fillConvexPoly(target, points, opaque, shift=_SHIFT)
