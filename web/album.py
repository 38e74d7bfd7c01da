"""The latest pictures, shared: ten viewers cost the vision worker no more than one."""

import asyncio
from typing import Final

from hub.api import Context, NotReady

# Pages ask twice a second; a picture this old is still the latest one for most of them.
FRESH: Final = 0.2  # seconds


class _Page:
    """What one camera showed last, or why it showed nothing."""

    def __init__(self) -> None:
        self.lock = asyncio.Lock()
        self.until = float("-inf")
        self.content: bytes | NotReady = NotReady("there is no picture yet")


class Album:
    """Answers requests for one picture that come close together with one and the same."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._pages: dict[tuple[str, bool], _Page] = {}

    async def picture(self, camera: str, *, boxes: bool) -> bytes:
        """Return a camera's picture as JPEG; raises ``NotReady`` when there is none."""
        page = self._pages.setdefault((camera, boxes), _Page())
        async with page.lock:
            if self._context.clock.monotonic() >= page.until:
                page.content = await self._latest(camera, boxes)
                page.until = self._context.clock.monotonic() + FRESH
        if isinstance(page.content, NotReady):
            raise NotReady(str(page.content))
        return page.content

    async def _latest(self, camera: str, boxes: bool) -> bytes | NotReady:
        try:
            return await self._context.pictures.latest(camera, boxes=boxes)
        except NotReady as error:
            return error
