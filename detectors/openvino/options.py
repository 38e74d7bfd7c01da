"""What a user may say about the detector, and what the worker is told after it."""

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import voluptuous as vol
from msgspec import Struct

from detectors.heads.wishes import finds as of_own
from hub.api import ModelInput, schema

_OF_ONE: Mapping[str, Sequence[str]] = {
    **dict.fromkeys(("yunet", "face_retail_0004", "ultraface_320"), ("face",)),
    **dict.fromkeys(("lwpd_192", "pedestrian_adas_0002"), ("person",)),
    **dict.fromkeys(("person_reid_0277", "person_reid_0287", "person_reid_0288"), ()),
}
"""What models of the catalogue find that do not know COCO; a test compares them."""
_DEVICE = re.compile(r"AUTO|CPU|NPU|GPU(\.\d+)?")


class Load(Struct, frozen=True, kw_only=True):
    """All the worker needs: a file that is there, and how to use it.

    ``width`` and ``height`` are in pixels, 0 for the model's own; ``file`` is an absolute path.
    ``head`` may be ``auto``, and ``input`` is none for what such a network usually sees, of which
    ``wishes`` change parts. ``labels`` are ``assumed`` when nobody named any.
    """

    model: str
    file: str
    head: str
    labels: tuple[str, ...]
    assumed: bool = False
    input: ModelInput | None = None
    wishes: Mapping[str, object] = {}
    width: int = 0
    height: int = 0
    device: str = "AUTO"
    precision: str = "auto"
    hint: str = "latency"
    threads: int = 0
    min_score: float = 0.1
    iou: float = 0.45


def device(value: object) -> str:
    """Accept the name of a device, in any case; returns it in capitals."""
    word = schema.text(value).upper()
    if _DEVICE.fullmatch(word):
        return word
    raise vol.Invalid(f"expected one of AUTO, CPU, GPU, GPU.1, NPU, got {schema.describe(value)}")


schema.shaped(device, {"type": "string", "title": "`AUTO`, `CPU`, `GPU`, `GPU.1`, `NPU`"})


def finds(options: Mapping[str, Any]) -> Sequence[str] | None:
    """Return what cameras may ask a detector of these options for; none means COCO's names."""
    model = options.get("model", "")
    return _OF_ONE[model] if model in _OF_ONE else of_own(options)


def is_file(model: str) -> bool:
    """Say whether a model is given as a path, rather than as a name of the catalogue."""
    return "/" in model or Path(model).suffix in {".onnx", ".xml", ".tflite"}
