"""Zones, lines and filters that are for an object the camera does not look for."""

from collections.abc import Iterator, Mapping

from hub.api import Path, Problem, did_you_mean
from hub.settings.cameras import CameraPart, texts


def problems(camera: CameraPart) -> Iterator[Problem]:
    """Yield what is counted or filtered and can never be seen."""
    for section in ("zones", "lines"):
        for name, each in _named(camera.written.get(section)):
            objects = each.get("objects") if isinstance(each, Mapping) else None
            for index, label in texts(objects):
                yield from _unsought(camera, label, (section, name, "objects", index))
    detect = camera.written.get("detect")
    for label, _ in _named(detect.get("filters") if isinstance(detect, Mapping) else None):
        yield from _unsought(camera, label, ("detect", "filters", label), on_key=True)


def _named(value: object) -> list[tuple[str, object]]:
    if not isinstance(value, Mapping):
        return []
    return sorted((name, each) for name, each in value.items() if isinstance(name, str))


def _unsought(
    camera: CameraPart, label: str, path: Path, *, on_key: bool = False
) -> Iterator[Problem]:
    if label not in camera.objects:
        words = f"camera '{camera.name}' does not look for '{label}'"
        hint = did_you_mean(label, camera.objects)
        yield Problem(path=path, words=words, hint=hint, on_key=on_key)
