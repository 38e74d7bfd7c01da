"""Finds out who blocks the event loop.

A thread asks the loop for signs of life, and when none comes it names the plugin, file and
line that the loop is stuck in.
"""

import asyncio
import logging
import os
import sys
import threading
import time
from collections.abc import Callable
from types import FrameType
from typing import Final

_log: Final = logging.getLogger("hub.watchdog")

# Half of this apart come the signs of life; a heartbeat later than a second is felt as a hang.
LIMIT: Final = 1.0  # seconds
LAST_RESORT: Final = 4.5  # seconds; SIGTERM must be through in 5


class Watchdog:
    """Watches the loop it was started on; ``owner`` says which plugin a module belongs to."""

    def __init__(self, owner: Callable[[str], str | None], limit: float = LIMIT) -> None:
        self._owner = owner
        self._limit = limit
        self._stopping = threading.Event()
        self._alive = threading.Event()
        self._thread: threading.Thread | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._watched = 0

    def start(self) -> None:
        """Begin; called on the loop's own thread."""
        self._loop = asyncio.get_running_loop()
        self._watched = threading.get_ident()
        self._thread = threading.Thread(target=self._watch, name="watchdog", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """End."""
        self._stopping.set()
        self._alive.set()
        if self._thread is not None:
            self._thread.join(self._limit)

    def give_up_after(self, seconds: float = LAST_RESORT) -> None:
        """End the process after some seconds, even with a loop that is blocked for good.

        Called by the handler of SIGTERM, which must not wait for the loop. Whoever blocks is
        named. A process that has ended by then is left alone.
        """
        timer = threading.Timer(seconds, self._give_up)
        timer.daemon = True
        timer.start()

    def _watch(self) -> None:
        while not self._stopping.wait(self._limit / 2):
            if not self._ask() or self._stopping.is_set():
                return
            if not self._alive.wait(self._limit):
                self._blocked()

    def _ask(self) -> bool:
        """Ask the loop for a sign of life; returns false when it is closed."""
        self._alive.clear()
        try:
            if self._loop is not None:
                self._loop.call_soon_threadsafe(self._alive.set)
        except RuntimeError:
            return False
        return True

    def _blocked(self) -> None:
        since = time.monotonic() - self._limit
        _log.warning("The hub is blocked by %s", self._culprit())
        while not self._alive.wait(self._limit / 2):
            if self._stopping.is_set():
                return
        _log.warning("The hub runs again; it was blocked for %.1f s", time.monotonic() - since)

    def _give_up(self) -> None:
        _log.error("The hub did not stop in time, ending it; it was held by %s", self._culprit())
        logging.shutdown()
        os._exit(1)

    def _culprit(self) -> str:
        """Name the innermost plugin on the loop's stack, or else the innermost code of the hub."""
        frame = sys._current_frames().get(self._watched)  # noqa: SLF001 - the documented way
        ours = ""
        innermost = _where(frame) if frame else "nothing that can be seen"
        while frame is not None:
            module = str(frame.f_globals.get("__name__", ""))
            plugin = self._owner(module)
            if plugin:
                return f"the plugin '{plugin}': {_where(frame)}"
            if not ours and module.startswith("hub."):
                ours = _where(frame)
            frame = frame.f_back
        return ours or innermost


def _where(frame: FrameType) -> str:
    code = frame.f_code
    return f"{code.co_filename}:{frame.f_lineno} in {code.co_qualname}"
