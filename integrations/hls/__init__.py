"""Cameras and servers that give their stream as an HLS playlist."""

from collections.abc import Iterable

from hub.api import Component, hookimpl
from integrations.hls.camera import HlsCamera


@hookimpl
def hub_components() -> Iterable[type[Component]]:
    return (HlsCamera,)
