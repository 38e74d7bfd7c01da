"""The best picture of each track: large, sharp, sure, whole, and with nobody in front of it.

Most looks are ruled out by numbers alone; only what could be better has its pixels looked at,
and none are copied: a frame that is worth keeping is held until somebody stores it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from math import sqrt
from typing import Final, Protocol

import cv2
import numpy as np
from numpy.typing import NDArray

from hub.api import Box, Detection, Region
from hub.vision.facts import Track
from hub.vision.geometry import Floats, area, clamp, ious, sides_of

Pixels = NDArray[np.uint8]

_LARGE: Final = 0.15  # of the frame; whoever is as large as this is not better for being larger
_EDGE: Final = 0.006  # of the frame; a box this near its edge is probably cut there
_CUT: Final = 0.6  # what is left of a picture's worth for each such edge
_COVERED: Final = 0.8  # how much of it goes where all of a box is behind another
_SHARP: Final = 250.0  # variance of the Laplacian of a face one can recognise, at _TALL pixels
_TALL: Final = 96  # pixels to which a cut is scaled before it is measured
_SAME: Final = 0.4  # least overlap (IoU) of a track's place with the detection it came from
_OWN: Final = 0.7  # overlap (IoU) of a detection with the place of the track it is of
_SLACK: Final = 1.4  # a detection may be this much larger than the smoothed place of its track
_BETTER: Final = 1.05  # a picture this much better takes the place of one not stored yet
_NOTABLY: Final = 1.15  # and this much better one that was
_AT_ONCE: Final = 8  # tracks considered in one look; in a crowd they take turns
_PAUSE: Final = 2.0  # seconds between two that are stored of one track
_LONG: Final = 30.0  # seconds; then any better one is: what is parked would hold a frame for hours


class Still(Protocol):
    """A frame, as far as it matters here."""

    @property
    def captured(self) -> float:
        """When it was taken, in seconds since 1970."""

    @property
    def luma(self) -> Pixels:
        """The brightness of every pixel."""

    def whole(self, limit: int) -> Pixels:
        """Return all of it in colours (BGR), at most ``limit`` pixels wide."""

    def region(self, place: Box, limit: tuple[int, int]) -> Region:
        """Cut a part out in colours, made smaller to fit ``limit``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Worth:
    """Why a picture of somebody is good: each reason from 0 to 1, the more the better."""

    size: float
    score: float
    whole: float
    free: float
    sharp: float = 1.0

    @property
    def total(self) -> float:
        """All reasons together; a blurred picture is worth half of a sharp one."""
        return self.size * self.score * self.whole * self.free * (0.5 + 0.5 * self.sharp)


@dataclass(frozen=True, slots=True, kw_only=True)
class Shot:
    """A track in a frame. ``box`` is where it is in it, ``first`` when it was first shot."""

    track: Track
    box: Box
    worth: Worth
    frame: Still
    first: float


@dataclass(slots=True, kw_only=True)
class _Album:
    """What there is of one track: the worth of what was stored, and what waits to be."""

    first: float
    stored: float = 0.0
    at: float = 0.0  # when that was, in the camera's own seconds
    looked: float = 0.0  # when it was last considered, in the same
    waiting: Shot | None = None

    @property
    def best(self) -> float:
        return max(self.stored, self.waiting.worth.total if self.waiting else 0.0)

    def store(self, now: float) -> Shot | None:
        shot, self.waiting = self.waiting, None
        if shot is not None:
            self.stored, self.at = shot.worth.total, now
        return shot


