"""What a user may say about a network of their own: its classes, and how it is shown a picture."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

import voluptuous as vol

from hub.api import schema

_FACES = ("yunet", "ultraface")  # heads that know one thing
_COLOURS = 3
_MULTIPLE = 32  # pixels: the coarsest grid of the networks
_SMALLEST, _LARGEST = 64, 2048  # pixels


def size(value: object) -> list[int]:
    """Accept a side in pixels, or ``[width, height]``; returns the latter."""
    sides = value if isinstance(value, list) else [value, value]
    if len(sides) != 2:  # noqa: PLR2004 - width and height
        raise vol.Invalid(f"expected a size such as 640 or [640, 384], got {len(sides)} numbers")
    return [_side(each) for each in sides]


def labels(value: object) -> str | list[str]:
    """Accept the name of a well-known list of classes, or the classes themselves."""
    if isinstance(value, list):
        named: list[str] = vol.Schema(vol.All([schema.text], vol.Length(min=1)))(value)
        return named
    return schema.text(value)


schema.shaped(size, {"type": ["integer", "array"], "title": "whole number or two of them"})
schema.shaped(labels, {"type": ["string", "array"], "title": "text or list of texts"})


def _colours(least: float) -> schema.Validator:
    """Accept three numbers, one for each colour, or one that stands for all."""
    number = schema.number(least)

    def check(value: object) -> list[float]:
        given = value if isinstance(value, list) else [value] * _COLOURS
        if len(given) != _COLOURS:
            raise vol.Invalid(f"expected a number for each of 3 colours, got {len(given)}")
        return [float(number(each)) for each in given]

    shape = {"type": ["number", "array"], "title": "number or three of them"}
    return schema.shaped(check, shape)


INPUT: Final[schema.Schema] = {
    schema.optional("colour", "Which colour comes first."): schema.choice("BGR", "RGB"),
    schema.optional("top", "The number of full brightness, 255 or 1 as a rule."): (
        schema.number(0.001)
    ),
    schema.optional("mean", "Taken from each colour, in the order of the colours."): (
        _colours(-1e6)
    ),
    schema.optional("std", "What each colour is divided by after that."): _colours(1e-6),
    schema.optional("fit", "Where a picture of another shape goes."): (
        schema.choice("corner", "centre", "stretch")
    ),
    schema.optional("pad", "Grey around a picture of another shape."): schema.whole(0, 255),
}
"""Parts of a ``ModelInput`` that may be given; what is left out stays as the head has it."""


def _side(value: object) -> int:
    side: int = schema.whole(_SMALLEST, _LARGEST)(value)
    if side % _MULTIPLE:
        near = round(side / _MULTIPLE) * _MULTIPLE
        raise vol.Invalid(f"expected a multiple of {_MULTIPLE} such as {near}, got {side}")
    return side


def finds(options: Mapping[str, Any]) -> Sequence[str] | None:
    """Return what cameras may ask a network of one's own for; none means COCO's names."""
    named = options.get("labels")
    if isinstance(named, list):
        return named
    return ("face",) if named is None and options.get("head") in _FACES else None
