"""A model file made into something that runs on a device, and the head that reads it."""

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import msgspec
import numpy as np
from msgspec.structs import replace
from numpy.typing import NDArray

from detectors.heads.choosing import HEADS, chosen
from detectors.heads.head import Head, Wanted
from detectors.heads.inputs import beside
from detectors.openvino.options import Load
from detectors.openvino.reading import (
    is_last,
    name_of,
    own_size,
    picture_of,
    read,
    reason,
    resized,
    shape_of,
)
from detectors.openvino.runtime import device, openvino
from hub.api import ModelInput, Rejected

_log = logging.getLogger(__name__)
_HINTS = {"latency": "LATENCY", "throughput": "THROUGHPUT"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Ready:
    """A model that can be run.

    ``made`` is an OpenVINO ``CompiledModel``, whose input number ``picture`` takes three planes
    of 32-bit numbers; ``beside`` is what its other inputs take, by number, and ``outputs`` the
    names of its outputs, which are 32-bit numbers too.
    """

    made: Any
    head: Head
    input: ModelInput
    picture: int
    beside: Mapping[int, NDArray[np.int64]]
    outputs: tuple[str, ...]

    @property
    def size(self) -> tuple[int, int]:
        return (self.input.width, self.input.height)


def ready(load: Load) -> Ready:
    """Read a model, find its head and compile it.

    Raises ``Rejected`` when the file is no model, not one that a head can read, or the device
    is missing.
    """
    ov = openvino()
    core = ov.Core()
    on = device(load.model, load.device, core.available_devices)
    model = read(core, load)
    picture = picture_of(model, load)
    own = own_size(model, picture)
    size = resized(model, picture, load)
    model = _typed(ov, model, picture)
    names = tuple(map(name_of, model.outputs))
    shapes = dict(zip(names, map(shape_of, model.outputs), strict=True))
    try:
        head = _head(load, shapes, size)
    except Rejected as error:
        raise Rejected(f"{error}{_advice(own, size)}") from error
    return Ready(
        made=_compiled(core, model, load, on),
        head=head,
        input=_input(load, head, size),
        picture=picture,
        beside={
            at: beside(load.model, name_of(each), shape_of(each), size)
            for at, each in enumerate(model.inputs)
            if at != picture
        },
        outputs=names,
    )


def _head(load: Load, shapes: Mapping[str, tuple[int, ...]], size: tuple[int, int]) -> Head:
    wanted = Wanted(
        width=size[0],
        height=size[1],
        labels=load.labels,
        assumed=load.assumed,
        min_score=load.min_score,
        iou=load.iou,
        fractions=load.file.endswith(".tflite"),
    )
    return chosen(load.head, load.model, shapes, wanted)


def _advice(own: tuple[int, int], size: tuple[int, int]) -> str:
    """Return what to do about a file that was told another size which its insides refuse."""
    if min(own) < 1 or own == size:
        return ""
    return f": it was made for {own[0]}x{own[1]} pixels, so leave 'size' out"


def _input(load: Load, head: Head, size: tuple[int, int]) -> ModelInput:
    """Return what the model wants to see: what is known of it, or what its kind usually wants."""
    usual = load.input or HEADS[head.NAME].INPUT
    wished = msgspec.convert({**msgspec.to_builtins(usual), **load.wishes}, ModelInput)
    return replace(wished, width=size[0], height=size[1])


def _compiled(core: Any, model: Any, load: Load, on: str) -> Any:
    try:
        return core.compile_model(model, on, _properties(load))
    except RuntimeError as error:
        if on in {load.device, "CPU"}:
            words = f"{load.model} does not run on {on}: {reason(error)}"
            other = "" if on == "CPU" else ". Let 'device' be CPU, or take another model"
            raise Rejected(f"{words}{other}") from error
        _log.warning("%s does not run on %s, so the processor it is", load.model, on)
        return core.compile_model(model, "CPU", _properties(load))


def _typed(ov: Any, model: Any, picture: int) -> Any:
    """Let the model take planes and give 32-bit numbers, whatever it was written with."""
    layout = "NHWC" if is_last(shape_of(model.input(picture))) else "NCHW"
    steps = ov.preprocess.PrePostProcessor(model)
    taken = steps.input(picture)
    taken.tensor().set_element_type(ov.Type.f32).set_layout(ov.Layout("NCHW"))
    taken.model().set_layout(ov.Layout(layout))
    for at in range(len(model.outputs)):
        steps.output(at).tensor().set_element_type(ov.Type.f32)
    return steps.build()


def _properties(load: Load) -> dict[str, object]:
    properties: dict[str, object] = {"PERFORMANCE_HINT": _HINTS[load.hint]}
    if load.precision != "auto":
        properties["INFERENCE_PRECISION_HINT"] = load.precision
    if load.threads:
        properties["INFERENCE_NUM_THREADS"] = load.threads
    return properties
