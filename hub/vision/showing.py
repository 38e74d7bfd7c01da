"""What a camera shows to whoever asks: its latest picture, and where it moved of late."""

from typing import Final

from hub.api import NotReady
from hub.vision.asking import Glance
from hub.vision.decoding import Pixels
from hub.vision.heat import Heat
from hub.vision.heatmap import heat_picture
from hub.vision.pictures import WIDEST, Overlay, jpeg
from hub.vision.plan import CameraPlan
from hub.vision.scene import Scene

_DRAWN: Final = 0.5  # seconds that a box stays in pictures after it was last seen


class Showing:
    """The latest frame of one camera that was looked at to the end, and its map of motion."""

    def __init__(self) -> None:
        self.latest: Glance | None = None
        self.heat = Heat()

    def picture(self, scene: Scene, *, boxes: bool) -> bytes:
        """Return the latest frame as a JPEG; raises ``NotReady`` when there is none."""
        return jpeg(self._pixels(scene.plan), self.overlay(scene) if boxes else None)

    def motion_picture(self, plan: CameraPlan, *, lossless: bool) -> bytes:
        """Return the latest frame with where it moved, as a JPEG or PNG; raises as ``picture``."""
        pixels = self._pixels(plan)
        return heat_picture(pixels, self.heat.cells, plan.motion.mask, lossless=lossless)

    def overlay(self, scene: Scene) -> Overlay:
        """Return what is drawn on the latest frame: zones, lines, and what is there."""
        fresh, live = self.latest.now - _DRAWN if self.latest else 0.0, scene.tracks.live
        tracks = [each for each in live if each.confirmed and (each.seen or each.last >= fresh)]
        return Overlay(tracks, scene.plan.zones, scene.zones.occupied, scene.plan.lines)

    def _pixels(self, plan: CameraPlan) -> Pixels:
        if self.latest is None:
            raise NotReady(f"camera {plan.name!r} has not shown a picture yet")
        return self.latest.frame.whole(WIDEST)
