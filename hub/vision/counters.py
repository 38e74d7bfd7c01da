"""What a camera's pipeline has done, in numbers that only grow."""

from dataclasses import dataclass


@dataclass(kw_only=True)
class Counters:
    """Since the worker began; a pipeline that takes another's place counts on.

    ``frames`` were decoded, with so many ``errors``; ``looked`` at those that were due.
    ``inferences`` are regions that the detector got, and ``spared`` looks that one asked before
    it took in its place. ``dropped`` questions got no answer.
    """

    frames: int = 0
    looked: int = 0
    inferences: int = 0
    spared: int = 0
    dropped: int = 0
    errors: int = 0
