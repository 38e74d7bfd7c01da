"""``schedule``: on in certain hours of the week."""

from collections.abc import Mapping
from datetime import UTC, datetime, time, timedelta
from itertools import pairwise
from typing import Any, ClassVar, Final

import voluptuous as vol

from hub.api import Cancel, Context, Invalid, State, schema
from integrations.inputs.section import COMMON, Helper, Item, Shown, section

DAYS: Final = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_WEEK: Final = 8  # days; the same block of next week lies within


def clock(value: object) -> time:
    """Accept a time of day; ``24:00`` is the end of the day."""
    text = schema.text(value).strip()
    if text in {"24:00", "24:00:00"}:
        return time.max
    try:
        return time.fromisoformat(text)
    except ValueError:
        raise vol.Invalid(f"expected a time of day such as '07:30', got '{text}'") from None


schema.shaped(clock, {"type": "string", "title": "time of day"})
BLOCK: Final[schema.Schema] = {
    schema.required("from", "When it turns on."): clock,
    schema.required("to", "When it turns off."): clock,
    schema.optional("data", "Attributes while it is on."): dict,
}


def blocks(value: object) -> list[dict[str, Any]]:
    """Accept blocks of a day, in any order, which do not overlap."""
    found: list[dict[str, Any]] = vol.Schema([BLOCK])(value if isinstance(value, list) else [value])
    found.sort(key=lambda each: each["from"])
    for each in found:
        if each["from"] >= each["to"]:
            raise vol.Invalid(f"it has to begin before it ends ({_said(each)})")
    for one, other in pairwise(found):
        if other["from"] < one["to"]:
            raise vol.Invalid(f"{_said(one)} and {_said(other)} overlap")
    return found


def _said(block: Mapping[str, Any]) -> str:
    return f"{block['from']:%H:%M} to {block['to']:%H:%M}"


schema.shaped(blocks, {"type": "array", "items": BLOCK})


class Schedule(Helper):
    """Hours of the week in which something is on, such as office hours."""

    KEY = "schedule"
    ITEM: ClassVar[schema.Schema] = {
        **COMMON,
        **{
            schema.optional(day, f"Blocks of a {day}, each with from and to.", []): blocks
            for day in DAYS
        },
    }
    SCHEMA = section(ITEM)

    def __init__(self, context: Context, options: Any) -> None:
        super().__init__(context, options)
        self._timers: dict[str, Cancel] = {}

    async def stop(self) -> None:
        for name in list(self._timers):
            self.ended(name)
        await super().stop()

    def ended(self, name: str) -> None:
        if cancel := self._timers.pop(name, None):
            cancel()

    def first(self, name: str, item: Item, before: State | None) -> Shown:
        self.ended(name)
        now = self.context.clock.now()
        block = self._present(item, now)
        following = self._next(item, now)
        if following is not None:
            again = lambda: self.show(name, self.first(name, self.options[name], None))  # noqa: E731
            self._timers[name] = self.context.clock.call_at(following, again)
        when = None if following is None else following.astimezone(self.context.zone).isoformat()
        data = {} if block is None else block.get("data", {})
        return "off" if block is None else "on", {**data, "next_event": when}

    def done(self, verb: str, name: str, data: Mapping[str, Any]) -> Shown:
        raise Invalid("a schedule follows the clock alone")

    def _present(self, item: Item, now: datetime) -> Mapping[str, Any] | None:
        here = now.astimezone(self.context.zone)
        several: list[Mapping[str, Any]] = item[DAYS[here.weekday()]]
        return next((each for each in several if each["from"] <= here.time() < each["to"]), None)

    def _next(self, item: Item, now: datetime) -> datetime | None:
        """Return when it turns on or off next; blocks that touch are one."""
        today = now.astimezone(self.context.zone).date()
        on = self._present(item, now) is not None
        for ahead in range(_WEEK):
            date = today + timedelta(days=ahead)
            for block in item[DAYS[date.weekday()]]:
                for key in ("from", "to"):
                    when = _moment(date, block[key], self.context.zone)
                    if when > now and (self._present(item, when) is not None) != on:
                        return when
        return None


def _moment(date: Any, clock: time, zone: Any) -> datetime:
    if clock == time.max:
        date, clock = date + timedelta(days=1), time.min
    return datetime.combine(date, clock, zone).astimezone(UTC)
