"""Where the sun is, by astral (which follows NOAA's solar calculations)."""

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Final

from astral import Observer
from astral.sun import azimuth, dawn, dusk, elevation, midnight, noon, sunrise, sunset

from hub.api import Location

_CALCULATE: Final[Mapping[str, Callable[..., datetime]]] = {
    "sunrise": sunrise,
    "sunset": sunset,
    "dawn": dawn,
    "dusk": dusk,
}
_FAR: Final = 366  # days: where the sun stays up or down for months, it comes again within a year


class Sky:
    """The sun as seen from one place."""

    def __init__(self, place: Location) -> None:
        self._observer = Observer(place.latitude, place.longitude, place.elevation)

    def on(self, event: str, day: date) -> datetime | None:
        """Return when ``sunrise``, ``sunset``, ``dawn`` or ``dusk`` is on a day of the place.

        None where there is none, as in the far north in summer. The day is that of UTC at the
        place's own noon, so evenings in the far west are not yesterday's.
        """
        try:
            return _CALCULATE[event](self._observer, day, tzinfo=UTC)
        except ValueError:  # astral: the sun never reaches that height on this day
            return None

    def next(
        self, event: str, after: datetime, offset: timedelta = timedelta(0)
    ) -> datetime | None:
        """Return the next moment after a time that is so long after (or before) an event."""
        first = (after - offset).astimezone(UTC).date() - timedelta(days=1)
        for ahead in range(_FAR):
            moment = self.on(event, first + timedelta(days=ahead))
            if moment is not None and moment + offset > after:
                return moment + offset
        return None

    def next_noon(self, after: datetime) -> datetime:
        """Return when the sun next stands highest."""
        return _following(lambda day: noon(self._observer, day, tzinfo=UTC), after)

    def next_midnight(self, after: datetime) -> datetime:
        """Return when the sun next stands lowest."""
        return _following(lambda day: midnight(self._observer, day, tzinfo=UTC), after)

    def elevation(self, now: datetime) -> float:
        """Return how high it stands, in degrees; below 0 it is under the horizon."""
        return round(float(elevation(self._observer, now)), 2)

    def azimuth(self, now: datetime) -> float:
        """Return its direction, in degrees from north over east."""
        return round(float(azimuth(self._observer, now)), 2)


def _following(moment: Callable[[date], datetime], after: datetime) -> datetime:
    day = after.astimezone(UTC).date() - timedelta(days=1)
    moments = (moment(day + timedelta(days=ahead)) for ahead in range(4))
    return next(each for each in moments if each > after)
