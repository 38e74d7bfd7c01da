"""Which detector is to blame when the vision worker crashes again and again.

A native crash names nobody. What can be known honestly is who was being loaded, or was at work,
at the worker's last word; who was so at every crash is left out for a while.
"""

import re
from collections import defaultdict, deque
from collections.abc import Iterable
from typing import Final

from hub.app.detectors import FALLBACK
from hub.vision.messages import Beat

MOST: Final = 3  # crashes
WITHIN: Final = 300.0  # seconds
# How a process ends that ran into a fault of its own. SIGKILL is somebody else's doing.
_NATIVE: Final = re.compile(r"\bSIG(SEGV|BUS|ILL|FPE|ABRT)\b|said nothing")


class Crashes:
    """The vision worker's crashes, and who was at work."""

    def __init__(self) -> None:
        self._loaded: set[str] = set()
        self._loading: set[str] = set()
        self._working: set[str] = set()
        self._times: defaultdict[str, deque[float]] = defaultdict(lambda: deque(maxlen=MOST))

    def started(self) -> None:
        """Note that a new worker has begun, which has no detector yet."""
        self._loaded, self._loading, self._working = set(), set(), set()

    def planned(self, detectors: Iterable[str]) -> None:
        """Note which detectors the worker was told to have."""
        wanted = set(detectors)
        self._loaded &= wanted
        self._loading = wanted - self._loaded

    def loaded(self, detector: str) -> None:
        """Note that one is there; it may be at work before a beat tells."""
        self._loading.discard(detector)
        self._loaded.add(detector)
        self._working.add(detector)

    def failed(self, detector: str) -> None:
        """Note that one is not there any more."""
        for each in (self._loading, self._loaded, self._working):
            each.discard(detector)

    def beat(self, beat: Beat) -> None:
        """Note who was at work of late."""
        self._working = {
            name for name, each in beat.detectors.items() if each.questions or each.under_way
        }

    def lost(self, reason: str, now: float, trying: Iterable[str]) -> list[str]:
        """Return who is to be left out, if anybody; those that are only tried, at once."""
        if not _NATIVE.search(reason):
            return []
        suspects = self._loading or self._working
        if suspects != {FALLBACK}:
            suspects = suspects - {FALLBACK}  # with a stranger about, it is the stranger
        tried = suspects & set(trying)
        if tried:
            return sorted(tried)
        for each in suspects:
            self._times[each].append(now)
        for each in self._times.keys() - suspects:
            del self._times[each]  # it crashes without this one as well
        guilty = [each for each in suspects if self._often(each, now)]
        for each in guilty:
            del self._times[each]
        return sorted(guilty)

    def _often(self, detector: str, now: float) -> bool:
        times = self._times[detector]
        return len(times) == MOST and now - times[0] <= WITHIN
