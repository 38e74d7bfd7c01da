"""Zones, lines and filters that nothing can meet: of objects not looked for, of no size."""

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
            yield from _turned(each, (section, name))
    detect = camera.written.get("detect")
    for label, each in _named(detect.get("filters") if isinstance(detect, Mapping) else None):
        path = ("detect", "filters", label)
        yield from _unsought(camera, label, path, on_key=True)
        yield from _turned(each, path)


def _turned(written: object, path: Path) -> Iterator[Problem]:
    """Yield bounds between which nothing is."""
    if not isinstance(written, Mapping):
        return
    for what in ("area", "ratio"):
        least, most = written.get(f"min_{what}"), written.get(f"max_{what}")
        if isinstance(least, int | float) and isinstance(most, int | float) and least > most:
            words = f"min_{what} {least:g} is more than max_{what} {most:g}, so nothing fits"
            yield Problem(path=(*path, f"min_{what}"), words=words)


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
