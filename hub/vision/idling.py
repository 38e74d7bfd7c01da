"""When a camera has been quiet for so long that its key frames are enough.

Only a key frame can be decoded without those before it, and what moves in one keeps moving
for a while. So while nothing happens only key frames are looked at, and when one shows
something, everything from it on is decoded again.
"""

from typing import Final

CALM: Final = 10.0  # seconds in which nothing happens before only key frames are decoded
# Somebody walks past a door in less. Cameras that stretch this while their picture is still
# (H.264+, smart codecs) are decoded as a whole.
FARTHEST: Final = 5.0  # seconds from one key frame to the next
_SHOWN: Final = 3  # key frames whose distance is believed


class Rest:
    """Counts how long nothing has happened, and how far a stream's key frames are apart."""

    def __init__(self) -> None:
        self._now = 0.0
        self._busy: float | None = None  # when something happened last
        self._key: float | None = None  # presentation time of the latest key frame
        self._near = 0  # key frames in a row that were near enough
        self._between = False  # whether there is anything but key frames

    def restart(self) -> None:
        """Expect another stream."""
        self._key, self._near, self._between = None, 0, False

    def saw(self, now: float, *, busy: bool) -> None:
        """Take note of a look, in the camera's own seconds, and whether anything happened."""
        if busy or self._busy is None:
            self._busy = now
        self._now = now

    def came(self, pts: float, *, key: bool) -> None:
        """Take note of a packet, presented at ``pts`` seconds."""
        if not key:
            self._between = True
            if self._key is not None and pts - self._key > FARTHEST:
                self._near = 0
            return
        if self._key is not None:
            near = 0.0 < pts - self._key <= FARTHEST
            self._near = self._near + 1 if near else 0
        self._key = pts

    @property
    def enough(self) -> bool:
        """Whether key frames are enough: nothing happened, and there are enough of them."""
        if self._busy is None or not self._between or self._near < _SHOWN - 1:
            return False
        return self._now - self._busy >= CALM
