"""Which detector each camera gets, when the one it asks for cannot be had.

A model may be missing and the machine offline: then the builtin detector looks, which needs
no file, and the log says what it cannot do and how to get the better one.
"""

import logging
from collections.abc import Callable, Iterable, Mapping
from typing import Final

from hub.api import Context, Detector, HubError, Invalid, NotReady
from hub.settings import CameraSettings, ComponentSettings
from hub.vision.plan import DetectorPlan

_log = logging.getLogger("hub.detectors")

FALLBACK: Final = "builtin"
"""The name of the detector that needs nothing."""


class Detectors:
    """The detectors that the cameras use, prepared, and what replaces those that fail."""

    def __init__(self, configured: Mapping[str, ComponentSettings]) -> None:
        self._configured = configured
        self._ready: dict[str, DetectorPlan] = {}
        self._failed: set[str] = set()
        self._trying: set[str] = set()
        self._away: set[str] = set()
        self._only_compared: set[str] = set()  # asked by capture rules alone
        self._only_likened: set[str] = set()  # asked what things look like, and nothing else
        self._only_first: set[str] = set()  # asked before another one, and by no camera alone

    async def prepare(
        self, cameras: Mapping[str, CameraSettings], context: Callable[[str], Context]
    ) -> bool:
        """Get what each used detector needs, such as its model; one that cannot is replaced.

        Returns true when it is worth calling again later, which tries only what is missing.
        """
        alone = {each.detect.detector or FALLBACK for each in cameras.values()}
        self._only_first = {each.detect.first or "" for each in cameras.values()} - {"", *alone}
        self._only_compared = compared(cameras.values()) - alone - self._only_first
        self._only_likened = appearances(cameras.values()) - alone - self._only_first
        self._only_likened -= self._only_compared
        used = alone | self._only_first | self._only_compared | self._only_likened
        for name in sorted((used | {FALLBACK}) & set(self._configured) - set(self._ready)):
            try:
                self._ready[name] = await _prepared(self._configured[name], context(name))
            except NotReady as error:
                self._away.add(name)
                self.failed(name, str(error))
            except HubError as error:
                self.failed(name, str(error))
            except Exception as error:  # noqa: BLE001 - a detector is a plugin's code
                self._broken(name, error)
            else:
                self._recovered(name)
        return bool(self._away)

    def failed(self, name: str, reason: str) -> bool:
        """Note that a detector cannot be used; returns whether this changes who looks.

        It is said once, and not again for tries that fail as well.
        """
        if name in self._failed:
            tried = name in self._trying
            self._trying.discard(name)
            if tried:
                _log.debug("Detector %s still cannot run: %s", name, reason)
            return tried
        self._failed.add(name)
        level = logging.ERROR if name == FALLBACK else logging.WARNING
        reason += "" if reason.endswith(("?", ".")) else "."
        _log.log(level, "Detector %s cannot run: %s %s", name, reason, self._instead(name))
        return True

    def _instead(self, name: str) -> str:
        if name == FALLBACK:
            return "Only motion is seen"
        if name in self._only_first:
            return "Nobody is asked first, so more is left to the cameras' other detectors"
        if name in self._only_likened:
            return "Things that cross are told apart by their places alone"
        if name in self._only_compared:
            return "Nothing is compared with it"
        return (
            "Using the builtin detector instead: it labels moving upright shapes as persons"
            " and knows no other objects"
        )

    def try_again(self, name: str) -> bool:
        """Have a failed detector loaded while another still looks; says whether there is one."""
        if name not in self._failed or name not in self._ready:
            return False
        self._trying.add(name)
        return True

    def works(self, name: str) -> bool:
        """Note that a detector is loaded; returns whether this changes who looks."""
        if name not in self._trying:
            return False
        self._trying.discard(name)
        self._failed.discard(name)
        _log.info("Detector %s works again", name)
        return True

    @property
    def trying(self) -> frozenset[str]:
        """Those that are loaded to see whether they work again."""
        return frozenset(self._trying)

    def _broken(self, name: str, error: Exception) -> None:
        """Note that a detector's own code failed; the others are prepared all the same."""
        if self.failed(name, f"its plugin failed ({type(error).__name__})"):
            _log.error("What detector %s raised", name, exc_info=error)

    def _recovered(self, name: str) -> None:
        if name in self._away:
            self._away.discard(name)
            self._failed.discard(name)
            _log.info("Detector %s has what it needs now", name)

    def chosen(self, cameras: Mapping[str, CameraSettings]) -> dict[str, str]:
        """Return each camera's detector by camera name; one that has none sees only motion."""
        wanted = {each.name: each.detect.detector or FALLBACK for each in cameras.values()}
        usable = {camera: self._usable(name) for camera, name in wanted.items()}
        return {camera: name for camera, name in usable.items() if name}

    def plans(self, cameras: Mapping[str, CameraSettings]) -> list[DetectorPlan]:
        """Return the detectors in use, and those that are tried again."""
        second = {each for each in compared(cameras.values()) if self._can(each)}
        used = {*self.chosen(cameras).values(), *self.firsts(cameras).values(), *self._trying}
        used |= second | {each for each in appearances(cameras.values()) if self._can(each)}
        return [self._ready[name] for name in sorted(used)]

    def firsts(self, cameras: Mapping[str, CameraSettings]) -> dict[str, str]:
        """Return who is asked first, by camera name; not where the other does not work."""
        chosen = self.chosen(cameras)
        wanted = {
            each.name: each.detect.first
            for each in cameras.values()
            if each.detect.enabled and chosen.get(each.name) == each.detect.detector
        }
        return {
            camera: name
            for camera, name in wanted.items()
            if name and name in self._ready and name not in self._failed
        }

    def _can(self, name: str) -> bool:
        return name in self._ready and name not in self._failed

    def _usable(self, name: str) -> str | None:
        for each in (name, FALLBACK):
            if each in self._ready and each not in self._failed:
                return each
        return None


def compared(cameras: Iterable[CameraSettings]) -> set[str]:
    """Return the detectors that capture rules compare with."""
    rules = (rule for each in cameras if each.detect.enabled for rule in each.capture.rules)
    return {rule.other for rule in rules if rule.when == "disagree" and rule.other}


def appearances(cameras: Iterable[CameraSettings]) -> set[str]:
    """Return the detectors that tell apart what cameras see."""
    named = (each.detect.appearance for each in cameras if each.detect.enabled)
    return {name for name in named if name}


async def _prepared(settings: ComponentSettings, context: Context) -> DetectorPlan:
    kind = settings.component
    if not issubclass(kind, Detector):
        raise Invalid(f"{settings.key} is not a detector")
    options = await kind.prepare(settings.options, context)
    return DetectorPlan(
        name=settings.name, plugin=settings.plugin, key=settings.key, options=dict(options)
    )
