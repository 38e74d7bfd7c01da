"""OpenVINO without its telemetry.

``import openvino`` reports itself to Google Analytics from a forked process, unless its
package ``openvino_telemetry`` cannot be imported; then a stub of its own takes that place.
"""

import sys
from importlib import import_module
from typing import Any

from hub.api import Rejected

_TELEMETRY = "openvino_telemetry"


def openvino() -> Any:
    """Return the module ``openvino``; nothing is ever sent to anyone."""
    if _TELEMETRY not in sys.modules:
        # None is Python's own way to say that an import has to fail.
        sys.modules[_TELEMETRY] = None  # type: ignore[assignment]
    return import_module("openvino")


def device(model: str, wanted: str, available: list[str]) -> str:
    """Return the device to use of those that are here; raises ``Rejected`` when it is not.

    Left to us, a graphics unit is taken before the processor, which cameras need for decoding.
    OpenVINO's own AUTO loads a model on both, for a faster start that a hub does not need.
    """
    if wanted != "AUTO":
        if any(each == wanted or each.startswith(f"{wanted}.") for each in available):
            return wanted
        raise Rejected(
            f"{model} is to run on {wanted}, and OpenVINO finds only {', '.join(available)} here: "
            "install that device's driver, or let 'device' be AUTO"
        )
    return next((each for each in available if each.startswith("GPU")), "CPU")
