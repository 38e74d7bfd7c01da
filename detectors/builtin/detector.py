"""The detector that needs no model: it labels what is upright and moves as a person."""

import logging
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, ClassVar, Final

from hub.api import Box, Detection, Detector, Region, schema

if TYPE_CHECKING:
    from detectors.builtin.sight import Sight

_log = logging.getLogger(__name__)

_SIZE: Final = (320, 240)  # pixels; a person of a tenth of the height is still a blob of 18


class BuiltinDetector(Detector):
    """Moving upright blobs, without a model file."""

    KEY = "builtin"
    SCHEMA: ClassVar[schema.Schema] = {
        schema.optional("threshold", "Grey levels, of 255, that make a difference.", 18): (
            schema.whole(5, 100)
        ),
        schema.optional("min_height", "Least height of a person, of the picture's.", 0.08): (
            schema.number(0.02, 1)
        ),
        schema.optional("max_height", "Most height of a person, of the picture's.", 0.95): (
            schema.number(0.05, 1)
        ),
        schema.optional("hold", "Pictures for which somebody who stands still is kept.", 300): (
            schema.whole(10, 100_000)
        ),
    }

    def __init__(self, name: str, options: dict[str, float]) -> None:
        super().__init__(name, options)
        self._sights: dict[str, Sight] = {}

    @property
    def labels(self) -> Sequence[str]:
        return ("person",)

    @property
    def size(self) -> tuple[int, int]:
        return _SIZE

    @property
    def whole_frames(self) -> bool:
        return True

    def load(self) -> None:
        _log.info(
            "builtin labels upright moving blobs as person; it knows no objects: "
            "use openvino for real cameras"
        )

    def submit(
        self, region: Region, camera: str, done: Callable[[Sequence[Detection]], None]
    ) -> None:
        from detectors.builtin.sight import Sight

        sight = self._sights.get(camera)
        if sight is None:
            sight = self._sights[camera] = Sight(self.options)
        done([_in_frame(each, region.place) for each in sight.look(region)])

    def close(self) -> None:
        self._sights.clear()


def _in_frame(found: Detection, place: Box) -> Detection:
    """Return a detection in a region as one in the frame the region was cut from."""
    wide, tall = place.right - place.left, place.bottom - place.top
    box = Box(
        place.left + found.box.left * wide,
        place.top + found.box.top * tall,
        place.left + found.box.right * wide,
        place.top + found.box.bottom * tall,
    )
    return Detection(label=found.label, score=found.score, box=box)
