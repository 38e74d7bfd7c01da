"""A camera for machines without one: it draws a yard and the people who walk through it."""

from collections.abc import Iterable

from hub.api import Component, hookimpl
from integrations.demo.camera import DemoCamera


@hookimpl
def hub_components() -> Iterable[type[Component]]:
    return (DemoCamera,)
