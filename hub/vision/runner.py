"""One camera's road from packets to events; the only place where the stages meet.

A pipeline belongs to one thread. Detectors may answer from others: their answers are kept
until ``settle`` takes them, in the order of the frames they belong to.
"""

from collections import deque
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from hub.api import Box, Detection, NotReady, StreamFormat
from hub.api.vision import VisionEvent
from hub.vision.best import Best, Shot
from hub.vision.capture import Captures, Catch, Second
from hub.vision.decoding import Decoder, Frame, Pixels
from hub.vision.facts import LineChange, Look, Motion, Tracks, ZoneChange
from hub.vision.filters import filter_by
from hub.vision.ground import Speeds
from hub.vision.heat import Heat
from hub.vision.heatmap import heat_picture
from hub.vision.idling import Rest
from hub.vision.inference import Answer, Eyes, Sight
from hub.vision.likes import Likes
from hub.vision.lines import Lines
from hub.vision.memory import PATIENCE, RESTART, CameraMemory, Recorder
from hub.vision.motion import MotionFinder
from hub.vision.pictures import WIDEST, Overlay, jpeg
from hub.vision.plan import CameraPlan
from hub.vision.regions import Regions
from hub.vision.reviews import Reviews
from hub.vision.sampler import Sampler
from hub.vision.tracker import Tracker
from hub.vision.transitions import Transitions
from hub.vision.zones import USUAL, Zones

Emit = Callable[[VisionEvent], None]
Keep = Callable[[Shot], bool]
"""Stores a picture, soon; false when it cannot."""

Catching = Callable[[Catch, str, int], bool]
"""Stores a captured frame, soon: what a model saw in it, and how many bytes may be kept."""

FLOOR: Final = 0.1  # scores below this are noise even to the tracker's second round
_HELD: Final = 8  # frames that may wait for answers; more means that the detector hangs
# Another detector is there within this time, or there is none: nobody knows who is still there.
_BLIND: Final = 5.0  # seconds
_DRAWN: Final = 0.5  # seconds that a box stays in pictures after it was last seen


@dataclass(kw_only=True)
class _Glance:
    """A frame on its way through: what moved in it, and what the detector said."""

    frame: Frame
    now: float
    motion: Motion
    asked: bool
    looked: tuple[Box, ...] = ()
    sight: Sight | None = None
    answer: Answer = None
    ready: bool = False

    def take(self, answer: Answer) -> None:
        """Keep the first answer; a detector that failed half-way may give two."""
        if not self.ready:
            self.answer, self.ready = answer, True


@dataclass(kw_only=True)
class Counters:
    """What a pipeline has done since it began."""

    frames: int = 0
    looked: int = 0
    inferences: int = 0
    dropped: int = 0
    errors: int = 0


