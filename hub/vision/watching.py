"""One live camera in a thread of its own: takes packets as they come, and keeps up.

What cannot be kept up with is left out: a frame that is late is decoded, because later ones
need it, but not looked at; and where a newer key frame waits, everything before it goes.
"""

import logging
from collections import deque
from collections.abc import Callable
from itertools import takewhile
from threading import Condition, Thread
from time import monotonic
from typing import Final

from hub.api import Invalid
from hub.core.clock import SystemClock
from hub.core.stream import StreamMessage, StreamPacket, StreamStart
from hub.vision.decoding import Frame
from hub.vision.messages import CameraPlan
from hub.vision.runner import Counters, Emit, Eyes, Pipeline

Task = Callable[[Pipeline], None]

_LATE: Final = 1.0  # seconds after its capture at which a frame is not looked at any more
# A machine that is always late must not be blind: then a late frame is better than none.
_BLIND: Final = 2.0  # seconds
_SILENT: Final = 5.0  # seconds without a packet after which what was there is not there any more
# More than this waits in the socket, and then with ingest, which drops or waits as it should.
_FULL: Final = 8 * 1024 * 1024  # bytes; 4 s of a 4K camera
# A recording played flat out is dated ahead of the clock: nothing is lost by waiting for answers.
_AHEAD: Final = 0.5  # seconds
_log = logging.getLogger(__name__)


class Watch:
    """A camera's thread. All methods may be called from any other."""

    def __init__(self, plan: CameraPlan, emit: Emit, run: str) -> None:
        self._pipeline = Pipeline(plan, None, emit, run)
        self._changed = Condition()
        self._inbox: deque[StreamMessage] = deque()
        self._tasks: deque[Task] = deque()
        self._clock = SystemClock()
        self._bytes = 0
        self._woken = False
        self._open = True
        self._ahead = False
        self._looked = 0.0
        self._skipped = 0
        self._thread = Thread(target=self._run, name=f"camera {plan.name}", daemon=True)
        self._thread.start()

    @property
    def counters(self) -> Counters:
        """What was done so far; ``dropped`` includes packets that were skipped."""
        done = self._pipeline.counters
        return Counters(
            frames=done.frames,
            looked=done.looked,
            inferences=done.inferences,
            dropped=done.dropped + self._skipped,
            errors=done.errors,
        )

    @property
    def full(self) -> bool:
        """Whether enough waits already."""
        return self._bytes > _FULL

    def put(self, message: StreamMessage) -> None:
        """Take what ingest sent."""
        with self._changed:
            self._inbox.append(message)
            self._bytes += _size(message)
            self._changed.notify()

    def do(self, task: Task) -> None:
        """Have something done with the pipeline, soon, in its thread."""
        with self._changed:
            self._tasks.append(task)
            self._changed.notify()

    def replan(self, plan: CameraPlan) -> None:
        """Follow a changed plan."""
        self.do(lambda pipeline: pipeline.replan(plan))

    def see_with(self, eyes: Eyes | None) -> None:
        """Use another detector, or none."""
        self.do(lambda pipeline: pipeline.see_with(eyes))

    def wake(self) -> None:
        """Tell the thread that an answer has come."""
        with self._changed:
            self._woken = True
            self._changed.notify()

    def close(self) -> None:
        """End the thread; what the camera showed is not told as left."""
        with self._changed:
            self._open = False
            self._changed.notify()

    def join(self, seconds: float) -> None:
        """Wait for the thread to have ended."""
        self._thread.join(seconds)

    def _run(self) -> None:
        heard, silent = monotonic(), True
        while self._wait():
            for task in self._taken():
                task(self._pipeline)
            self._pipeline.settle()
            message = self._next()
            if message is not None:
                heard, silent = monotonic(), False
                self._handle(message)
            elif not silent and not self._inbox and monotonic() - heard >= _SILENT:
                silent = True
                self._pipeline.silence()

    def _wait(self) -> bool:
        with self._changed:
            if self._open and not (self._tasks or self._woken or self._ready()):
                self._changed.wait(_SILENT / 5)
            self._woken = False
            return self._open

    def _ready(self) -> bool:
        return bool(self._inbox) and not (self._ahead and self._pipeline.waiting)

    def _taken(self) -> list[Task]:
        with self._changed:
            tasks, self._tasks = self._tasks, deque()
            return list(tasks)

    def _next(self) -> StreamMessage | None:
        with self._changed:
            if not self._ready():
                return None
            if self._late(self._inbox[0]):
                self._skip()
            message = self._inbox.popleft()
            self._bytes -= _size(message)
            return message

    def _late(self, message: StreamMessage) -> bool:
        return isinstance(message, StreamPacket) and self._age(message.captured) > _LATE

    def _age(self, captured: float) -> float:
        return self._clock.now().timestamp() - captured

    def _skip(self) -> None:
        """Leave out all before the newest key frame that waits, if one does."""
        run = takewhile(lambda each: isinstance(each, StreamPacket), self._inbox)
        keys = [at for at, each in enumerate(run) if isinstance(each, StreamPacket) and each.key]
        for _ in range(keys[-1] if keys else 0):
            self._bytes -= _size(self._inbox.popleft())
            self._skipped += 1

    def _handle(self, message: StreamMessage) -> None:
        if isinstance(message, StreamPacket):
            self._decode(message)
        elif isinstance(message, StreamStart):
            self._begin(message)
        else:
            for frame in self._pipeline.drain():
                self._look(frame)

    def _begin(self, message: StreamStart) -> None:
        self._looked = monotonic()
        try:
            self._pipeline.start(message.format)
        except Invalid as error:
            _log.warning("Camera %s cannot be watched: %s", message.camera, error)

    def _decode(self, packet: StreamPacket) -> None:
        pipeline = self._pipeline
        for frame in pipeline.decode(packet.data, packet.pts, packet.captured, key=packet.key):
            self._look(frame)

    def _look(self, frame: Frame) -> None:
        age = self._age(frame.captured)
        if age > _LATE and monotonic() - self._looked < _BLIND:
            self._skipped += 1
            return
        self._looked, self._ahead = monotonic(), age < -_AHEAD
        self._pipeline.look(frame)


def _size(message: StreamMessage) -> int:
    return len(message.data) if isinstance(message, StreamPacket) else 0
