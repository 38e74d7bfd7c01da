"""The installed plugins: found by name, imported when first used, one at a time behind a guard.

A plugin that is broken or written for another hub is a state that the user sees in
``watchpost plugins``; it never takes anything else down.
"""

import threading
import traceback
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from importlib.metadata import version
from typing import Final, TypeVar

from hub.api import (
    HUB_API,
    Camera,
    Component,
    Condition,
    Detector,
    Event,
    Notifier,
    Service,
    Trigger,
    did_you_mean,
)
from hub.api.events import subclasses
from hub.plugins.hooks import Hooks, described
from hub.plugins.installed import OURS, Installed, installed, unmet
from hub.settings import Offer, Unavailable

C = TypeVar("C", bound=Component)
T = TypeVar("T")

# To look for, not to make.
_TRIGGER: Final[type[Trigger]] = Trigger  # type: ignore[type-abstract]
_CONDITION: Final[type[Condition]] = Condition  # type: ignore[type-abstract]

NOUNS: Final[Mapping[type, str]] = {
    Camera: "camera platform",
    Detector: "detector platform",
    Notifier: "notifier platform",
    Service: "service",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Plugin:
    """What is known about an installed plugin.

    ``state`` is ``installed`` (not imported yet), ``loaded``, ``broken`` or ``incompatible``;
    ``kinds`` are what it offers, once it is loaded.
    """

    name: str
    module: str
    distribution: str
    version: str
    state: str = "installed"
    reason: str = ""
    kinds: tuple[str, ...] = ()
    rivals: tuple[str, ...] = ()
    traceback: str = ""


class Registry:
    """Implements ``hub.settings.Offers`` with what is installed."""

    def __init__(self, found: Mapping[str, Installed], hub_version: str) -> None:
        self._found = found
        self._hub = {OURS: hub_version}
        self._hooks = Hooks()
        self._importing = threading.RLock()
        self._components: dict[str, tuple[type[Component], ...]] = {}
        self._failed: dict[str, Unavailable] = {}
        self._plugins = {name: _plugin(name, each) for name, each in found.items()}

    @classmethod
    def discover(cls, path: list[str] | None = None) -> "Registry":
        """Find what is installed (beneath ``path``, else ``sys.path``); imports nothing."""
        return cls(installed(path), version(OURS))

    @property
    def plugins(self) -> Mapping[str, Plugin]:
        """Every installed plugin by name, with its present state."""
        return dict(self._plugins)

    @property
    def names(self) -> frozenset[str]:
        """The names of every installed plugin."""
        return frozenset(self._found)

    @property
    def loaded(self) -> frozenset[str]:
        """The names of those imported so far."""
        return frozenset(self._components)

    def components(self, name: str) -> tuple[type[Component], ...]:
        """Return what a plugin offers, importing it if need be; raises ``Unavailable``."""
        with self._importing:
            if name in self._failed:
                raise self._failed[name]
            if name not in self._components:
                self._load(name)
            return self._components[name]

    def find(self, kind: type[C], key: str) -> Offer[C]:
        """Return the class of a kind with this ``KEY``; raises ``Unavailable``."""
        noun = NOUNS.get(kind, kind.__name__.lower())
        name = key.split(".", maxsplit=1)[0]
        if name not in self._found:
            raise Unavailable(f"unknown {noun} '{key}'", did_you_mean(key, self.names))
        offered = self.components(name)
        for each in offered:
            if key == each.KEY and issubclass(each, kind):
                return Offer(plugin=name, component=each)
        others = sorted({_noun(each) for each in offered if key == each.KEY})
        what = f"'{key}' is a {' and a '.join(others)}, not a {noun}" if others else ""
        keys = [each.KEY for each in offered if issubclass(each, kind)]
        words = what or f"the plugin '{name}' offers no {noun} '{key}'"
        raise Unavailable(words, did_you_mean(key, keys))

    def guarded(self, plugin: str, call: Callable[[], T]) -> T:
        """Call a plugin's code; see ``Offers``. Without a plugin it is the hub's own."""
        return self._hooks.guarded(plugin, call) if plugin else call()

    def triggers(self) -> Mapping[str, type[Trigger]]:
        """Return the triggers of the plugins imported so far."""
        return {each.KEY: each for each in self._automations(_TRIGGER)}

    def conditions(self) -> Mapping[str, type[Condition]]:
        """Return the conditions of the plugins imported so far."""
        return {each.KEY: each for each in self._automations(_CONDITION)}

    def events(self) -> Mapping[str, type[Event]]:
        """Return the hub's own event classes, and those of the plugins imported so far."""
        known = subclasses().items()
        ours = {name: each for name, each in known if each.__module__.startswith("hub.")}
        theirs = self._answers("hub_events")
        return ours | {
            each.type: each for each in theirs if isinstance(each, type) and issubclass(each, Event)
        }

    def commands(self) -> list[object]:
        """Return the click commands of every plugin, importing all of them."""
        for name in sorted(self._found):
            self.try_components(name)
        return self._answers("hub_commands")

    def try_components(self, name: str) -> tuple[type[Component], ...]:
        """Return what a plugin offers, nothing when it cannot be had."""
        try:
            return self.components(name)
        except Unavailable:
            return ()

    def owner(self, module: str) -> str | None:
        """Return the plugin that a module belongs to, the nearest one when they are nested."""
        fits = [
            (len(each.module), name)
            for name, each in self._found.items()
            if f"{module}.".startswith(f"{each.module}.")
        ]
        if fits:
            return max(fits)[1]
        top = module.split(".", maxsplit=1)[0]
        others = (name for name, each in self._found.items() if each.distribution != OURS)
        return next((n for n in others if self._found[n].module.split(".")[0] == top), None)

    def _automations(self, kind: type[T]) -> Iterable[type[T]]:
        for each in self._answers("hub_automations"):
            if isinstance(each, type) and issubclass(each, kind):
                yield each

    def _answers(self, hook: str) -> list[object]:
        found: list[object] = []
        for name in sorted(self._components):
            try:
                found += self._hooks.call(name, hook)
            except Unavailable as error:
                self._set(name, state="broken", reason=str(error))
        return found

    def _load(self, name: str) -> None:
        try:
            self._components[name] = self._import(name)
        except Unavailable as error:
            words = f"the plugin '{name}' is {self._plugins[name].state}: {error}"
            self._failed[name] = Unavailable(words, error.hint)
            raise self._failed[name] from error
        kinds = tuple(sorted({_noun(each) for each in self._components[name]}))
        self._set(name, state="loaded", kinds=kinds)

    def _import(self, name: str) -> tuple[type[Component], ...]:
        plugin = self._found[name]
        if reason := unmet(plugin, self._hub):
            self._set(name, state="incompatible", reason=reason)
            raise Unavailable(reason)
        try:
            module = plugin.entry.load()
        except (Exception, SystemExit) as error:
            self._set(name, state="broken", reason=described(error))
            trace = "".join(traceback.format_exception(error))
            self._plugins[name] = replace(self._plugins[name], traceback=trace)
            raise Unavailable(described(error)) from error
        written_for = getattr(module, "HUB_API", HUB_API)
        if written_for != HUB_API:
            reason = f"it was written for hub API {written_for}, this is {HUB_API}"
            self._set(name, state="incompatible", reason=reason)
            raise Unavailable(reason)
        try:
            self._hooks.register(name, module)
            return tuple(_fit(name, each) for each in self._hooks.call(name, "hub_components"))
        except Unavailable as error:
            self._set(name, state="broken", reason=str(error))
            raise

    def _set(self, name: str, *, state: str, reason: str = "", kinds: tuple[str, ...] = ()) -> None:
        self._plugins[name] = replace(self._plugins[name], state=state, reason=reason, kinds=kinds)


def _plugin(name: str, found: Installed) -> Plugin:
    return Plugin(
        name=name,
        module=found.module,
        distribution=found.distribution,
        version=found.version,
        rivals=found.rivals,
    )


def _fit(name: str, offered: object) -> type[Component]:
    """Return a class that keeps to the rules of its kind; raises ``Unavailable``."""
    if not isinstance(offered, type) or not issubclass(offered, Component):
        raise Unavailable(f"it offers {offered!r}, which is not a component")
    key = getattr(offered, "KEY", None)
    if not isinstance(key, str) or key.split(".", maxsplit=1)[0] != name:
        raise Unavailable(
            f"it offers {offered.__name__} as '{key}', which must begin with '{name}'"
        )
    if not isinstance(offered.SCHEMA, Mapping):
        raise Unavailable(f"the SCHEMA of {offered.__name__} is not a mapping")
    return offered


def _noun(component: type[Component]) -> str:
    return next((noun for kind, noun in NOUNS.items() if issubclass(component, kind)), "component")
