"""Which detector each camera gets, when the one it asks for cannot be had.

A model may be missing and the machine offline: then the builtin detector looks, which needs
no file, and the log says what it cannot do and how to get the better one.
"""

import logging
from collections.abc import Callable, Mapping
from typing import Final

from hub.api import Context, Detector, HubError, Invalid
from hub.settings import CameraSettings, ComponentSettings
from hub.vision.messages import DetectorPlan

_log = logging.getLogger("hub.detectors")

FALLBACK: Final = DetectorPlan(name="builtin", plugin="builtin", key="builtin")


class Detectors:
    """The detectors that the cameras use, prepared, and what replaces those that fail."""

    def __init__(self, configured: Mapping[str, ComponentSettings]) -> None:
        self._configured = configured
        self._ready: dict[str, DetectorPlan] = {FALLBACK.name: FALLBACK}
        self._failed: set[str] = set()

    async def prepare(
        self, cameras: Mapping[str, CameraSettings], context: Callable[[str], Context]
    ) -> None:
        """Get what each used detector needs, such as its model; one that cannot is replaced."""
        for name in sorted({each.detect.detector or FALLBACK.name for each in cameras.values()}):
            if name not in self._configured:
                continue
            try:
                self._ready[name] = await _prepared(self._configured[name], context(name))
            except HubError as error:
                self.failed(name, str(error))

    def failed(self, name: str, reason: str) -> bool:
        """Note that a detector cannot be used; returns whether this was news."""
        if name in self._failed or name == FALLBACK.name:
            return False
        self._failed.add(name)
        _log.warning(
            "Detector %s cannot run: %s. Using the builtin detector instead: it labels moving"
            " upright shapes as persons and knows no other objects",
            name,
            reason,
        )
        return True

    def chosen(self, cameras: Mapping[str, CameraSettings]) -> dict[str, str]:
        """Return each camera's detector by camera name."""
        return {
            each.name: self._usable(each.detect.detector or FALLBACK.name)
            for each in cameras.values()
        }

    def plans(self, cameras: Mapping[str, CameraSettings]) -> list[DetectorPlan]:
        """Return the detectors in use."""
        return [self._ready[name] for name in sorted(set(self.chosen(cameras).values()))]

    def _usable(self, name: str) -> str:
        return FALLBACK.name if name in self._failed or name not in self._ready else name


async def _prepared(settings: ComponentSettings, context: Context) -> DetectorPlan:
    kind = settings.component
    if not issubclass(kind, Detector):
        raise Invalid(f"{settings.key} is not a detector")
    options = await kind.prepare(settings.options, context)
    return DetectorPlan(
        name=settings.name, plugin=settings.plugin, key=settings.key, options=dict(options)
    )
