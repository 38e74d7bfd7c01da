"""One live camera in a thread of its own: takes packets as they come, and keeps up.

What cannot be kept up with is left out: a frame that is late is decoded, because later ones
need it, but not looked at; and where a newer key frame waits, everything before it goes.
"""

import logging
from collections import deque
from collections.abc import Callable
from dataclasses import replace
from itertools import takewhile
from threading import Condition, Thread
from time import monotonic
from typing import Final

from hub.api import Invalid
from hub.core.stream import StreamMessage, StreamPacket, StreamStart
from hub.vision.counters import Counters
from hub.vision.decoding import Frame
from hub.vision.inference import Eyes
from hub.vision.memory import PATIENCE, CameraMemory
from hub.vision.mending import Mending
from hub.vision.plan import CameraPlan
from hub.vision.runner import Pipeline
from hub.vision.scene import Emit

Task = Callable[[Pipeline], None]
Refused = Callable[[str], None]

# So long a packet may wait here; then the camera sends more than we can look at. Bursts (an HLS
# segment, what ingest kept, a line that hung) are worked off within it, and nothing is lost.
_LATE: Final = 1.0  # seconds
# A detector that serves many cameras answers late; so long it is waited for, then the camera
# goes on as its pictures come, and asks anew. So none falls behind because of the others.
_HELD: Final = 0.4  # seconds
# A machine that is always late must not be blind: then a late frame is better than none.
_BLIND: Final = 2.0  # seconds
_SILENT: Final = 5.0  # seconds without a packet after which what was there is not there any more
# More than this waits in the socket, and then with ingest, which drops or waits as it should.
_FULL: Final = 8 * 1024 * 1024  # bytes; 4 s of a 4K camera
_log = logging.getLogger(__name__)