class Pipeline:
    """A camera, from packets to events. ``run`` makes track names differ between starts."""

    def __init__(self, plan: CameraPlan, eyes: Eyes | None, emit: Emit, run: str = "") -> None:
        self.plan = plan
        self.counters = Counters()
        self._emit = emit
        self._run = f"{run}-" if run else ""
        self._decoder: Decoder | None = None
        self._rest = Rest()
        self._sampler = Sampler(plan.fps)
        self._motion = MotionFinder(plan.motion)
        self._heat = Heat()
        self._tracker = Tracker(self._name, plan.min_score, plan.stationary_after)
        self._filter = filter_by(plan.filters)
        self._zones = Zones(plan.zones)
        self._lines = Lines(plan.lines)
        self._speeds = Speeds(plan.ground)
        self._aspect = USUAL
        self._transitions = Transitions(plan.name)
        self._reviews = Reviews(plan.name, plan.review, self._run)
        self._best = Best()
        self._keep: Keep | None = None
        self.likes: Likes | None = None  # tells apart by their looks what places do not
        self._recorder: Recorder | None = None
        self._recalled: float | None = None  # when that was captured which was last recalled
        self._captures = Captures(plan.capture)
        self._catch: Catching | None = None
        self._glances: deque[_Glance] = deque()
        self._latest: _Glance | None = None
        self._answered = 0.0  # when the detector last said something
        self._tracks = Tracks()
        self.see_with(eyes)

    def see_with(self, eyes: Eyes | None) -> None:
        """Use another detector from now on, or none; what the former one owes is forgotten."""
        for glance in self._glances:
            glance.take(None)
        self._eyes, plan = eyes, self.plan.regions
        self._regions = Regions(eyes.size, plan, whole_frames=eyes.whole_frames) if eyes else None

    def keep_with(self, keep: Keep | None) -> None:
        """Have the best pictures of tracks stored from now on, or none."""
        self._keep = keep

    def record_with(self, recorder: Recorder | None) -> None:
        """Have what must outlive this start written from now on, or nothing."""
        self._recorder = recorder

    def recall(self, memory: CameraMemory, wall: float) -> None:
        """Go on, at ``wall`` (since 1970), from what another start knew.

        Only before anything was looked at. Who was seen too long ago has left, as of then.
        """
        gap, captured = memory.gap(wall), memory.captured
        # A short gap is none: the clock goes on from then, for packets of meanwhile may come.
        begin, ago = (captured, 0.0) if gap <= RESTART else (wall, min(gap, 1e9))
        self._sampler.resume(begin)
        self._answered, self._recalled = PATIENCE + min(gap, RESTART), captured
        tracks = self._tracker.recall(memory.tracker, ago + memory.now - memory.tracker.now)
        self._zones.recall(memory.zones, -ago - memory.now)
        self._lines.recall(memory.lines, -ago - memory.now)
        self._transitions.resume(tracks)
        self._reviews.recall(memory.reviews)
        changes = self._zones.update(tracks, 0.0, memory.tracker.aspect)
        told = self._transitions.objects(tracks, changes, captured, -ago)
        self._tell(told)
        self._tracks = Tracks(live=tracks.live)
        self._note(0.0, begin, told=bool(told))

    def remember(self, now: float, captured: float) -> CameraMemory:
        """Return what another start needs to go on: values of this very moment."""
        return CameraMemory(
            camera=self.plan.name,
            now=now,
            captured=captured,
            tracker=self._tracker.remember(),
            zones=self._zones.remember(),
            lines=self._lines.remember(),
            reviews=self._reviews.remember(now, captured),
        )

    def put_away(self) -> None:
        """Write what another start needs, as this one ends."""
        if self._recorder is not None and self._latest is not None:
            self._recorder.write(self.remember(self._latest.now, self._latest.frame.captured))

    @property
    def zones(self) -> Zones:
        """Who is in which zone; only for the pipeline's own thread."""
        return self._zones

    def catch_with(self, catch: Catching | None) -> None:
        """Have the frames that capture rules want stored from now on, or none."""
        self._catch = catch

    def compare_with(self, others: Mapping[str, Second]) -> None:
        """Use these detectors, by name, where a capture rule wants another opinion."""
        self._captures.compare_with(others)

    def replan(self, plan: CameraPlan) -> None:
        """Follow a changed plan; decoding, tracks and unchanged zones go on."""
        if plan.fps != self.plan.fps:
            self._sampler.retime(plan.fps)
        if plan.motion != self.plan.motion:
            self._motion = MotionFinder(plan.motion)
        if self._regions is not None:
            self._regions.replan(plan.regions)
        self._tracker.min_score = plan.min_score
        self._tracker.stationary_after = plan.stationary_after
        if plan.ground != self.plan.ground:
            self._speeds = Speeds(plan.ground)
        self._filter = filter_by(plan.filters)
        self._lines.replan(plan.lines)
        left = self._zones.replan(plan.zones)
        if left and (captured := (self._latest and self._latest.frame.captured) or self._recalled):
            self._tell(self._transitions.objects(self._tracks, left, captured))
        self._reviews.plan = plan.review
        self._captures.replan(plan.capture)
        self.plan = plan

    def start(self, form: StreamFormat) -> None:
        """Begin a stream; raises ``Invalid`` for one that cannot be decoded."""
        self._decoder = None
        self._rest.restart()
        self._sampler.restart()
        if self._regions is not None:
            self._regions.restart()
        self._decoder = Decoder(form, self.plan.hwaccel)

    def decode(self, data: bytes, pts: float, captured: float, *, key: bool) -> Iterable[Frame]:
        """Return the frames that another packet completes; hand those wanted to ``look``."""
        if self._decoder is None:
            return ()
        self._rest.came(pts, key=key)
        if not self._idle:
            frames = list(self._decoder.decode(data, pts, captured, key=key))
        elif key:
            frames = list(self._decoder.alone(data, pts, captured))
        else:
            frames = []
            self._decoder.pass_over()
        self._count(self._decoder)
        return frames

    @property
    def _idle(self) -> bool:
        """Whether nothing happens, so that key frames are enough."""
        return self.plan.idle == "keyframes" and self._rest.enough and not self._busy

    @property
    def _busy(self) -> bool:
        """Whether anything is followed that does not stand still, or an answer is owed."""
        return bool(self._tracks.moving or self._glances)

    def drain(self) -> Iterable[Frame]:
        """Return the frames the decoder still holds; packets need a new ``start`` after it."""
        decoder, self._decoder = self._decoder, None
        if decoder is None:
            return ()
        frames = list(decoder.flush())
        self._count(decoder)
        return frames

    def skip_to_key(self) -> None:
        """Packets are missing from here to the next key frame."""
        if self._decoder is not None:
            self._decoder.skip_to_key()

    def look(self, frame: Frame) -> None:
        """Take a frame, if it is due: find movement, and ask the detector where it is worth it."""
        now = self._sampler.take(frame.pts, frame.captured)
        if now is None:
            return
        motion = self._motion.look(frame.luma, now)
        self._heat.add(self._motion.moved, now)
        self.counters.looked += 1
        glance = _Glance(frame=frame, now=now, motion=motion, asked=False)
        self._glances.append(glance)
        self._ask(glance)
        if len(self._glances) > _HELD:
            self._glances[0].take(None)
        self.settle()
        self._rest.saw(now, busy=self._busy or motion.moving or bool(motion.boxes))

    def settle(self) -> None:
        """Conclude the frames whose answers have come, oldest first."""
        while self._glances and self._glances[0].ready:
            self._conclude(self._glances.popleft())

    @property
    def owed(self) -> int:
        """How many frames wait for an answer of the detector, or for one before them."""
        return len(self._glances)

    def silence(self) -> None:
        """No frames come any more: end what was followed, as of the last frame."""
        while self._glances:
            self._glances[0].take(None)
            self.settle()
        if self._latest is None:
            if self._recalled is not None:
                self._follow(self._tracker.finish(), 0.0, self._recalled)
            return
        now, captured = self._latest.now, self._latest.frame.captured
        self._tell(self._transitions.motion(self._motion.silence(now), captured))
        self._follow(self._tracker.finish(), now, captured)
        self._tell(ended := self._reviews.finish(now, captured))
        self._note(now, captured, told=bool(ended))

    def picture(self, *, boxes: bool) -> bytes:
        """Return the latest frame as a JPEG; raises ``NotReady`` when there is none."""
        return jpeg(self._pixels, self.overlay() if boxes else None)

    def motion_picture(self) -> bytes:
        """Return the latest frame as a JPEG with where it moved; raises as ``picture`` does."""
        return heat_picture(self._pixels, self._heat.cells, self.plan.motion.mask)

    @property
    def _pixels(self) -> Pixels:
        if self._latest is None:
            raise NotReady(f"camera {self.plan.name!r} has not shown a picture yet")
        return self._latest.frame.whole(WIDEST)

    def overlay(self) -> Overlay:
        """Return what is drawn on the latest frame: zones, and what is there."""
        fresh = self._latest.now - _DRAWN if self._latest else 0.0
        tracks = [t for t in self._tracks.live if t.confirmed and (t.seen or t.last >= fresh)]
        return Overlay(tracks, self.plan.zones, self._zones.occupied, self.plan.lines)

    def _name(self, number: int) -> str:
        return f"{self.plan.name}-{self._run}{number}"

    def _count(self, decoder: Decoder) -> None:
        self.counters.frames += decoder.frames
        self.counters.errors += decoder.errors
        decoder.frames = decoder.errors = 0

    def _ask(self, glance: _Glance) -> None:
        if self._eyes is None or not (look := self._planned(glance)):
            glance.take(None)
            return
        glance.asked, glance.looked = True, look.places
        self.counters.inferences += len(look.places)
        glance.sight = Sight(
            look=look,
            cut=glance.frame.region,
            size=(glance.frame.width, glance.frame.height),
            motion=glance.motion,
            tracks=self._tracks,
            now=glance.now,
        )
        self._eyes.look(glance.sight, glance.take)

    def _planned(self, glance: _Glance) -> Look:
        if self._regions is None:
            return Look()
        size = (glance.frame.width, glance.frame.height)
        return self._regions.plan(size, glance.motion, self._tracks, glance.now)

    def _conclude(self, glance: _Glance) -> None:
        self._latest, captured = glance, glance.frame.captured
        self._tell(self._transitions.motion(glance.motion, captured))
        if glance.answer is None:
            self.counters.dropped += glance.asked
            blind = self._eyes is None and glance.now - self._answered >= _BLIND
            tracks = self._tracker.finish() if blind and self._tracks.live else self._tracks
            self._follow(tracks, glance.now, captured)
            self._capture(glance, None)
            return
        self._answered = glance.now
        self._aspect = glance.frame.width / glance.frame.height
        wanted = [each for each in glance.answer if self._wanted(each)]
        likeness = self.likes.on(glance.frame) if self.likes else None
        tracks = self._tracker.update(wanted, glance.now, self._aspect, glance.looked, likeness)
        self._follow(tracks, glance.now, captured)
        if self._keep is not None:
            self._store(self._best.look(self._tracks.live, wanted, glance.frame, glance.now))
        self._capture(glance, glance.sight)

    def _wanted(self, seen: Detection) -> bool:
        labels = self.plan.objects
        counts = seen.score >= FLOOR and (not labels or seen.label in labels)
        here = self._regions is None or self._regions.counts(seen.box)
        return counts and here and self._filter(seen, self._aspect)

    def _follow(self, tracks: Tracks, now: float, captured: float) -> None:
        paces = self._speeds.update(tracks)
        changes = self._zones.update(tracks, now, self._aspect, paces)
        crossed = self._lines.update(tracks, self._aspect, paces)
        told: list[ZoneChange | LineChange] = [*changes, *crossed]
        events = self._transitions.objects(tracks, told, captured, now, paces)
        events += self._reviews.update(tracks, changes, now, captured)
        self._tell(events)
        self._tracks = Tracks(live=tracks.live)
        self._note(now, captured, told=bool(events))
        self._store(self._best.end(tracks.ended, now))

    def _note(self, now: float, captured: float, *, told: bool) -> None:
        if self._recorder is not None and self._recorder.due(
            now, told=told, there=bool(self._tracks.live)
        ):
            self._recorder.write(self.remember(now, captured))

    def _store(self, shots: Iterable[Shot]) -> None:
        for each in shots:
            if self._keep is not None and not self._keep(each):
                self._best.lost(each)

    def _capture(self, glance: _Glance, sight: Sight | None) -> None:
        if self._catch is None or not self.plan.capture.rules:
            return
        seen = [each for each in glance.answer or () if each.score >= FLOOR]
        tracks, frame = self._tracks.live, glance.frame
        for each in self._captures.look(seen, tracks, frame, glance.now, sight):
            self._catch(each, self.plan.detector or "", self.plan.capture.keep)

    def _tell(self, events: Iterable[VisionEvent]) -> None:
        for event in events:
            self._emit(event)
