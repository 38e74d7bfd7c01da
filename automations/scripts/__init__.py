"""``script``: sequences with a name, which can be called like any action."""

from collections.abc import Iterable

from hub.api import Component, hookimpl


class Offer:
    """What the entry point offers."""

    @hookimpl
    def hub_components(self) -> Iterable[type[Component]]:
        """Return the section's service."""
        from automations.scripts.service import Scripts

        return (Scripts,)


script = Offer()
