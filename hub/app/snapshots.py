"""``camera.snapshot``: a camera's picture as a file that other actions can send."""

import asyncio
import contextlib
import itertools
from datetime import tzinfo
from pathlib import Path
from typing import Final

from hub.api import ActionCall, ActionFailed, Answer, Clock, Pictures
from hub.core.files import write

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
        wish = day / f"{taken:%H%M%S}-{taken.microsecond // 1000:03d}.jpg"
        try:
            path = await asyncio.to_thread(self._write, wish, jpeg)
        except OSError as error:  # a full disk is no bug of ours
            reason = error.strerror or str(error)
            raise ActionFailed(f"the picture cannot be stored: {reason}") from error
        return {"path": str(path), "camera": camera, "time": taken.isoformat()}

    def _write(self, wish: Path, jpeg: bytes) -> Path:
        wish.parent.mkdir(parents=True, exist_ok=True, mode=0o750)
        path = _begun(wish)
        write(path, jpeg)
        self._prune(path.parents[1])
        return path

    @staticmethod
    def _prune(camera: Path) -> None:
        kept = sorted(camera.glob("*/*.jpg"))
        for old in kept[:-KEPT]:
            with contextlib.suppress(OSError):  # another snapshot's pruning was here first
                old.unlink(missing_ok=True)
                if not any(old.parent.iterdir()):
                    old.parent.rmdir()


def _begun(wish: Path) -> Path:
    """Take a name that nobody else has; two automations may want the same millisecond."""
    for number in itertools.count(1):
        path = wish if number == 1 else wish.with_stem(f"{wish.stem}-{number}")
        unfinished = path.with_suffix(".part")
        with contextlib.suppress(FileExistsError):
            unfinished.touch(exist_ok=False)
            if not path.exists():
                return path
            unfinished.unlink()
    raise AssertionError("the numbers do not end")
