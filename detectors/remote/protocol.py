"""What is said to a model server: KServe's Open Inference Protocol, version 2.

Over HTTP a request is JSON, followed by the tensors' bytes where the server knows the extension
``binary_tensor_data`` (Triton and OpenVINO Model Server do); elsewhere the numbers stand in the
JSON. https://github.com/kserve/open-inference-protocol has the protocol, and Triton's
documentation (``extension_binary_data.md``) the extension.
"""

from collections.abc import Mapping, Sequence
from math import prod
from typing import Final

import msgspec
import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from hub.api import NotReady

Tensor = NDArray[np.generic]

LENGTH: Final = "Inference-Header-Content-Length"
"""The header that says how many bytes of a body are JSON."""
BINARY: Final = "binary_tensor_data"

TYPES: Final[Mapping[str, type[np.generic]]] = {
    "BOOL": np.bool_,
    "UINT8": np.uint8,
    "UINT16": np.uint16,
    "UINT32": np.uint32,
    "UINT64": np.uint64,
    "INT8": np.int8,
    "INT16": np.int16,
    "INT32": np.int32,
    "INT64": np.int64,
    "FP16": np.float16,
    "FP32": np.float32,
    "FP64": np.float64,
}


class Server(Struct, frozen=True):
    """What a server says of itself."""

    name: str = "the server"
    version: str = ""
    extensions: tuple[str, ...] = ()


class TensorMetadata(Struct, frozen=True):
    """A tensor's name, type and shape; -1 is a size that may be any."""

    name: str
    datatype: str
    shape: tuple[int, ...]


class ModelMetadata(Struct, frozen=True):
    """What a server says of a model."""

    name: str
    inputs: tuple[TensorMetadata, ...]
    outputs: tuple[TensorMetadata, ...]
    platform: str = ""


class _Output(Struct, frozen=True):
    name: str
    datatype: str
    shape: tuple[int, ...]
    parameters: dict[str, object] = {}
    data: list[object] | None = None


class _Answer(Struct, frozen=True):
    outputs: tuple[_Output, ...]


def request(inputs: Mapping[str, Tensor], *, binary: bool) -> tuple[bytes, dict[str, str]]:
    """Return a request's body and headers; tensors are sent in the type they have."""
    described = [_described(name, each, binary=binary) for name, each in inputs.items()]
    head = msgspec.json.encode({"inputs": described, "parameters": {"binary_data_output": binary}})
    if not binary:
        return head, {"Content-Type": "application/json"}
    headers = {"Content-Type": "application/octet-stream", LENGTH: str(len(head))}
    return b"".join((head, *(each.tobytes() for each in inputs.values()))), headers


def answer(body: bytes, length: str | None) -> dict[str, Tensor]:
    """Return the tensors of an answer by name; raises ``NotReady`` for what is none.

    ``length`` is the header that says where the JSON ends, if there was one.
    """
    try:
        end = len(body) if length is None else int(length)
        outputs = msgspec.json.decode(body[:end], type=_Answer).outputs
        return _tensors(outputs, body[end:])
    except (ValueError, KeyError, TypeError, OverflowError) as error:
        raise NotReady(f"its answer is not of KServe v2: {error}") from error


def datatype(tensor: Tensor) -> str:
    """Return the protocol's word for a tensor's type."""
    return next(name for name, kind in TYPES.items() if tensor.dtype == kind)


def shaped(raw: bytes, kind: str, shape: Sequence[int]) -> Tensor:
    """Return bytes as a tensor; raises ``ValueError`` or ``KeyError`` where they do not fit."""
    tensor = np.frombuffer(raw, np.dtype(TYPES[kind]).newbyteorder("<"))
    return tensor.reshape(tuple(shape))


def _described(name: str, tensor: Tensor, *, binary: bool) -> dict[str, object]:
    words: dict[str, object] = {
        "name": name,
        "shape": list(tensor.shape),
        "datatype": datatype(tensor),
    }
    if binary:
        return {**words, "parameters": {"binary_data_size": tensor.nbytes}}
    return {**words, "data": tensor.ravel().tolist()}


def _tensors(outputs: Sequence[_Output], rest: bytes) -> dict[str, Tensor]:
    found, at = {}, 0
    for each in outputs:
        size = each.parameters.get("binary_data_size")
        if isinstance(size, int):
            if not 0 <= size <= len(rest) - at:
                raise ValueError(f"output {each.name!r} is cut short")
            found[each.name] = shaped(rest[at : at + size], each.datatype, each.shape)
            at += size
        else:
            found[each.name] = _listed(each)
    return found


def _listed(output: _Output) -> Tensor:
    """Return numbers that stand in the JSON, nested or not."""
    numbers = np.array(output.data, TYPES[output.datatype])
    if numbers.size != prod(output.shape):
        raise ValueError(f"output {output.name!r} has {numbers.size} numbers, not {output.shape}")
    return numbers.reshape(output.shape)
