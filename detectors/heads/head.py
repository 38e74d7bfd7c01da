"""What a head is: it knows the outputs it can read, and reads them."""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar, Final

from detectors.heads.found import Floats, Found
from hub.api import ModelInput

Outputs = Mapping[str, Floats]
"""A network's outputs by name, in its own order, as it gave them: a batch of one."""

Shapes = Mapping[str, tuple[int, ...]]
"""What shapes those have; -1 stands for a length that is known only once it has run."""

NONE: Final = range(0)
ANY: Final = range(1, 1_000_000)
"""How many classes: when these are not its outputs, and when they do not tell."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """How outputs are to be read.

    ``width`` and ``height`` of the input are in pixels; ``labels`` name the classes, and are
    ``assumed`` when nobody named any. ``min_score`` and ``iou`` are the least score and the most
    overlap of two boxes of one kind. ``fractions`` says that boxes which are usually in pixels
    are in parts of the input, as TFLite exports give them.
    """

    width: int
    height: int
    labels: tuple[str, ...]
    assumed: bool = False
    min_score: float = 0.1
    iou: float = 0.45
    fractions: bool = False


class Head(ABC):
    """Reads the outputs of one kind of network, for one size of input."""

    NAME: ClassVar[str]
    FORM: ClassVar[str]
    """What it reads, in words."""
    INPUT: ClassVar[ModelInput]
    """What such a network is usually shown."""
    LABELS: ClassVar[tuple[str, ...]] = ()
    """What such a network finds, when that is always the same."""
    GUESSED: ClassVar[bool] = True
    """Whether outputs that fit it are taken for its own without being told."""

    def __init__(self, wanted: Wanted) -> None:
        self.wanted = wanted
        self.labels = self.LABELS if wanted.assumed and self.LABELS else wanted.labels

    @classmethod
    @abstractmethod
    def classes(cls, shapes: Shapes, width: int, height: int) -> range:
        """Return how many classes outputs of these shapes may tell apart; empty if not its own."""

    @abstractmethod
    def read(self, outputs: Outputs) -> Found:
        """Return what was found; nothing of it shares memory with the outputs."""

    def fits(self, shapes: Shapes) -> str | None:
        """Return why it cannot read outputs of these shapes, or none when it can."""
        possible = self.classes(shapes, self.wanted.width, self.wanted.height)
        if not possible:
            size = f"{self.wanted.width}x{self.wanted.height}"
            return f"{self.NAME} at {size} pixels reads {self.FORM}"
        if len(self.labels) not in possible:
            return (
                f"{self.NAME} reads {_count(possible[0], 'class')} there, and "
                f"{_count(len(self.labels), 'label')} given: list its classes under 'labels'"
            )
        return None


def only(shapes: Shapes) -> tuple[int, ...]:
    """Return the shape of a single output; no shape at all when there are more."""
    return next(iter(shapes.values())) if len(shapes) == 1 else ()


def single(outputs: Outputs) -> Floats:
    """Return a single output, without the batch."""
    (output,) = outputs.values()
    first: Floats = output[0]
    return first


def alike(shape: tuple[int, ...], *wanted: int | None) -> bool:
    """Say whether a shape may be this one; none stands for any length."""
    return len(shape) == len(wanted) and all(
        each in (-1, length) or length is None for each, length in zip(shape, wanted, strict=True)
    )


def exactly(number: int) -> range:
    """Return the one possible number of classes; none when there is no room for any."""
    return range(number, number + 1) if number > 0 else NONE


def _count(number: int, of: str) -> str:
    if of == "class":
        return f"{number} class" if number == 1 else f"{number} classes"
    return f"{number} {of} is" if number == 1 else f"{number} {of}s are"
