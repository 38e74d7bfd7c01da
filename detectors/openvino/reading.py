"""Model files as OpenVINO reads them, given the size of picture we want."""

from typing import Any

from detectors.heads.choosing import HEADS
from detectors.heads.names import AUTO
from detectors.openvino.options import Load
from hub.api import Rejected

_PLACES = ("Exception from", "Check ", "FrontEnd API failed", "While validating node")
_COLOURS = 3
_AXES = 4  # picture, colour, row, column; or colour last
_USUAL = 640  # pixels: what a network that takes any size is shown


def read(core: Any, load: Load) -> Any:
    """Return the file as an OpenVINO ``Model``."""
    try:
        return core.read_model(load.file)
    except RuntimeError as error:
        raise Rejected(
            f"{load.model} cannot be read as a model ({reason(error)}). {load.file} is cut short, "
            "or no ONNX, OpenVINO IR or TFLite: copy or export it again"
        ) from error


def picture_of(model: Any, load: Load) -> int:
    """Return which of the inputs is the picture."""
    found = [at for at, each in enumerate(model.inputs) if _is_picture(shape_of(each))]
    if len(found) == 1:
        return found[0]
    inputs = ", ".join(f"{name_of(each)} {list(shape_of(each))}" for each in model.inputs)
    raise Rejected(f"{load.model} takes {inputs}, and not one picture in three colours")


def own_size(model: Any, picture: int) -> tuple[int, int]:
    """Return the width and height that the file has; -1 where it takes any."""
    shape = shape_of(model.input(picture))
    high, wide = shape[1:3] if is_last(shape) else shape[2:4]
    return (wide, high)


def resized(model: Any, picture: int, load: Load) -> tuple[int, int]:
    """Give the model the size (width, height) it is to have, its own if nobody said; return it."""
    shape, own = shape_of(model.input(picture)), own_size(model, picture)
    usual = (_USUAL, _USUAL) if load.head == AUTO else _usual(load)
    width = load.width or (own[0] if own[0] > 0 else usual[0])
    height = load.height or (own[1] if own[1] > 0 else usual[1])
    colours_last = (1, height, width, _COLOURS)
    wanted = colours_last if is_last(shape) else (1, _COLOURS, height, width)
    if wanted != shape or any(-1 in shape_of(each) for each in model.inputs):
        _reshape(model, picture, wanted, load)
    return (width, height)


def _reshape(model: Any, picture: int, wanted: tuple[int, ...], load: Load) -> None:
    high, wide = wanted[1:3] if is_last(wanted) else wanted[2:4]
    shapes = {
        at: list(wanted) if at == picture else _beside(shape_of(each), (high, wide))
        for at, each in enumerate(model.inputs)
    }
    try:
        model.reshape(shapes)
    except RuntimeError as error:
        raise Rejected(
            f"{load.model} cannot look at {wide}x{high} pixels: {reason(error)}"
        ) from error


def _beside(shape: tuple[int, ...], picture: tuple[int, int]) -> list[int]:
    """Return the shape of an input that is not the picture: of one picture, as large as that."""
    if len(shape) == 3:  # noqa: PLR2004 - a mask
        return [1, *picture]
    return [1, *(max(each, 1) for each in shape[1:])]


def _usual(load: Load) -> tuple[int, int]:
    usual = HEADS[load.head].INPUT
    return (usual.width, usual.height)


def is_last(shape: tuple[int, ...]) -> bool:
    """Say whether the colours come last."""
    return shape[3] == _COLOURS and shape[1] != _COLOURS


def _is_picture(shape: tuple[int, ...]) -> bool:
    return len(shape) == _AXES and _COLOURS in (shape[1], shape[3])


def shape_of(port: Any) -> tuple[int, ...]:
    """Return the shape of an input or output; -1 for what is not known yet."""
    shape = port.partial_shape
    if shape.rank.is_dynamic:
        return ()
    return tuple(each.get_length() if each.is_static else -1 for each in shape)


def name_of(port: Any) -> str:
    """Return an input's or output's name; converters give several, or none."""
    return min(port.names, key=lambda each: (len(each), each), default=f"number {port.index}")


def reason(error: RuntimeError) -> str:
    """Return the line that says what happened; OpenVINO's own places come before it."""
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    said = [line for line in lines if not line.startswith(_PLACES)] or ["no reason given"]
    return said[-1].partition(" Please check")[0].rstrip(" .!")
