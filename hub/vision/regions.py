"""Which parts of a frame are worth a detector's time; usually none.

A detector sees best when an object is large in what it is given, so in large frames it
gets squares cut around what moves. In small frames, or when much moves, it gets all.
"""

from collections.abc import Sequence
from typing import Final

from hub.api import Box
from hub.vision.facts import Look, Motion, Priority, Track, Tracks
from hub.vision.geometry import WHOLE, around, contains, cut, foot, grow, touch
from hub.vision.plan import RegionPlan
from hub.vision.squares import Cutter
from hub.vision.vain import Vain

_BEGIN: Final = 1.0  # seconds after the start in which every frame is looked at whole
_IDLE: Final = 10.0  # seconds between looks at a picture in which nothing is known to be
_STOPPED: Final = 0.7  # seconds to go on looking: what stopped to move may as well have gone
_REFRESH: Final = 1.5  # seconds between looks at who stands, but is not parked yet
_PARKED: Final = (5.0, 30.0)  # seconds between looks at what is parked: at first, at last
_SLOWER: Final = 0.1  # of the time since anything moved; after five minutes it is at last
_SMALL: Final = 2.0  # a frame at most so many times the detector's size is given whole
_MOST: Final = 4  # regions of one frame; each costs a whole inference
_MARGIN: Final = 0.15  # of a box's own size, on each side


class Regions:
    """Plans looks for one camera; remembers when it last looked."""

    def __init__(
        self, size: tuple[int, int], plan: RegionPlan | None = None, *, whole_frames: bool
    ) -> None:
        self._size = size
        self._whole_frames = whole_frames
        self._begun: float | None = None
        self._looked = -_IDLE
        self._looked_whole = -_IDLE
        self._moved = 0.0
        self._vain = Vain()
        self.replan(plan or RegionPlan())

    def replan(self, plan: RegionPlan) -> None:
        """Follow a changed plan."""
        self._plan = plan
        self._bounds = around(plan.interest) if plan.interest else WHOLE
        self._all = self._whole_frames or plan.mode in {"whole", "tiles"}

    def restart(self) -> None:
        """Look at everything for a moment: the stream begins, and may show something new."""
        self._begun = None

    def counts(self, box: Box) -> bool:
        """Say whether what stands there is of interest."""
        return not self._plan.interest or contains(self._plan.interest, *foot(box))

    def plan(self, frame: tuple[int, int], motion: Motion, tracks: Tracks, now: float) -> Look:
        """Return what to look at in a frame of this width and height; nothing means do not."""
        self._begun = now if self._begun is None else self._begun
        boxes = [each for box in motion.boxes if (each := cut(box, self._bounds))]
        if boxes:
            self._moved = now
        worth = self._vain.due(boxes, now) or _touched(boxes, tracks.live)
        if not self._due(tracks, now, worth=worth):
            return Look()
        cutter = Cutter(frame, self._size, self._bounds)
        places = self._choose(cutter, boxes, tracks, now)
        self._looked = now
        if boxes:
            self._vain.looked(boxes, [each.box for each in tracks.live], now)
        if places == self._everything(cutter):
            self._looked_whole = now
        return Look(places, _why(boxes, tracks))

    def _due(self, tracks: Tracks, now: float, *, worth: bool) -> bool:
        if self._all or worth or now - (self._begun or 0.0) < _BEGIN:
            return True
        if any(not (each.confirmed and each.seen) for each in tracks.moving):
            return True
        if tracks.moving and now - self._moved < _STOPPED:
            return True
        return now - self._looked >= self._pause(tracks, now) - 1e-6

    def _pause(self, tracks: Tracks, now: float) -> float:
        """Return how long not to look when nothing moves."""
        if tracks.moving or any(not each.seen for each in tracks.live):
            return _REFRESH
        if not tracks.live:
            return _IDLE
        at_first, at_last = _PARKED
        return min(max(at_first, _SLOWER * (now - self._moved)), at_last)

    def _choose(
        self, cutter: Cutter, boxes: Sequence[Box], tracks: Tracks, now: float
    ) -> tuple[Box, ...]:
        everything = self._everything(cutter)
        if self._all or max(cutter.fits) <= _SMALL or now - self._looked_whole >= _IDLE:
            return everything
        wanted = [*boxes, *(each.box for each in self._followed(boxes, tracks))]
        inside = [each for box in wanted if (each := cut(_padded(box), self._bounds))]
        squares = cutter.around(inside, _MOST)
        if not squares or any(each == self._bounds for each in squares):
            return everything
        return squares

    def _followed(self, boxes: Sequence[Box], tracks: Tracks) -> Sequence[Track]:
        """Return what is to be seen again: all that may move, and all when nothing does."""
        return tracks.moving if boxes or tracks.moving else tracks.live

    def _everything(self, cutter: Cutter) -> tuple[Box, ...]:
        if self._plan.mode == "tiles" and not self._whole_frames:
            return cutter.tiles(*self._plan.tiles)
        return (self._bounds,)


def _why(boxes: Sequence[Box], tracks: Tracks) -> Priority:
    if any(not any(touch(box, each.box) for each in tracks.live) for box in boxes):
        return Priority.NEW
    unsure = any(not (each.confirmed and each.seen) for each in tracks.moving)
    return Priority.ACTIVE if boxes or unsure else Priority.REFRESH


def _touched(boxes: Sequence[Box], tracks: Sequence[Track]) -> bool:
    return any(touch(box, each.box) for box in boxes for each in tracks)


def _padded(box: Box) -> Box:
    return grow(box, (box.right - box.left) * _MARGIN, (box.bottom - box.top) * _MARGIN)
