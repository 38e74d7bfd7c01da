"""Tracks as a tracker would give them, without a tracker."""

import csv
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np

from hub.api import Box
from hub.vision.facts import Track, Tracks

HIGH = 0.2  # of the frame; how tall somebody is here


def stands(  # noqa: PLR0913 - all that makes a track
    x: float,
    y: float,
    now: float,
    number: int = 1,
    *,
    label: str = "person",
    score: float = 0.9,
    tall: float = HIGH,
    seen: bool = True,
    sure: bool = True,
) -> Track:
    """Somebody whose feet are at a point."""
    return Track(
        number=number,
        id=f"t{number}" if sure else "",
        label=label,
        score=score,
        box=Box(x - tall / 8, y - tall, x + tall / 8, y),
        seen=seen,
        born=0.0,
        last=now,
    )


def path(*corners: tuple[float, float], looks: int) -> list[tuple[float, float]]:
    """Points on a way from corner to corner, evenly."""
    ends = np.linspace(0, len(corners) - 1, looks)
    across, down = np.array(corners).T
    places = range(len(corners))
    return list(zip(np.interp(ends, places, across), np.interp(ends, places, down), strict=True))


def trembling(
    kind: str, pixels: float, high: int, looks: int, at: tuple[float, float], seed: int = 1
) -> list[tuple[float, float]]:
    """A point that trembles in a 16:9 frame so many pixels high."""
    dice = np.random.default_rng(seed)
    size = (looks, 2)
    off = dice.uniform(-pixels, pixels, size) if kind == "even" else dice.normal(0, pixels, size)
    return list(zip(at[0] + off[:, 0] / (high * 16 / 9), at[1] + off[:, 1] / high, strict=True))


def campus(data: Path) -> tuple[Sequence[Tracks], float, float]:
    """Return TUD-Campus as it truly was: tracks per frame, frames a second, and the aspect."""
    wide, high, fps = 640, 480, 25.0
    rows = csv.reader((data / "datasets/mot/TUD-Campus/gt.txt").read_text().splitlines())
    frames: dict[int, list[Track]] = {}
    last: dict[int, Track] = {}
    for frame, number, left, top, width, height, *_ in rows:
        x, y, w, h = (float(each) for each in (left, top, width, height))
        now = (int(frame) - 1) / fps
        track = Track(
            number=int(number), id=number, label="person", score=1.0, seen=True, born=0.0, last=now,
            box=Box(x / wide, y / high, (x + w) / wide, (y + h) / high),
        )  # fmt: skip
        frames.setdefault(int(frame), []).append(track)
    found = []
    for number in range(1, max(frames) + 2):
        live = {each.number: each for each in frames.get(number, [])}
        ended = tuple(each for key, each in last.items() if key not in live)
        last = live
        found.append(Tracks(live=tuple(live.values()), ended=ended))
    return found, fps, wide / high


def looks(
    points: Sequence[tuple[float, float]], fps: float, start: float = 0.0
) -> Iterator[tuple[Tracks, float]]:
    """Yield one person's tracks at these points, one after the other."""
    for number, (x, y) in enumerate(points):
        now = start + number / fps
        yield Tracks(live=(stands(x, y, now),)), now
