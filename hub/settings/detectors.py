"""Which detector looks at which camera, and whether it knows what it is asked to find."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from hub.api import Detector, Path, Problem, did_you_mean, entity_word
from hub.settings.cameras import CameraPart, others
from hub.settings.checking import Asked, Checking
from hub.settings.labels import COCO
from hub.settings.model import ComponentSettings
from hub.settings.offers import Unavailable
from hub.settings.parts import Part, named_parts

DEFAULT: Final = "openvino"
FALLBACK: Final = "builtin"
FIGURES: Final = ("inference_ms", "queue_ms", "load", "dropped")
"""What is told of a detector, each as an entity."""
_KIND: Final[type[Detector]] = Detector  # type: ignore[type-abstract]  # to look for, not to make


def entity(detector: str, figure: str) -> str:
    """Return the entity that tells a figure of a detector."""
    return f"sensor.detector_{entity_word(detector)}_{figure}"


@dataclass(slots=True)
class Detectors:
    """The configured detectors, and installed ones that a camera names by platform.

    ``configured`` are those that look where a camera names none; the first one does.
    """

    checking: Checking
    parts: dict[str, Part[Detector]]
    configured: tuple[str, ...]

    def problems(self, camera: CameraPart) -> Iterator[Problem]:
        """Yield what is wrong with a camera's wishes, with paths from the camera on."""
        name = camera.wish("detector")
        labels = self._labels(name or self.chosen(camera))
        if name and not self._have(name):
            labels = labels.union(*(self._labels(each) for each in self.parts))
            yield self._nobody(("detect", "detector"), name)
        elif name and not labels:
            words = f"detector '{name}' finds nothing: it tells things apart"
            hint = "Name it as 'appearance', and another as 'detector'."
            yield Problem(path=("detect", "detector"), words=words, hint=hint)
        for index, each in camera.wanted:
            if labels and each not in labels:
                words = _unknown(each, name)
                hint = did_you_mean(each, labels)
                yield Problem(path=("detect", "objects", index), words=words, hint=hint)
        yield from self._first(camera)
        yield from self._captures(camera)
        yield from self._appearance(camera)

    def _captures(self, camera: CameraPart) -> Iterator[Problem]:
        """Yield what is wrong with the detectors that capture rules ask as well."""
        for path, name in others(camera):
            if not self._have(name):
                yield self._nobody(path, name)
            elif name in {camera.wish("detector"), self.chosen(camera)}:
                words = f"detector '{name}' would be compared with itself"
                yield Problem(path=path, words=words, hint="Name another one.")

    def _first(self, camera: CameraPart) -> Iterator[Problem]:
        """Yield what is wrong with the detector that is to be asked first."""
        name, path = camera.wish("first"), ("detect", "first")
        if not name:
            return
        if not self._have(name):
            yield self._nobody(path, name)
        elif name in {camera.wish("detector"), self.chosen(camera)}:
            words = f"detector '{name}' looks at everything already"
            yield Problem(path=path, words=words, hint="Name a cheaper one, or leave it out.")
        elif self._is_fallback(name):
            words = f"detector '{name}' wants whole pictures, so it cannot be asked first"
            hint = "Name one that looks at parts, such as openvino with model: lwpd_192."
            yield Problem(path=path, words=words, hint=hint)
        elif unknown := sorted(set(camera.objects) - self._labels(name)):
            words = f"detector '{name}' does not know '{unknown[0]}', which the camera looks for"
            hint = "Ask it first only on cameras that look for nothing else than it knows."
            yield Problem(path=path, words=words, hint=hint)

    def _appearance(self, camera: CameraPart) -> Iterator[Problem]:
        """Yield what is wrong with the detector that is to tell things apart."""
        name, path = camera.wish("appearance"), ("detect", "appearance")
        if not name:
            return
        if not self._have(name):
            yield self._nobody(path, name)
        elif name in {camera.wish("detector"), camera.wish("first"), self.chosen(camera)}:
            words = f"detector '{name}' finds things, and does not tell them apart"
            hint = "Name another one, such as openvino with model: person_reid_0287."
            yield Problem(path=path, words=words, hint=hint)
        elif self._likens_nothing(name):
            words = f"detector '{name}' does not tell things apart"
            hint = "Name another one, such as openvino with model: person_reid_0287."
            yield Problem(path=path, words=words, hint=hint)

    def _nobody(self, path: Path, name: str) -> Problem:
        hint = did_you_mean(name, [*self.parts, *self.checking.offers.names])
        return Problem(path=path, words=f"unknown detector '{name}'", hint=hint)

    def _likens_nothing(self, name: str) -> bool:
        offer = self.parts[name].offer
        return offer is not None and offer.component.likeness is Detector.likeness

    def _is_fallback(self, name: str) -> bool:
        offer = self.parts[name].offer
        return offer is not None and offer.component.KEY == FALLBACK

    def entities(self, camera: CameraPart) -> Iterator[str]:
        """Yield the entities of the detectors that look, or may have to, at a camera."""
        if not camera.wish("enabled"):
            return
        names = {self.chosen(camera), camera.wish("first"), FALLBACK}
        names |= {name for _, name in others(camera)}
        for name in names - {None}:
            yield from (entity(str(name), each) for each in FIGURES)

    def chosen(self, camera: CameraPart) -> str | None:
        """Return a camera's detector, another if it was left out, none for not looking."""
        if not camera.wish("enabled"):
            return None
        name = camera.wish("detector")
        if name and self._have(name) and self.parts[name].good:
            return str(name)
        configured = [name for name in self.configured if self.parts[name].good]
        return next((name for name in [*configured, DEFAULT, FALLBACK] if self._have(name)), None)

    def settings(self) -> dict[str, ComponentSettings]:
        """Return the detectors that can be used, always with the one that needs no model."""
        self._have(FALLBACK)
        return {name: part.settings() for name, part in self.parts.items() if part.good}

    def _have(self, name: str) -> bool:
        """Say whether there is such a detector; one that is only installed is added."""
        if name not in self.parts:
            self._add(name)
        return name in self.parts

    def _add(self, name: str) -> None:
        try:
            offer = self.checking.offers.find(_KIND, name)
        except Unavailable:
            return
        part = Part(name=name, what=f"detector '{name}'", path=("detectors", name), offer=offer)
        asked = Asked(value={}, path=part.path, what=part.what, plugin=offer.plugin)
        options = self.checking.validate(offer.component.SCHEMA, asked)
        if options is not None:
            part.options, part.valid = options, True
            self.parts[name] = part

    def _labels(self, name: str | None) -> frozenset[str]:
        part = self.parts.get(name or "")
        if part is None or part.offer is None:
            return COCO
        kind = part.offer.component
        found = kind.finds(part.options) if part.valid else kind.LABELS or None
        return COCO if found is None else frozenset(found)


def _unknown(thing: str, detector: str | None) -> str:
    if thing in COCO and detector:
        return f"detector '{detector}' knows no '{thing}'"
    return f"no detector knows an object '{thing}'"


def detectors(checking: Checking, cameras: Iterable[CameraPart]) -> Detectors:
    """Read the section; one that only helps another looks nowhere unless it is asked to."""
    parts = named_parts(checking, "detectors", _KIND, "detector")
    help_only = {each.wish(key) for each in cameras for key in ("first", "appearance")}
    return Detectors(checking, parts, tuple(name for name in parts if name not in help_only))
