"""Whether the names in an automation are those of something that exists."""

from collections.abc import Iterable, Sequence
from fnmatch import fnmatchcase

from hub.api import Known, Options, Path, Problem, did_you_mean


def entities(known: Known, key: str, values: Sequence[str]) -> Iterable[Problem]:
    """Look for entities that nothing makes; ``key`` is the option they are in."""
    for at, value in enumerate(values):
        if problem := entity(known, (key, at), value):
            yield problem


def entity(known: Known, path: Path, name: str) -> Problem | None:
    """Look for one entity."""
    if name in known.entities:
        return None
    patterns = [each for each in known.entities if "*" in each or "?" in each]
    if any(fnmatchcase(name, pattern) for pattern in patterns):
        return None
    plain = known.entities.difference(patterns)
    alike = [each for each in plain if each.partition(".")[0] == name.partition(".")[0]]
    hint = did_you_mean(name, alike) or did_you_mean(name, plain)
    return Problem(path=path, words=f"there is no entity '{name}'", hint=hint)


def offered(known: Known, name: str) -> str:
    """Return who would offer something that is not there, because its plugin is not used yet."""
    plugin = name.partition(".")[0]
    if plugin not in known.plugins or plugin in known.loaded:
        return ""
    return f"The plugin {plugin} offers it once configuration.yaml has a section '{plugin}'."


def cameras(known: Known, path: Path, value: object) -> Iterable[Problem]:
    """Look for a camera, or several."""
    several = isinstance(value, list) and len(value) > 1
    for at, name in enumerate(value if isinstance(value, list) else [value]):
        if name not in known.cameras:
            yield _no_camera(known, (*path, at) if several else path, str(name))


def place(known: Known, options: Options) -> Iterable[Problem]:
    """Look for the cameras, zones and objects in a trigger's or condition's options."""
    cameras = options.get("camera", ())
    for at, name in enumerate(cameras):
        if name not in known.cameras:
            yield _no_camera(known, ("camera", at), name)
    there = [known.cameras[name] for name in cameras or known.cameras if name in known.cameras]
    if not there:
        return
    zones = {name for camera in there for name in camera.zones}
    owner = f"the camera '{cameras[0]}' has" if len(cameras) == 1 else "there is"
    yield from _among(options, "zone", zones, f"{owner} no zone '%s'")
    lines = {name for camera in there for name in camera.lines}
    yield from _among(options, "line", lines, f"{owner} no line '%s'")
    objects = {name for camera in there for name in camera.objects}
    for key in ("object", "objects"):
        yield from _among(options, key, objects, "'%s' is not among the objects looked for")


def _no_camera(known: Known, path: Path, name: str) -> Problem:
    hint = did_you_mean(name.removeprefix("camera."), known.cameras)
    return Problem(path=path, words=f"there is no camera '{name}'", hint=hint)


def _among(options: Options, key: str, known: set[str], words: str) -> Iterable[Problem]:
    for at, name in enumerate(options.get(key, ())):
        if name not in known:
            yield _unknown(key, at, words % name, did_you_mean(name, known))


def _unknown(key: str, at: int, words: str, hint: str) -> Problem:
    return Problem(path=(key, at), words=words, hint=hint)


def event(known: Known, path: Path, name: str) -> Problem | None:
    """Look for an event whose name looks like one of the hub's; others are the user's own."""
    domain, dot, _ = name.partition(".")
    if name in known.events or not dot:
        return None
    hint = did_you_mean(name, known.events)
    if not hint.startswith("Did"):
        alike = [each for each in known.events if each.startswith(f"{domain}.")]
        if not alike:
            return None
        hint = did_you_mean(name, alike)
    return Problem(path=path, words=f"there is no event '{name}'", hint=hint)
