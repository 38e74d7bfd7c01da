"""Gives every packet a time that can be trusted, whatever the camera's own clock does.

Presentation times are even but their zero is anywhere, and they jump: they wrap at 32
bits, start again, or follow a camera whose clock was set. Arrival times are true on
average but tremble. So: presentation times are carried on over jumps, and tied to the
monotonic clock by the packet that arrived soonest of the last seconds.
"""

from typing import Final

from msgspec import Struct

# No camera skips this long and goes on in the same connection; a clock that was set does.
JUMP: Final = 3.0  # seconds
# B-frames come before others that are shown earlier; nothing else steps back this little.
REORDER: Final = 1.0  # seconds
# The soonest packet of this long and of as long before is the anchor: long enough to see
# past a burst, short enough to follow a camera whose clock is 1 % off within 0.2 s.
WINDOW: Final = 10.0  # seconds
# No camera's clock shows this, and decoders count in integers of 64 bits.
SENSIBLE: Final = 1e12  # seconds
_TICK: Final = 1 / 90_000  # seconds; the finest that containers tell apart
# What we take a picture to last while we do not know better.
_STEP: Final = 0.04  # seconds


class Moment(Struct, frozen=True, gc=False):
    """``pts`` goes on over jumps; ``captured`` is the wall time since 1970; both in seconds."""

    pts: float
    captured: float


class Timeline:
    """The times of one connection's packets.

    ``captured`` never runs backwards in order of presentation, nor ahead of the clock.
    ``flat_out`` is for files: their first packet is now and the rest follows their own time.
    """

    def __init__(self, *, flat_out: bool = False) -> None:
        self._flat_out = flat_out
        self._shift = 0.0  # from the camera's presentation times to ours
        self._raw: float | None = None  # latest presentation time, as this connection gave it
        self._latest = Moment(float("-inf"), 0.0)
        self._floor = 0.0  # captured time of the one before the latest
        self._decoded = float("-inf")  # latest decoding time
        self._first = True  # whether the next packet is the first of its connection
        self._arrived = 0.0
        self._anchors: tuple[float, float] = (float("inf"), float("inf"))  # before, now
        self._turned = 0.0  # when the window began
        self._wall = 0.0  # from monotonic to wall time

    def restart(self) -> None:
        """Expect another connection: its presentation times may begin anywhere."""
        self._raw, self._first = None, True
        self._anchors = (float("inf"), float("inf"))

    def place(self, raw: float | None, arrived: float, wall: float) -> Moment:
        """Return the times of a packet that arrived now.

        ``raw`` is its presentation time if it has one, ``arrived`` the monotonic and
        ``wall`` the wall clock.
        """
        if raw is not None and not abs(raw) < SENSIBLE:  # also what is not a number
            raw = None
        first = self._raw is None
        pts = self._continued(raw, arrived)
        if first or (not self._flat_out and wall - arrived > self._wall + _STEP):
            self._wall = wall - arrived
        captured = pts + self._anchor(pts, arrived) + self._wall
        before = self._latest
        if pts < before.pts:
            return Moment(pts, min(max(captured, self._floor), before.captured))
        self._floor = before.captured
        self._latest = Moment(pts, max(captured, before.captured))
        self._arrived = arrived
        return self._latest

    def decoded(self, pts: float, raw: float | None, raw_dts: float | None) -> float:
        """Return the decoding time of the packet placed at ``pts``, never after it is shown.

        It never runs backwards, where ``pts`` allows. ``raw`` and ``raw_dts`` are its times as they
        came. A camera that gives none is taken to send each picture when it is shown. FFmpeg does
        not know when the first pictures are decoded where others refer to later ones: soon
        after those before them.
        """
        if raw is None:
            early = 0.0
        elif raw_dts is None:
            early = 0.0 if self._first else min(REORDER, max(0.0, pts - self._decoded - _TICK))
        else:
            early = raw - raw_dts if 0.0 <= raw - raw_dts <= REORDER else 0.0
        self._first = False
        self._decoded = min(pts, max(self._decoded, pts - early))
        return self._decoded

    def _continued(self, raw: float | None, arrived: float) -> float:
        elapsed = arrived - self._arrived
        if self._raw is None:
            self._raw = -_STEP if raw is None else raw
            if self._latest.captured:
                self._shift = self._latest.pts + max(_STEP / 2, elapsed) - self._raw
            return self._raw + self._shift
        if raw is None:
            raw = self._raw + max(_STEP / 2, elapsed)
        step = raw - self._raw
        if step < -REORDER or (step > elapsed + JUMP and not self._flat_out):
            self._shift = self._latest.pts + max(_STEP / 2, elapsed) - raw
            self._raw = raw
        self._raw = max(self._raw, raw)
        return raw + self._shift

    def _anchor(self, pts: float, arrived: float) -> float:
        offset = arrived - pts
        before, now = self._anchors
        if self._flat_out:
            self._anchors = (offset, offset) if now == float("inf") else self._anchors
            return self._anchors[0]
        if arrived - self._turned > WINDOW:
            before, now = now, float("inf")
            self._turned = arrived
        self._anchors = (before, min(now, offset))
        return min(self._anchors)
