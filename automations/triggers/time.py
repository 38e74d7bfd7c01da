"""``trigger: time``: the clock at home shows a time of day, on some days of the week."""

from datetime import UTC, datetime, time, timedelta, tzinfo
from typing import ClassVar

from automations import scheduling
from automations.triggers.base import OwnTrigger
from automations.values import WEEKDAYS, clock_time, day_time, some, weekdays
from hub.api import Cancel, Fire, schema


class TimeTrigger(OwnTrigger):
    """Fires once a day at each of its times."""

    KEY = "time"
    GIVES = frozenset({"now", "description"})
    SCHEMA: ClassVar[schema.Schema] = {
        schema.required("at", "The time of day, or several."): some(clock_time),
        schema.optional("weekday", "Only on these days, such as [mon, fri]."): weekdays,
    }

    def attach(self, fire: Fire) -> Cancel:
        waits: dict[str, Cancel] = {}
        for text in dict.fromkeys(self.options["at"]):
            self._await(text, waits, fire)

        def cancel() -> None:
            scheduling.together(waits.values())()  # those of now, not those of the beginning

        return cancel

    def _await(self, text: str, waits: dict[str, Cancel], fire: Fire) -> None:
        days = frozenset(self.options.get("weekday", WEEKDAYS))
        when = following(self.context.clock.now(), day_time(text), days, self.context.zone)

        def rings() -> None:
            self._await(text, waits, fire)
            now = when.astimezone(self.context.zone)
            fire({"now": now, "description": f"time {text.removesuffix(':00')}"}, None)

        waits[text] = scheduling.at(self.context.clock, when, rings)


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
