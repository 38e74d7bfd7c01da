"""What must outlive a vision worker, so that a restart in the middle loses nothing.

Who is followed, in which zones since when, and on which side of lines; what moves, and where it
did. It is written by the camera's thread whenever something was told, and once a second while
anything is there; it is read when the camera is first planned. A process that is killed leaves
what it wrote, so nothing need be forced onto the disk; after a power cut everybody who was there
has gone anyway.
"""

import logging
import os
from pathlib import Path
from typing import Final

import msgspec
from msgspec import Struct

from hub.vision.facts import TrackerMemory
from hub.vision.lines import LinesMemory
from hub.vision.motion import MotionMemory
from hub.vision.reviews import ReviewsMemory
from hub.vision.zones import ZonesMemory

VERSION: Final = 1
RESTART: Final = 10.0
"""Seconds between two starts over which all goes on; a worker or a hub is back well before."""
PATIENCE: Final = 5.0
"""Seconds a start waits longer than usual for packets and for a detector: both come anew."""

_EVERY: Final = 1.0  # of the camera's own seconds
_AHEAD: Final = 60.0  # seconds by which a camera's clock may be ahead of ours
_log = logging.getLogger(__name__)


class CameraMemory(Struct, kw_only=True):
    """What one camera's pipeline knew ``now`` (its own seconds), at ``captured`` (since 1970)."""

    version: int = VERSION
    camera: str
    now: float
    captured: float
    tracker: TrackerMemory
    zones: ZonesMemory
    lines: LinesMemory
    reviews: ReviewsMemory = ReviewsMemory()
    motion: MotionMemory | None = None
    heat: bytes = b""

    def gap(self, wall: float) -> float:
        """Return how many seconds have passed since; endless if that cannot be told."""
        passed = wall - self.captured
        return max(0.0, passed) if passed > -_AHEAD else float("inf")


class Recorder:
    """Writes one camera's memory."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._written = float("-inf")
        self._empty = True
        self._told = False

    def due(self, now: float, *, told: bool, there: bool) -> bool:
        """Say whether to write ``now``: something was ``told``, or somebody is ``there``."""
        if told:
            return True
        passed = abs(now - self._written)  # a pipeline that begins anew counts from nought
        return not (self._empty and not there) and passed >= _EVERY

    def write(self, memory: CameraMemory) -> None:
        """Replace what was written; what cannot be written is said once."""
        self._written, self._empty = memory.now, not (memory.tracker.tracks or memory.motion)
        draft = self._path.with_suffix(".new")
        try:
            draft.write_bytes(msgspec.json.encode(memory))
            os.replace(draft, self._path)  # noqa: PTH105 - the one that is atomic by contract
        except OSError as error:
            if not self._told:
                _log.warning("What camera %s saw cannot be kept: %s", memory.camera, error)
            self._told = True


class Shelf:
    """The memories of all cameras, in a folder of their own."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def open(self) -> bool:
        """Make the folder; says whether it can be used."""
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            _log.warning("What cameras saw cannot be kept: %s", error)
            return False
        return True

    def recorder(self, camera: str) -> Recorder:
        """Return what writes a camera's memory."""
        return Recorder(self._path(camera))

    def read(self, camera: str) -> CameraMemory | None:
        """Return what a camera's last pipeline knew; none for what is not understood."""
        try:
            data = self._path(camera).read_bytes()
        except FileNotFoundError:
            return None
        except OSError as error:
            _log.warning("What camera %s saw cannot be read: %s", camera, error)
            return None
        try:
            memory = msgspec.json.decode(data, type=CameraMemory)
        except (msgspec.MsgspecError, UnicodeDecodeError) as error:
            _log.warning("What camera %s saw before is not understood: %s", camera, error)
            return None
        if (memory.version, memory.camera) != (VERSION, camera):
            _log.warning("What camera %s saw before is of another version or camera", camera)
            return None
        return memory

    def forget(self, camera: str) -> None:
        """Let go of a camera's memory."""
        try:
            self._path(camera).unlink(missing_ok=True)
        except OSError as error:
            _log.warning("What camera %s saw cannot be forgotten: %s", camera, error)

    def _path(self, camera: str) -> Path:
        return self._folder / f"{camera}.json"
