"""One camera's road from packets to events; the only place where the stages meet.

A frame that is due is searched for movement and asked about (``hub.vision.asking``); once its
answer has come it becomes part of the scene (``hub.vision.scene``), which tells of it, and what
is worth it is kept (``hub.vision.keeping``). A pipeline belongs to one thread; a detector may
answer from others, and its answers wait until ``settle`` takes them.
"""

from collections.abc import Iterable, Sequence
from typing import Final

from msgspec.structs import replace

from hub.api import Detection, StreamFormat
from hub.api.vision import VisionEvent
from hub.vision.asking import Asking, Glance
from hub.vision.counters import Counters
from hub.vision.decoding import Decoder, Frame
from hub.vision.idling import Rest
from hub.vision.inference import Eyes
from hub.vision.keeping import FLOOR, Keeping
from hub.vision.likes import Likes
from hub.vision.memory import PATIENCE, RESTART, CameraMemory, Recorder
from hub.vision.motion import MotionFinder
from hub.vision.pictures import Overlay
from hub.vision.plan import CameraPlan
from hub.vision.sampler import Sampler
from hub.vision.scene import Emit, Scene
from hub.vision.showing import Showing
from hub.vision.zones import Zones

# Another detector is there within this time, or there is none: nobody knows who is still there.
_BLIND: Final = 5.0  # seconds


