"""``trigger: time``: the clock at home shows a time of day, or one that an entity tells."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, time, timedelta, tzinfo
from typing import Any, ClassVar

import voluptuous as vol

from automations import names, scheduling
from automations.triggers.base import OwnTrigger
from automations.values import (
    WEEKDAYS,
    clock_time,
    clock_time_or_entity,
    day_time,
    entity,
    some,
    weekdays,
)
from hub.api import Cancel, Fire, Known, Options, Problem, StateChanged, schema


def moment(value: object) -> str | dict[str, Any]:
    """Accept a time of day, an entity that tells one, or such an entity with an offset."""
    if not isinstance(value, Mapping):
        return clock_time_or_entity(value)
    found: dict[str, Any] = vol.Schema(
        {
            vol.Required("entity_id"): entity,
            vol.Optional("offset", default=0): _offset,
        }
    )(dict(value))
    return found


def _offset(value: object) -> float:
    if isinstance(value, str) and value.strip().startswith("-"):
        return -schema.seconds(value.strip()[1:])
    return schema.seconds(value)


schema.shaped(moment, {"type": ["string", "object"], "title": "time of day or entity"})


class TimeTrigger(OwnTrigger):
    """Fires once a day at each of its times, and whenever an entity that is a time says so."""

    KEY = "time"
    GIVES = frozenset({"now", "entity_id", "description"})
    SCHEMA: ClassVar[schema.Schema] = {
        schema.required("at", "The time of day, or several; or entities that tell one."): some(
            moment
        ),
        schema.optional("weekday", "Only on these days, such as [mon, fri]."): weekdays,
    }

    @classmethod
    def check(cls, options: Options, known: Known) -> Iterable[Problem]:
        for at, each in enumerate(options["at"]):
            name = each["entity_id"] if isinstance(each, dict) else each
            if "." in name and (problem := names.entity(known, ("at", at), name)):
                yield problem

    def attach(self, fire: Fire) -> Cancel:
        waits: dict[str, Cancel] = {}
        listens: list[Cancel] = []
        for each in self.options["at"]:
            if isinstance(each, dict):
                listens.append(self._follow(each["entity_id"], each["offset"], waits, fire))
            elif "." in each:
                listens.append(self._follow(each, 0.0, waits, fire))
            else:
                self._await(each, waits, fire)

        def cancel() -> None:
            scheduling.together(listens)()
            scheduling.together(waits.values())()  # those of now, not those of the beginning

        return cancel

    def _await(self, text: str, waits: dict[str, Cancel], fire: Fire) -> None:
        when = following(self._now(), day_time(text), self._days, self.context.zone)

        def rings() -> None:
            self._await(text, waits, fire)
            self._fire(when, None, f"time {text.removesuffix(':00')}", fire)

        waits[text] = scheduling.at(self.context.clock, when, rings)

    def _follow(self, name: str, offset: float, waits: dict[str, Cancel], fire: Fire) -> Cancel:
        """Wait for what an entity tells, and anew whenever it tells something else."""
        key = f"{name} {offset}"

        def look(_: StateChanged | None = None) -> None:
            if cancel := waits.pop(key, None):
                cancel()
            when = self._told(name, timedelta(seconds=offset))
            if when is not None:
                waits[key] = scheduling.at(self.context.clock, when, lambda: rings(when))

        def rings(when: datetime) -> None:
            look()
            self._fire(when, name, f"time of {name}", fire)

        look()
        return self.context.bus.listen(StateChanged, look, key=("entity", name))

    def _told(self, name: str, offset: timedelta) -> datetime | None:
        state = self.context.states.get(name)
        text = "" if state is None else state.state
        try:
            daily = day_time(clock_time(text))
        except vol.Invalid:
            return self._once(text, offset)
        wanted = (datetime.combine(datetime(2000, 1, 1), daily) + offset).time()  # noqa: DTZ001
        return following(self._now(), wanted, self._days, self.context.zone)

    def _once(self, text: str, offset: timedelta) -> datetime | None:
        try:
            when = datetime.fromisoformat(text)
        except ValueError:
            return None
        when = (when if when.tzinfo else when.replace(tzinfo=self.context.zone)) + offset
        day = WEEKDAYS[when.astimezone(self.context.zone).weekday()]
        return when.astimezone(UTC) if when > self._now() and day in self._days else None

    def _fire(self, when: datetime, name: str | None, words: str, fire: Fire) -> None:
        here = when.astimezone(self.context.zone)
        fire({"now": here, "entity_id": name, "description": words}, None)

    def _now(self) -> datetime:
        return self.context.clock.now()

    @property
    def _days(self) -> frozenset[str]:
        return frozenset(self.options.get("weekday", WEEKDAYS))


def following(now: datetime, wanted: time, days: frozenset[str], zone: tzinfo) -> datetime:
    """Return the next moment after ``now`` at which clocks in ``zone`` show ``wanted``, in UTC.

    A time that the change to summer time skips is taken an hour later, one that occurs twice
    the first time.
    """
    day = now.astimezone(zone).date()
    for ahead in range(15):  # a week, twice for luck with changed clocks
        date = day + timedelta(days=ahead)
        when = datetime.combine(date, wanted, zone).astimezone(UTC)
        if when > now and WEEKDAYS[date.weekday()] in days:
            return when
    raise ValueError(f"no {wanted} on {sorted(days)}")
