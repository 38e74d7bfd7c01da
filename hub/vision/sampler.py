"""Picks the frames worth a look, by presentation time, and keeps the camera's own time.

Cameras' clocks jump: they wrap, restart at nought, or leave an hour out. Everything that
measures a duration uses the seconds counted here, which only ever go forward and never
by more than ``GAP`` at once.
"""

from collections.abc import Iterable
from copy import copy
from typing import Final

from hub.vision.facts import Shown

GAP: Final = 10.0  # seconds; a longer step tells us no more than that everything is over
_EARLY: Final = 0.02  # seconds that a frame may come early; cameras' clocks tremble


class Sampler:
    """Takes ``fps`` frames a second out of however many come."""

    def __init__(self, fps: float) -> None:
        self._step = 1.0 / fps
        self._last: tuple[float, float] | None = None  # of the latest frame: pts, wall
        self._due = 0.0
        self._now = 0.0
        self._resumed = float("-inf")  # when that was captured which was last seen before

    def retime(self, fps: float) -> None:
        """Take another number of frames a second from now on."""
        self._step = 1.0 / fps
        self._due = min(self._due, self._now + self._step)

    def restart(self) -> None:
        """Presentation times begin anew: the wall clock tells how long the pause was."""
        if self._last is not None:
            self._last = (float("nan"), self._last[1])

    def resume(self, captured: float) -> None:
        """Begin to count at a moment of the wall clock, and not with the first frame.

        What was captured shortly before, a stream's key frame and what hangs on it, was seen.
        """
        self._last = (float("nan"), captured)
        self._resumed = captured

    def take(self, pts: float, captured: float, before: Iterable[Shown] = ()) -> float | None:
        """Return the camera's own time in seconds if this frame is due, else none.

        ``before`` are those shown since the last that were left out: they only let time pass.
        """
        for each in before:
            self._move(*each)
        if not self._move(pts, captured) or self._now < self._due - _EARLY:
            return None
        self._due = self._next()
        return self._now

    def due(self, pts: float, captured: float, before: Iterable[Shown] = ()) -> bool:
        """Say whether a frame will be due, and change nothing.

        ``before`` are those that will be offered before it, in the order they are shown.
        """
        ahead = copy(self)
        for each in before:
            ahead.take(*each)
        return ahead.take(pts, captured) is not None

    def _move(self, pts: float, captured: float) -> bool:
        """Let time pass up to a frame; false for one that does not count."""
        if 0.0 <= self._resumed - captured <= GAP:
            return False
        self._resumed = float("-inf")
        if self._last is not None:
            passed = self._passed(pts - self._last[0], captured - self._last[1])
            if passed == 0.0:
                return False
            self._now += passed
        self._last = (pts, captured)
        return True

    def _next(self) -> float:
        """Return when the next frame is due: by an even beat that begins anew after a pause."""
        if self._now - self._due >= self._step:
            return self._now + self._step
        return max(self._due + self._step, self._now + self._step / 4)

    def _passed(self, shown: float, wall: float) -> float:
        if 0.0 <= shown <= GAP:
            return shown
        if -self._step < shown < 0.0:
            return 0.0  # a frame out of order
        if wall > 0.0:
            return min(wall, GAP)
        return self._step
