"""``trigger: time_pattern``: every so many seconds, minutes or hours of the clock at home."""

import re
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta, tzinfo
from typing import ClassVar, Final

import voluptuous as vol

from automations import scheduling
from automations.triggers.base import OwnTrigger
from hub.api import Cancel, Context, Fire, Known, Options, Problem, schema

_PART: Final = re.compile(r"(/)?(\d+)")


def _part(limit: int) -> Callable[[object], str]:
    def check(value: object) -> str:
        word = str(value).strip() if not isinstance(value, bool) else ""
        found = _PART.fullmatch(word)
        if word == "*" or (found and _sensible(found, limit)):
            return word
        raise vol.Invalid(
            f"expected a number from 0 to {limit - 1}, '*' or a step such as '/5', "
            f"got {schema.describe(value)}"
        )

    return schema.shaped(
        check, {"type": ["string", "integer"], "title": f"0 to {limit - 1}, `*`, or `/` and a step"}
    )


def _sensible(found: re.Match[str], limit: int) -> bool:
    number = int(found[2])
    return 1 <= number < limit if found[1] else number < limit


class TimePatternTrigger(OwnTrigger):
    """Fires whenever hours, minutes and seconds all match; finer parts left out are zero."""

    KEY = "time_pattern"
    GIVES = frozenset({"now", "description"})
    SCHEMA: ClassVar[schema.Schema] = {
        schema.optional("hours", "An hour, '*', or '/2' for every second one."): _part(24),
        schema.optional("minutes", "A minute, '*', or '/5' for every fifth one."): _part(60),
        schema.optional("seconds", "A second, '*', or '/10' for every tenth one."): _part(60),
    }

    def __init__(self, options: Options, context: Context) -> None:
        super().__init__(options, context)
        # A part that is left out is any, but below a given one it is zero.
        minutes = "0" if "hours" in options else "*"
        self._hours = _matching(options.get("hours", "*"), 24)
        self._minutes = _matching(options.get("minutes", minutes), 60)
        self._seconds = _matching(options.get("seconds", "0"), 60)

    @classmethod
    def check(cls, options: Options, known: Known) -> Iterable[Problem]:
        if not options:
            yield Problem(path=(), words="a time_pattern needs 'hours', 'minutes' or 'seconds'")

    def attach(self, fire: Fire) -> Cancel:
        waits: list[Cancel] = []

        def wait() -> None:
            when = self.following(self.context.clock.now(), self.context.zone)
            waits[:] = [scheduling.at(self.context.clock, when, lambda: rings(when))]

        def rings(when: datetime) -> None:
            wait()
            now = when.astimezone(self.context.zone)
            fire({"now": now, "description": "time pattern"}, None)

        wait()

        def cancel() -> None:
            scheduling.together(waits)()  # what waits by then

        return cancel

    def following(self, now: datetime, zone: tzinfo) -> datetime:
        """Return the next moment after ``now`` whose clock time in ``zone`` matches."""
        when = now.replace(microsecond=0) + timedelta(seconds=1)
        while True:
            here = when.astimezone(zone)
            if here.hour not in self._hours:
                step = 3600 - here.minute * 60 - here.second
            elif here.minute not in self._minutes:
                step = 60 - here.second
            elif here.second not in self._seconds:
                step = 1
            else:
                return when
            when += timedelta(seconds=step)


def _matching(part: str, limit: int) -> frozenset[int]:
    if part == "*":
        return frozenset(range(limit))
    if part.startswith("/"):
        return frozenset(range(0, limit, int(part[1:])))
    return frozenset({int(part)})
