"""Cameras in a USB port, through Video4Linux."""

from collections.abc import Iterable

from hub.api import Component, hookimpl
from integrations.usb.camera import UsbCamera


@hookimpl
def hub_components() -> Iterable[type[Component]]:
    return (UsbCamera,)
