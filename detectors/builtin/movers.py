"""Which blobs are somebody: upright, there for some pictures, and really gone somewhere.

A swaying branch is upright too, but comes back to where it was; a lamp's halo never leaves.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from detectors.builtin.blobs import Blob

_CONFIRMED: Final = 3  # pictures in which a blob must have been seen
_LOST: Final = 4  # pictures after which a blob not seen is forgotten
_GONE: Final = 0.22  # of its height, which a walker moves within three pictures at 5 a second
_RESTLESS: Final = 0.12  # of its height; somebody who stands moves less
# Nobody stands like a photograph for so long; what does is a trace in the background.
_FROZEN: Final = 60  # pictures, 12 s at 5 a second
_NEAR: Final = 0.6  # of the height, how far a runner gets between two pictures
_BEST: Final = 0.8  # no shape alone is surer than this


@dataclass(slots=True, kw_only=True, eq=False)
class Mover:
    """A blob followed from picture to picture."""

    blob: Blob
    born: Blob
    rest: Blob  # where it last stood still
    seen: int = 1
    missed: int = 0
    stood: int = 0
    frozen: int = 0
    moved: bool = False

    @property
    def somebody(self) -> bool:
        """Whether it has done what people do."""
        return self.moved and self.seen >= _CONFIRMED

    def follow(self, blob: Blob, *, stirred: bool) -> None:
        """Go on as this blob; ``stirred`` says whether anything changed within it."""
        self.frozen = 0 if stirred else self.frozen + 1
        self.blob = blob
        self.seen += 1
        self.missed = 0
        self.moved = self.moved or _far(blob, self.born) > _GONE
        self.stood += 1
        if _far(blob, self.rest) > _RESTLESS:
            self.rest, self.stood = blob, 0


class Movers:
    """The blobs of one camera; ``hold`` is how many pictures somebody may stand still."""

    def __init__(self, hold: int) -> None:
        self._hold = hold
        self._movers: list[Mover] = []

    def follow(self, found: list[Blob], stirred: Callable[[Blob], bool]) -> None:
        """Take the blobs of the next picture, and what tells whether one of them stirred."""
        left = list(found)
        for mover in sorted(self._movers, key=lambda each: -each.seen):
            blob = _nearest(mover.blob, left)
            if blob is None:
                mover.missed += 1
            else:
                left.remove(blob)
                mover.follow(blob, stirred=stirred(blob))
        self._movers = [each for each in self._movers if each.missed < _LOST]
        self._movers += [Mover(blob=each, born=each, rest=each) for each in left]

    def people(self) -> list[Mover]:
        """Return who is in the latest picture."""
        return [each for each in self._movers if each.somebody and not each.missed]

    def drop(self, mover: Mover) -> None:
        """Forget one: it was nobody."""
        self._movers.remove(mover)

    def held(self) -> list[Blob]:
        """Return where nothing may be learned: somebody is there, or was a moment ago."""
        return [
            each.blob
            for each in self._movers
            if each.somebody and each.stood < self._hold and each.frozen < _FROZEN
        ]

    def forget(self) -> None:
        """Begin anew."""
        self._movers = []


def upright(blob: Blob, height: int, least: float, most: float) -> bool:
    """Say whether a blob may be a person in a picture of some height, by size and shape."""
    share = blob.height / height
    return least <= share <= most and 1.0 <= blob.height / blob.width <= 6.0  # noqa: PLR2004


def score(mover: Mover) -> float:
    """Return how much like a walking person it looks, 0 to 0.8: by shape and by persistence."""
    blob = mover.blob
    slim = _within(blob.height / blob.width, (1.0, 1.7, 3.8, 6.0))
    full = _within(blob.filled / (blob.width * blob.height), (0.15, 0.35, 0.85, 1.05))
    known = min(1.0, 0.7 + 0.1 * (mover.seen - _CONFIRMED))
    return _BEST * slim * full * known


def _within(value: float, edges: tuple[float, float, float, float]) -> float:
    """Return 1 between the inner edges, falling to 0 at the outer ones."""
    low, good, still_good, high = edges
    return max(0.0, min(1.0, (value - low) / (good - low), (high - value) / (high - still_good)))


def _far(a: Blob, b: Blob) -> float:
    """Return how far apart two blobs are, in heights of the larger."""
    across = abs(a.centre[0] - b.centre[0])
    down = max(abs(a.centre[1] - b.centre[1]), abs(a.bottom - b.bottom))
    return max(across, down) / max(a.height, b.height)


def _nearest(blob: Blob, choices: list[Blob]) -> Blob | None:
    best = min(choices, key=lambda each: _far(blob, each), default=None)
    if best is None or _far(blob, best) > _NEAR:
        return None
    alike = min(blob.height, best.height) / max(blob.height, best.height)
    return best if alike > 0.4 else None  # noqa: PLR2004 - a blob that merges may double
