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
    schema.optional("latitude", "Where home is, degrees north, for the sun."): schema.number(
        -90, 90
    ),
    schema.optional("longitude", "Where home is, degrees east."): schema.number(-180, 180),
    schema.optional("elevation", "How high above the sea, in metres.", 0): schema.number(
        -450, 9000
    ),
    schema.optional(
        "data", "Folder for the database and media, relative to the configuration.", "data"
    ): schema.text,
    schema.optional("packages", "Sections of other files by name, put together with these."): dict,
    schema.optional("log_level", "How much is logged.", "info"): schema.choice(
        "debug", "info", "warning", "error"
    ),
}

_FLAT: Final = 0.0005  # of the picture; corners this close to a line tell no depth
_ANCHORS: Final = ("foot", "centre", "top", "left", "right")

FILTER: Final[schema.Schema] = {
    schema.optional("min_score", "Least confidence that counts.", 0): schema.number(0, 1),
    schema.optional("min_area", "Smallest, as a part of the picture.", 0): schema.number(0, 1),
    schema.optional("max_area", "Largest, as a part of the picture.", 1): schema.number(0, 1),
    schema.optional("min_ratio", "Least width over height.", 0): schema.number(0),
    schema.optional("max_ratio", "Most width over height."): schema.number(0),
    schema.optional("mask", "Polygons in which it does not count.", []): masks,
}


def filters(value: object) -> dict[str, dict[str, object]]:
    """Accept filters by object."""
    found: dict[str, dict[str, object]] = vol.Schema({schema.text: dict(FILTER)})(value)
    return found


def tiles(value: object) -> list[int]:
    """Accept ``[columns, rows]``."""
    if not isinstance(value, list) or len(value) != 2:  # noqa: PLR2004 - columns and rows
        raise vol.Invalid(f"expected [columns, rows], got {schema.describe(value)}")
    return [schema.whole(1, 8)(each) for each in value]


schema.shaped(filters, {"type": "object"})
schema.shaped(tiles, {"type": "array", "title": "columns and rows"})

DETECT: Final[schema.Schema] = {
    schema.optional("enabled", "Whether objects are looked for.", default=True): schema.flag,
    schema.optional("fps", "Frames looked at per second.", 5): schema.number(1, 30),
    schema.optional("objects", "What to look for, by COCO name.", ["person"]): schema.each(
        schema.text
    ),
    schema.optional("min_score", "Least confidence that counts.", 0.5): schema.number(0, 1),
    schema.optional("detector", "Which detector looks, by name or platform."): schema.text,
    schema.optional(
        "first",
        "A cheap detector that may follow what the other has found, which saves inferences.",
    ): schema.text,
    schema.optional(
        "appearance",
        "A detector that tells persons apart when they cross, such as one whose model is"
        " person_reid_0287.",
    ): schema.text,
    schema.optional(
        "regions",
        "What a detector gets: parts where something moves, all, or all in tiles.",
        "auto",
    ): schema.choice("auto", "whole", "tiles"),
    schema.optional("tiles", "Columns and rows when in tiles, such as [3, 2].", [2, 2]): tiles,
    schema.optional("interest", "Polygon outside of which nothing is looked for."): schema.polygon,
    schema.optional("filters", "What an object must be like to count, by object."): filters,
    schema.optional(
        "stationary_after", "Time without moving after which an object is parked.", "10s"
    ): schema.seconds,
    schema.optional("hwaccel", "Hardware that decodes; software if there is none.", "auto"): (
        schema.choice("auto", "none", "vaapi", "qsv", "cuda")
    ),
    schema.optional(
        "idle",
        "Decode key frames only while nothing happens: cheap, but up to seconds late.",
        "all",
    ): schema.choice("all", "keyframes"),
}

