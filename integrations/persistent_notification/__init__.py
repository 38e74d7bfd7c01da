"""Notes on the hub's page that stay until somebody dismisses them, also over a restart."""

from collections.abc import Iterable

from hub.api import Component, hookimpl
from integrations.persistent_notification.service import Notes


@hookimpl
def hub_components() -> Iterable[type[Component]]:
    return (Notes,)
