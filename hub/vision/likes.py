"""A detector that tells things apart, as a camera's thread asks it."""

from collections.abc import Callable, Sequence
from typing import Protocol

from hub.api import Box, Detector, Region
from hub.vision.geometry import clamp
from hub.vision.inference import why


class Picture(Protocol):
    """A frame that parts can be cut out of."""

    def region(self, place: Box, limit: tuple[int, int]) -> Region:
        """Cut a part out in colours, made smaller to fit ``limit``."""


class Likes:
    """Answers at once, or with none; ``failed`` is then told why."""

    def __init__(self, detector: Detector, failed: Callable[[str], None]) -> None:
        self._detector = detector
        self._failed = failed

    def on(self, frame: Picture) -> Callable[[Sequence[Box]], Sequence[Sequence[float]] | None]:
        """Return what tells how things look in a frame, by their boxes."""

        def look(boxes: Sequence[Box]) -> Sequence[Sequence[float]] | None:
            regions = [frame.region(clamp(each), self._detector.size) for each in boxes]
            try:
                return self._detector.likeness(regions)
            except Exception as error:  # noqa: BLE001 - a detector is a plugin's code
                self._failed(why(error))
                return None

        return look
