"""``trigger: sun`` and ``condition: sun``, as in Home Assistant."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from functools import cache
from typing import TYPE_CHECKING, Any, ClassVar, Final

from hub.api import (
    Cancel,
    Condition,
    Context,
    Fire,
    Invalid,
    Known,
    Location,
    Problem,
    Trigger,
    schema,
)

if TYPE_CHECKING:
    from integrations.sun.sky import Sky

_EVENTS: Final = ("sunrise", "sunset", "dawn", "dusk")
_NO_PLACE: Final = Problem(
    path=(),
    words="where the sun is cannot be told without a place",
    hint="Add latitude and longitude to the section 'hub' in configuration.yaml.",
)


def offset(value: object) -> float:
    """Accept a time span that may be negative, such as ``-00:30:00``; returns seconds."""
    if isinstance(value, str) and value.strip()[:1] in {"-", "+"}:
        sign = -1.0 if value.strip()[0] == "-" else 1.0
        return sign * schema.seconds(value.strip()[1:])
    if isinstance(value, int | float) and not isinstance(value, bool):
        return float(value)
    if isinstance(value, Mapping) and any(_is_negative(each) for each in value.values()):
        return -schema.seconds({key: _abs(each) for key, each in value.items()})
    return schema.seconds(value)


schema.shaped(
    offset, {"type": ["string", "number", "object"], "title": "time span, may be negative"}
)


class SunTrigger(Trigger):
    """Fires at sunrise or sunset, or so long before or after it."""

    KEY = "sun"
    GIVES = frozenset({"event", "offset", "description"})
    SCHEMA: ClassVar[schema.Schema] = {
        schema.required("event", "Which of them."): schema.choice(*_EVENTS),
        schema.optional("offset", "How long after it, negative for before.", 0): offset,
    }

    @classmethod
    def check(cls, options: Any, known: Known) -> Iterable[Problem]:
        if known.location is None:
            yield _NO_PLACE

    def attach(self, fire: Fire) -> Cancel:
        word, seconds = self.options["event"], self.options["offset"]
        sky = _sky(self.context.location)
        waiting: list[Cancel] = []

        def wait() -> None:
            when = sky.next(word, self.context.clock.now(), timedelta(seconds=seconds))
            if when is not None:
                waiting[:] = [self.context.clock.call_at(when, ring)]

        def ring() -> None:
            wait()
            said = f"{word} {seconds:+g} s" if seconds else word
            fire({"event": word, "offset": seconds, "description": said}, None)

        wait()
        return lambda: waiting[0]() if waiting else None


class SunCondition(Condition):
    """Whether it is before or after sunrise or sunset."""

    KEY = "sun"
    SCHEMA: ClassVar[schema.Schema] = {
        schema.optional("after", "Not before this."): schema.choice(*_EVENTS),
        schema.optional("after_offset", "How long after that.", 0): offset,
        schema.optional("before", "Not after this."): schema.choice(*_EVENTS),
        schema.optional("before_offset", "How long after that.", 0): offset,
    }

    def __init__(self, options: Mapping[str, Any], context: Context) -> None:
        super().__init__(options, context)
        self._sky = None if context.location is None else _sky(context.location)

    @classmethod
    def check(cls, options: Any, known: Known) -> Iterable[Problem]:
        if known.location is None:
            yield _NO_PLACE
        if "after" not in options and "before" not in options:
            yield Problem(path=(), words="a sun condition needs 'after' or 'before'")

    def holds(self, variables: Mapping[str, object]) -> bool:
        now = self.context.clock.now()
        after, before = self._moment("after"), self._moment("before")
        if after is None:
            return before is not None and now < before
        if before is None:
            return now >= after
        if after < before:
            return after <= now < before
        return now >= after or now < before  # over midnight: after sunset, before sunrise

    def explain(self, variables: Mapping[str, object]) -> str:
        zone = self.context.zone
        said = [
            f"{key} {self.options[key]} ({moment.astimezone(zone):%H:%M})"
            for key in ("after", "before")
            if key in self.options and (moment := self._moment(key)) is not None
        ]
        word = "" if self.holds(variables) else "not "
        now = self.context.clock.now().astimezone(zone)
        return f"it is {now:%H:%M:%S}, {word}{' and '.join(said) or 'decided: no such event today'}"

    def _moment(self, key: str) -> datetime | None:
        word = self.options.get(key)
        if word is None or self._sky is None:
            return None
        today: date = self.context.clock.now().astimezone(self.context.zone).date()
        moment = self._sky.on(word, today)
        if moment is None:
            raise Invalid(f"there is no {word} here today")
        return moment + timedelta(seconds=self.options[f"{key}_offset"])


@cache
def _sky(place: Location | None) -> "Sky":
    if place is None:
        raise Invalid(f"{_NO_PLACE.words}. {_NO_PLACE.hint}")
    from integrations.sun.sky import Sky

    return Sky(place)


def _is_negative(value: object) -> bool:
    return (isinstance(value, int | float) and value < 0) or (
        isinstance(value, str) and value.strip().startswith("-")
    )


def _abs(value: Any) -> Any:
    return value.strip().lstrip("-") if isinstance(value, str) else abs(value)
