"""``condition: time``: what the clock at home shows."""

from collections.abc import Iterable, Mapping
from datetime import time
from typing import ClassVar

import voluptuous as vol

from automations import names
from automations.conditions.base import OwnCondition
from automations.values import WEEKDAYS, clock_time, clock_time_or_entity, day_time, weekdays
from hub.api import Context, Invalid, Known, Options, Problem, schema


class TimeCondition(OwnCondition):
    """Whether it is between two times of day, on some days of the week."""

    KEY = "time"
    SCHEMA: ClassVar[schema.Schema] = {
        schema.optional(
            "after", "Not before this time of day, or an entity that tells one."
        ): clock_time_or_entity,
        schema.optional(
            "before", "Earlier than this time of day, or an entity."
        ): clock_time_or_entity,
        schema.optional("weekday", "Days of the week, such as [sat, sun]."): weekdays,
    }

    def __init__(self, options: Options, context: Context) -> None:
        super().__init__(options, context)
        self._after = options.get("after", "00:00:00")
        self._before = options.get("before")
        self._days = frozenset(options.get("weekday", WEEKDAYS))

    @classmethod
    def check(cls, options: Options, known: Known) -> Iterable[Problem]:
        for key in ("after", "before"):
            name = options.get(key, "")
            if "." in name and (problem := names.entity(known, (key,), name)):
                yield problem
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
        now, after = here.time(), self._time(self._after)
        if self._before is None:
            return now >= after
        before = self._time(self._before)
        if after <= before:
            return after <= now < before
        return now >= after or now < before  # over midnight

    def _time(self, written: str) -> time:
        if "." not in written:
            return day_time(written)
        state = self.context.states.get(written)
        text = "" if state is None else state.state
        try:  # a time of day, or a date with one
            return day_time(clock_time(text.rpartition(" ")[2]))
        except vol.Invalid:
            raise Invalid(f"{written} is '{text}', which is not a time of day") from None
