"""Where a picture differs from what was there before: cheap enough for every frame.

A small luma image is compared with its background. What differs, over more than a few pixels,
moves; unless only the light on it is another, or the whole picture is so restless (rain, noise)
that more is asked for. When the light of all leaps (a lamp, a camera's infrared switch), that is
a new background, and not a flood of motion.
"""

from collections.abc import Iterable, Sequence
from math import exp
from typing import Final

import cv2
import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from hub.api import Box
from hub.vision.background import Background, pixels
from hub.vision.facts import Motion
from hub.vision.geometry import area, grow, merged, touch, union
from hub.vision.light import alike, things
from hub.vision.plan import MotionPlan

Pixels = NDArray[np.uint8]

_WIDE: Final = 320  # pixels; smaller loses a person at the far end of a yard, larger only costs
_SMOOTH: Final = (3, 3)  # pixels; a third of the noise, a rain drop's streak, is left
_SMOOTHED: Final = 0.6  # what is left of a small thing's difference after it
_FLOOD: Final = 0.4  # part of the picture; more than this may be light
_LEAP: Final = 0.85  # and so may a gain that changed by so much since the last look,
_SETTLING: Final = 0.97  # or by so much in the second after the light leapt
_SETTLED: Final = 1.0  # seconds that cameras take to find their exposure after it
_ALL: Final = 0.85  # part of the picture that no thing takes; a car right before it: 0.7
_EXPLAINED: Final = 0.25  # part of the picture; when a gain leaves less, it is the light's
_AFTER: Final = 12.0  # grey levels that are asked for on top when the light leapt
_SAME: Final = 0.4  # correlation of texture; below it something large came near
_GATE: Final = 0.02  # part of the picture; so much may partly be light, less cannot matter
_SOLID: Final = 0.6  # of ``area``: pixels that really differ in a piece
_AT_ONCE: Final = 0.2  # part of the picture: so much is believed without a second frame
_JOIN: Final = 0.02  # of the picture: pieces nearer than this belong together
_MOST: Final = 8  # boxes handed on; more pieces than that are joined into one
_THIN: Final = np.ones((2, 2), np.uint8)
_WHOLE: Final = np.ones((5, 5), np.uint8)


class Unrest:
    """How restless a picture is, as grey levels that are asked for on top.

    Specks, and pieces that are nowhere near where one was the frame before, are rain, snow or
    noise: when there are many, more is asked for until there are few.
    """

    _FEW: Final = 6  # specks in a frame, as an encoder leaves them
    _UP: Final = 8.0  # grey levels for a frame with more
    _TOP: Final = 22.0  # grey levels; more would hide people
    _CALM: Final = 10.0  # seconds until a third is left

    def __init__(self) -> None:
        self.levels = 4.0  # a camera that begins has not settled

    def expect(self, levels: float) -> None:
        """Ask for at least so much."""
        self.levels = max(self.levels, levels)

    def saw(self, specks: int, passed: float) -> None:
        """Take how many specks a frame had."""
        if specks > self._FEW:
            self.levels = min(self._TOP, self.levels + self._UP)
        self.levels *= exp(-passed / self._CALM)


class MotionMemory(Struct, frozen=True, kw_only=True):
    """Movement that goes on: since when, and when it was last seen, in the camera's seconds."""

    since: float
    last: float


