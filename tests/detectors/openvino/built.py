"""Small networks made on the spot, which answer what they are told to, whatever they see."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from detectors.openvino.runtime import openvino


def opset() -> Any:
    openvino()  # the way that tells nobody
    from openvino import opset13

    return opset13


def asked(name: str, shape: tuple[int, ...], kind: str = "f32") -> Any:
    """Return an input; -1 stands for any length."""
    return opset().parameter(list(shape), getattr(openvino().Type, kind), name=name)


def picture(shape: tuple[int, ...], kind: str = "f32") -> Any:
    return asked("images", shape, kind)


def answer(seen: Any, outputs: Mapping[str, np.ndarray]) -> list[Any]:
    """Return nodes that give these outputs, and depend on the picture as a network's do."""
    op = opset()
    axes = np.arange(len(seen.output(0).partial_shape))
    sums = op.reduce_max(op.convert(seen, "f32"), axes)
    nothing = op.multiply(sums, np.float32(0))
    return [named(op.add(each, nothing), name) for name, each in outputs.items()]


def named(node: Any, name: str) -> Any:
    node.output(0).get_tensor().set_names({name})
    return node


def saved(path: Path, inputs: list[Any], outputs: list[Any]) -> str:
    """Write a network as OpenVINO IR; returns the name of its file."""
    ov = openvino()
    for each in inputs:
        named(each, each.get_friendly_name())
    results = [opset().result(each) for each in outputs]
    ov.save_model(ov.Model(results, inputs, "made"), str(path), compress_to_fp16=False)
    return path.name
