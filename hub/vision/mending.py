"""How a camera's thread that failed begins again: after a while, told once, healed once."""

import logging
from time import monotonic
from typing import Final

_FIRST: Final = 1.0  # seconds to the next start
_LONGEST: Final = 60.0  # seconds
_HEALTHY: Final = 60.0  # seconds without a failure after which the trouble is over
_log = logging.getLogger(__name__)


class Mending:
    """The failures of one camera's pipeline; ``reason`` says what the latest was."""

    def __init__(self, camera: str) -> None:
        self._camera = camera
        self._wait = _FIRST
        self._failed: float | None = None
        self.starts = 0
        self.reason = ""

    def failed(self, error: Exception) -> float:
        """Note a failure; returns the seconds to wait before the next start."""
        wait, self._wait = self._wait, min(2 * self._wait, _LONGEST)
        level = logging.ERROR if self._failed is None else logging.DEBUG
        _log.log(
            level,
            "Camera %s cannot be watched, since looking at it fails; other cameras go on."
            " It is tried again in %.0f s, and then less and less often",
            self._camera,
            wait,
            exc_info=error,
        )
        what = f"{type(error).__name__}: {error}"
        self.reason = (
            f"camera {self._camera!r} cannot be looked at for now ({what});"
            f" it is tried again within {wait:.0f} s"
        )
        self._failed = monotonic()
        self.starts += 1
        return wait

    def works(self) -> None:
        """Note that it works at this moment."""
        if self._failed is not None and monotonic() - self._failed > _HEALTHY + self._wait:
            self._failed, self._wait = None, _FIRST
            _log.info("Camera %s is watched again", self._camera)
