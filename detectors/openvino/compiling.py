"""A model file made into something that runs on a device, with the input size we want."""

import logging
from typing import Any

from detectors.openvino.options import Load
from detectors.openvino.runtime import device, openvino
from detectors.openvino.yolox import Head
from hub.api import Rejected

_log = logging.getLogger(__name__)
_HINTS = {"latency": "LATENCY", "throughput": "THROUGHPUT"}
_CHANNELS = 3


def compiled(load: Load, head: Head) -> Any:
    """Return an OpenVINO ``CompiledModel``: three planes of one picture in, one output.

    Raises ``Rejected`` when the file is no model, not one that ``head`` can read, or the device
    is missing.
    """
    ov = openvino()
    core = ov.Core()
    chosen = device(load.device, core.available_devices)
    model = _typed(ov, _read(core, load))
    _demand(model, load, head)
    try:
        return core.compile_model(model, chosen, _properties(load))
    except RuntimeError as error:
        if chosen in {load.device, "CPU"}:
            raise Rejected(f"{load.model} does not run on {chosen}: {_first(error)}") from error
        _log.warning("%s does not run on %s, so the processor it is", load.model, chosen)
        return core.compile_model(model, "CPU", _properties(load))


def _read(core: Any, load: Load) -> Any:
    """Read the file and give its input our size."""
    try:
        model = core.read_model(load.file)
    except RuntimeError as error:
        raise Rejected(f"{load.file} cannot be read as a model: {_first(error)}") from error
    if len(model.inputs) != 1 or len(model.outputs) != 1:
        raise Rejected(
            f"{load.file} has {len(model.inputs)} inputs and {len(model.outputs)} outputs; "
            f"a {load.head} model has one of each"
        )
    shape = [1, _CHANNELS, load.height, load.width]
    if model.input().partial_shape != shape:
        _reshape(model, shape, load)
    return model


def _reshape(model: Any, shape: list[int], load: Load) -> None:
    try:
        model.reshape({model.input().any_name: shape})
    except RuntimeError as error:
        raise Rejected(
            f"{load.model} cannot look at {load.width}x{load.height} pixels: {_first(error)}"
        ) from error


def _typed(ov: Any, model: Any) -> Any:
    """Let the model take and give 32-bit numbers, whatever it was written with."""
    steps = ov.preprocess.PrePostProcessor(model)
    steps.input().tensor().set_element_type(ov.Type.f32)
    steps.output().tensor().set_element_type(ov.Type.f32)
    return steps.build()


def _demand(model: Any, load: Load, head: Head) -> None:
    """Refuse a model whose output is not what the head reads."""
    shape = model.output().partial_shape
    expected = (1, head.rows, head.columns(len(load.labels)))
    if shape.is_static and tuple(shape.to_shape()) == expected:
        return
    raise Rejected(
        f"{load.model} gives an output of {shape}, and {load.head} with "
        f"{len(load.labels)} labels at {load.width}x{load.height} is {list(expected)}"
    )


def _properties(load: Load) -> dict[str, object]:
    properties: dict[str, object] = {"PERFORMANCE_HINT": _HINTS[load.hint]}
    if load.precision != "auto":
        properties["INFERENCE_PRECISION_HINT"] = load.precision
    if load.threads:
        properties["INFERENCE_NUM_THREADS"] = load.threads
    return properties


def _first(error: RuntimeError) -> str:
    """Return the line that says what happened; OpenVINO's own places come before it."""
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    said = [line for line in lines if not line.startswith(("Exception from", "Check "))]
    return (said or lines or ["no reason given"])[0]
