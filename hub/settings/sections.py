"""The options that are the hub's own: its section, and what every camera has."""

from typing import Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

import voluptuous as vol

from hub.api import did_you_mean, schema

SECTIONS: Final = {
    "hub": "The hub itself: its name, time zone, data folder and log level.",
    "cameras": "Cameras by name. The keys of a camera's platform, below, stand beside these.",
    "detectors": (
        "Detectors by name, with the keys of their platform, below. Any installed platform can "
        "also be used without a section."
    ),
    "notify": (
        "Ways to tell somebody, by name, with the keys of their platform, below. "
        "'phone' is called as notify.phone."
    ),
}
"""The top-level keys that are not a plugin's."""


def time_zone(value: object) -> str:
    """Accept the name of a time zone."""
    name = schema.text(value)
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        hint = did_you_mean(name, available_timezones()) or "Such as 'Europe/Berlin'."
        raise vol.Invalid(f"'{name}' is not a time zone. {hint}") from error
    return name


def zones(value: object) -> object:
    """Take zones as they are: each is checked on its own, so that one can be left out."""
    return value


def masks(value: object) -> list[list[list[float]]]:
    """Accept one polygon, or a list of them; returns a list."""
    points = value if isinstance(value, list) else [value]
    first = points[0] if points else None
    if not isinstance(first, list) or (first and not isinstance(first[0], list)):
        return [schema.polygon(value)] if value != [] else []
    found: list[list[list[float]]] = vol.Schema([schema.polygon])(value)
    return found


_PLATFORM: Final = schema.required("platform", "What kind it is: the name of a plugin.")

schema.shaped(time_zone, {"type": "string", "title": "time zone"})
schema.shaped(zones, {"type": "object"})
schema.shaped(masks, {"anyOf": [schema.polygon, {"type": "array", "items": schema.polygon}]})

HUB: Final[schema.Schema] = {
    schema.optional("name", "What this hub is called.", "Home"): schema.text,
    schema.optional("time_zone", "Such as Europe/Berlin; the machine's own if absent."): time_zone,
    schema.optional(
        "data", "Folder for the database and media, relative to the configuration.", "data"
    ): schema.text,
    schema.optional("log_level", "How much is logged.", "info"): schema.choice(
        "debug", "info", "warning", "error"
    ),
}

DETECT: Final[schema.Schema] = {
    schema.optional("enabled", "Whether objects are looked for.", default=True): schema.flag,
    schema.optional("fps", "Frames looked at per second.", 5): schema.number(1, 30),
    schema.optional("objects", "What to look for, by COCO name.", ["person"]): schema.each(
        schema.text
    ),
    schema.optional("min_score", "Least confidence that counts.", 0.5): schema.number(0, 1),
    schema.optional("detector", "Which detector looks, by name or platform."): schema.text,
}

MOTION: Final[schema.Schema] = {
    schema.optional("threshold", "Change of grey level that counts, of 255.", 20): schema.whole(
        1, 255
    ),
    schema.optional("area", "Smallest moving part, of the whole picture.", 0.0008): schema.number(
        0, 1
    ),
    schema.optional("settle", "Stillness after which motion has ended.", "3s"): schema.seconds,
    schema.optional("mask", "Polygons that are not looked at.", []): masks,
}

ZONE: Final[schema.Schema] = {
    schema.required("polygon", "Corners as [x, y], fractions of the picture."): schema.polygon,
    schema.optional("objects", "Objects that count here; all of the camera's if absent."): (
        schema.each(schema.text)
    ),
    schema.optional("enter_after", "Time in it until an object is in.", "0.4s"): schema.seconds,
    schema.optional("leave_after", "Time out of it until an object is out.", "2s"): schema.seconds,
}

CAMERA: Final[schema.Schema] = {
    _PLATFORM: schema.text,
    schema.optional("name", "What people call it."): schema.text,
    schema.optional("detect", "What is looked for."): DETECT,
    schema.optional("motion", "How motion is found."): MOTION,
    schema.optional("zones", "Surfaces by name in which objects are counted."): zones,
}
"""The keys of every camera; its platform's own stand beside them."""

PLATFORM: Final[schema.Schema] = {_PLATFORM: schema.text}
"""What every camera, detector and notifier begins with."""

MESSAGE: Final[schema.Schema] = {
    schema.required("message", "What to say."): schema.text,
    schema.optional("title", "A line above it."): schema.text,
    schema.optional("image", "Path of a picture to send along."): schema.text,
    schema.optional("data", "Options that only this notifier knows."): dict,
}
"""The data of ``notify.NAME``."""
