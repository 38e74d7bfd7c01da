"""The hub's web server: the first page, and the API that it and others use."""

from collections.abc import Iterable

from hub.api import Component, hookimpl
from web.service import WebService


@hookimpl
def hub_components() -> Iterable[type[Component]]:
    return (WebService,)
