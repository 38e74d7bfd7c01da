"""What a user may say about how a network of their own wants to be shown a picture."""

from typing import Final

import voluptuous as vol

from hub.api import schema

_COLOURS = 3


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
