"""What refers to what: names that nobody configured, objects that nobody looks for.

Checked in rounds. The first knows every name that is written down, right or wrong, so that a
mistake is told once; later ones know only what is left, and leave out what needs the rest.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from hub.api import ActionSpec, Component, Known, Location, Notifier, Path, Problem
from hub.settings import counting, reviewing
from hub.settings.cameras import CameraPart, entities
from hub.settings.checking import Checking
from hub.settings.detectors import Detectors
from hub.settings.notify import notify_action
from hub.settings.offers import Unavailable
from hub.settings.parts import Part, drop
from hub.settings.services import ServicePart, item_name

AnyPart = Part[Any]
_GONE = "It was left out because of another error."


def _is_list(part: AnyPart) -> bool:
    return isinstance(part, ServicePart) and part.is_list


@dataclass(slots=True, kw_only=True)
class References:
    """The parts of a configuration, checked against each other."""

    checking: Checking
    cameras: dict[str, CameraPart]
    detectors: Detectors
    notifiers: dict[str, Part[Notifier]]
    services: dict[str, ServicePart]
    actions: Iterable[ActionSpec]
    location: Location | None = None
    _made: dict[str, list[ActionSpec]] = field(default_factory=dict)

    def settle(self) -> Known:
        """Leave out whatever refers to what is not there; returns what then exists."""
        self._clashes()
        known = self._known(declared=True)
        self._check(known, gone=False)
        # Which plugins were imported meanwhile is for hints: what was right stays right.
        while replace(left := self._known(declared=False), loaded=known.loaded) != known:
            known = left
            self._check(known, gone=True)
        return left

    def _check(self, known: Known, *, gone: bool) -> None:
        for camera in self.cameras.values():
            if camera.good or not gone:
                self._say(camera, self._camera(camera), gone=gone)
        for part in self._components():
            if part.good or (part.valid and not gone):
                self._ask(part, known, gone=gone)

    def _components(self) -> Iterator[AnyPart]:
        yield from self.cameras.values()
        yield from self.detectors.parts.values()
        yield from self.notifiers.values()
        yield from self.services.values()

    def _ask(self, part: AnyPart, known: Known, *, gone: bool) -> None:
        if part.offer is None:
            return
        component: type[Component] = part.offer.component
        value = part.value if isinstance(part, ServicePart) else part.options
        call: Callable[[], list[Problem]] = lambda: list(component.check(value, known))  # noqa: E731
        try:
            problems = self.checking.offers.guarded(part.offer.plugin, call)
        except Unavailable as error:
            problems = [Problem(path=(), words=str(error), on_key=True)]
        self._say(part, problems, gone=gone)

    def _say(self, part: AnyPart, problems: Iterable[Problem], *, gone: bool) -> None:
        wrong: set[int] = set()
        for each in problems:
            path = part.where(each.path) if isinstance(part, ServicePart) else part.path + each.path
            if each.warning:
                if not gone:  # what was left out is told once, and nothing else for its sake
                    self.checking.say(replace(each, path=path))
                continue
            item = int(each.path[0]) if _is_list(part) and each.path else None
            # That something is gone without which a part cannot be, is said once for the part.
            if not gone or (item not in wrong if item is not None else part.good):
                hint = _GONE if gone else each.hint
                self.checking.say(replace(each, path=path, hint=hint))
            if item is not None:
                wrong.add(item)
            else:
                drop(self.checking, part)
        if isinstance(part, ServicePart) and part.is_list:
            self._drop_items(part, wrong)

    def _drop_items(self, part: ServicePart, wrong: set[int]) -> None:
        for index, (path, value) in enumerate(part.items):
            if index in wrong or self._doubtful(path, value):
                wrong.add(index)
                self.checking.leave_out(item_name(part, index))
        part.items = [each for index, each in enumerate(part.items) if index not in wrong]

    def _doubtful(self, path: Path, value: object) -> bool:
        return self.checking.wounded(path, value) or self.checking.guessed(path)

    def _camera(self, camera: CameraPart) -> Iterator[Problem]:
        yield from self.detectors.problems(camera)
        yield from counting.problems(camera)
        yield from reviewing.problems(camera)

    def _clashes(self) -> None:
        """Report zones whose entities would have the name of another's."""
        owners: dict[str, str] = {}
        for camera in self.cameras.values():
            for entity in sorted(entities(camera.name, camera.known(declared=True))):
                if owners.setdefault(entity, camera.name) != camera.name:
                    words = f"'{entity}' would be an entity of camera '{owners[entity]}' as well"
                    self.checking.error(camera.path, words, "Rename one of them.", on_key=True)
                    drop(self.checking, camera)
                    break

    def _known(self, *, declared: bool) -> Known:
        offers = self.checking.offers
        cameras = {
            each.name: each.known(declared=declared)
            for each in self.cameras.values()
            if each.good or declared
        }
        parts = [each for each in self._components() if each.good or declared]
        return Known(
            folder=self.checking.document.folder,
            cameras=cameras,
            entities=frozenset(self._entities(cameras, declared=declared)),
            actions={each.name: each for each in self._actions(declared=declared)},
            events=offers.events(),
            triggers=offers.triggers(),
            conditions=offers.conditions(),
            models=frozenset(self._models()),
            plugins=offers.names,
            location=self.location,
            loaded=frozenset(each.offer.plugin for each in parts if each.offer),
        )

    def _entities(self, cameras: object, *, declared: bool) -> Iterator[str]:
        for camera in self.cameras.values():
            if camera.good or declared:
                yield from entities(camera.name, camera.known(declared=declared))
                yield from self.detectors.entities(camera)
        others: list[AnyPart] = [*self.services.values(), *self.notifiers.values()]
        for part in others:
            if part.good and part.offer is not None:
                yield from self._names(part, part.offer.component.entities)

    def _models(self) -> Iterator[str]:
        for part in self.services.values():
            if part.good and part.offer is not None:
                yield from self._names(part, part.offer.component.models)

    def _names(self, part: AnyPart, ask: Callable[[Any], Iterable[str]]) -> list[str]:
        """Return names that a plugin tells of its own options."""
        value = part.value if isinstance(part, ServicePart) else part.options
        plugin = part.offer.plugin if part.offer else ""
        try:
            return self.checking.offers.guarded(plugin, lambda: list(ask(value)))
        except Unavailable as error:
            self.checking.error(part.path, str(error), on_key=True)
            drop(self.checking, part)
            return []

    def _offered(self, part: ServicePart) -> Iterable[ActionSpec]:
        if part.offer is None or not part.good:
            return () if part.offer is None else part.offer.component.ACTIONS
        if part.name not in self._made:  # once: what checks a script's fields equals nothing else
            component = part.offer.component
            self._made[part.name] = self.checking.offers.guarded(
                part.offer.plugin, lambda: list(component.actions(part.value))
            )
        return self._made[part.name]

    def _actions(self, *, declared: bool) -> Iterator[ActionSpec]:
        yield from self.actions
        for part in self.services.values():
            if part.offer and (part.good or declared):
                yield from self._offered(part)
        for name, notifier in self.notifiers.items():
            if notifier.good or declared:
                yield notify_action(name)
