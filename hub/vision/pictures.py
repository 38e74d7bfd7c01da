"""A camera's frame as a JPEG for people: clean, or with what was seen in it drawn on top."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Final
from zlib import crc32

import cv2
import numpy as np
from numpy.typing import NDArray

from hub.api import Box, NotReady
from hub.vision.facts import Track
from hub.vision.plan import LinePlan, Point, ZonePlan

Pixels = NDArray[np.uint8]
Colour = tuple[int, int, int]
"""Blue, green, red."""

WIDEST: Final = 1280  # pixels; what a page or a phone shows, at a tenth of a 4K frame's cost
_QUALITY: Final = 85  # percent; above it files grow faster than anybody can see
_ZONE: Final = (235, 200, 130)
_OCCUPIED: Final = (72, 176, 255)
_LINE: Final = (140, 230, 250)
_ARROW: Final = 0.03  # half its length, of the picture's height
_FILL: Final = 0.14  # opacity of a zone
_FILL_OCCUPIED: Final = 0.28
_DARK: Final = (28, 24, 22)
_FONT: Final = cv2.FONT_HERSHEY_DUPLEX
# Clear of each other, and of grass, stone and night.
_PALETTE: Final[Sequence[Colour]] = (
    (250, 206, 90),
    (120, 220, 120),
    (110, 140, 255),
    (230, 130, 240),
    (80, 220, 250),
    (200, 220, 80),
)


@dataclass(frozen=True, slots=True)
class Overlay:
    """What to draw on a frame."""

    tracks: Sequence[Track] = ()
    zones: Sequence[ZonePlan] = ()
    occupied: Collection[str] = ()
    lines: Sequence[LinePlan] = ()


def jpeg(pixels: Pixels, overlay: Overlay | None = None, *, quality: int = _QUALITY) -> bytes:
    """Return colours (BGR) as a JPEG, with an overlay drawn on it if there is one."""
    if overlay is not None:
        pixels = drawn(pixels, overlay)
    made, data = cv2.imencode(".jpg", pixels, [cv2.IMWRITE_JPEG_QUALITY, quality])
    if not made:
        raise NotReady("the picture could not be made into a JPEG")
    return bytes(data)


def png(pixels: Pixels) -> bytes:
    """Return colours (BGR) as a PNG."""
    made, data = cv2.imencode(".png", pixels)
    if not made:
        raise NotReady("the picture could not be made into a PNG")
    return bytes(data)


def drawn(pixels: Pixels, overlay: Overlay) -> Pixels:
    """Return a copy of a picture with an overlay drawn on it."""
    picture = pixels.copy()
    scale = max(0.35, min(picture.shape[1] / 1500, 0.6))
    for zone in overlay.zones:
        picture = _zone(picture, zone, occupied=zone.name in overlay.occupied)
    for zone in overlay.zones:
        _zone_name(picture, zone, scale, occupied=zone.name in overlay.occupied)
    for line in overlay.lines:
        _line(picture, line, scale)
    for track in overlay.tracks:
        _track(picture, track, scale)
    return picture


def _zone(picture: Pixels, zone: ZonePlan, *, occupied: bool) -> Pixels:
    colour, opacity = (_OCCUPIED, _FILL_OCCUPIED) if occupied else (_ZONE, _FILL)
    corners = _corners(zone.polygon, picture)
    filled = cv2.fillPoly(picture.copy(), [corners], colour, cv2.LINE_AA)
    blended = cv2.addWeighted(filled, opacity, picture, 1 - opacity, 0)
    cv2.polylines(
        blended, [corners], isClosed=True, color=colour, thickness=1, lineType=cv2.LINE_AA
    )
    return np.asarray(blended, np.uint8)


def _zone_name(picture: Pixels, zone: ZonePlan, scale: float, *, occupied: bool) -> None:
    """Write a zone's name into its upper left corner."""
    left, top = min(_corners(zone.polygon, picture).tolist(), key=sum)
    _name(picture, zone.name, (left, top), scale, _OCCUPIED if occupied else _ZONE)


def _line(picture: Pixels, line: LinePlan, scale: float) -> None:
    """Draw a line, and an arrow over its middle piece that shows which way is in."""
    corners = _corners(line.points, picture)
    for width, ink in ((4, _DARK), (2, _LINE)):
        cv2.polylines(picture, [corners], isClosed=False, color=ink, thickness=width)
    at = (len(corners) - 1) // 2
    start, end = corners[at].astype(float), corners[at + 1].astype(float)
    along, middle = end - start, (start + end) / 2
    across = np.array([-along[1], along[0]]) / max(1.0, float(np.hypot(*along)))  # to its right
    reach = across * picture.shape[0] * _ARROW
    tail, tip = np.round(middle - reach), np.round(middle + reach)
    ends = [(int(x), int(y)) for x, y in (tail, tip)]
    for width, ink in ((4, _DARK), (2, _LINE)):
        cv2.arrowedLine(picture, ends[0], ends[1], ink, width, tipLength=0.35)
    left, top = min(corners.tolist(), key=sum)
    _name(picture, line.name, (left, top), scale, _LINE)


def _name(
    picture: Pixels, name: str, corner: tuple[int, int], scale: float, colour: Colour
) -> None:
    """Write a name to the right of and below a corner."""
    (width, height), _ = cv2.getTextSize(name, _FONT, scale, 1)
    high, wide = picture.shape[:2]
    at = min(corner[0] + 7, wide - width - 4), min(corner[1] + height + 8, high - 6)
    for shift, ink in ((1, _DARK), (0, colour)):
        place = (at[0] + shift, at[1] + shift)
        cv2.putText(picture, name, place, _FONT, scale, ink, 1, cv2.LINE_AA)


def _track(picture: Pixels, track: Track, scale: float) -> None:
    high, wide = picture.shape[:2]
    colour = _PALETTE[crc32(track.label.encode()) % len(_PALETTE)]
    left, top = round(track.box.left * (wide - 1)), round(track.box.top * (high - 1))
    right, bottom = round(track.box.right * (wide - 1)), round(track.box.bottom * (high - 1))
    cv2.rectangle(picture, (left, top), (right, bottom), _DARK, 3, cv2.LINE_AA)
    cv2.rectangle(picture, (left, top), (right, bottom), colour, 1, cv2.LINE_AA)
    _tag(picture, f"{track.label} {track.score:.0%}", track.box, scale, colour)


def _tag(picture: Pixels, text: str, box: Box, scale: float, colour: Colour) -> None:
    """Write on a coloured plate above a box, or inside it where there is no room above."""
    high, wide = picture.shape[:2]
    (width, height), base = cv2.getTextSize(text, _FONT, scale, 1)
    plate = height + base + 4
    left = max(0, min(round(box.left * (wide - 1)), wide - width - 8))
    top = round(box.top * (high - 1)) - plate
    top = top if top >= 0 else round(box.top * (high - 1))
    cv2.rectangle(picture, (left, top), (left + width + 8, top + plate), colour, cv2.FILLED)
    at = (left + 4, top + height + 3)
    cv2.putText(picture, text, at, _FONT, scale, _DARK, 1, cv2.LINE_AA)


def _corners(points: Sequence[Point], picture: Pixels) -> NDArray[np.int32]:
    high, wide = picture.shape[:2]
    size = np.array([wide - 1, high - 1])
    return np.asarray(np.round(np.array(points) * size), np.int32)
