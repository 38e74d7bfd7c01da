"""Which head reads a network: the one that was named, or the one that fits its outputs."""

from collections.abc import Mapping
from typing import Final

from detectors.heads.detr import Detr
from detectors.heads.head import Head, Shapes, Wanted
from detectors.heads.names import AUTO
from detectors.heads.rtdetr import Rtdetr
from detectors.heads.ssd import Ssd, SsdFromZero
from detectors.heads.ultraface import Ultraface
from detectors.heads.yolov5 import Yolov5, Yolov6
from detectors.heads.yolov8 import Yolov8
from detectors.heads.yolov10 import Yolov10
from detectors.heads.yolox import Yolox
from detectors.heads.yunet import Yunet
from hub.api import Rejected, did_you_mean

_ALL: Final[tuple[type[Head], ...]] = (
    Yolox,
    Yolov5,
    Yolov6,
    Yolov8,
    Yolov10,
    Ssd,
    SsdFromZero,
    Detr,
    Rtdetr,
    Yunet,
    Ultraface,
)
HEADS: Final[Mapping[str, type[Head]]] = {each.NAME: each for each in _ALL}


def head(name: str, wanted: Wanted) -> Head:
    """Return the head of this name; raises ``Rejected`` when there is none."""
    if name not in HEADS:
        raise Rejected(f"no head is called '{name}'. {did_you_mean(name, HEADS)}")
    return HEADS[name](wanted)


def chosen(name: str, model: str, shapes: Shapes, wanted: Wanted) -> Head:
    """Return the head of this name, or with ``auto`` the only one that fits these outputs.

    Raises ``Rejected`` naming the model and its outputs when they cannot be read.
    """
    if name == AUTO:
        return _guessed(model, shapes, wanted)
    named = head(name, wanted)
    if why := named.fits(shapes):
        raise Rejected(f"{model} has {described(shapes)}, but {why}")
    return named


def _guessed(model: str, shapes: Shapes, wanted: Wanted) -> Head:
    known = [each(wanted) for each in _ALL if each.GUESSED]
    able = [each for each in known if each.classes(shapes, wanted.width, wanted.height)]
    fitting = [each for each in able if each.fits(shapes) is None]
    if len(fitting) == 1:
        return fitting[0]
    said = f"{model} has {described(shapes)}"
    if fitting:
        names = " and ".join(each.NAME for each in fitting)
        raise Rejected(f"{said}, which {names} can read: name the right one as 'head'")
    if able:
        raise Rejected(f"{said}, but {'; '.join(filter(None, (e.fits(shapes) for e in able)))}")
    size = f"{wanted.width}x{wanted.height}"
    raise Rejected(
        f"{said}, which no head reads at {size} pixels. Heads are {', '.join(HEADS)}: "
        "export it as one of these does"
    )


def described(shapes: Shapes) -> str:
    """Return outputs in words: ``the outputs scores [1, 4420, 2] and boxes [1, 4420, 4]``."""
    each = [f"{name} [{', '.join(map(_length, shape))}]" for name, shape in shapes.items()]
    if len(each) == 1:
        return f"the output {each[0]}"
    return f"the outputs {', '.join(each[:-1])} and {each[-1]}"


def _length(number: int) -> str:
    return "?" if number < 0 else str(number)
