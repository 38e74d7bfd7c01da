"""The demo as a camera: the scene, paced by its own clock as a real camera's would be.

What draws and encodes is imported when frames are wanted, which is in an ingest worker.
"""

import time
from collections.abc import Iterator
from functools import cached_property
from typing import TYPE_CHECKING, ClassVar

from hub.api import Camera, Packet, Role, StreamFormat, schema

if TYPE_CHECKING:
    from integrations.demo.encoding import Encoder
    from integrations.demo.scene import Scene


class DemoCamera(Camera):
    """A yard with visitors, drawn."""

    KEY = "demo"
    SCHEMA: ClassVar[schema.Schema] = {
        schema.optional("scene", "What is drawn.", "yard"): schema.choice("yard"),
        schema.optional("width", "Width of the picture in pixels.", 640): (schema.whole(160, 1920)),
        schema.optional("height", "Height of the picture in pixels.", 360): (
            schema.whole(90, 1080)
        ),
        schema.optional("fps", "Frames per second.", 10): schema.number(1, 30),
        schema.optional("seed", "Another number gives other people at other times.", 1): (
            schema.whole(0, 2**31)
        ),
        schema.optional("time", "Time of day; auto goes from day to dusk and back.", "auto"): (
            schema.choice("auto", "day", "dusk")
        ),
        schema.optional("title", "What is written in the corner; the camera's name if absent."): (
            schema.text
        ),
    }

    @cached_property
    def scene(self) -> "Scene":
        """The scene these options ask for, its clock starting now."""
        from integrations.demo.perspective import View
        from integrations.demo.scene import Scene

        now = time.localtime()
        width, height = self._size
        return Scene(
            View(width=width, height=height),
            self.options["fps"],
            self.options["seed"],
            time=self.options["time"],
            title=self.options.get("title") or self.name.replace("_", " ").capitalize(),
            clock=now.tm_hour * 3600 + now.tm_min * 60 + now.tm_sec,
        )

    def format(self, role: Role) -> StreamFormat:
        width, height = self._size
        return StreamFormat(
            codec="h264", extradata=self._encoder().extradata, width=width, height=height
        )

    def packets(self, role: Role) -> Iterator[Packet]:
        numbers = paced(float(self.options["fps"]))
        return self._encoder().encode((each, self.scene.frame(each)) for each in numbers)

    @property
    def _size(self) -> tuple[int, int]:
        # Colours are stored for two by two pixels, so an odd edge would not encode.
        return self.options["width"] & ~1, self.options["height"] & ~1

    def _encoder(self) -> "Encoder":
        from integrations.demo.encoding import Encoder

        return Encoder(*self._size, float(self.options["fps"]))


def paced(fps: float) -> Iterator[int]:
    """Yield frame numbers in real time, without those that a sleeping machine missed."""
    started = time.monotonic()
    number = 0
    while True:
        wait = started + number / fps - time.monotonic()
        if wait > 0:
            time.sleep(wait)
        yield number
        number = max(number + 1, int((time.monotonic() - started) * fps))
