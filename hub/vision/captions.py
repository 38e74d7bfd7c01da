"""Events in a few words, for people who look at a list or a picture."""

from typing import Final

from hub.api.vision import VisionEvent

_WORDS: Final = ("object", "zone", "line", "direction", "severity")


def about_what(event: VisionEvent) -> str:
    """Return what an event is about: ``person doorstep 83%``."""
    words = [str(getattr(event, name)) for name in _WORDS if hasattr(event, name)]
    score = getattr(event, "score", None)
    return " ".join([*words, *([f"{score:.0%}"] if score is not None else [])])


def caption(event: VisionEvent) -> str:
    """Return an event as a line of text: ``zone.entered person doorstep 83%``."""
    return f"{event.type} {about_what(event)}".strip()
