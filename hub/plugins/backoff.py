"""How long to wait before trying again: longer each time, and never all at once."""

import random
from typing import Final

SHORTEST: Final = 1.0  # seconds
LONGEST: Final = 60.0  # seconds; a device that was off all night is back a minute after it is on
# A power cut brings everything back together; spread, the tries do not arrive together.
_JITTER: Final = 0.2


class Backoff:
    """Doubles from one second to a minute."""

    def __init__(self) -> None:
        self._next = SHORTEST

    def delay(self) -> float:
        """Return the seconds to wait before the next try."""
        spread = random.uniform(1 - _JITTER, 1 + _JITTER)  # noqa: S311 - no secret
        wait = self._next * spread
        self._next = min(self._next * 2, LONGEST)
        return min(max(wait, SHORTEST), LONGEST)
