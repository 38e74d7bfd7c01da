"""Who is in a camera's picture, where, and what of it is told.

From what a detector saw in a frame to events: tracks, their speeds, zones, lines, and review
items. All times ``now`` are the camera's own seconds, and ``captured`` is seconds since 1970.
"""

from collections.abc import Callable, Iterable, Sequence

from hub.api import Box, Detection
from hub.api.vision import VisionEvent
from hub.vision.appearance import Likeness
from hub.vision.facts import LineChange, Motion, Track, Tracks, ZoneChange
from hub.vision.filters import filter_by
from hub.vision.ground import Speeds
from hub.vision.lines import Lines
from hub.vision.memory import CameraMemory
from hub.vision.plan import CameraPlan
from hub.vision.reviews import Reviews
from hub.vision.tracker import Tracker
from hub.vision.transitions import Transitions
from hub.vision.zones import USUAL, Zones

Emit = Callable[[VisionEvent], None]


class Scene:
    """What one camera shows. ``run`` makes the names of tracks differ between starts."""

    def __init__(self, plan: CameraPlan, emit: Emit, run: str) -> None:
        self.plan = plan
        self.tracks = Tracks()
        self.zones = Zones(plan.zones)
        self._emit = emit
        self._run = f"{run}-" if run else ""
        self._tracker = Tracker(self._name, plan.min_score, plan.stationary_after)
        self._filter = filter_by(plan.filters)
        self._lines = Lines(plan.lines)
        self._speeds = Speeds(plan.ground)
        self._aspect = USUAL
        self._transitions = Transitions(plan.name)
        self._reviews = Reviews(plan.name, plan.review, self._run)

    def replan(self, plan: CameraPlan, captured: float | None) -> None:
        """Follow a changed plan; tracks and unchanged zones go on. None was ``captured`` yet."""
        before, self.plan = self.plan, plan
        self._tracker.min_score = plan.min_score
        self._tracker.stationary_after = plan.stationary_after
        if plan.ground != before.ground:
            self._speeds = Speeds(plan.ground)
        self._filter = filter_by(plan.filters)
        self._lines.replan(plan.lines)
        left = self.zones.replan(plan.zones)
        if left and captured:
            self._tell(self._transitions.objects(self.tracks, left, captured))
        self._reviews.plan = plan.review

    def recall(self, memory: CameraMemory, ago: float) -> None:
        """Go on from what another start knew so many seconds ago; nought for just now."""
        tracks = self._tracker.recall(memory.tracker, ago + memory.now - memory.tracker.now)
        changes = self.zones.recall(memory.zones, -ago - memory.now)
        self._lines.recall(memory.lines, -ago - memory.now)
        self._transitions.resume(tracks, moving=memory.motion is not None)
        if memory.motion is not None and ago:
            over = memory.motion.last - memory.motion.since
            self.moved(Motion(seconds=over), memory.captured)
        self._reviews.recall(memory.reviews)
        changes += self.zones.update(tracks, 0.0, memory.tracker.aspect)
        self._tell(self._transitions.objects(tracks, changes, memory.captured, -ago))
        self.tracks = Tracks(live=tracks.live)

    def remember(self, now: float, captured: float) -> CameraMemory:
        """Return what another start needs to go on: values of this very moment."""
        return CameraMemory(
            camera=self.plan.name,
            now=now,
            captured=captured,
            tracker=self._tracker.remember(),
            zones=self.zones.remember(),
            lines=self._lines.remember(),
            reviews=self._reviews.remember(now, captured),
        )

    @property
    def moving(self) -> bool:
        """Whether motion was told that has not ended."""
        return self._transitions.moving

    @property
    def busy(self) -> bool:
        """Whether anybody is there, or anything moves."""
        return self.moving or bool(self.tracks.live)

    def moved(self, motion: Motion, captured: float) -> None:
        """Tell of movement in a frame, if it began or ended."""
        self._tell(self._transitions.motion(motion, captured))

    def wanted(self, seen: Iterable[Detection], aspect: float) -> list[Detection]:
        """Return what of a detector's answer counts; ``aspect`` is the frame's width to height."""
        self._aspect, labels = aspect, self.plan.objects
        return [
            each
            for each in seen
            if (not labels or each.label in labels) and self._filter(each, aspect)
        ]

    def saw(
        self,
        wanted: Sequence[Detection],
        now: float,
        captured: float,
        looked: Sequence[Box],
        likeness: Likeness | None = None,
    ) -> tuple[Track, ...]:
        """Take what was seen where it was looked; returns the tracks that are over."""
        tracks = self._tracker.update(wanted, now, self._aspect, looked, likeness)
        return self._follow(tracks, now, captured)

    def unseen(self, now: float, captured: float) -> None:
        """Take a frame that no detector looked at: zones may be left meanwhile, none is over."""
        self._follow(self.tracks, now, captured)

    def finish(self, now: float, captured: float) -> tuple[Track, ...]:
        """Nobody knows any more who is there: end all tracks, and return them."""
        return self._follow(self._tracker.finish(), now, captured)

    def close(self, now: float, captured: float) -> None:
        """End the open review item."""
        self._tell(self._reviews.finish(now, captured))

    def _name(self, number: int) -> str:
        return f"{self.plan.name}-{self._run}{number}"

    def _follow(self, tracks: Tracks, now: float, captured: float) -> tuple[Track, ...]:
        paces = self._speeds.update(tracks)
        changes = self.zones.update(tracks, now, self._aspect, paces)
        crossed = self._lines.update(tracks, self._aspect, paces)
        told: list[ZoneChange | LineChange] = [*changes, *crossed]
        events = self._transitions.objects(tracks, told, captured, now, paces)
        self._tell([*events, *self._reviews.update(tracks, changes, now, captured)])
        self.tracks = Tracks(live=tracks.live)
        return tracks.ended

    def _tell(self, events: Iterable[VisionEvent]) -> None:
        for event in events:
            self._emit(event)
