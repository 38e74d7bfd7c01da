"""Where pictures become files, beside the cameras' threads: a slow or full disk delays no look.

What cannot be stored is said once, and once when it can be again; what comes while too much
waits is left out, for there will be a better picture of it.
"""

import logging
from collections.abc import Callable
from queue import Empty, Full, Queue
from threading import Thread
from typing import Final

from hub.api import HubError

_log = logging.getLogger(__name__)

# Each holds a frame, 3 MB at 1080p. More than this waits only where the disk stands still.
_WAITING: Final = 12
Work = Callable[[], None]


class Darkroom:
    """Does work that stores something, in a thread of its own or, for a recording, at once."""

    def __init__(self, *, threaded: bool = True) -> None:
        self._queue: Queue[Work | None] = Queue(_WAITING)
        self._broken = ""
        self.left_out = 0
        self._thread = Thread(target=self._run, name="darkroom", daemon=True) if threaded else None
        if self._thread is not None:
            self._thread.start()

    def do(self, work: Work) -> bool:
        """Have work done soon; returns false when it is left out, for too much waits."""
        if self._thread is None:
            self._try(work)
            return True
        try:
            self._queue.put_nowait(work)
        except Full:
            self.left_out += 1
            return False
        return True

    def close(self, seconds: float = 2.0) -> None:
        """Finish what waits, as far as there is time for it."""
        if self._thread is None:
            return
        try:
            self._queue.put(None, timeout=seconds)
        except Full:
            self._forget()
        self._thread.join(seconds)

    def _forget(self) -> None:
        while True:
            try:
                self._queue.get_nowait()
            except Empty:
                self._queue.put(None)
                return

    def _run(self) -> None:
        while (work := self._queue.get()) is not None:
            self._try(work)

    def _try(self, work: Work) -> None:
        try:
            work()
        except (OSError, HubError) as error:
            self._fails(getattr(error, "strerror", None) or str(error))
        except Exception as error:  # noqa: BLE001 - one picture must not cost all cameras
            self._fails(f"{type(error).__name__}: {error}", error)
        else:
            if self._broken:
                _log.warning("Pictures can be stored again")
            self._broken = ""

    def _fails(self, reason: str, error: Exception | None = None) -> None:
        if not self._broken:
            _log.warning("Pictures cannot be stored: %s", reason, exc_info=error)
        self._broken = reason
