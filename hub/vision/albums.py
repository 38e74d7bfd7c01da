"""Pictures of tracks as files: the whole frame, the same with its box, and a cut around it.

``<media>/tracks/<camera>/<date>/<track>.jpg``, ``-box.jpg`` and ``-thumb.jpg``, where the date
is that of the track's first picture. A better picture takes the place of the former.
"""

import contextlib
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, tzinfo
from pathlib import Path
from typing import Final

import numpy as np
from msgspec.structs import replace

from hub.api import Box, ObjectPictured
from hub.core.files import write
from hub.vision.best import Shot, Still
from hub.vision.darkroom import Darkroom
from hub.vision.geometry import rounded
from hub.vision.moments import moment
from hub.vision.pictures import WIDEST, Overlay, Pixels, jpeg

# Some 400 MB a camera at 200 KB a track: weeks of visits, and a bound for a busy street.
KEPT: Final = 2000  # tracks per camera
OLDEST: Final = 30 * 86_400.0  # seconds, unless a camera's plan says otherwise
_EACH: Final = 50  # tracks stored between two looks whether there are too many
_THUMB: Final = 320  # pixels
_MARGIN: Final = 0.15  # of the box's longer side, around it in a thumbnail
_LEAST: Final = 0.12  # of the frame's height: a thumbnail of less shows nothing one could tell
_SUFFIXES: Final = ("", "-box", "-thumb")


class Album:
    """Stores shots below a media folder, which may raise ``OSError``; days are a ``zone``'s."""

    def __init__(self, media: Path, zone: tzinfo = UTC) -> None:
        self.media = media
        self.zone = zone
        self._folder = media / "tracks"
        self._stored: dict[str, int] = {}

    def store(self, camera: str, shot: Shot, keep: float = OLDEST) -> ObjectPictured:
        """Store a shot for ``keep`` seconds; returns what to tell of it."""
        day = f"{datetime.fromtimestamp(shot.first, self.zone):%Y-%m-%d}"
        folder = self._folder / camera / day
        folder.mkdir(parents=True, exist_ok=True, mode=0o750)
        paths = [folder / f"{shot.track.id}{suffix}.jpg" for suffix in _SUFFIXES]
        for path, content in zip(paths, developed(shot), strict=True):
            write(path, content)
        self._count(camera, keep)
        return ObjectPictured(
            camera=camera,
            object=shot.track.label,
            track=shot.track.id,
            score=round(shot.track.score, 3),
            box=rounded(shot.box),
            captured=moment(shot.frame.captured),
            picture=str(paths[0]),
            annotated=str(paths[1]),
            thumbnail=str(paths[2]),
        )

    def _count(self, camera: str, keep: float) -> None:
        stored = self._stored.get(camera, 0)
        if stored % _EACH == 0:
            prune(self._folder / camera, keep)
        self._stored[camera] = stored + 1


def keeper(
    camera: str, album: Album, darkroom: Darkroom, emit: Callable[[ObjectPictured], None]
) -> Callable[[Shot, float], bool]:
    """Return what stores a camera's shots in the darkroom and tells of each that is there."""
    return lambda shot, keep: darkroom.do(lambda: emit(album.store(camera, shot, keep)))


def developed(shot: Shot) -> tuple[bytes, bytes, bytes]:
    """Return a shot's JPEGs: clean, with its box, and cut out."""
    pixels = shot.frame.whole(WIDEST)
    overlay = Overlay([replace(shot.track, box=shot.box)])
    return jpeg(pixels), jpeg(pixels, overlay), jpeg(_cut(shot.frame, shot.box))


def around(box: Box, aspect: float) -> Box:
    """Return a square around a box, within the frame; ``aspect`` is its width over height."""
    wide, high = (box.right - box.left) * aspect, box.bottom - box.top
    side = max(max(wide, high) * (1 + 2 * _MARGIN), _LEAST)
    down, across = min(side, 1.0), min(side / aspect, 1.0)
    left = min(max((box.left + box.right - across) / 2, 0.0), 1.0 - across)
    top = min(max((box.top + box.bottom - down) / 2, 0.0), 1.0 - down)
    return Box(left, top, left + across, top + down)


def prune(camera: Path, oldest: float = OLDEST) -> None:
    """Remove the pictures of all but the newest tracks of a camera, and of all that are old."""
    # By when they were written: a recording that is replayed may be older than any of them.
    known = sorted((_changed(each), each) for each in _clean(camera))
    limit = datetime.now(UTC).timestamp() - oldest
    old = [path for changed, path in known if changed < limit]
    for path in {*(each for _, each in known[:-KEPT]), *old}:
        for suffix in _SUFFIXES:
            path.with_stem(path.stem + suffix).unlink(missing_ok=True)
        with contextlib.suppress(OSError):  # others are still in it
            path.parent.rmdir()
    for each in camera.glob("*/*.part"):  # of a worker that was killed as it wrote
        each.unlink(missing_ok=True)


def _clean(camera: Path) -> Iterator[Path]:
    for each in camera.glob("*/*.jpg"):
        if not each.stem.endswith(_SUFFIXES[1:]):
            yield each


def _changed(path: Path) -> float:
    try:
        return path.stat().st_mtime
    except FileNotFoundError:
        return 0.0


def _cut(frame: Still, box: Box) -> Pixels:
    rows, columns = frame.luma.shape
    cut = frame.region(around(box, columns / rows), (_THUMB, _THUMB))
    return np.frombuffer(cut.pixels, np.uint8).reshape(cut.height, cut.width, 3)
