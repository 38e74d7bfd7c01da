"""When a detector that failed at work is tried again: soon, and then less and less often."""

from typing import Final

SHORTEST: Final = 60.0  # seconds; a remote server that is restarted is back by then
LONGEST: Final = 900.0  # seconds
# After so long without a failure, the next one is a new story.
_HEALTHY: Final = 900.0  # seconds


class Retries:
    """Doubles from a minute to a quarter of an hour, for each detector on its own."""

    def __init__(self) -> None:
        self._waits: dict[str, float] = {}
        self._since: dict[str, float] = {}

    def after_failure(self, name: str, now: float) -> float:
        """Return the seconds to wait before a detector is tried again."""
        if now - self._since.get(name, now) > _HEALTHY:
            self._waits.pop(name, None)
        self._since.pop(name, None)
        wait = self._waits.get(name, SHORTEST)
        self._waits[name] = min(2 * wait, LONGEST)
        return wait

    def after_crashes(self, name: str) -> float:
        """Return the same for one that took the worker down."""
        self._since.pop(name, None)
        self._waits[name] = LONGEST
        return LONGEST

    def works(self, name: str, now: float) -> None:
        """Note that it works from now on."""
        self._since[name] = now
