"""A child process that is kept running: told what to do, listened to, restarted when it dies.

Codecs and models crash; their process does, and the hub does not. A worker that says
nothing for some seconds hangs, and is killed. The child's side is in ``hub.core.workers``.
"""

import asyncio
import logging
from collections.abc import Callable, Sequence
from typing import Any, Final, Generic, TypeVar

from hub.api import Clock
from hub.core.children import Child
from hub.core.tasks import Tasks

In = TypeVar("In")

# Workers beat every second; five missed beats are a hang, also on a busy machine.
SILENCE: Final = 5.0  # seconds
# Importing codecs and loading models takes seconds on a slow machine.
STARTING: Final = 30.0  # seconds
# After so long a life, the next loss is a new story.
HEALTHY: Final = 60.0  # seconds
BACKOFF: Final = (0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 30.0)  # seconds
# So many lives in a row that were no healthy ones are told of, with all that they printed.
PATIENCE: Final = 8

# Before a worker is killed: perhaps it was the hub that slept, and words wait to be read.
_DOUBT: Final = 0.5  # seconds


class Worker(Generic[In]):
    """One supervised child. ``command`` is its module and further arguments.

    ``on_started`` is called for each new child, which is to be told its plan then;
    ``on_lost`` with the reason in words, once for each that ended unasked.
    """

    def __init__(  # noqa: PLR0913 - three are the owner's ears
        self,
        name: str,
        command: Sequence[str],
        kind: Any,
        clock: Clock,
        *,
        on_message: Callable[[In], None],
        on_started: Callable[[], None],
        on_lost: Callable[[str], None],
        silence: float = SILENCE,
    ) -> None:
        self.name = name
        self._command = command
        self._kind = kind
        self._clock = clock
        self._on_message = on_message
        self._on_started = on_started
        self._on_lost = on_lost
        self._silence = silence
        self._log = logging.getLogger(f"hub.worker.{name}")
        self._tasks = Tasks(f"worker {name}")
        self._child: Child[In] | None = None
        self._lost = ""
        self._level = logging.WARNING  # of what is said about losses

    @property
    def pid(self) -> int | None:
        """The child's process id, while there is a child."""
        return self._child.process.pid if self._child else None

    def start(self) -> None:
        """Begin to keep a child running."""
        self._supervising = self._tasks.spawn(self._supervise(), "supervision")

    def send(self, message: object) -> bool:
        """Send without waiting; false while there is no child."""
        if self._child is None:
            return False
        self._child.channel.send(message)
        return True

    async def stop(self) -> None:
        """End the child, gently first, and keep none running any more."""
        await self._tasks.stop(limit=15.0)

    async def _supervise(self) -> None:
        losses = 0
        while True:
            began = self._clock.monotonic()
            self._lost = "could not be served"
            life = self._tasks.spawn(self._live(), "a child's life")
            await asyncio.wait([life])
            losses = 0 if self._clock.monotonic() - began > HEALTHY else losses
            wait = BACKOFF[min(losses, len(BACKOFF) - 1)]
            losses += 1
            self._level = self._loudness(losses)
            self._log.log(self._level, "It %s; another one starts in %s s", self._lost, wait)
            self._on_lost(self._lost)
            await self._clock.sleep(wait)

    def _loudness(self, losses: int) -> int:
        """Return how loud to be: a child that never lives is not news for ever."""
        if losses < PATIENCE:
            return logging.WARNING
        if losses == PATIENCE:
            self._log.error("It ended %d times in a row; from now on that is said no more", losses)
        return logging.DEBUG

    async def _live(self) -> None:
        """Run one child from start to end, and leave in words why it ended."""
        try:
            child = await Child[In].spawn(self._command, self._kind, self._say)
        except OSError as error:
            self._lost = f"cannot be started: {error.strerror}"
            return
        self._child = child
        try:
            self._on_started()
            trouble = await self._hear(child)
        finally:
            self._child = None
            how = await child.end()
        self._lost = trouble or how

    def _say(self, line: str) -> None:
        """Log what a child printed."""
        self._log.log(logging.INFO if self._level > logging.DEBUG else self._level, "%s", line)

    async def _hear(self, child: Child[In]) -> str:
        """Hand on what a child says until it ends; return what is wrong with it, if anything."""
        now = asyncio.get_running_loop().time
        patience, silent = STARTING, 0.0
        while True:
            try:
                async with asyncio.timeout(_DOUBT if silent else patience) as limit:
                    async for message in child.channel:
                        patience, silent = self._silence, 0.0
                        limit.reschedule(now() + patience)
                        self._on_message(message)
                    return ""
            except TimeoutError:
                if silent:
                    child.kill()
                    return f"said nothing for {silent:g} s and was killed"
                silent = patience
            except ValueError as error:
                child.kill()
                return f"said what cannot be read and was killed: {error}"
