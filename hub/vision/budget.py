"""What a detector spends, and who goes short: measured as it happens, told over the last seconds.

A few numbers are kept for each region, so measuring costs microseconds beside an inference.
"""

from collections import Counter, defaultdict, deque
from collections.abc import Iterable
from enum import StrEnum
from threading import Lock
from time import monotonic
from typing import Final

from hub.vision.messages import Budget

WINDOW: Final = 10.0  # seconds that the figures look back
_KEPT: Final = 4096  # measurements; 400 regions a second for all of the window
_SHORT: Final = 5  # seconds with drops, of ``_OF``, after which a camera is called shed
_OF: Final = 8  # seconds
# Or this part of its pictures within ``_PLENTY``: one burst that was too late loses seconds.
_MUCH: Final = 0.15
_PLENTY: Final = 10  # seconds without a drop after which it is not any more
_MS: Final = 1000.0


class Reason(StrEnum):
    """Why a question got no answer."""

    REPLACED = "replaced"
    """A newer one of the same camera took its place."""
    CROWDED = "crowded"
    """Too many waited; it was the one that mattered least."""
    FAILED = "failed"
    """The detector failed, or was let go."""


class Inference:
    """One region on its way through a detector. What was waited for its start is not in it."""

    __slots__ = ("_began", "_meter", "over")

    def __init__(self, meter: "Meter", now: float) -> None:
        self._meter = meter
        self._began = now
        self.over = False

    def accepted(self) -> None:
        """Count from now: until here, the detector's own queue was full."""
        if not self.over:
            self._began = monotonic()

    def ended(self) -> None:
        """Count it; a detector that answers twice is counted once."""
        if not self.over:
            self.over = True
            self._meter.ended(self._began, monotonic())


class Meter:
    """Measures one detector. All methods may be called from any thread."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._waits: deque[tuple[float, float]] = deque(maxlen=_KEPT)  # when, and how long
        self._times: deque[tuple[float, float]] = deque(maxlen=_KEPT)
        self._marks: deque[tuple[float, float]] = deque([(monotonic(), 0.0)])  # when, busy until
        self._under_way = 0
        self._since = 0.0  # when it last began to be busy
        self._busy = 0.0  # seconds in all before that
        self._dropped: defaultdict[str, Counter[str]] = defaultdict(Counter)
        self._failures = 0
        self.answered = self._marks[0][0]  # when it last answered

    @property
    def under_way(self) -> int:
        """How many regions the detector has at this moment."""
        return self._under_way

    def waited(self, seconds: float) -> None:
        """Note how long a question waited for its turn."""
        with self._lock:
            self._waits.append((monotonic(), seconds))

    def began(self) -> Inference:
        """Note that a region is given to the detector."""
        now = monotonic()
        with self._lock:
            if not self._under_way:
                self._since = now
            self._under_way += 1
        return Inference(self, now)

    def ended(self, began: float, now: float) -> None:
        """Note that a region was answered; called by what ``began`` returned."""
        with self._lock:
            self._under_way -= 1
            if not self._under_way:
                self._busy += now - self._since
            self._times.append((now, now - began))
            self.answered = now

    def dropped(self, camera: str, reason: Reason) -> None:
        """Note a question that nobody answered."""
        with self._lock:
            self._dropped[camera][reason] += 1

    def failed(self) -> None:
        """Note that the detector raised."""
        with self._lock:
            self._failures += 1

    def budget(self, waiting: int = 0) -> Budget:
        """Return the figures of now; to be called about once a second."""
        now = monotonic()
        with self._lock:
            since, load = self._load(now)
            waits, times = _within(self._waits, since), _within(self._times, since)
            dropped = {camera: dict(each) for camera, each in self._dropped.items()}
            busy, failures = self._under_way, self._failures
        seconds = max(now - since, 1e-3)
        return Budget(
            seconds=round(seconds, 1),
            questions=len(waits),
            rate=len(times) / seconds,
            queue_ms=_MS * _mean(waits),
            queue_p95_ms=_MS * _p95(waits),
            inference_ms=_MS * _mean(times),
            inference_p95_ms=_MS * _p95(times),
            load=load,
            waiting=waiting,
            under_way=busy,
            dropped=dropped,
            failures=failures,
        )

    def _load(self, now: float) -> tuple[float, float]:
        """Return since when the figures count, and the part of the time that it was busy."""
        busy = self._busy + (now - self._since if self._under_way else 0.0)
        while len(self._marks) > 1 and self._marks[1][0] <= now - WINDOW:
            self._marks.popleft()
        since, before = self._marks[0]
        self._marks.append((now, busy))
        return since, min(1.0, max(0.0, busy - before) / max(now - since, 1e-3))


class Shedding:
    """Which cameras are not looked at as often as they should be, told when that changes."""

    def __init__(self) -> None:
        self._before: dict[str, tuple[int, int]] = {}
        self._seconds: defaultdict[str, deque[tuple[int, int]]] = defaultdict(
            lambda: deque(maxlen=_PLENTY)
        )
        self.shed: frozenset[str] = frozenset()

    def update(self, frames: dict[str, int], dropped: dict[str, int]) -> frozenset[str]:
        """Return who is shed; both count per camera since its start. To be called once a second."""
        for camera in self._before.keys() - dropped.keys():
            self._seconds.pop(camera, None)
        counts = {camera: (frames.get(camera, 0), lost) for camera, lost in dropped.items()}
        for camera, (came, lost) in counts.items():
            before = self._before.get(camera, (came, lost))
            self._seconds[camera].append((came - before[0], lost - before[1]))
        self._before = counts
        self.shed = frozenset(camera for camera in dropped if self._short(camera))
        return self.shed

    def _short(self, camera: str) -> bool:
        seconds = [*self._seconds[camera]]
        lost = sum(each for _, each in seconds)
        if camera in self.shed and lost > 0:
            return True
        if len(seconds) == _PLENTY and lost >= _MUCH * sum(map(sum, seconds)) > 0:
            return True
        return sum(each > 0 for _, each in seconds[-_OF:]) >= _SHORT


def _within(measured: Iterable[tuple[float, float]], since: float) -> list[float]:
    return sorted(value for when, value in measured if when >= since)


def _mean(ordered: list[float]) -> float:
    return sum(ordered) / len(ordered) if ordered else 0.0


def _p95(ordered: list[float]) -> float:
    return ordered[min(len(ordered) - 1, int(0.95 * len(ordered)))] if ordered else 0.0