class Watch:
    """A camera's thread. All methods may be called from any other."""

    def __init__(self, plan: CameraPlan, emit: Emit, run: str) -> None:
        self._plan = plan
        self._eyes: Eyes | None = None
        self._emit = emit
        self._name = run
        self._fittings: list[Task] = []
        self._wishes: deque[tuple[Task, Refused]] = deque()
        self._mending = Mending(plan.name)
        self._failed = False
        self._start: StreamStart | None = None
        self._pipeline = Pipeline(plan, None, emit, run)
        self._changed = Condition()
        self._inbox: deque[tuple[StreamMessage, float]] = deque()  # and when it came
        self._tasks: deque[Task] = deque()
        self._patient = False  # whether it is a recording that waits for us
        self._bytes = 0
        self._woken = False
        self._awaited = False  # whether there is somebody who leaves if no packet comes
        self._open = True
        self._looked = 0.0
        self._skipped = 0
        self._taken_at = 0.0  # when a packet was last taken while no answer was owed
        self._taken_pts = 0.0  # and its time
        self._thread = Thread(target=self._run, name=f"camera {plan.name}", daemon=True)
        self._thread.start()

    @property
    def counters(self) -> Counters:
        """What was done so far; ``dropped`` includes packets that were skipped."""
        done = self._pipeline.counters
        return replace(done, dropped=done.dropped + self._skipped)

    @property
    def full(self) -> bool:
        """Whether enough waits already."""
        return self._open and self._bytes > _FULL

    def put(self, message: StreamMessage) -> None:
        """Take what ingest sent."""
        with self._changed:
            self._inbox.append((message, monotonic()))
            self._bytes += _size(message)
            self._changed.notify()

    def do(self, task: Task) -> None:
        """Have something done with the pipeline, soon, in its thread."""
        with self._changed:
            self._tasks.append(task)
            self._changed.notify()

    def fit(self, task: Task) -> None:
        """Have something done with the pipeline, and with every one that takes its place."""
        self._fittings.append(task)
        self.do(task)

    def ask(self, task: Task, refused: Refused) -> None:
        """Have somebody who waits answered by the pipeline, or told at once why there is none."""
        with self._changed:
            self._wishes.append((task, refused))
            self._changed.notify()

    def recall(self, memory: CameraMemory, wall: float) -> None:
        """Have the pipeline go on from what another start knew, until packets stay away."""
        self._awaited = True
        self.do(lambda pipeline: pipeline.recall(memory, wall))

    def replan(self, plan: CameraPlan) -> None:
        """Follow a changed plan."""
        self._plan = plan
        self.do(lambda pipeline: pipeline.replan(plan))

    def see_with(self, eyes: Eyes | None) -> None:
        """Use another detector, or none."""
        self._eyes = eyes
        self.do(lambda pipeline: pipeline.see_with(eyes))

    def wake(self) -> None:
        """Tell the thread that an answer has come."""
        with self._changed:
            self._woken = True
            self._changed.notify()

    def put_away(self) -> None:
        """Have what another start needs written, and end the thread."""

        def end(pipeline: Pipeline) -> None:
            try:
                pipeline.put_away()
            finally:
                self.close()

        self.do(end)

    def leave(self, then: Callable[[], None]) -> None:
        """Tell that what the camera showed has left, do ``then``, and end the thread."""

        def end(pipeline: Pipeline) -> None:
            try:
                pipeline.silence()
            finally:
                self.close()
                then()

        self.do(end)

    def close(self) -> None:
        """End the thread; what the camera showed is not told as left."""
        with self._changed:
            self._open = False
            self._changed.notify()

    def join(self, seconds: float) -> None:
        """Wait for the thread to have ended."""
        self._thread.join(seconds)

    def _run(self) -> None:
        while self._open:
            try:
                if self._failed:
                    self._renew()
                self._follow()
            except Exception as error:  # noqa: BLE001 - what fails here is this camera's alone
                self._failed = True
                self._end_tracks()
                self._pause(self._mending.failed(error))

    def _pause(self, seconds: float) -> None:
        end = monotonic() + seconds
        while self._open and (left := end - monotonic()) > 0:
            while self._wishes:
                _, refused = self._wishes.popleft()
                refused(self._mending.reason)
            with self._changed:
                self._changed.wait_for(lambda: self._wishes or not self._open, left)

    def _renew(self) -> None:
        """Begin with a new pipeline, as the failed one may be in any state."""
        run = f"{self._name}r{self._mending.starts}"  # or tracks would be named as former ones
        counters = self._pipeline.counters
        self._pipeline = Pipeline(self._plan, self._eyes, self._emit, run, counters)
        for fit in self._fittings:
            fit(self._pipeline)
        if self._start is not None:
            self._begin(self._start)
        self._failed = False

    def _end_tracks(self) -> None:
        """Tell, if that still works, that nobody knows any more who is there."""
        try:
            self._pipeline.silence()
        except Exception as error:  # noqa: BLE001 - it has failed already
            _log.debug("A failed pipeline cannot even end", exc_info=error)

    def _follow(self) -> None:
        heard, silent = monotonic() + PATIENCE, not self._awaited
        self._awaited = False
        while self._wait():
            self._mending.works()
            while (task := self._task()) is not None:  # if it fails, the others are still there
                task(self._pipeline)
            self._answer()
            self._pipeline.settle()
            found = self._next()
            if found is not None:
                heard, silent = monotonic(), False
                self._handle(*found)
            elif not silent and not self._inbox and monotonic() - heard >= _SILENT:
                silent = True
                self._pipeline.silence()

    def _answer(self) -> None:
        while self._wishes:
            self._wishes[0][0](self._pipeline)  # if it fails, this one is told why as well
            self._wishes.popleft()

    def _wait(self) -> bool:
        with self._changed:
            if self._open and not (self._tasks or self._wishes or self._woken or self._ready()):
                self._changed.wait(_HELD / 4 if self._inbox else _LATE / 4)
            self._woken = False
            return self._open

    def _ready(self) -> bool:
        """Say whether the next message may be taken: while an answer is owed, only a late one."""
        if not self._inbox:
            return False
        if not self._pipeline.owed or self._late(*self._inbox[0]):
            return True
        return self._held_up(self._inbox[0][0])

    def _held_up(self, message: StreamMessage) -> bool:
        """Say whether a picture waits longer for an answer than it should."""
        if self._patient or not isinstance(message, StreamPacket):
            return False
        shown = message.pts - self._taken_pts
        return monotonic() - self._taken_at > _HELD + max(0.0, shown)

    def _task(self) -> Task | None:
        with self._changed:
            return self._tasks.popleft() if self._tasks else None

    def _next(self) -> tuple[StreamMessage, bool] | None:
        """Return the next message, and whether it comes too late to be looked at."""
        with self._changed:
            if not self._ready():
                return None
            if self._late(*self._inbox[0]):
                self._skip()
            message, came = self._inbox.popleft()
            self._bytes -= _size(message)
            if not self._pipeline.owed and isinstance(message, StreamPacket):
                self._taken_at, self._taken_pts = monotonic(), message.pts
            return message, self._late(message, came)

    def _late(self, message: StreamMessage, came: float) -> bool:
        # By when it came and not by when it was taken, for a wall clock may be set.
        live = isinstance(message, StreamPacket) and not self._patient
        return live and monotonic() - came > _LATE

    def _skip(self) -> None:
        """Leave out all before the newest key frame that waits, if one does."""
        run = takewhile(lambda each: isinstance(each[0], StreamPacket), self._inbox)
        keys = [
            at for at, (each, _) in enumerate(run) if isinstance(each, StreamPacket) and each.key
        ]
        for _ in range(keys[-1] if keys else 0):
            self._bytes -= _size(self._inbox.popleft()[0])
            self._skipped += 1

    def _handle(self, message: StreamMessage, late: bool) -> None:
        if isinstance(message, StreamPacket):
            frames = self._pipeline.decode(
                message.data, message.pts, message.captured, key=message.key
            )
        elif isinstance(message, StreamStart):
            self._begin(message)
            return
        else:
            frames = self._pipeline.drain()
        for frame in frames:
            self._look(frame, late=late)

    def _begin(self, message: StreamStart) -> None:
        self._start = message
        self._looked = monotonic()
        self._patient = message.patient
        try:
            self._pipeline.start(message.format)
        except Invalid as error:
            _log.warning("Camera %s cannot be watched: %s", message.camera, error)

    def _look(self, frame: Frame, *, late: bool) -> None:
        if late and monotonic() - self._looked < _BLIND:
            self._skipped += 1
            return
        self._looked = monotonic()
        self._pipeline.look(frame)


def _size(message: StreamMessage) -> int:
    return len(message.data) if isinstance(message, StreamPacket) else 0
