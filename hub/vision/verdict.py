"""What is wrong with a score, in words; nothing is said of what holds."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from hub.vision.visits import Score, Seen


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How far events may be from the truth.

    ``tolerance`` is how good the truth's own edges are, in frames; ``unseen`` how much of a
    visit's beginning or end may go by before somebody is found, in seconds; ``extra`` the most
    tracks that nobody needed; ``false`` how long a person may be seen where none is, in seconds.
    """

    tolerance: float = 5.0
    unseen: float = 1.5
    extra: int = 1
    false: float = 0.5


def failures(score: Score, fps: float, limits: Limits) -> list[str]:
    """Return everything that does not hold."""
    return [
        *(
            f"visit {number}: {words}"
            for number, each in enumerate(score.seen, 1)
            if not each.visit.optional
            for words in _visit(each, fps, limits)
        ),
        *_whole(score, limits),
        *(
            f"line {name}: {counted} instead of {true}"
            for name, (true, counted) in score.lines.items()
            if true != counted
        ),
    ]


def _visit(seen: Seen, fps: float, limits: Limits) -> Iterator[str]:
    if seen.span is None:
        yield "not seen"
        return
    early = (seen.visit.span[0] - seen.span[0], "began", "early")
    late = (seen.span[1] - seen.visit.span[1], "ended", "late")
    for off, verb, outside in (early, late):
        inside = "late" if outside == "early" else "early"
        if off * fps > limits.tolerance:
            yield f"{verb} {off:.1f} s too {outside}"
        if -off > limits.unseen + limits.tolerance / fps:
            yield f"{verb} {-off:.1f} s too {inside}"
    if seen.persons < seen.visit.persons:
        yield f"{seen.persons} of {seen.visit.persons} persons"
    yield from _exits(seen.visit.exits, seen.exits)


def _exits(true: Mapping[str, int], seen: Mapping[str, int]) -> Iterator[str]:
    """Compare exits, where the truth tells them."""
    for side in sorted({*true, *seen}) if true else ():
        if true.get(side, 0) != seen.get(side, 0):
            yield f"{seen.get(side, 0)} left over the {side} instead of {true.get(side, 0)}"


def _whole(score: Score, limits: Limits) -> Iterator[str]:
    needed = sum(not each.visit.optional for each in score.seen)
    if score.groups != needed:
        yield f"visits: {score.groups} instead of {needed}"
    if score.extra > limits.extra:
        yield f"{score.extra} tracks that nobody needed"
    if score.longest > limits.false:
        yield f"a false one for {score.longest:.1f} s"
