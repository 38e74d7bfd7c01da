"""The language as JSON Schema, for completion and hover in editors: what is there, and its names.

Validators stand where their schemas would; whoever asked converts them. It accepts what reading
accepts, as far as JSON Schema can tell; what needs more than one place to tell is left to reading.
"""

import re
from collections.abc import Iterable, Mapping
from typing import Any, Final
from urllib.parse import quote

import voluptuous as vol

from automations.actions.sequence import COMMON, KINDS
from automations.checks.gives import fields
from automations.conditions.tree import LOGIC
from automations.model import Mode
from hub.api import ActionSpec, Described, Event, EventFired, Known, schema

Shape = dict[str, Any]

_TEMPLATE: Final = {"type": "string", "pattern": r"\{[{%#]", "description": "A template."}
_ENTITY: Final = r"^\s*[A-Za-z0-9_]+\.[A-Za-z0-9_]+\s*$"
_TEXT: Final = {"type": "string"}
_ID: Final = {"type": ["string", "integer"], "description": "A name for conditions and traces."}
_ALIAS: Final = {"type": ["string", "integer"], "description": "A name for people."}
_ENABLED: Final = {"anyOf": [{"type": "boolean"}, _TEMPLATE], "description": "Whether it counts."}
_VARIABLES: Final = {"type": "object", "description": "Values by name, with templates in them."}
_FLAG: Final = {"type": "boolean"}


def _ref(name: str) -> Shape:
    return {"$ref": f"#/definitions/{quote(name)}"}


def _several(of: object) -> Shape:
    return {"anyOf": [of, {"type": "array", "items": of}]}


_SPAN: Final = {
    "anyOf": [schema.seconds, _TEMPLATE, {"type": "object"}],
    "description": "A time span: 5, 5s, 00:05:00 or {minutes: 5}.",
}
_TRIGGERS: Final = _several(_ref("trigger"))
_CONDITIONS: Final = _ref("conditions")
_STEPS: Final = _ref("steps")
# Options that name something there is, whoever's trigger or condition has them.
_NAMED: Final = {
    "entity_id": "entities", "camera": "cameras", "zone": "zones", "line": "lines",
    "object": "objects", "objects": "objects", "event_type": "events",
}  # fmt: skip
_OPTION: Final[Shape] = {
    "type": "object",
    "properties": {
        "alias": _ALIAS,
        "condition": _CONDITIONS,
        "conditions": _CONDITIONS,
        "sequence": _STEPS,
    },
    "required": ["sequence"],
    "anyOf": [{"required": ["condition"]}, {"required": ["conditions"]}],
    "additionalProperties": False,
}
_REPEAT: Final[Shape] = {
    "type": "object",
    "properties": {
        "count": {"anyOf": [{"type": "integer", "minimum": 0}, _TEXT]},
        "for_each": {"anyOf": [{"type": "array"}, _TEXT]},
        "while": _CONDITIONS,
        "until": _CONDITIONS,
        "sequence": _STEPS,
    },
    "required": ["sequence"],
    "oneOf": [{"required": [each]} for each in ("count", "for_each", "while", "until")],
    "additionalProperties": False,
}
# What is below the keys of steps; a key that is not here takes anything.
_BELOW: Final[Mapping[str, object]] = {
    "alias": _ALIAS,
    "enabled": _ENABLED,
    "continue_on_error": _FLAG,
    "delay": _SPAN,
    "timeout": _SPAN,
    "continue_on_timeout": _FLAG,
    "wait_template": {"type": ["string", "boolean"], "description": "Wait until this is true."},
    "wait_for_trigger": _TRIGGERS,
    "event": {"type": "string", "description": "Fire an event of your own."},
    "event_data": {"type": ["object", "string"]},
    "repeat": {**_REPEAT, "description": "Do a sequence again."},
    "choose": {**_several(_OPTION), "description": "Do the first whose conditions hold."},
    "default": _STEPS,
    "if": _CONDITIONS,
    "then": _STEPS,
    "else": _STEPS,
    "stop": {"description": "End the run; says why."},
    "error": {"type": ["boolean"], "description": "End it as a failure."},
    "parallel": {**_several(_STEPS), "description": "Do these at the same time."},
    "sequence": _STEPS,
    "variables": _VARIABLES,
    "response_variable": {"type": "string", "description": "Keep what it answers under this name."},
    "target": {
        "type": "object",
        "properties": {"entity_id": _ref("entities")},
        "additionalProperties": False,
    },
    "entity_id": _ref("entities"),
    "data": {"anyOf": [{"type": "object"}, _TEMPLATE, {"type": "null"}]},
    "data_template": {"type": ["object", "string", "null"]},
}
_OWN: Final[Mapping[str, object]] = {
    "id": _ID,
    "alias": _ALIAS,
    "description": {"type": ["string", "integer", "null"]},
    "mode": {
        "enum": [each.value for each in Mode],
        "description": "What happens when it is triggered while it runs.",
        "default": "single",
    },
    "max": {"type": "integer", "minimum": 1, "description": "The most runs at a time."},
    "variables": _VARIABLES,
    "enabled": _ENABLED,
    "initial_state": {"type": "boolean", "description": "Whether it is on when the hub starts."},
    "trigger": _TRIGGERS,
    "triggers": {**_TRIGGERS, "description": "When it runs."},
    "condition": _CONDITIONS,
    "conditions": {**_CONDITIONS, "description": "Whether it runs."},
    "action": _STEPS,
    "actions": {**_STEPS, "description": "What it does."},
}


