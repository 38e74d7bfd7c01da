"""The models Watchpost can fetch: what they are, where they come from, and that they are right."""

from collections.abc import Iterable

from hub.api import Component, hookimpl


@hookimpl
def hub_components() -> Iterable[type[Component]]:
    from detectors.catalogue.service import Models

    return (Models,)


@hookimpl
def hub_commands() -> Iterable[object]:
    from detectors.catalogue.commands import models

    return (models,)
