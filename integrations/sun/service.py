"""The entity ``sun.sun``: above or below the horizon, how high, and when that changes next."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, ClassVar, Final

from hub.api import Cancel, Context, Options, Service, schema

if TYPE_CHECKING:
    from integrations.sun.sky import Sky

_ENTITY: Final = "sun.sun"
_OFTEN: Final = timedelta(minutes=4)  # the sun moves by one degree
_NEXT: Final = ("dawn", "dusk", "sunrise", "sunset")
_NAMES: Final = {"sunrise": "next_rising", "sunset": "next_setting"}


class Sun(Service):
    """Shows where the sun is; it needs ``hub: {latitude, longitude}``."""

    KEY = "sun"
    SCHEMA: ClassVar[schema.Schema] = {}
    SIMULATES: ClassVar[bool] = True

    def __init__(self, context: Context, options: Options) -> None:
        super().__init__(context, options)
        self._sky: Sky | None = None
        self._timer: Cancel | None = None

    @classmethod
    def entities(cls, options: Any) -> Iterable[str]:
        return (_ENTITY,)

    async def start(self) -> None:
        place = self.context.location
        if place is None:
            return
        from integrations.sun.sky import Sky  # 30 ms that a home without a place does not pay

        self._sky = Sky(place)
        self._show()

    async def stop(self) -> None:
        if self._timer is not None:
            self._timer()

    def _show(self) -> None:
        if self._sky is None:
            return
        now = self.context.clock.now()
        following = {each: self._sky.next(each, now) for each in _NEXT}
        height = self._sky.elevation(now)
        rising, setting = following["sunrise"], following["sunset"]
        up = height > 0 if rising is None or setting is None else setting < rising
        attributes: dict[str, object] = {
            "friendly_name": "Sun",
            "elevation": height,
            "azimuth": self._sky.azimuth(now),
            "rising": self._sky.elevation(now + timedelta(minutes=1)) > height,
            "next_noon": self._sky.next_noon(now).isoformat(),
            "next_midnight": self._sky.next_midnight(now).isoformat(),
        }
        for name, moment in following.items():
            word = _NAMES.get(name, f"next_{name}")
            attributes[word] = None if moment is None else moment.isoformat()
        state = "above_horizon" if up else "below_horizon"
        self.context.states.set(_ENTITY, state, attributes)
        soon = [each for each in following.values() if each is not None]
        self._timer = self.context.clock.call_at(_first(now, soon), self._show)


def _first(now: datetime, moments: list[datetime]) -> datetime:
    """Return when to look again: soon, and in the very moment in which something changes."""
    return min([now + _OFTEN, *moments])