class MotionFinder:
    """Finds what moves, frame by frame, and says when movement began and ended."""

    def __init__(self, plan: MotionPlan) -> None:
        self._plan = plan
        self._threshold = _SMOOTHED * plan.threshold
        self._background: Background | None = None
        self._unrest = Unrest()
        self._shown: Pixels | None = None
        self._boxes: list[Box] = []
        self._gain = 1.0
        self._settling = 0.0
        self._now = 0.0
        self._seen_before = False
        self._since = 0.0
        self._last = 0.0
        self._moving = False
        self.moved: Pixels | None = None
        """Not nought where the latest frame moved; none where nothing did. Of any size."""

    def look(self, luma: Pixels, now: float) -> Motion:
        """Compare a frame (height by width, any size) with those before; ``now`` in seconds."""
        passed, self._now = max(0.0, now - self._now), now
        small = _smaller(luma)
        self.moved = None
        if self._background is None or self._background.shape != small.shape:
            self._begin(small)
            return self._settled([], now)
        return self._settled(self._compare(small, self._background, passed), now)

    def remember(self) -> MotionMemory | None:
        """Return what another start needs to tell the end of what moves now."""
        return MotionMemory(since=self._since, last=self._last) if self._moving else None

    def recall(self, memory: MotionMemory, later: float = 0.0) -> None:
        """Go on with what moved; ``later`` is added to its times."""
        self._moving, self._since = True, memory.since + later
        self._last = memory.last + later

    def replanned(self, plan: MotionPlan) -> "MotionFinder":
        """Return one that begins anew by another plan, but goes on with what moves."""
        finder = MotionFinder(plan)
        if (memory := self.remember()) is not None:
            finder.recall(memory)
        return finder

    def silence(self, now: float) -> Motion:
        """No more frames come for now: what moved has ended."""
        self._now = max(now, self._last + self._plan.settle)
        return self._settled([], self._now)

    def _begin(self, small: Pixels) -> None:
        self._background = Background(small)
        self._unrest = Unrest()
        self._boxes, self._gain = [], 1.0
        self._smallest = max(4.0, self._plan.area * small.size)
        self._shown = _looked_at(self._plan.mask, small.shape)
        self._counted = small.size if self._shown is None else cv2.countNonZero(self._shown)

    def _compare(self, small: Pixels, background: Background, passed: float) -> list[Box]:
        gain = background.gain(small)
        usual = background.usual(gain)
        apart = background.apart(small, usual)
        changed = background.changed(apart, self._threshold + self._unrest.levels)
        if self._shown is not None:
            cv2.bitwise_and(changed, self._shown, dst=changed)
        count = cv2.countNonZero(changed)
        if self._light_leapt(small, usual, changed, count, gain):
            background.relight(small, self._boxes)
            return []
        moved, lit = changed, None
        if count > _GATE * self._counted:
            moved = np.asarray(cv2.bitwise_and(changed, things(small, usual)), np.uint8)
            lit = np.asarray(cv2.subtract(changed, moved), np.uint8)
        self._boxes = self._pieces(moved, passed)
        self.moved = _within(changed, self._boxes) if self._boxes else None
        background.learn(small, apart, self._only_lit(lit), passed)
        return self._boxes

    def _light_leapt(
        self, small: Pixels, usual: Pixels, changed: Pixels, count: int, gain: float
    ) -> bool:
        least = _SETTLING if self._now < self._settling else _LEAP
        leapt, self._gain = not least < gain / self._gain < 1 / least, gain
        if not self._light(small, usual, changed, count / max(1, self._counted), leapt=leapt):
            return False
        self._gain, self._settling = 1.0, self._now + _SETTLED
        self._unrest.expect(_AFTER)
        return True

    @staticmethod
    def _light(small: Pixels, usual: Pixels, changed: Pixels, part: float, *, leapt: bool) -> bool:
        """Say whether so large a change, in a part of the picture, can only be light."""
        if part > _ALL or (leapt and part < _EXPLAINED):
            return True
        return (leapt or part > _FLOOD) and alike(small, usual, None if leapt else changed) > _SAME

    def _pieces(self, moved: Pixels, passed: float) -> list[Box]:
        """Return boxes around what moves; notes specks as unrest."""
        if cv2.countNonZero(moved) < self._smallest / 2:
            self._unrest.saw(0, passed)
            return []
        rows, columns = moved.shape
        joined = np.asarray(cv2.dilate(cv2.erode(moved, _THIN), _WHOLE), np.uint8)
        # Outlines cost a tenth of what labelling every pixel does.
        outlines, _ = cv2.findContours(joined, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
        pieces = []
        for x, y, width, height in map(cv2.boundingRect, outlines):
            piece = moved[y : y + height, x : x + width]
            if cv2.countNonZero(piece) >= _SOLID * self._smallest:
                box = Box(x / columns, y / rows, (x + width) / columns, (y + height) / rows)
                pieces.append(grow(box, _JOIN, _JOIN))
        specks = len(outlines) - len(pieces)
        boxes = merged(pieces)
        leapt = sum(not any(touch(each, other) for other in self._boxes) for each in boxes)
        self._unrest.saw(specks + leapt, passed)
        return boxes if len(boxes) <= _MOST else [_around(boxes)]

    def _only_lit(self, lit: Pixels | None) -> Pixels | None:
        """Return what is only lit, without the insides of things."""
        if lit is not None:
            for box in self._boxes:
                lit[pixels(box, lit.shape)] = 0
        return lit

    def _settled(self, boxes: list[Box], now: float) -> Motion:
        large = sum(map(area, boxes)) > _AT_ONCE
        if boxes and not self._moving and (self._seen_before or large):
            self._moving, self._since = True, now
        self._seen_before = bool(boxes)
        if boxes:
            self._last = now
        if self._moving and now >= self._last + self._plan.settle:
            self._moving = False
            return Motion(seconds=self._last - self._since)
        return Motion(boxes=tuple(boxes), moving=self._moving, seconds=now - self._since)


def _smaller(luma: Pixels) -> Pixels:
    rows, columns = luma.shape
    width = min(_WIDE, columns)
    height = max(1, round(rows * width / columns))
    if columns >= 4 * width:  # every pixel of a 4K frame would cost 2 ms
        picked = cv2.resize(luma, (2 * width, 2 * height), interpolation=cv2.INTER_NEAREST)
        luma = np.asarray(picked, np.uint8)
    small = cv2.resize(luma, (width, height), interpolation=cv2.INTER_AREA)
    return np.asarray(cv2.blur(small, _SMOOTH), np.uint8)


def _looked_at(
    mask: Sequence[Sequence[tuple[float, float]]], shape: tuple[int, ...]
) -> Pixels | None:
    if not mask:
        return None
    shown = np.full(shape, 255, np.uint8)
    size = np.array([shape[1], shape[0]])
    for polygon in mask:
        cv2.fillPoly(shown, [np.round(np.array(polygon) * size).astype(np.int32)], (0.0,))
    return shown


def _within(changed: Pixels, boxes: Iterable[Box]) -> Pixels:
    inside = np.zeros_like(changed)
    for each in boxes:
        place = pixels(each, changed.shape)
        inside[place] = changed[place]
    return inside


def _around(boxes: Iterable[Box]) -> Box:
    first, *others = boxes
    for each in others:
        first = union(first, each)
    return first
