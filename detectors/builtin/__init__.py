"""People found without a model file: upright things that move."""

from collections.abc import Iterable

from detectors.builtin.detector import BuiltinDetector
from hub.api import Component, hookimpl


@hookimpl
def hub_components() -> Iterable[type[Component]]:
    return (BuiltinDetector,)
