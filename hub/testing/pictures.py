"""A picture for tests that need one but do not look at it."""

from base64 import b64decode
from typing import Final

from hub.api import Invalid, Known

JPEG: Final = b64decode(
    "/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDABsSFBcUERsXFhceHBsgKEIrKCUlKFE6PTBCYFVlZF9VXVtqeJmBanGQ"
    "c1tdhbWGkJ6jq62rZ4C8ybqmx5moq6T/wAALCAAIAAgBAREA/8QAFAABAAAAAAAAAAAAAAAAAAAAAP/EABQQAQAA"
    "AAAAAAAAAAAAAAAAAAD/2gAIAQEAAD8AP//Z"
)
"""A valid JPEG: eight by eight grey pixels."""


class FakePictures:
    """Implements ``hub.api.Pictures``: every known camera shows ``jpeg``; an error is raised."""

    def __init__(self, known: Known) -> None:
        self.known = known
        self.jpeg: bytes | Exception = JPEG

    async def motion(self, camera: str) -> bytes:
        return await self.latest(camera, boxes=False)

    async def latest(self, camera: str, *, boxes: bool = True) -> bytes:
        if camera not in self.known.cameras:
            raise Invalid(f"there is no camera '{camera}'")
        if isinstance(self.jpeg, Exception):
            raise self.jpeg
        return self.jpeg
