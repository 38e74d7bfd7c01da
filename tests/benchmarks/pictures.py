"""What choosing and storing the best pictures costs, in CPU milliseconds.

``choose``: a look at so many persons, in the camera's thread, where each is looked at anew with
numbers only (``ruled out``) and where each look is a better one, whose pixels are read
(``better``). ``store``: three JPEGs of one person, in the thread that stores. Prints JSON lines.
"""

import json
import tempfile
from collections.abc import Callable
from pathlib import Path
from time import thread_time

import numpy as np
from av.video.frame import VideoFrame

from hub.api import Box, Detection
from hub.vision.albums import Album
from hub.vision.best import Best
from hub.vision.decoding import Frame
from hub.vision.facts import Track

ROUNDS = 5
LOOKS = 100


def main() -> None:
    """Measure and print."""
    frame = _frame(1920, 1080)
    for persons in (1, 10, 50):
        for grows in (False, True):
            _say(
                "choose",
                persons=persons,
                kind="better" if grows else "ruled out",
                ms_per_look=_best_of(lambda p=persons, g=grows: _choose(frame, p, grows=g)),
            )
    for wide, high in ((640, 360), (1920, 1080), (3840, 2160)):
        at = _frame(wide, high)
        _say("store", size=f"{wide}x{high}", ms_per_shot=_best_of(lambda a=at: _store(a)))


def _frame(wide: int, high: int) -> Frame:
    dice = np.random.default_rng(1)
    pixels = dice.integers(60, 180, (high // 4, wide // 4, 3), np.uint8).repeat(4, 0).repeat(4, 1)
    picture = VideoFrame.from_ndarray(pixels, format="bgr24").reformat(format="yuv420p")
    return Frame(picture=picture, pts=0.0, captured=1_700_000_000.0)


def _seen(persons: int, height: float) -> tuple[list[Track], list[Detection]]:
    boxes = [
        Box(x, 0.9 - height, x + height / 4, 0.9)
        for x in np.linspace(0.02, 0.95 - height / 4, persons).tolist()
    ]
    tracks = [
        Track(
            number=n, id=f"t{n}", label="person", score=0.8, box=box, seen=True, born=0.0, last=0.0
        )
        for n, box in enumerate(boxes)
    ]
    return tracks, [Detection(label="person", score=0.8, box=box) for box in boxes]


def _choose(frame: Frame, persons: int, *, grows: bool) -> float:
    best = Best()
    best.look(*_seen(persons, 0.2), frame, 0.0)
    looks = [_seen(persons, 0.2 + (0.003 * n if grows else -0.001)) for n in range(LOOKS)]
    began = thread_time()
    for number, (tracks, seen) in enumerate(looks):
        best.look(tracks, seen, frame, number / 5)
    return (thread_time() - began) / LOOKS * 1000


def _store(frame: Frame) -> float:
    (shot,) = Best().look(*_seen(1, 0.5), frame, 0.0)
    with tempfile.TemporaryDirectory() as folder:
        album = Album(Path(folder))
        began = thread_time()
        for _ in range(10):
            album.store("porch", shot)
        return (thread_time() - began) / 10 * 1000


def _best_of(measure: Callable[[], float]) -> float:
    return round(min(measure() for _ in range(ROUNDS)), 4)


def _say(what: str, **facts: object) -> None:
    print(json.dumps({"benchmark": "pictures", "what": what, **facts}))


if __name__ == "__main__":
    main()