def shape(known: Known, keys: Iterable[str]) -> Shape:
    """Return the schema of the section; ``keys`` are those of an automation.

    Names of entities, cameras and the like are those of ``known``; where it has none, any will do.
    """
    one = _ref("automation")
    return {
        "anyOf": [{"type": "array", "items": one}, one, {"type": "null"}],
        "definitions": {
            **_names(known),
            "automation": _automation(keys),
            "trigger": {"anyOf": [*_triggers(known)] or [{"type": "object"}]},
            "condition": {"anyOf": [*_conditions(known)]},
            "conditions": {
                "anyOf": [_ref("condition"), {"type": "array", "items": _ref("conditions")}]
            },
            **{f"data of {name}": _data(each) for name, each in sorted(known.actions.items())},
            "step": {"anyOf": [*_steps(known)]},
            "steps": {
                "anyOf": [
                    _ref("step"),
                    {"type": "array", "items": _ref("steps")},
                    {"type": "null"},
                ]
            },
        },
    }


def _automation(keys: Iterable[str]) -> Shape:
    return {
        "type": "object",
        "properties": {key: _OWN.get(key, {}) for key in sorted(keys)},
        "additionalProperties": False,
        "allOf": [
            {"anyOf": [{"required": [each]} for each in (word, f"{word}s", "use_blueprint")]}
            for word in ("trigger", "action")
        ],
    }


def _names(known: Known) -> Shape:
    patterns = sorted(each for each in known.entities if "*" in each or "?" in each)
    plain = sorted(known.entities.difference(patterns))
    entity: list[object] = [{"enum": plain}, *({"pattern": _pattern(each)} for each in patterns)]
    cameras = known.cameras.values()
    found: dict[str, Iterable[str]] = {
        "cameras": known.cameras,
        "zones": {name for each in cameras for name in each.zones},
        "lines": {name for each in cameras for name in each.lines},
        "objects": {name for each in cameras for name in each.objects},
    }
    return {
        "entities": _several(
            {"anyOf": [*(entity if known.entities else [{"pattern": _ENTITY}]), _list(), _TEMPLATE]}
        ),
        "events": _several({"anyOf": [{"enum": sorted(known.events)}, _TEXT]}),
        **{
            key: _several({"enum": sorted(names)} if names else _TEXT)
            for key, names in found.items()
        },
    }


def _pattern(glob: str) -> str:
    """Return a glob as the expression that editors understand."""
    parts = (".*" if each == "*" else "." if each == "?" else re.escape(each) for each in glob)
    return f"^{''.join(parts)}$"


def _list() -> Shape:
    """Return the shape of several entities in one text."""
    return {"type": "string", "pattern": r"^[^{]+\.[^{]+,[^{]+\.[^{]+$"}


def _options(kind: type[Described]) -> tuple[Shape, list[str]]:
    """Return a kind's options, and those that it needs."""
    properties: Shape = {}
    for key, value in kind.SCHEMA.items():
        name = str(key)
        said: object = _ref(_NAMED[name]) if name in _NAMED else value
        properties[name] = {"allOf": [said], "description": str(key.description or "")}
    return properties, [str(key) for key in kind.SCHEMA if isinstance(key, vol.Required)]


