"""Cameras that speak RTSP: nearly every network camera there is."""

from collections.abc import Iterable

from hub.api import Component, hookimpl
from integrations.rtsp.camera import RtspCamera


@hookimpl
def hub_components() -> Iterable[type[Component]]:
    return (RtspCamera,)
