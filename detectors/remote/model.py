"""A server's model, understood: how it is shown a picture, and who reads what it answers."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import msgspec
import numpy as np
from msgspec.structs import replace

from detectors.heads.choosing import HEADS, chosen
from detectors.heads.head import Head, Wanted
from detectors.heads.inputs import beside
from detectors.heads.names import AUTO
from detectors.remote.options import Load
from detectors.remote.protocol import TYPES, ModelMetadata, Tensor, TensorMetadata
from hub.api import ModelInput, Rejected

_COLOURS: Final = 3
_AXES: Final = 4  # picture, colour, row, column; or colour last
_USUAL: Final = (640, 640)  # pixels: what a model that takes any size is shown
_TAKEN: Final = frozenset({"FP32", "FP16", "UINT8"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Asking:
    """How the model is asked: the picture's input, its type, its size, and other inputs."""

    picture: str
    datatype: str
    colours_last: bool
    width: int
    height: int
    others: Mapping[str, Tensor]

    @property
    def shape(self) -> tuple[int, int, int, int]:
        """The shape of one picture as the model takes it."""
        if self.colours_last:
            return (1, self.height, self.width, _COLOURS)
        return (1, _COLOURS, self.height, self.width)

    def inputs(self, memory: Tensor) -> dict[str, Tensor]:
        """Return the inputs for a picture of 32-bit numbers in this shape."""
        return {self.picture: self._typed(memory), **self.others}

    def _typed(self, memory: Tensor) -> Tensor:
        kind = TYPES[self.datatype]
        if memory.dtype == kind:
            return memory
        return (np.rint(memory) if self.datatype == "UINT8" else memory).astype(kind)


def asking(load: Load, model: ModelMetadata) -> Asking:
    """Return how to ask a model; raises ``Rejected`` when it takes no single picture."""
    picture = _picture(load, model)
    last = _is_last(picture.shape)
    high, wide = picture.shape[1:3] if last else picture.shape[2:4]
    usual = _USUAL if load.head == AUTO else _usual(load.head)
    size = (_side(load.width, wide, usual[0]), _side(load.height, high, usual[1]))
    _demand_size(load, (wide, high), size)
    others = [each for each in model.inputs if each.name != picture.name]
    return Asking(
        picture=picture.name,
        datatype=picture.datatype,
        colours_last=last,
        width=size[0],
        height=size[1],
        others={each.name: _other(load, each, size) for each in others},
    )


def reader(load: Load, ask: Asking, outputs: Mapping[str, Tensor]) -> tuple[Head, ModelInput]:
    """Return who reads such outputs, and what the model wants to see.

    Raises ``Rejected`` when no head fits them.
    """
    wanted = Wanted(
        width=ask.width,
        height=ask.height,
        labels=load.labels,
        assumed=load.assumed,
        min_score=load.min_score,
        iou=load.iou,
        fractions=load.fractions,
    )
    shapes = {name: each.shape for name, each in outputs.items()}
    head = chosen(load.head, load.model, shapes, wanted)
    usual = HEADS[head.NAME].INPUT
    wished = msgspec.convert({**msgspec.to_builtins(usual), **load.wishes}, ModelInput)
    return head, replace(wished, width=ask.width, height=ask.height)


def _picture(load: Load, model: ModelMetadata) -> TensorMetadata:
    found = [each for each in model.inputs if _is_picture(each.shape)]
    said = ", ".join(f"{each.name} {list(each.shape)}" for each in model.inputs) or "nothing"
    if len(found) != 1:
        raise Rejected(f"{load.model} takes {said}, and not one picture in three colours")
    if found[0].datatype not in _TAKEN:
        raise Rejected(
            f"{load.model} takes a picture as {found[0].datatype}; "
            f"here are only {', '.join(sorted(_TAKEN))}"
        )
    return found[0]


def _demand_size(load: Load, own: tuple[int, int], size: tuple[int, int]) -> None:
    if any(each > 0 and each != given for each, given in zip(own, size, strict=True)):
        raise Rejected(
            f"{load.model} looks at {own[0]}x{own[1]} pixels and not at {size[0]}x{size[1]}: "
            "leave 'size' out"
        )


def _other(load: Load, other: TensorMetadata, size: tuple[int, int]) -> Tensor:
    made = beside(load.model, other.name, other.shape, size)
    return made.astype(TYPES.get(other.datatype, np.int64))


def _side(given: int, own: int, usual: int) -> int:
    return given or (own if own > 0 else usual)


def _usual(head: str) -> tuple[int, int]:
    return (HEADS[head].INPUT.width, HEADS[head].INPUT.height)


def _is_picture(shape: tuple[int, ...]) -> bool:
    return len(shape) == _AXES and _COLOURS in (shape[1], shape[3])


def _is_last(shape: tuple[int, ...]) -> bool:
    return shape[3] == _COLOURS and shape[1] != _COLOURS
