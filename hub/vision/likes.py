"""A detector that tells things apart, as a camera's thread asks it.

The camera waits for the answer, so a detector that hangs is waited for once, and not for long.
"""

from collections.abc import Callable, Sequence
from queue import Empty, SimpleQueue
from threading import Thread
from typing import Final, Protocol

import numpy as np

from hub.api import Box, Detector, Invalid, NotReady, Region
from hub.vision.geometry import Floats, clamp
from hub.vision.inference import why

Likeness = Sequence[Sequence[float]]

_PATIENCE: Final = 5.0  # seconds; an answer takes some thousandths of one


class Picture(Protocol):
    """A frame that parts can be cut out of."""

    def region(self, place: Box, limit: tuple[int, int]) -> Region:
        """Cut a part out in colours, made smaller to fit ``limit``."""


class Likes:
    """Answers at once, or with none; ``failed`` is then told why."""

    def __init__(
        self, detector: Detector, failed: Callable[[str], None], patience: float = _PATIENCE
    ) -> None:
        self._detector = detector
        self._failed = failed
        self._patience = patience
        self._hung: Thread | None = None

    def on(self, frame: Picture) -> Callable[[Sequence[Box]], Floats | None]:
        """Return what tells how things look in a frame, by their boxes."""

        def look(boxes: Sequence[Box]) -> Floats | None:
            if self._hung is not None and self._hung.is_alive():
                return None
            regions = [frame.region(clamp(each), self._detector.size) for each in boxes]
            try:
                return _rows(self._asked(regions), len(boxes))
            except Exception as error:  # noqa: BLE001 - a detector is a plugin's code
                self._failed(why(error))
                return None

        return look

    def _asked(self, regions: Sequence[Region]) -> Likeness:
        """Ask in a thread that may be left behind; raises what it raises, or ``NotReady``."""
        answers = SimpleQueue[Likeness | Exception]()

        def ask() -> None:
            try:
                answers.put(self._detector.likeness(regions))
            except Exception as error:  # noqa: BLE001 - it is raised where the answer is awaited
                answers.put(error)

        asking = Thread(target=ask, name="likeness", daemon=True)
        asking.start()
        try:
            answer = answers.get(timeout=self._patience)
        except Empty:
            self._hung = asking
            raise NotReady(f"it has not answered for {self._patience:g} s") from None
        if isinstance(answer, Exception):
            raise answer
        return answer


def _rows(likeness: Likeness, wanted: int) -> Floats:
    """Return a row of finite numbers for each box; raises ``Invalid`` for anything else."""
    rows = np.array(likeness, np.float64)
    if rows.ndim != 2 or len(rows) != wanted or not np.isfinite(rows).all():  # noqa: PLR2004
        raise Invalid("what it says of how things look makes no sense")
    return rows
