"""Whether what a camera's rules for review and capture name is there."""

from collections.abc import Iterator, Mapping
from typing import Final

from hub.api import Path, Problem, did_you_mean
from hub.settings.cameras import CameraPart, texts

_LISTS: Final = ("alerts", "detections")


def problems(camera: CameraPart) -> Iterator[Problem]:
    """Yield rules that name a zone or an object the camera does not have; paths are its own."""
    yield from _captures(camera)
    review = camera.written.get("review")
    for key in _LISTS if isinstance(review, Mapping) else ():
        written = review.get(key) if isinstance(review, Mapping) else None
        rules = written if isinstance(written, list) else [written]
        for index, rule in enumerate(rules):
            if isinstance(rule, Mapping):
                place = (key, index) if isinstance(written, list) else (key,)
                yield from _rule(camera, rule, ("review", *place))


def _captures(camera: CameraPart) -> Iterator[Problem]:
    capture = camera.written.get("capture")
    written = capture.get("rules") if isinstance(capture, Mapping) else None
    rules = written if isinstance(written, list) else [written]
    for index, rule in enumerate(rules):
        place = (index,) if isinstance(written, list) else ()
        if not isinstance(rule, Mapping):
            continue
        yield from _rule(camera, {"objects": rule.get("objects")}, ("capture", "rules", *place))
        if rule.get("when") == "disagree" and "with" not in rule:
            words = "'disagree' needs 'with': the other detector's name"
            yield Problem(path=("capture", "rules", *place), words=words)


def _rule(camera: CameraPart, rule: Mapping[str, object], path: Path) -> Iterator[Problem]:
    for key, known, words in (
        ("objects", camera.objects, f"camera '{camera.name}' does not look for"),
        ("zones", camera.declared, f"camera '{camera.name}' has no zone"),
    ):
        written = rule.get(key)
        for index, each in texts(written):
            if each not in known:
                at = (key, index) if isinstance(written, list) else (key,)
                hint = did_you_mean(each, known)
                yield Problem(path=(*path, *at), words=f"{words} '{each}'", hint=hint)
