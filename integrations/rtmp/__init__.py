"""Cameras and servers that give their stream over RTMP."""

from collections.abc import Iterable

from hub.api import Component, hookimpl
from integrations.rtmp.camera import RtmpCamera


@hookimpl
def hub_components() -> Iterable[type[Component]]:
    return (RtmpCamera,)