MOTION: Final[schema.Schema] = {
    schema.optional("sensitivity", "How little movement counts.", "normal"): schema.choice(
        "low", "normal", "high"
    ),
    schema.optional(
        "threshold", "Change of grey level that counts, of 255; by sensitivity if absent."
    ): schema.whole(1, 255),
    schema.optional(
        "area", "Smallest moving part, of the whole picture; by sensitivity if absent."
    ): schema.number(0, 1),
    schema.optional("settle", "Stillness after which motion has ended.", "3s"): schema.seconds,
    schema.optional("mask", "Polygons that are not looked at.", []): masks,
}

CROWD: Final[schema.Schema] = {
    schema.required("count", "How many."): schema.whole(2),
    schema.optional("for", "For how long.", "10s"): schema.seconds,
}


def path(value: object) -> list[list[float]]:
    """Accept two or more different points."""
    points: list[list[float]] = vol.Schema([schema.point])(value)
    if len({tuple(each) for each in points}) < 2:  # noqa: PLR2004 - a line has two ends
        raise vol.Invalid(f"a line needs at least two different points, got {len(points)}")
    return points


def corners(value: object) -> list[list[float]]:
    """Accept four points that are the corners of a surface."""
    points = schema.polygon(value)
    if len(points) != 4:  # noqa: PLR2004 - a rectangle
        raise vol.Invalid(f"expected four corners, got {len(points)}")
    turns = [_turn(*(points[(at + step) % 4] for step in range(3))) for at in range(4)]
    if min(turns) <= _FLAT and max(turns) >= -_FLAT:
        words = "the corners are not those of a surface"
        hint = "Name them in order, around it; no three may lie on one line."
        raise vol.Invalid(f"{words}. {hint}")
    return points


def _turn(one: list[float], two: list[float], three: list[float]) -> float:
    """Return twice the area of a triangle, by its sign how one goes around it."""
    return (two[0] - one[0]) * (three[1] - two[1]) - (two[1] - one[1]) * (three[0] - two[0])


def metres(value: object) -> list[float]:
    """Accept ``[width, depth]`` in metres."""
    if not isinstance(value, list) or len(value) != 2:  # noqa: PLR2004 - width and depth
        raise vol.Invalid(f"expected [width, depth] in metres, got {schema.describe(value)}")
    return [float(schema.number(0.01, 10_000)(each)) for each in value]


schema.shaped(path, {"title": "points", "type": "array", "minItems": 2, "items": schema.point})
schema.shaped(corners, {"title": "four points", "type": "array", "items": schema.point})
schema.shaped(metres, {"title": "metres", "type": "array"})

ZONE: Final[schema.Schema] = {
    schema.required("polygon", "Corners as [x, y], fractions of the picture."): schema.polygon,
    schema.optional("objects", "Objects that count here; all of the camera's if absent."): (
        schema.each(schema.text)
    ),
    schema.optional("enter_after", "Time in it until an object is in.", "0.4s"): schema.seconds,
    schema.optional("leave_after", "Time out of it until an object is out.", "2s"): schema.seconds,
    schema.optional("anchor", "The point of an object that counts.", "foot"): schema.choice(
        *_ANCHORS
    ),
    schema.optional("loiter_after", "Time in it after which an object loiters."): schema.seconds,
    schema.optional("crowd", "How many together, and for how long, are a crowd."): CROWD,
    schema.optional("min_score", "Least confidence that counts here.", 0): schema.number(0, 1),
    schema.optional("min_area", "Smallest object, of the picture.", 0): schema.number(0, 1),
    schema.optional("max_area", "Largest object, of the picture.", 1): schema.number(0, 1),
    schema.optional(
        "priority", "Where zones overlap, an object is only in those of the highest.", 0
    ): schema.whole(-100, 100),
}

LINE: Final[schema.Schema] = {
    schema.required("points", "Two or more [x, y]; from left to right of it is in."): path,
    schema.optional("objects", "Objects that count here; all of the camera's if absent."): (
        schema.each(schema.text)
    ),
    schema.optional("anchor", "The point of an object that counts.", "foot"): schema.choice(
        *_ANCHORS
    ),
    schema.optional("min_score", "Least confidence that counts here.", 0): schema.number(0, 1),
}

