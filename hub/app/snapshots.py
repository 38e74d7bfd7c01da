"""``camera.snapshot``: a camera's picture as a file that other actions can send."""

import asyncio
from datetime import tzinfo
from pathlib import Path
from typing import Final

from hub.api import ActionCall, Answer, Clock, Pictures

# About 40 MB a camera at 40 KB each: enough for weeks of visits, and a bound for a busy street.
KEPT: Final = 1000  # snapshots per camera


class Snapshots:
    """Writes pictures to ``snapshots/<camera>/<date>/<time>.jpg`` below the media folder."""

    def __init__(self, pictures: Pictures, clock: Clock, zone: tzinfo, media: Path) -> None:
        self._pictures = pictures
        self._clock = clock
        self._zone = zone
        self._folder = media / "snapshots"

    async def take(self, call: ActionCall) -> Answer:
        """Handle the action; answers ``path``, ``camera`` and ``time``."""
        camera = str(call.data["camera"])
        jpeg = await self._pictures.latest(camera, boxes=bool(call.data["boxes"]))
        taken = self._clock.now().astimezone(self._zone)
        day = self._folder / camera / f"{taken:%Y-%m-%d}"
        path = day / f"{taken:%H%M%S}-{taken.microsecond // 1000:03d}.jpg"
        await asyncio.to_thread(self._write, path, jpeg)
        return {"path": str(path), "camera": camera, "time": taken.isoformat()}

    def _write(self, path: Path, jpeg: bytes) -> None:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o750)
        unfinished = path.with_suffix(".part")
        unfinished.write_bytes(jpeg)
        unfinished.chmod(0o640)
        unfinished.replace(path)
        self._prune(path.parents[1])

    @staticmethod
    def _prune(camera: Path) -> None:
        kept = sorted(camera.glob("*/*.jpg"))
        for old in kept[:-KEPT]:
            old.unlink(missing_ok=True)
            if not any(old.parent.iterdir()):
                old.parent.rmdir()
