"""``condition: time``: what the clock at home shows."""

from collections.abc import Iterable, Mapping
from typing import ClassVar

from automations.conditions.base import OwnCondition
from automations.values import WEEKDAYS, clock_time, day_time, weekdays
from hub.api import Context, Known, Options, Problem, schema


class TimeCondition(OwnCondition):
    """Whether it is between two times of day, on some days of the week."""

    KEY = "time"
    SCHEMA: ClassVar[schema.Schema] = {
        schema.optional("after", "Not before this time of day."): clock_time,
        schema.optional("before", "Earlier than this time of day."): clock_time,
        schema.optional("weekday", "Days of the week, such as [sat, sun]."): weekdays,
    }

    def __init__(self, options: Options, context: Context) -> None:
        super().__init__(options, context)
        self._after = day_time(options.get("after", "00:00:00"))
        self._before = day_time(options["before"]) if "before" in options else None
        self._days = frozenset(options.get("weekday", WEEKDAYS))

    @classmethod
    def check(cls, options: Options, known: Known) -> Iterable[Problem]:
        if not options:
            yield Problem(path=(), words="a time condition needs 'after', 'before' or 'weekday'")

    def explain(self, variables: Mapping[str, object]) -> str:
        here = self.context.clock.now().astimezone(self.context.zone)
        wanted = [
            f"{key} {self.options[key]}" for key in ("after", "before") if key in self.options
        ]
        if "weekday" in self.options:
            wanted.append(f"on {', '.join(self.options['weekday'])}")
        holds = "" if self.holds(variables) else "not "
        return f"it is {WEEKDAYS[here.weekday()]} {here:%H:%M:%S}, {holds}{' and '.join(wanted)}"

    def holds(self, variables: Mapping[str, object]) -> bool:
        here = self.context.clock.now().astimezone(self.context.zone)
        if WEEKDAYS[here.weekday()] not in self._days:
            return False
        now = here.time()
        if self._before is None:
            return now >= self._after
        if self._after <= self._before:
            return self._after <= now < self._before
        return now >= self._after or now < self._before  # over midnight
