"""Automations in YAML: Home Assistant's language over the hub's events, states and actions."""

from collections.abc import Iterable

from hub.api import Component, Condition, Trigger, hookimpl

HUB_API = 1


@hookimpl
def hub_components() -> Iterable[type[Component]]:
    from automations.service import Automations

    return (Automations,)


@hookimpl
def hub_automations() -> Iterable[type[Trigger] | type[Condition]]:
    from automations.conditions import CONDITIONS
    from automations.triggers import TRIGGERS

    return (*TRIGGERS, *CONDITIONS)


@hookimpl
def hub_commands() -> Iterable[object]:
    from automations.fetching import blueprint

    return (blueprint,)
