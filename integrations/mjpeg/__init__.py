"""Cameras that send JPEG pictures in an endless HTTP answer: older ones, ESP32-CAM, OctoPrint."""

from collections.abc import Iterable

from hub.api import Component, hookimpl
from integrations.mjpeg.camera import MjpegCamera


@hookimpl
def hub_components() -> Iterable[type[Component]]:
    return (MjpegCamera,)
