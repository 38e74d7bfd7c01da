"""A USB camera: pictures come as JPEG where it can, and are made into JPEG where it cannot."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import ClassVar, Final

import voluptuous as vol

from hub.api import Camera, Packet, Role, StreamFormat, schema
from hub.api.schema import Schema

_DEVICE: Final = re.compile(r"/dev/(video\d{1,2}|v4l/by-(id|path)/[\w:.+-]+)")


def device(value: object) -> int | str:
    """Accept a number as in ``/dev/video0``, or a path below ``/dev``."""
    if isinstance(value, int) and not isinstance(value, bool):
        number: int = schema.whole(0, 63)(value)
        return number
    if _DEVICE.fullmatch(schema.text(value)):
        return str(value)
    raise vol.Invalid(
        "expected a number such as 0, or a path such as /dev/video0 or /dev/v4l/by-id/..."
    )


schema.shaped(device, {"type": ["integer", "string"], "title": "whole number or path"})


class UsbCamera(Camera):
    """A camera that Video4Linux knows."""

    KEY = "usb"
    SCHEMA: ClassVar[Schema] = {
        schema.required("source", "Number of the camera (0 is /dev/video0), or its path"): device,
        schema.optional("width", "Width of the picture in pixels", 1280): schema.whole(160, 7680),
        schema.optional("height", "Height of the picture in pixels", 720): schema.whole(120, 4320),
        schema.optional("fps", "Pictures a second", 15): schema.whole(1, 120),
    }

    @property
    def path(self) -> Path:
        """The device's file."""
        source = self.options["source"]
        return Path(f"/dev/video{source}" if isinstance(source, int) else source)

    def format(self, role: Role) -> StreamFormat:
        # What the camera makes of the wish is seen in its first picture.
        return StreamFormat(codec="mjpeg")

    def packets(self, role: Role) -> Iterator[Packet]:
        from integrations.usb.capture import capture

        wish = (self.options["width"], self.options["height"], self.options["fps"])
        return capture(self.path, *wish)
