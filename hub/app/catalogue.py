"""Everything that can be written in a configuration, gathered from what is installed."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

import msgspec
import voluptuous as vol

from hub.api import ActionSpec, Camera, Component, Detector, Event, Notifier, Service
from hub.api.known import Described
from hub.api.schema import Schema
from hub.app.actions import SPECS
from hub.plugins import Registry
from hub.settings import notify_action
from hub.settings.json_schema import Json, json_schema
from hub.settings.sections import (
    CAMERA,
    CAPTURE,
    CAPTURE_RULE,
    CROWD,
    DETECT,
    FILTER,
    GROUND,
    HUB,
    LINE,
    MOTION,
    PICTURES,
    PLATFORM,
    REVIEW,
    REVIEW_RULE,
    SECTIONS,
    ZONE,
)

_ANYTHING: Final = {"description": "any JSON value"}
# One alone may be written without a list around it.
_LIST: Final = {"anyOf": [{"type": "array", "items": {"type": "object"}}, {"type": "object"}]}
_DIALECT: Final = "https://json-schema.org/draft/2020-12/schema"


@dataclass(frozen=True, slots=True, kw_only=True)
class Catalogue:
    """What there is, each sorted by name."""

    cameras: Mapping[str, type[Component]]
    detectors: Mapping[str, type[Component]]
    notifiers: Mapping[str, type[Component]]
    services: Mapping[str, type[Service]]
    events: Mapping[str, type[Event]]
    triggers: Mapping[str, type[Described]]
    conditions: Mapping[str, type[Described]]
    actions: Mapping[str, ActionSpec]


def catalogue(registry: Registry) -> Catalogue:
    """Import every plugin and gather what it offers; broken ones are left out."""
    offered = [each for name in sorted(registry.names) for each in registry.try_components(name)]
    notifiers = _of(offered, Notifier)
    services = {
        key: each
        for key, each in _of(offered, Service).items()
        if key not in notifiers and issubclass(each, Service)
    }
    return Catalogue(
        cameras=_of(offered, Camera),
        detectors=_of(offered, Detector),
        notifiers=notifiers,
        services=services,
        events=dict(sorted(registry.events().items())),
        triggers=dict(sorted(registry.triggers().items())),
        conditions=dict(sorted(registry.conditions().items())),
        actions=dict(sorted(_actions(services.values()))),
    )


def configuration(found: Catalogue) -> Json:
    """Return the JSON Schema of ``configuration.yaml``."""
    sections: Json = {
        "hub": json_schema(HUB),
        "cameras": _named(_platform(each, camera()) for each in found.cameras.values()),
        "detectors": _named(_platform(each, PLATFORM) for each in found.detectors.values()),
        "notify": _named(_platform(each, PLATFORM) for each in found.notifiers.values()),
    }
    for key, text in SECTIONS.items():
        sections[key]["description"] = text
    labelled: Json = {}
    for key, service in found.services.items():
        sections[key] = {**_LIST} if service.LIST else json_schema(service.SCHEMA)
        sections[key]["description"] = summary(service)
        if service.LIST:
            labelled[f"^{key} ."] = sections[key]
    return {
        "$schema": _DIALECT,
        "title": "Watchpost's configuration",
        "type": "object",
        "properties": sections,
        "patternProperties": labelled,
        "additionalProperties": False,
    }


def events(found: Catalogue) -> Json:
    """Return the JSON Schema of every event."""
    kinds = list(found.events.values())
    _, parts = msgspec.json.schema_components(kinds, schema_hook=lambda _: _ANYTHING)
    return {
        "$schema": _DIALECT,
        "oneOf": [{"$ref": f"#/$defs/{each.__name__}"} for each in kinds],
        "$defs": parts,
    }


def words(found: Catalogue) -> Json:
    """Return the JSON Schema of the options of every trigger, condition and action."""
    return {
        "triggers": {name: _described(each) for name, each in found.triggers.items()},
        "conditions": {name: _described(each) for name, each in found.conditions.items()},
        "actions": {
            name: {**json_schema(each.schema), "description": each.description}
            for name, each in found.actions.items()
        },
    }


def camera() -> Schema:
    """Return every camera's own options, zones and lines spelled out."""
    named = {"zones": vol.Schema({str: ZONE}), "lines": vol.Schema({str: LINE})}
    return {key: named.get(str(key.schema), each) for key, each in CAMERA.items()}


def hub_schemas() -> Iterator[tuple[str, str, Schema]]:
    """Yield the hub's own sections: YAML path, description, keys."""
    yield "hub", SECTIONS["hub"], HUB
    yield "cameras.NAME", SECTIONS["cameras"], CAMERA
    yield "cameras.NAME.detect", "What is looked for, how often and by whom.", DETECT
    yield "cameras.NAME.detect.filters.OBJECT", "What one object must be like.", FILTER
    yield "cameras.NAME.motion", "How motion is found.", MOTION
    yield "cameras.NAME.zones.NAME", "A surface in which objects are counted.", ZONE
    yield "cameras.NAME.zones.NAME.crowd", "How many together are a crowd.", CROWD
    yield "cameras.NAME.lines.NAME", "A line at whose crossing objects are counted.", LINE
    yield "cameras.NAME.ground", "A rectangle on the ground, for speeds.", GROUND
    yield "cameras.NAME.review", "What becomes a review item, and how it is padded.", REVIEW
    yield "cameras.NAME.review.alerts", "A rule; those of detections are alike.", REVIEW_RULE
    yield "cameras.NAME.capture", "Which frames are kept to train detectors with.", CAPTURE
    yield "cameras.NAME.capture.rules", "A rule.", CAPTURE_RULE
    yield "cameras.NAME.pictures", "The best pictures of what was followed.", PICTURES
    yield "detectors.NAME", SECTIONS["detectors"], PLATFORM
    yield "notify.NAME", SECTIONS["notify"], PLATFORM


def summary(thing: type) -> str:
    """Return the first paragraph of a class's docstring."""
    return " ".join((thing.__doc__ or "").strip().split("\n\n")[0].split())


def _of(offered: Iterable[type[Component]], kind: type[Any]) -> dict[str, type[Any]]:
    return {each.KEY: each for each in sorted(offered, key=_key) if issubclass(each, kind)}


def _described(kind: type[Described]) -> Json:
    return {**json_schema(kind.SCHEMA), "description": summary(kind)}


def _key(component: type[Component]) -> str:
    return component.KEY


def _actions(services: Iterable[type[Service]]) -> Iterator[tuple[str, ActionSpec]]:
    specs = [*SPECS, notify_action("NAME"), *(spec for each in services for spec in each.ACTIONS)]
    return ((each.name, each) for each in specs)


def _named(options: Iterable[Json]) -> Json:
    return {"type": "object", "additionalProperties": {"anyOf": list(options)}}


def _platform(component: type[Component], common: Schema) -> Json:
    both = json_schema({**common, **component.SCHEMA})
    both["properties"]["platform"] = {"const": component.KEY}
    both["description"] = summary(component)
    return both
