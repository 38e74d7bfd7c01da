"""Tasks that somebody owns: named, missed when they fail, and gone when their owner stops."""

import asyncio
import logging
from collections import deque
from collections.abc import Coroutine

_log = logging.getLogger("hub.tasks")


class Tasks:
    """The tasks of one owner."""

    def __init__(self, owner: str) -> None:
        self._owner = owner
        self._running: set[asyncio.Task[None]] = set()
        self._stopped = False
        self.failed: deque[str] = deque(maxlen=100)
        """The names of the last tasks that raised."""

    def spawn(self, work: Coroutine[object, object, None], name: str) -> asyncio.Task[None]:
        """Run a task until it ends, fails (then it is logged) or the owner stops."""
        if self._stopped:
            work.close()
            raise RuntimeError(f"{self._owner} has stopped and cannot start the task {name}")
        task = asyncio.get_running_loop().create_task(work, name=f"{self._owner}: {name}")
        self._running.add(task)
        task.add_done_callback(self._ended)
        return task

    async def stop(self, limit: float = 5.0) -> None:
        """Cancel every task and wait for them, ``limit`` seconds at most."""
        self._stopped = True
        others = self._running - {asyncio.current_task()}
        for task in others:
            task.cancel()
        if not others:
            return
        _, stuck = await asyncio.wait(others, timeout=limit)
        for task in stuck:
            _log.warning("The task %s did not end within %s s", task.get_name(), limit)

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._running.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            self.failed.append(task.get_name())
            _log.error("The task %s failed", task.get_name(), exc_info=error)
