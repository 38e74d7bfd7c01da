"""Sunrise and sunset at home: an entity, a trigger and a condition."""

from collections.abc import Iterable

from hub.api import Component, Condition, Trigger, hookimpl
from integrations.sun.language import SunCondition, SunTrigger
from integrations.sun.service import Sun


@hookimpl
def hub_components() -> Iterable[type[Component]]:
    return (Sun,)


@hookimpl
def hub_automations() -> Iterable[type[Trigger] | type[Condition]]:
    return (SunTrigger, SunCondition)
