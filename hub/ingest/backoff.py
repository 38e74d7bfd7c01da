"""How long to wait before the next attempt, so that a dead camera costs nothing."""

import random
from collections.abc import Callable
from typing import Final

SHORTEST: Final = 1.0  # seconds
LONGEST: Final = 60.0  # seconds; somebody who plugs a camera in again waits this long at most
# Cameras lock an account after a few wrong passwords; a minute between them never does.
REFUSED: Final = 60.0  # seconds
# A connection that lasted this long was a good one; a shorter one counts as one more failure.
GOOD: Final = 10.0  # seconds


class Backoff:
    """Counts failures in a row; every wait is spread so that cameras do not come in step."""

    def __init__(self, spread: Callable[[float, float], float] = random.uniform) -> None:
        self._spread = spread
        self._failures = 0

    def after_loss(self, lasted: float) -> float:
        """Return seconds to wait after a connection that gave packets; the first time, none."""
        if lasted >= GOOD:
            self._failures = 0
        if self._failures:
            return self.after_failure()
        self._failures = 1
        return 0.0

    def after_failure(self) -> float:
        """Return seconds to wait after an attempt that gave no packet."""
        wait = min(LONGEST, SHORTEST * 2.0 ** min(self._failures, 10))
        self._failures += 1
        return min(LONGEST, max(SHORTEST, wait * self._spread(0.75, 1.25)))

    def after_refusal(self) -> float:
        """Return seconds to wait when the camera does not want us."""
        self._failures += 1
        return REFUSED * self._spread(1.0, 1.25)
