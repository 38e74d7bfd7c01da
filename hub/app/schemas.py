"""The JSON Schema of a configuration, for editors: with the names of one, or of none."""

from collections.abc import Mapping
from typing import Any, Final

from hub.api import Known
from hub.app.catalogue import Catalogue, configuration
from hub.settings.json_schema import Json, spelled

# What language servers for YAML understand best.
DIALECT: Final = "http://json-schema.org/draft-07/schema#"
_INCLUDED: Final = {
    "type": "string",
    "pattern": r"^[^\s:]+$",
    "description": "A file or folder after !include or one of its relatives.",
}


def general(found: Catalogue) -> Known:
    """Return what is known without a configuration: what the installed plugins offer."""
    return Known(
        actions={name: each for name, each in found.actions.items() if "NAME" not in name},
        events=found.events,
        triggers=found.triggers,
        conditions=found.conditions,
    )


def whole(found: Catalogue, known: Known) -> Json:
    """Return the schema of ``configuration.yaml``; any section may be a file of its own."""
    schema = configuration(found)
    definitions: Json = {}
    sections = schema["properties"]
    for key in list(sections):
        own = _shape(found, known, key)
        definitions.update(own.pop("definitions", {}))
        plain = {**sections[key], **own}
        sections[key] = {
            "description": plain.pop("description", ""),
            "anyOf": [plain, _INCLUDED],
        }
        if key in found.services and found.services[key].LIST:
            schema["patternProperties"][f"^{key} ."] = sections[key]
    return {**schema, "$schema": DIALECT, "definitions": definitions}


def section(found: Catalogue, known: Known, key: str) -> Json:
    """Return the schema of a file that holds one section alone."""
    schema = whole(found, known)
    part: Json = schema["properties"][key]
    return {
        "$schema": DIALECT,
        "title": f"Watchpost's section '{key}'",
        **part,
        "definitions": schema["definitions"],
    }


def _shape(found: Catalogue, known: Known, key: str) -> dict[str, Any]:
    service = found.services.get(key)
    said: Mapping[str, object] = service.shape(known) if service is not None else {}
    return dict(spelled(said))
