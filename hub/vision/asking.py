"""What a camera's detector is asked, and the frames that wait for its answers, in their order.

Detectors may answer from any thread: an answer is kept with its frame until the camera's own
thread takes it, and none is taken before that of an earlier frame.
"""

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from hub.api import Box
from hub.vision.counters import Counters
from hub.vision.decoding import Frame
from hub.vision.facts import Look, Motion, Tracks
from hub.vision.inference import Answer, Eyes, Sight
from hub.vision.plan import RegionPlan
from hub.vision.regions import Regions

_HELD: Final = 8  # frames that may wait for answers; more means that the detector hangs


@dataclass(kw_only=True)
class Glance:
    """A frame on its way through: what moved in it, and what the detector said."""

    frame: Frame
    now: float
    motion: Motion
    asked: bool = False
    looked: tuple[Box, ...] = ()
    sight: Sight | None = None
    answer: Answer = None
    ready: bool = False

    @property
    def size(self) -> tuple[int, int]:
        """The frame's width and height in pixels."""
        return self.frame.width, self.frame.height

    @property
    def captured(self) -> float:
        """When the frame was taken, in seconds since 1970."""
        return self.frame.captured

    def take(self, answer: Answer) -> None:
        """Keep the first answer; a detector that failed half-way may give two."""
        if not self.ready:
            self.answer, self.ready = answer, True


class Asking:
    """The questions of one camera. Has no lock: all but the answers are of its own thread."""

    def __init__(self, plan: RegionPlan, counters: Counters) -> None:
        self._plan = plan
        self._counters = counters
        self._eyes: Eyes | None = None
        self._regions: Regions | None = None
        self._counted = (0, 0)  # of what these eyes did: asked and spared
        self._glances: deque[Glance] = deque()

    @property
    def blind(self) -> bool:
        """Whether there is no detector."""
        return self._eyes is None

    @property
    def owed(self) -> int:
        """How many frames wait for an answer of the detector, or for one before them."""
        return len(self._glances)

    def see_with(self, eyes: Eyes | None) -> None:
        """Use another detector from now on, or none; what the former one owes is forgotten."""
        self.give_up()
        self._count()
        self._eyes, plan = eyes, self._plan
        self._regions = Regions(eyes.size, plan, whole_frames=eyes.whole_frames) if eyes else None
        self._counted = (eyes.asked, eyes.spared) if eyes else (0, 0)

    def replan(self, plan: RegionPlan) -> None:
        """Look at other parts from now on."""
        self._plan = plan
        if self._regions is not None:
            self._regions.replan(plan)

    def restart(self) -> None:
        """Begin anew with a stream, which may show something else."""
        if self._regions is not None:
            self._regions.restart()

    def counts(self, box: Box) -> bool:
        """Say whether what stands there is of interest."""
        return self._regions is None or self._regions.counts(box)

    def ask(self, glance: Glance, tracks: Tracks) -> None:
        """Ask the detector about a frame where it is worth it; ``tracks`` are known so far."""
        self._glances.append(glance)
        look = self._planned(glance, tracks)
        if self._eyes is None or not look:
            glance.take(None)
        else:
            glance.asked, glance.looked = True, look.places
            glance.sight = _sight(glance, look, tracks)
            self._eyes.look(glance.sight, glance.take)
            self._count()
        if len(self._glances) > _HELD:
            self._glances[0].take(None)

    def answered(self) -> Iterator[Glance]:
        """Yield the frames whose answers have come, oldest first."""
        while self._glances and self._glances[0].ready:
            self._count()
            yield self._glances.popleft()

    def give_up(self) -> None:
        """Wait for no answer any more; each frame has none, unless it has come."""
        for glance in self._glances:
            glance.take(None)

    def _planned(self, glance: Glance, tracks: Tracks) -> Look:
        if self._regions is None:
            return Look()
        return self._regions.plan(glance.size, glance.motion, tracks, glance.now)

    def _count(self) -> None:
        """Count what was asked, which with two detectors may only show with the answer."""
        if self._eyes is None:
            return
        asked, spared = self._counted
        self._counted = self._eyes.asked, self._eyes.spared
        self._counters.inferences += self._counted[0] - asked
        self._counters.spared += self._counted[1] - spared


def _sight(glance: Glance, look: Look, tracks: Tracks) -> Sight:
    return Sight(
        look=look,
        cut=glance.frame.region,
        size=glance.size,
        motion=glance.motion,
        tracks=tracks,
        now=glance.now,
    )