class Best:
    """Chooses pictures of one camera's tracks."""

    def __init__(self) -> None:
        self._albums: dict[int, _Album] = {}

    def look(
        self, live: Sequence[Track], seen: Sequence[Detection], frame: Still, now: float
    ) -> list[Shot]:
        """Return what is worth storing at once, of a frame in which a detector saw things."""
        there = [each for each in live if each.confirmed and each.seen]
        promising = [row for row, each in enumerate(there) if self._promises(each)]
        if not promising or not seen:
            return []
        promising.sort(key=lambda row: self._considered(there[row]))
        places, hits = _rows(each.box for each in there), _rows(each.box for each in seen)
        chosen = promising[:_AT_ONCE]
        for row in chosen:
            album = self._albums.setdefault(there[row].number, _Album(first=frame.captured))
            album.looked = now
        sights = [
            (there[row], hit)
            for row in chosen
            if (hit := _sight(there[row], places[row], seen, hits)) is not None
        ]
        shots = [self._consider(each, hit, places, frame, now) for each, hit in sights]
        return [each for each in shots if each is not None]

    def end(self, ended: Iterable[Track], now: float) -> list[Shot]:
        """Return what still waited of tracks that are over."""
        albums = [self._albums.pop(each.number, None) for each in ended]
        shots = [each.store(now) for each in albums if each is not None]
        return [each for each in shots if each is not None]

    def lost(self, shot: Shot) -> None:
        """Forget that a shot was stored, for it could not be: the next look may be."""
        if album := self._albums.get(shot.track.number):
            album.stored = 0.0

    def _promises(self, track: Track) -> bool:
        """Say whether a look could be worth anything, as far as the track tells."""
        album = self._albums.get(track.number)
        if album is None or not album.stored or album.waiting is not None:
            return True
        most = min(1.0, sqrt(area(track.box) * _SLACK / _LARGE)) * track.score
        return most >= album.stored * _BETTER

    def _considered(self, track: Track) -> float:
        """Return when a track was last considered, long ago if it never was."""
        album = self._albums.get(track.number)
        return album.looked if album is not None else float("-inf")

    def _consider(
        self, track: Track, hit: Detection, places: Floats, frame: Still, now: float
    ) -> Shot | None:
        album = self._albums[track.number]
        worth = _numbers(hit, places)
        if worth.total >= album.best * _BETTER:
            worth = replace(worth, sharp=sharpness(frame.luma, hit.box))
            if worth.total >= album.best * _BETTER:
                album.waiting = Shot(
                    track=track, box=hit.box, worth=worth, frame=frame, first=album.first
                )
        if not album.stored:
            return album.store(now)
        notable = album.best >= album.stored * _NOTABLY
        return album.store(now) if now - album.at >= (_PAUSE if notable else _LONG) else None


def sharpness(luma: Pixels, box: Box) -> float:
    """Return 0 to 1: how much fine detail is in a box, after Pech-Pacheco et al. (2000).

    The variance of the Laplacian, at one height for all, so that what is far is not sharp.
    """
    rows, columns = luma.shape
    inside = clamp(box)
    top, bottom = int(inside.top * rows), max(int(inside.bottom * rows), 2)
    left, right = int(inside.left * columns), max(int(inside.right * columns), 2)
    cut = luma[min(top, bottom - 2) : bottom, min(left, right - 2) : right]
    width = min(4 * _TALL, max(2, round(cut.shape[1] * _TALL / cut.shape[0])))
    how = cv2.INTER_AREA if cut.shape[0] > _TALL else cv2.INTER_LINEAR
    scaled = cv2.resize(cut, (width, _TALL), interpolation=how)
    detail = float(cv2.Laplacian(scaled, cv2.CV_32F).var())
    return detail / (detail + _SHARP)


def _sight(
    track: Track, place: Floats, seen: Sequence[Detection], hits: Floats
) -> Detection | None:
    """Return the detection that a track was just seen as."""
    overlaps = ious(place[None], hits)[0]
    near = [
        row for row in np.flatnonzero(overlaps >= _SAME).tolist() if seen[row].label == track.label
    ]
    return seen[max(near, key=lambda row: overlaps[row])] if near else None


def _numbers(hit: Detection, places: Floats) -> Worth:
    size = area(clamp(hit.box))
    return Worth(
        size=min(1.0, sqrt(size / _LARGE)),
        score=hit.score,
        whole=_CUT ** _edges(hit.box),
        free=1.0 - _COVERED * _covered(hit.box, places),
    )


def _edges(box: Box) -> int:
    sides = (box.left, box.top, 1 - box.right, 1 - box.bottom)
    return sum(each < _EDGE for each in sides)


def _covered(box: Box, places: Floats) -> float:
    """Return the part of a box that a track in front of it covers: one that stands lower.

    Its own place overlaps it too much to be another's.
    """
    own = np.array(sides_of(box))
    low, high = np.maximum(places[:, :2], own[:2]), np.minimum(places[:, 2:], own[2:])
    both = np.maximum(high - low, 0.0).prod(1) / max(area(box), 1e-9)
    others = (ious(own[None], places)[0] < _OWN) & (places[:, 3] > box.bottom)
    return float(min(1.0, both[others].max(initial=0.0)))


def _rows(boxes: Iterable[Box]) -> Floats:
    return np.array([sides_of(each) for each in boxes])
