"""What the API tells about the hub, as plain values: the first look, and its health."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from importlib.metadata import version
from math import isfinite
from typing import Final

from hub.api import Context, Event, State, StateChanged

# States change several times for every event a person cares about; the page gets them
# from ``states``, so its list leaves them out.
_NOISE: Final = StateChanged.type

# What the attributes of a detector's figure say of the entity, not of the detector.
_ABOUT: Final = {"friendly_name", "detector", "figure"}

VERSION: Final = version("watchpost")


def overview(context: Context, started: datetime) -> dict[str, object]:
    """Return all that a page needs to draw itself, except the events."""
    states = context.states.all()
    return {
        "version": VERSION,
        "started": started,
        "now": context.clock.now(),
        "time_zone": str(context.zone),
        "cameras": [_camera(context, name) for name in context.known.cameras],
        "automations": _entities(states, "automation"),
        "notifications": _entities(states, "persistent_notification"),
        "states": dict(states),
        "actions": sorted(context.actions.known()),
    }


def health(context: Context, started: datetime) -> dict[str, object]:
    """Return what a monitor asks: whether the hub runs, and which cameras give pictures."""
    cameras = {name: _is_online(context, name) for name in context.known.cameras}
    return {
        "status": "ok" if all(cameras.values()) else "degraded",
        "version": VERSION,
        "uptime": round((context.clock.now() - started).total_seconds(), 3),
        "cameras": {name: "online" if up else "offline" for name, up in cameras.items()},
    }


def detectors(states: Mapping[str, State]) -> list[dict[str, object]]:
    """Return what each detector spends; nothing of one that does not look now."""
    found: dict[str, dict[str, object]] = {}
    for state in states.values():
        name, figure = state.attributes.get("detector"), state.attributes.get("figure")
        if not (isinstance(name, str) and isinstance(figure, str)) or _is_nothing(state):
            continue
        facts = {key: each for key, each in state.attributes.items() if key not in _ABOUT}
        found.setdefault(name, {"name": name})[figure] = {"value": float(state.state), **facts}
    return [found[name] for name in sorted(found)]


def wanted_types(known: Mapping[str, type[Event]], asked: Sequence[str]) -> Iterable[str]:
    """Return the event types to fetch: those asked for, else all but changes of states."""
    return asked or sorted(set(known) - {_NOISE})


def _is_nothing(state: State) -> bool:
    try:
        return not isfinite(float(state.state))
    except ValueError:
        return True  # unavailable


def _is_online(context: Context, camera: str) -> bool:
    state = context.states.get(f"camera.{camera}")
    return state is not None and state.state == "online"


def _entities(states: Mapping[str, State], kind: str) -> list[State]:
    return [each for entity, each in states.items() if entity.partition(".")[0] == kind]


def _camera(context: Context, name: str) -> dict[str, object]:
    known = context.known.cameras[name]
    state = context.states.get(f"camera.{name}")
    attributes = state.attributes if state else {}
    return {
        "name": name,
        "title": str(attributes.get("friendly_name") or name),
        "state": state.state if state else "unknown",
        "reason": str(attributes.get("reason") or ""),
        "width": attributes.get("width"),
        "height": attributes.get("height"),
        "zones": sorted(known.zones),
        "objects": sorted(known.objects),
    }
