"""A recording with what was seen in it drawn on top, as a film that a browser plays.

Only some frames are looked at; on those between, boxes are drawn on their way from one look to
the next, so every frame waits until the next look is over.
"""

from collections import Counter, deque
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final

import cv2
import numpy as np
from msgspec.structs import replace as changed

from hub.api import (
    Box,
    Invalid,
    LineCrossed,
    ObjectPictured,
    ReviewUpdated,
    ZoneCleared,
    ZoneEntered,
    ZoneLeft,
)
from hub.api.vision import VisionEvent
from hub.vision.captions import caption
from hub.vision.decoding import Frame
from hub.vision.facts import Track
from hub.vision.film import Film
from hub.vision.pictures import Overlay, Pixels, drawn

_WIDEST: Final = 1920  # pixels; every browser plays that, and people see no more
_SHOWN: Final = 3.0  # seconds that a caption stays
_CAPTIONS: Final = 6  # at once
_SILENT: Final = (ObjectPictured, ReviewUpdated)  # would only repeat what stands there already
_FONT: Final = cv2.FONT_HERSHEY_DUPLEX
_INK: Final = (245, 245, 245)
_MOST_WAITING: Final = 150  # frames; without a look for so long they are drawn as they are


@dataclass(frozen=True, kw_only=True)
class _Scene:
    """What is known at one look: what to draw, and the texts beside it."""

    pts: float
    overlay: Overlay
    counts: Sequence[str] = ()


@dataclass(kw_only=True)
class _Tally:
    """Counts by zone and by line, from events alone."""

    zones: dict[str, Counter[str]] = field(default_factory=dict)
    lines: dict[str, Counter[str]] = field(default_factory=dict)

    def take(self, event: VisionEvent) -> None:
        """Count an event."""
        match event:
            case ZoneEntered() | ZoneLeft():
                self.zones.setdefault(event.zone, Counter())[event.object] = event.count
            case ZoneCleared():
                self.zones[event.zone] = Counter()
            case LineCrossed():
                self.lines.setdefault(event.line, Counter())[event.direction] += 1
            case _:
                pass

    def lines_of_text(self) -> list[str]:
        """Return a line for each zone that anything was in, and each line that was crossed."""
        zones = [f"{name}: {_listed(count)}" for name, count in sorted(self.zones.items())]
        lines = [
            f"{name}: in {count['in']}, out {count['out']}"
            for name, count in sorted(self.lines.items())
        ]
        return [*zones, *lines]


class Annotator:
    """Draws on every frame of a recording and writes the film."""

    def __init__(self, film: Film) -> None:
        self._film = film
        self._waiting: deque[Frame] = deque()
        self._last: _Scene | None = None
        self._tally = _Tally()
        self._captions: deque[tuple[float, str]] = deque(maxlen=_CAPTIONS)
        self._fresh: list[str] = []

    def tell(self, event: VisionEvent) -> None:
        """Take an event that the coming look, or the end, led to."""
        self._tally.take(event)
        if not isinstance(event, _SILENT):
            self._fresh.append(caption(event))

    def show(self, frame: Frame, seen: Overlay | None) -> None:
        """Take a frame, and what is seen in it if it was looked at."""
        if seen is None:
            self._waiting.append(frame)
            if len(self._waiting) > _MOST_WAITING:
                self._flush(None)
            return
        tracks = tuple(_named(each) for each in seen.tracks)
        scene = _Scene(
            pts=frame.pts,
            overlay=replace(seen, tracks=tracks),
            counts=self._tally.lines_of_text(),
        )
        self._flush(scene)
        self._captions.extend((frame.pts, words) for words in self._fresh)
        self._fresh.clear()
        self._write(frame, scene)
        self._last = scene

    def finish(self) -> None:
        """Write what waits."""
        self._flush(None)

    def _flush(self, after: _Scene | None) -> None:
        while self._waiting:
            frame = self._waiting.popleft()
            self._write(frame, _between(self._last, after, frame.pts))

    def _write(self, frame: Frame, scene: _Scene | None) -> None:
        picture = frame.whole(min(_WIDEST, max(frame.width, frame.height)))
        if scene is not None:
            picture = drawn(picture, scene.overlay)
            _panel(picture, scene.counts, bottom=False)
        live = [words for at, words in self._captions if frame.pts - at < _SHOWN]
        _panel(picture, live, bottom=True)
        self._film.write(picture, frame.pts)


def _between(before: _Scene | None, after: _Scene | None, pts: float) -> _Scene | None:
    """Return what to draw between two looks: what was known, with boxes on their way."""
    if before is None or after is None or after.pts <= before.pts:
        return before
    part = (pts - before.pts) / (after.pts - before.pts)
    later = {each.number: each for each in after.overlay.tracks}
    tracks = tuple(_moved(each, later, part) for each in before.overlay.tracks)
    return replace(before, overlay=replace(before.overlay, tracks=tracks))


def _named(track: Track) -> Track:
    """Return a track whose label has its number, the last part of its name."""
    return changed(track, label=f"{track.label} {track.id.rpartition('-')[2]}")


def _moved(track: Track, later: Mapping[int, Track], part: float) -> Track:
    if track.number not in later:
        return track
    start, end = track.box, later[track.number].box
    sides = (
        one + (other - one) * part
        for one, other in (
            (start.left, end.left),
            (start.top, end.top),
            (start.right, end.right),
            (start.bottom, end.bottom),
        )
    )
    return changed(track, box=Box(*sides))


def _listed(count: Counter[str]) -> str:
    return ", ".join(f"{number} {name}" for name, number in sorted(count.items()) if number) or "-"


def _panel(picture: Pixels, lines: Sequence[str], *, bottom: bool) -> None:
    """Write lines on a darkened plate: captions at the lower left, counts at the upper right."""
    if not lines:
        return
    high, wide = picture.shape[:2]
    scale = max(0.4, min(wide / 1500, 0.8))
    sizes = [cv2.getTextSize(each, _FONT, scale, 1)[0] for each in lines]
    step = round(max(height for _, height in sizes) * 1.7)
    width, height = max(each for each, _ in sizes) + 16, step * len(lines) + 8
    left, top = (6, high - height - 6) if bottom else (max(0, wide - width - 6), 6)
    plate = picture[max(0, top) : top + height, left : left + width]
    plate[:] = (plate * 0.4).astype(np.uint8)
    for number, words in enumerate(lines, 1):
        at = (left + 8, top + step * number - step // 4 + 2)
        cv2.putText(picture, words, at, _FONT, scale, _INK, 1, cv2.LINE_AA)


@contextmanager
def film(file: Path, rate: float) -> Iterator[Annotator]:
    """Yield what draws; the file is there once all is written, and only then.

    Raises ``Invalid`` where no such file can be written.
    """
    if file.suffix.lower() != ".mp4":
        raise Invalid(f"{file} should end in .mp4: the film is H.264 in MP4")
    part = file.with_name(f".{file.name}.part")
    try:
        part.touch()
    except OSError as error:
        raise Invalid(f"{file} cannot be written: {error.strerror}") from error
    writing = Film(part, rate)
    annotator, whole = Annotator(writing), False
    try:
        yield annotator
        annotator.finish()
        whole = True
    finally:
        writing.close()
        if whole:
            part.replace(file)
        else:
            part.unlink(missing_ok=True)
