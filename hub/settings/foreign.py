"""Keys of Home Assistant's and Frigate's configurations, and what to write here instead."""

from collections.abc import Iterable, Mapping
from typing import Final

from hub.api import did_you_mean
from hub.settings.sections import DETECT, MOTION

_HA: Final = "That is a section of Home Assistant's; there is none like it here."
_FRIGATE: Final = "That is an option of Frigate's; there is none like it here yet."

SECTIONS: Final[Mapping[str, str]] = {
    "camera": "Did you mean 'cameras'? It holds cameras by name.",
    "homeassistant": "Name and time zone are in 'hub:'.",
    "logger": "Write 'log_level' below 'hub:'.",
    "logs": "Write 'log_level' below 'hub:'.",
    "http": "The page's host and port are in 'web:'.",
    "recorder": "The database's address is in 'sql:', and without it is a file.",
    "database": "The database's address is in 'sql:', and without it is a file.",
    "model": "Write 'model' into a detector below 'detectors:'.",
    "objects": "Write 'objects' below a camera's 'detect:'.",
    "detect": "Write 'detect' below a camera.",
    "motion": "Write 'motion' below a camera.",
    "zones": "Write 'zones' below a camera.",
    **dict.fromkeys(
        ("binary_sensor", "default_config", "device_tracker", "frontend", "group", "history",
         "input_boolean", "input_button", "input_datetime", "input_number", "input_select",
         "input_text", "light", "lovelace", "media_player", "person", "rest_command", "scene",
         "script", "sensor", "shell_command", "switch", "template", "timer", "tts", "zone"), _HA,
    ),
    **dict.fromkeys(
        ("audio", "birdseye", "ffmpeg", "go2rtc", "live", "record", "review", "snapshots",
         "timestamp_style", "ui"), _FRIGATE,
    ),
}  # fmt: skip

CAMERA: Final[Mapping[str, str]] = {
    "ffmpeg": "Write 'platform: rtsp' and 'source: rtsp://...' in its place.",
    "stream_source": "Did you mean 'source'?",
    "url": "Did you mean 'source'?",
    "sub": "Write 'streams: {main: ..., sub: ...}' in place of 'source' and 'sub'.",
    "host": "Write the whole address as 'source: rtsp://...'.",
    "type": "Did you mean 'platform'?",
    "polygon": "Write it into a zone, below 'zones:'.",
    "coordinates": "Write 'polygon' into a zone, below 'zones:'.",
    "friendly_name": "Did you mean 'name'?",
    **dict.fromkeys(("audio", "live", "record", "snapshots", "onvif", "mqtt"), _FRIGATE),
    **{str(key): f"Indent it below '{holder}:'." for holder, inner in
       (("motion", MOTION), ("detect", DETECT)) for key in inner},
}  # fmt: skip

INSIDE: Final[Mapping[str, str]] = {
    "coordinates": "Write 'polygon', corners as [x, y] in fractions of the picture.",
    "inertia": "The time until something is in is 'enter_after', such as 0.4s.",
    "loitering_time": "The time until something is in is 'enter_after', such as 5s.",
    "contour_area": "Did you mean 'area'? It is a fraction of the picture.",
    "width": "The size is the stream's own; remove it.",
    "height": "The size is the stream's own; remove it.",
    "track": "Write the list itself after 'objects:'.",
}


def hint(key: str, known: Iterable[str], foreign: Mapping[str, str]) -> str:
    """Return what to write in place of an unknown key."""
    close = did_you_mean(key, known)
    return close if close.startswith("Did") and key not in foreign else foreign.get(key, close)
