"""Where places do not tell two apart, their looks do; and nobody is asked elsewhere."""

from collections.abc import Callable, Sequence

import numpy as np
import pytest

from hub.api import Box, Detection
from hub.vision.facts import Track, Tracks
from hub.vision.tracker import Tracker

ASPECT = 16 / 9
FPS = 10
RED, BLUE = np.array([1.0, 0.3, 0.0]), np.array([0.0, 0.3, 1.0])


class Wardrobe:
    """Knows what everybody wears by where they are in this frame, and counts who asks."""

    def __init__(self) -> None:
        self.places: list[tuple[Box, np.ndarray]] = []
        self.asked = 0

    def __call__(self, boxes: Sequence[Box]) -> np.ndarray:
        self.asked += len(boxes)
        return np.array([next(worn for at, worn in self.places if at == box) for box in boxes])


def person(x: float) -> Box:
    return Box(x - 0.05, 0.4, x + 0.05, 0.8)


def walked(
    tracker: Tracker,
    ways: dict[str, Callable[[float], float | None]],
    wardrobe: Wardrobe | None,
    seconds: float = 7.0,
) -> list[tuple[Tracks, dict[str, float]]]:
    steps = []
    for number in range(round(seconds * FPS)):
        now = number / FPS
        there = {name: x for name, way in ways.items() if (x := way(now)) is not None}
        seen = [Detection(label="person", score=0.9, box=person(x)) for x in there.values()]
        if wardrobe is not None:
            worn = {"red": RED, "blue": BLUE}
            wardrobe.places = [(person(x), worn[name]) for name, x in there.items()]
        steps.append((tracker.update(seen, now, ASPECT, likeness=wardrobe), there))
    return steps


def who(tracks: Tracks, x: float) -> str:
    def away(each: Track) -> float:
        return abs((each.box.left + each.box.right) / 2 - x)

    return min(tracks.live, key=away).id


def turns_back(start: float, speed: float) -> Callable[[float], float | None]:
    """Somebody who walks for 2.5 s, is not seen for half a second, and comes back."""

    def way(now: float) -> float | None:
        if now < 2.5:
            return start + speed * now
        return None if now < 3.1 else start + speed * (2.5 - (now - 2.8))

    return way


def kept_their_names(wardrobe: Wardrobe | None) -> bool:
    ways = {"red": turns_back(0.15, 0.12), "blue": turns_back(0.85, -0.12)}
    steps = walked(Tracker(str, 0.5), ways, wardrobe, 5.0)
    (early, then), (late, now) = steps[15], steps[-1]
    return all(who(early, then[name]) == who(late, now[name]) for name in ways)


def test_two_who_meet_and_turn_back_keep_their_names_by_their_looks_alone() -> None:
    assert not kept_their_names(None)  # or this would show nothing
    assert kept_their_names(Wardrobe())


def test_whoever_is_alone_is_looked_at_seldom() -> None:
    wardrobe = Wardrobe()
    walked(Tracker(str, 0.5), {"red": lambda now: 0.1 + 0.1 * now}, wardrobe, 8.0)
    assert 3 <= wardrobe.asked <= 5


def test_nobody_is_asked_about_those_who_are_not_believed_yet() -> None:
    wardrobe = Wardrobe()
    walked(Tracker(str, 0.5), {"red": lambda now: 0.3 + 0 * now}, wardrobe, 0.3)
    assert wardrobe.asked == 0


@pytest.mark.parametrize("speed", [0.08, 0.15])
def test_two_who_pass_each_other_keep_their_names_as_well(speed: float) -> None:
    ways = {"red": lambda now: 0.2 + speed * now, "blue": lambda now: 0.8 - speed * now}
    wardrobe = Wardrobe()
    steps = walked(Tracker(str, 0.5), ways, wardrobe, 0.6 / speed)
    (early, then), (late, now) = steps[10], steps[-1]
    assert all(who(early, then[name]) == who(late, now[name]) for name in ways)
