"""Recordings as cameras: played as if live, or as fast as they can be read."""

from collections.abc import Iterable

from hub.api import Component, hookimpl
from integrations.file.camera import FileCamera


@hookimpl
def hub_components() -> Iterable[type[Component]]:
    return (FileCamera,)
