"""Frames that stand in for decoded ones, and tracks in them."""

from dataclasses import dataclass

import numpy as np

from hub.api import Box, Detection, Region
from hub.vision.facts import Track


@dataclass(frozen=True)
class Drawn:
    """A frame of plain pixels (BGR)."""

    pixels: np.ndarray
    captured: float = 1_700_000_000.0

    @property
    def luma(self) -> np.ndarray:
        return np.ascontiguousarray(self.pixels[..., 1])

    def whole(self, limit: int) -> np.ndarray:
        return self.pixels

    def region(self, place: Box, limit: tuple[int, int]) -> Region:
        high, wide = self.pixels.shape[:2]
        cut = self.pixels[
            round(place.top * high) : round(place.bottom * high),
            round(place.left * wide) : round(place.right * wide),
        ]
        data = np.ascontiguousarray(cut)
        return Region(
            pixels=data.data.cast("B"), width=data.shape[1], height=data.shape[0], place=place
        )


def noise(seed: int = 1, spread: float = 60.0, captured: float = 1_700_000_000.0) -> Drawn:
    """A frame full of detail; with a small spread, one that is nearly flat."""
    dice = np.random.default_rng(seed)
    pixels = np.clip(dice.normal(120, spread, (360, 640, 3)), 0, 255).astype(np.uint8)
    return Drawn(pixels, captured)


def person(x: float = 0.5, foot: float = 0.9, height: float = 0.4) -> Box:
    return Box(x - height / 8, foot - height, x + height / 8, foot)


def track(box: Box, number: int = 1, **facts: object) -> Track:
    return Track(
        **{
            "number": number,
            "id": f"porch-{number}",
            "label": "person",
            "score": 0.9,
            "box": box,
            "seen": True,
            "born": 0.0,
            "last": 0.0,
            **facts,
        }
    )


def hit(box: Box, score: float = 0.8, label: str = "person") -> Detection:
    return Detection(label=label, score=score, box=box)
