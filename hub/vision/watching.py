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
from hub.core.stream import StreamEnd, StreamMessage, StreamPacket, StreamStart
from hub.vision.messages import CameraPlan
from hub.vision.runner import Counters, Emit, Eyes, Pipeline

Task = Callable[[Pipeline], None]

_LATE: Final = 1.0  # seconds behind the newest packet after which frames are not looked at
_SILENT: Final = 5.0  # seconds without a packet after which what was there is not there any more
_MOST: Final = 32 * 1024 * 1024  # bytes of packets that may wait; 8 s of a 4K camera
_log = logging.getLogger(__name__)


class Watch:
    """A camera's thread. All methods may be called from any other."""

    def __init__(self, plan: CameraPlan, emit: Emit, run: str) -> None:
        self._pipeline = Pipeline(plan, None, emit, run)
        self._changed = Condition()
        self._inbox: deque[StreamMessage] = deque()
        self._tasks: deque[Task] = deque()
        self._bytes = 0
        self._newest = 0.0
        self._woken = False
        self._open = True
        self._skipped = 0
        self._errors = 0
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

    def put(self, message: StreamMessage) -> None:
        """Take what ingest sent."""
        with self._changed:
            self._inbox.append(message)
            if isinstance(message, StreamPacket):
                self._newest = message.captured
                self._bytes += len(message.data)
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
        heard = monotonic()
        silent = True
        while self._wait():
            for task in self._taken():
                task(self._pipeline)
            self._pipeline.settle()
            message = self._next()
            if message is not None:
                heard, silent = monotonic(), False
                self._handle(message)
            elif not silent and monotonic() - heard >= _SILENT:
                silent = True
                self._pipeline.silence()

    def _wait(self) -> bool:
        with self._changed:
            if self._open and not (self._inbox or self._tasks or self._woken):
                self._changed.wait(_SILENT / 5)
            self._woken = False
            return self._open

    def _taken(self) -> list[Task]:
        with self._changed:
            tasks, self._tasks = self._tasks, deque()
            return list(tasks)

    def _next(self) -> StreamMessage | None:
        with self._changed:
            if not self._inbox:
                return None
            if self._behind():
                self._skip()
            message = self._inbox.popleft() if self._inbox else None
            if isinstance(message, StreamPacket):
                self._bytes -= len(message.data)
            return message

    def _behind(self) -> bool:
        first = self._inbox[0]
        late = isinstance(first, StreamPacket) and self._newest - first.captured > _LATE
        return late or self._bytes > _MOST

    def _skip(self) -> None:
        """Leave out all before the newest key frame of the stream that comes now.

        Where none waits and far too much does, all of it goes, and decoding with it until one
        comes.
        """
        run = list(takewhile(lambda each: isinstance(each, StreamPacket), self._inbox))
        keys = [index for index, each in enumerate(run) if self._is_key(each)]
        if self._bytes > _MOST and keys in ([], [0]):
            self._pipeline.skip_to_key()
            keys = [len(run)]
        for _ in range(keys[-1] if keys else 0):
            gone = self._inbox.popleft()
            self._bytes -= len(gone.data) if isinstance(gone, StreamPacket) else 0
            self._skipped += 1

    @staticmethod
    def _is_key(message: StreamMessage) -> bool:
        return isinstance(message, StreamPacket) and message.key

    def _handle(self, message: StreamMessage) -> None:
        if isinstance(message, StreamPacket):
            self._decode(message)
        elif isinstance(message, StreamStart):
            self._begin(message)
        elif isinstance(message, StreamEnd):
            for frame in self._pipeline.drain():
                self._pipeline.look(frame)

    def _begin(self, message: StreamStart) -> None:
        try:
            self._pipeline.start(message.format)
        except Invalid as error:
            _log.warning("Camera %s cannot be watched: %s", message.camera, error)

    def _decode(self, packet: StreamPacket) -> None:
        pipeline = self._pipeline
        for frame in pipeline.decode(packet.data, packet.pts, packet.captured, key=packet.key):
            if self._newest - frame.captured <= _LATE:
                pipeline.look(frame)
            else:
                self._skipped += 1
