"""Says once that a camera went offline and once that it is back, with the reason.

A connection that is lost and found again within ``PATIENCE`` is worth a log line, not an
event: offline is said when the first attempt to reconnect fails or when that time is over.
"""

import logging
import threading
from collections.abc import Callable
from typing import Final

from hub.api import StreamFormat
from hub.ingest.messages import Offline, Online

# A camera that drops its connection and takes the next at once is back within a second or
# two (a key frame every two seconds); events for that would only flap.
PATIENCE: Final = 3.0  # seconds

_log = logging.getLogger(__name__)


class Outage:
    """Whether a camera is online, as the hub was last told; safe to use from any thread."""

    def __init__(self, camera: str, report: Callable[[Online | Offline], None]) -> None:
        self._camera = camera
        self._report = report
        self._lock = threading.Lock()
        self._online: bool | None = None  # none: nothing was said yet
        self._reason = ""
        self._lost: tuple[str, float] | None = None  # the reason, and when the last packet came

    @property
    def online(self) -> bool:
        """Whether the hub believes that packets arrive."""
        return self._online is True

    @property
    def silent(self) -> bool:
        """Whether nothing was said about this camera yet."""
        return self._online is None

    def over(self, stream: StreamFormat, now: float) -> None:
        """Take note that packets arrive (again)."""
        with self._lock:
            if self._lost is not None:
                reason, since = self._lost
                self._lost = None
                _log.info("Camera %s: %s; back after %.1f s", self._camera, reason, now - since)
            if self._online:
                return
            self._online = True
            self._report(
                Online(
                    camera=self._camera,
                    codec=stream.codec,
                    width=stream.width,
                    height=stream.height,
                )
            )

    def lost(self, reason: str, since: float, now: float) -> None:
        """Take note that the connection ended; its last packet came at ``since``."""
        with self._lock:
            if self._online and self._lost is None:
                self._lost = (reason, since)
        self.waited(now)

    def waited(self, now: float) -> None:
        """Say that a lost connection has been lost for too long, if it has."""
        with self._lock:
            if self._lost is not None and now - self._lost[1] >= PATIENCE:
                self._offline(self._lost[0])

    def failed(self, reason: str) -> None:
        """Take note that an attempt to connect came to nothing."""
        with self._lock:
            if self._online is not False:
                self._offline(reason)
            elif reason != self._reason:
                self._reason = reason
                _log.info("Camera %s is still offline: %s", self._camera, reason)

    def _offline(self, reason: str) -> None:
        self._online, self._reason, self._lost = False, reason, None
        self._report(Offline(camera=self._camera, reason=reason))