GROUND: Final[schema.Schema] = {
    schema.required(
        "points", "Four corners, in order, of a rectangle on the ground, as the picture shows it."
    ): corners,
    schema.required("size", "Its [width, depth] in metres: first to second, second to third."): (
        metres
    ),
}

REVIEW_RULE: Final[schema.Schema] = {
    schema.optional("objects", "Which objects; any if absent.", []): schema.each(schema.text),
    schema.optional("zones", "In which zones; anywhere if absent.", []): schema.each(schema.text),
}

REVIEW: Final[schema.Schema] = {
    schema.optional("enabled", "Whether review items are made.", default=True): schema.flag,
    schema.optional(
        "alerts", "What is an alert: one rule or a list.", [{"objects": ["person", "car"]}]
    ): schema.each(dict(REVIEW_RULE)),
    schema.optional("detections", "What is a detection: one rule or a list.", [{}]): schema.each(
        dict(REVIEW_RULE)
    ),
    schema.optional("before", "Padding before the first.", "5s"): schema.seconds,
    schema.optional("after", "Quiet after which it is over.", "10s"): schema.seconds,
}


def between(value: object) -> list[float]:
    """Accept ``[least, most]``, two scores."""
    if not isinstance(value, list) or len(value) != 2:  # noqa: PLR2004 - least and most
        raise vol.Invalid(f"expected [least, most], got {schema.describe(value)}")
    low, high = (float(schema.number(0, 1)(each)) for each in value)
    if low > high:
        raise vol.Invalid(f"expected [least, most], got {low:g} before {high:g}")
    return [low, high]


schema.shaped(between, {"type": "array", "title": "least and most", "minItems": 2, "maxItems": 2})

CAPTURE_RULE: Final[schema.Schema] = {
    schema.required(
        "when",
        "What is captured: doubtful scores, what another detector sees otherwise, or now and then.",
    ): schema.choice("score", "disagree", "every"),
    schema.optional("between", "For score: the [least, most] it is.", [0.3, 0.6]): between,
    schema.optional("objects", "Which objects; all of the camera's if absent.", []): schema.each(
        schema.text
    ),
    schema.optional("with", "For disagree: the other detector, by name or platform."): schema.text,
    schema.optional("every", "For every: the time between two.", "10m"): schema.seconds,
    schema.optional("pause", "Least time between two of this rule.", "10s"): schema.seconds,
}

CAPTURE: Final[schema.Schema] = {
    schema.optional("keep", "Most that is kept of this camera; the oldest goes.", "1GB"): (
        schema.amount
    ),
    schema.optional("rules", "What is captured: one rule or a list.", []): schema.each(
        dict(CAPTURE_RULE)
    ),
}

PICTURES: Final[schema.Schema] = {
    schema.optional("enabled", "Whether they are stored.", default=True): schema.flag,
    schema.optional("keep", "For how long; the newest 2000 at most.", "30d"): schema.seconds,
}

CAMERA: Final[schema.Schema] = {
    _PLATFORM: schema.text,
    schema.optional("name", "What people call it."): schema.text,
    schema.optional("detect", "What is looked for."): DETECT,
    schema.optional("motion", "How motion is found."): MOTION,
    schema.optional("zones", "Surfaces by name in which objects are counted."): zones,
    schema.optional("lines", "Lines by name at whose crossing objects are counted."): zones,
    schema.optional("ground", "A rectangle on the ground, for speeds."): GROUND,
    schema.optional("review", "What becomes a review item."): REVIEW,
    schema.optional("capture", "Which frames are kept to train detectors with."): CAPTURE,
    schema.optional("pictures", "The best pictures of what was followed."): PICTURES,
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
