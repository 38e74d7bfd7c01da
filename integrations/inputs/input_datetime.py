"""``input_datetime``: a date, a time of day, or both; a time trigger can wait for it."""

from collections.abc import Mapping
from datetime import date, datetime, time
from typing import Any, ClassVar

import voluptuous as vol

from hub.api import Invalid, State, schema
from integrations.inputs.section import COMMON, Helper, Item, Shown, section, specs


def day(value: object) -> str:
    """Accept a date, ``YYYY-MM-DD``."""
    if isinstance(value, date) and not isinstance(value, datetime):
        return value.isoformat()
    try:
        return date.fromisoformat(schema.text(value).strip()).isoformat()
    except ValueError:
        raise vol.Invalid(f"expected a date such as '2026-12-31', got '{value}'") from None


def clock(value: object) -> str:
    """Accept a time of day, ``HH:MM`` or ``HH:MM:SS``."""
    try:
        return (
            time.fromisoformat(schema.text(value).strip()).replace(tzinfo=None).isoformat("seconds")
        )
    except ValueError:
        raise vol.Invalid(f"expected a time of day such as '07:30', got '{value}'") from None


def both(value: object) -> str:
    """Accept a date with a time, ``YYYY-MM-DD HH:MM:SS``."""
    if isinstance(value, datetime):
        return value.replace(tzinfo=None).isoformat(" ", "seconds")
    try:
        found = datetime.fromisoformat(schema.text(value).strip())
    except ValueError:
        raise vol.Invalid(f"expected '2026-12-31 07:30:00', got '{value}'") from None
    return found.replace(tzinfo=None).isoformat(" ", "seconds")


def any_of_them(value: object) -> str:
    """Accept a date, a time, or both."""
    for kind in (day, clock, both):
        try:
            return kind(value)
        except vol.Invalid:
            continue
    raise vol.Invalid(f"expected a date, a time or both, got {schema.describe(value)}")


for _kind in (day, clock, both, any_of_them):
    schema.shaped(_kind, {"type": "string", "title": (_kind.__doc__ or "").split(" ", 1)[1][:-1]})


class InputDatetime(Helper):
    """Dates and times of one's own, such as when to wake up."""

    KEY = "input_datetime"
    ITEM: ClassVar[schema.Schema] = {
        **COMMON,
        schema.optional("has_date", "Whether it holds a date.", False): schema.flag,
        schema.optional("has_time", "Whether it holds a time of day.", False): schema.flag,
        schema.optional("initial", "What it is after each start; as it was if left out."): (
            any_of_them
        ),
    }
    SCHEMA = section(ITEM)
    ACTIONS = specs(KEY, {
        "set_datetime": ("Set a date, a time of day, or both.", {
            schema.optional("date", "The date, such as 2026-12-31."): day,
            schema.optional("time", "The time of day, such as 07:30."): clock,
            schema.optional("datetime", "Both, such as 2026-12-31 07:30:00."): both,
            schema.optional("timestamp", "Both, in seconds since 1970."): schema.number(),
        }),
    })  # fmt: skip

    def first(self, name: str, item: Item, before: State | None) -> Shown:
        if not item["has_date"] and not item["has_time"]:
            raise Invalid(f"{name}: it needs has_date or has_time, or both")
        text = item.get("initial") or (before.state if before is not None else "")
        return self._shown(item, *self._parts(text))

    def done(self, verb: str, name: str, data: Mapping[str, Any]) -> Shown:
        item = self.options[name]
        given = data.get("datetime", "")
        if "timestamp" in data:
            here = datetime.fromtimestamp(data["timestamp"], self.context.zone)
            given = here.replace(tzinfo=None).isoformat(" ", "seconds")
        now_day, now_clock = self._parts(self.state(name).state)
        day, clock = self._parts(given)
        day, clock = data.get("date", day or now_day), data.get("time", clock or now_clock)
        for key, part in (("date", "has_date"), ("time", "has_time")):
            if key in data and not item[part]:
                raise Invalid(f"input_datetime.{name} holds no {key}")
        if not data.keys() & {"date", "time", "datetime", "timestamp"}:
            raise Invalid("it needs date, time, datetime or timestamp")
        return self._shown(item, day, clock)

    @staticmethod
    def _parts(text: str) -> tuple[str, str]:
        """Return the date and the time in a text, each empty when it has none."""
        first, _, rest = text.partition(" ")
        if rest:
            return first, rest
        return ("", first) if ":" in first else (first if "-" in first else "", "")

    @staticmethod
    def _shown(item: Item, day: str, clock: str) -> Shown:
        parts = []
        if item["has_date"]:
            parts.append(day or "1970-01-01")
        if item["has_time"]:
            parts.append(clock or "00:00:00")
        attributes: dict[str, object] = {"has_date": item["has_date"], "has_time": item["has_time"]}
        return " ".join(parts), attributes
