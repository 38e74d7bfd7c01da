"""A camera and a notifier for Watchpost, as somebody else would write them."""

from collections.abc import Iterable

from hub.api import Component, hookimpl
from watchpost_tiny.camera import TinyCamera
from watchpost_tiny.notifier import TinyNotifier

HUB_API = 1


@hookimpl
def hub_components() -> Iterable[type[Component]]:
    return (TinyCamera, TinyNotifier)
