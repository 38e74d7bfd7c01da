"""Objects found by neural networks, with OpenVINO, on the processor or a graphics unit."""

from collections.abc import Iterable

from hub.api import Component, hookimpl


@hookimpl
def hub_components() -> Iterable[type[Component]]:
    from detectors.openvino.detector import OpenVino

    return (OpenVino,)