def _triggers(known: Known) -> Iterable[Shape]:
    for name, kind in sorted(known.triggers.items()):
        properties, required = _options(kind)
        common = {"id": _ID, "alias": _ALIAS, "enabled": _ENABLED, "variables": _VARIABLES}
        named = {"const": name, "description": _summary(kind)}
        found = _closed({**properties, **common, "trigger": named, "platform": named}, required)
        found["anyOf"] = [{"required": ["trigger"]}, {"required": ["platform"]}]
        if name == "event":
            heard = [_heard(word, each) for word, each in sorted(known.events.items())]
            found["allOf"] = heard or [{}]
        yield found


def _heard(name: str, kind: type[Event]) -> Shape:
    """Say what the data of an event of the hub's is, where only this one is meant."""
    if issubclass(kind, EventFired):
        return {}
    return {
        "if": {"properties": {"event_type": {"const": name}}, "required": ["event_type"]},
        "then": {
            "properties": {
                "event_type": {"description": _summary(kind)},
                "event_data": {
                    "properties": {key: {} for key in fields(kind)},
                    "propertyNames": {"enum": list(fields(kind))},
                },
            }
        },
    }


def _conditions(known: Known) -> Iterable[Shape]:
    yield {"type": "boolean"}
    yield _TEMPLATE
    yield {"enum": ["true", "false"]}
    common = {"alias": _ALIAS, "enabled": _ENABLED}
    for word in LOGIC:
        yield _closed({**common, word: _CONDITIONS}, [word])
    long = {"condition": {"enum": list(LOGIC)}, "conditions": _CONDITIONS}
    yield _closed({**common, **long}, ["condition", "conditions"])
    yield _closed(
        {**common, "condition": {"anyOf": [_TEMPLATE, {"type": "array", "items": _CONDITIONS}]}},
        ["condition"],
    )
    for name, kind in sorted(known.conditions.items()):
        properties, required = _options(kind)
        named = {"const": name, "description": _summary(kind)}
        yield _closed({**properties, **common, "condition": named}, ["condition", *required])


def _steps(known: Known) -> Iterable[Shape]:
    yield _ref("condition")
    calls = {each for each, (_, keys) in KINDS.items() if "action" in keys}
    named = {
        "anyOf": [{"enum": sorted(known.actions)}, *_others(known), _TEMPLATE],
        "description": "The action to call, as domain.verb.",
    }
    for kind, (_, keys) in KINDS.items():
        below = {key: _BELOW.get(key, {}) for key in sorted({*keys, *COMMON})}
        if kind not in calls:
            yield _closed(below, [kind, "then"] if kind == "if" else [kind])
            continue
        own = {key: each for key, each in below.items() if key not in calls}
        found = _closed({**own, kind: named}, [kind])
        if known.actions:
            found["allOf"] = [_called(kind, each) for _, each in sorted(known.actions.items())]
        yield found


def _others(known: Known) -> list[object]:
    """Allow actions of sections that are not known without a configuration."""
    return [] if known.folder is not None else [{"type": "string", "pattern": _ENTITY}]


def _called(key: str, spec: ActionSpec) -> Shape:
    """Say what the data is where this action is called."""
    return {
        "if": {"properties": {key: {"const": spec.name}}, "required": [key]},
        "then": {
            "properties": {
                key: {"description": spec.description},
                "data": {"anyOf": [_ref(f"data of {spec.name}"), _TEMPLATE, {"type": "null"}]},
            },
        },
    }


def _data(spec: ActionSpec) -> Shape:
    """Return what an action takes."""
    properties = {
        str(marker): {
            "anyOf": [
                _ref(_NAMED[str(marker)]) if str(marker) in {"camera", "entity_id"} else value,
                _TEMPLATE,
            ],
            "description": str(getattr(marker, "description", "") or ""),
        }
        for marker, value in spec.schema.items()
    }
    # What the target says need not be said again; an action without options takes what it likes.
    marked = any(isinstance(each, vol.Marker) for each in spec.schema) or not spec.schema
    needed = [
        str(each)
        for each in spec.schema
        if isinstance(each, vol.Required) and str(each) != "entity_id"
    ]
    data: Shape = {"type": "object", "properties": properties, "required": needed}
    data["additionalProperties"] = not marked
    return data


def _closed(properties: Shape, required: list[str]) -> Shape:
    return {
        "type": "object",
        "properties": properties,
        "required": required,
        "additionalProperties": False,
    }


def _summary(kind: type) -> str:
    return " ".join((kind.__doc__ or "").strip().split("\n\n", maxsplit=1)[0].split())