class Pipeline:
    """A camera, from packets to events. ``run`` makes track names differ between starts.

    ``keeping`` is what is stored; ``likes`` tells apart by their looks what places do not.
    """

    def __init__(
        self,
        plan: CameraPlan,
        eyes: Eyes | None,
        emit: Emit,
        run: str = "",
        counters: Counters | None = None,
    ) -> None:
        self.plan = plan
        self.counters = counters or Counters()
        self.keeping = Keeping(plan)
        self.likes: Likes | None = None
        self.every = False  # whether also what is not due is decoded, from the next stream on
        self._emit = emit
        self._told = False  # whether anything was told that is not written yet
        self._decoder: Decoder | None = None
        self._rest = Rest()
        self._sampler = Sampler(plan.fps)
        self._motion = MotionFinder(plan.motion)
        self._showing = Showing()
        self._asking = Asking(plan.regions, self.counters)
        self._scene = Scene(plan, self._tell, run)
        self._recorder: Recorder | None = None
        self._recalled: float | None = None  # when that was captured which was last recalled
        self._answered = 0.0  # when the detector last said something
        self.see_with(eyes)

    def see_with(self, eyes: Eyes | None) -> None:
        """Use another detector from now on, or none; what the former one owes is forgotten."""
        self._asking.see_with(eyes)

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
        self._showing.heat.recall(memory.heat, gap)
        if memory.motion is not None and not ago:
            self._motion.recall(memory.motion, -memory.now)
        self._scene.recall(memory, ago)
        self._note(0.0, begin)

    def put_away(self) -> None:
        """Write what another start needs, as this one ends."""
        if self._recorder is not None and (latest := self._showing.latest) is not None:
            self._recorder.write(self.remember(latest.now, latest.captured))

    def remember(self, now: float, captured: float) -> CameraMemory:
        """Return what another start needs to go on: values of this very moment."""
        return replace(
            self._scene.remember(now, captured),
            motion=self._motion.remember(),
            heat=self._showing.heat.remember(),
        )

    @property
    def zones(self) -> Zones:
        """Who is in which zone; only for the pipeline's own thread."""
        return self._scene.zones

    @property
    def moving(self) -> bool:
        """Whether motion was told that has not ended; only for the pipeline's own thread."""
        return self._scene.moving

    def replan(self, plan: CameraPlan) -> None:
        """Follow a changed plan; decoding, tracks and unchanged zones go on."""
        before, self.plan = self.plan, plan
        if plan.fps != before.fps:
            self._sampler.retime(plan.fps)
        if plan.motion != before.motion:
            self._motion = self._motion.replanned(plan.motion)
        self._asking.replan(plan.regions)
        latest = self._showing.latest
        self._scene.replan(plan, latest.captured if latest else self._recalled)
        self.keeping.replan(plan)

    def start(self, form: StreamFormat) -> None:
        """Begin a stream; raises ``Invalid`` for one that cannot be decoded."""
        self._decoder = None
        self._rest.restart()
        self._sampler.restart()
        self._asking.restart()
        wanted = None if self.every else self._sampler.due
        self._decoder = Decoder(form, self.plan.hwaccel, wanted=wanted)

    def decode(self, data: bytes, pts: float, captured: float, *, key: bool) -> Iterable[Frame]:
        """Return the frames that another packet completes; hand those wanted to ``look``."""
        if self._decoder is None:
            return ()
        self._rest.came(pts, key=key)
        decode = self._decoder.keys_only if self._idle else self._decoder.decode
        frames = list(decode(data, pts, captured, key=key))
        self._count(self._decoder)
        return frames

    @property
    def _idle(self) -> bool:
        """Whether nothing happens, so that key frames are enough."""
        return self.plan.idle == "keyframes" and self._rest.enough and not self._busy

    @property
    def _busy(self) -> bool:
        """Whether anything is followed that does not stand still, or an answer is owed."""
        return bool(self._scene.tracks.moving or self._asking.owed)

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
        now = self._sampler.take(frame.pts, frame.captured, frame.before)
        if now is None:
            return
        motion = self._motion.look(frame.luma, now)
        self._showing.heat.add(self._motion.moved, now)
        self._asking.ask(Glance(frame=frame, now=now, motion=motion), self._scene.tracks)
        self.counters.looked += 1
        self.settle()
        self._rest.saw(now, busy=self._busy or motion.moving or bool(motion.boxes))

    def settle(self) -> None:
        """Conclude the frames whose answers have come, oldest first."""
        for glance in self._asking.answered():
            self._conclude(glance)

    @property
    def owed(self) -> int:
        """How many frames wait for an answer of the detector, or for one before them."""
        return self._asking.owed

    def silence(self) -> None:
        """No frames come any more: end what was followed, as of the last frame."""
        self._asking.give_up()
        self.settle()
        if (latest := self._showing.latest) is not None:
            self._end(latest.now, latest.captured)
        elif self._recalled is not None:
            self._end(0.0, self._recalled)

    def picture(self, *, boxes: bool) -> bytes:
        """Return the latest frame as a JPEG; raises ``NotReady`` when there is none."""
        return self._showing.picture(self._scene, boxes=boxes)

    def motion_picture(self, *, lossless: bool = False) -> bytes:
        """Return the latest frame with where it moved, as a JPEG or PNG; raises as ``picture``."""
        return self._showing.motion_picture(self.plan, lossless=lossless)

    def overlay(self) -> Overlay:
        """Return what is drawn on the latest frame: zones, lines, and what is there."""
        return self._showing.overlay(self._scene)

    def _count(self, decoder: Decoder) -> None:
        self.counters.frames += decoder.frames
        self.counters.errors += decoder.errors
        decoder.frames = decoder.errors = 0

    def _conclude(self, glance: Glance) -> None:
        self._showing.latest = glance
        self._scene.moved(glance.motion, glance.captured)
        if glance.answer is None:
            self._miss(glance)
        else:
            self._see(glance, glance.answer)
        self.keeping.capture(glance, self._scene.tracks.live)

    def _miss(self, glance: Glance) -> None:
        now, captured = glance.now, glance.captured
        self.counters.dropped += glance.asked
        if self._asking.blind and now - self._answered >= _BLIND and self._scene.tracks.live:
            self._end_tracks(now, captured)
        else:
            self._scene.unseen(now, captured)
            self._note(now, captured)

    def _see(self, glance: Glance, answer: Sequence[Detection]) -> None:
        frame, now = glance.frame, glance.now
        self._answered = now
        sure = (each for each in answer if each.score >= FLOOR and self._asking.counts(each.box))
        wanted = self._scene.wanted(sure, frame.width / frame.height)
        likeness = self.likes.on(frame) if self.likes else None
        ended = self._scene.saw(wanted, now, glance.captured, glance.looked, likeness)
        self._note(now, glance.captured)
        self.keeping.end(ended, now)
        self.keeping.look(glance, self._scene.tracks.live, wanted)

    def _end(self, now: float, captured: float) -> None:
        self._scene.moved(self._motion.silence(now), captured)
        self._end_tracks(now, captured)
        self._scene.close(now, captured)
        self._note(now, captured)

    def _end_tracks(self, now: float, captured: float) -> None:
        ended = self._scene.finish(now, captured)
        self._note(now, captured)
        self.keeping.end(ended, now)

    def _note(self, now: float, captured: float) -> None:
        if self._recorder is not None and self._recorder.due(
            now, told=self._told, there=self._scene.busy
        ):
            self._recorder.write(self.remember(now, captured))
            self._told = False

    def _tell(self, event: VisionEvent) -> None:
        self._told = True
        self._emit(event)
