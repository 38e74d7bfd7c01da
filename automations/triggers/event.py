"""``trigger: event``: an event of the hub's or of the user's own, perhaps with certain data."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any, ClassVar

import voluptuous as vol

from automations import names, refused, scheduling
from automations.templates import EventView, Template, fault, is_template
from automations.triggers.base import OwnTrigger
from automations.values import some
from hub.api import Cancel, Event, EventFired, Fire, HubError, Known, Options, Problem, did_you_mean
from hub.api import schema as keys


def _data(value: object) -> dict[str, object]:
    if isinstance(value, dict):
        return value
    raise vol.Invalid(f"expected a mapping of data, got {keys.describe(value)}")


keys.shaped(_data, {"type": "object", "title": "mapping"})


class EventTrigger(OwnTrigger):
    """Fires on events by their type, found by the value of a key field where one is given."""

    KEY = "event"
    GIVES = frozenset({"event", "description"})
    SCHEMA: ClassVar[keys.Schema] = {
        keys.required("event_type", "The event's type, or several."): some(keys.text),
        keys.optional(
            "context", "Who fired it (source), and the number of what caused it (cause)."
        ): {
            keys.optional("source", "The plugin that fired it, or several."): some(keys.text),
            keys.optional("cause", "The sequence of the event that led to it."): keys.whole(0),
        },
        keys.optional("event_data", "What the event must say; other fields do not matter."): _data,
    }

    @classmethod
    def check(cls, options: Options, known: Known) -> Iterable[Problem]:
        for at, name in enumerate(options["event_type"]):
            path = ("event_type", at)
            if is_template(name):
                if why := fault(name):
                    yield Problem(path=path, words=why)
                continue
            if name in refused.EVENTS:
                called = f"It is called '{refused.EVENTS[name]}' here."
                words = f"'{name}' is an event of Home Assistant's"
                yield Problem(path=path, words=words, hint=called)
            elif problem := names.event(known, path, name):
                yield problem
        for key, value in options.get("event_data", {}).items():
            if is_template(value) and (why := fault(str(value))):
                yield Problem(path=("event_data", key), words=why)
        yield from _unknown_fields(options, known)

    def attach(self, fire: Fire) -> Cancel:
        wanted, meant = self._wanted(), self._meant(fire)
        names = [self._named(each) for each in self.options["event_type"]]
        listens = [self._listen(each, wanted, meant) for each in dict.fromkeys(names)]
        return scheduling.together(listens)

    def _named(self, written: str) -> str:
        """Return an event's type, computed where it is a template."""
        if not is_template(written):
            return written
        try:
            return str(Template(written, self.context, self.where)({}))
        except HubError as error:
            self.failed(error)
            return written

    def _meant(self, fire: Fire) -> Fire:
        """Let through only what has the context that is asked for."""
        context = self.options.get("context")
        if not context:
            return fire

        def fires(given: Mapping[str, object], event: Event | None) -> None:
            if event is None or event.source not in context.get("source", [event.source]):
                return
            if "cause" not in context or event.cause == context["cause"]:
                fire(given, event)

        return fires

    def _wanted(self) -> Mapping[str, object]:
        data: Mapping[str, object] = self.options.get("event_data", {})
        try:
            return {
                key: Template(str(each), self.context, self.where)({})
                if is_template(each)
                else each
                for key, each in data.items()
            }
        except HubError as error:
            self.failed(error)
            return data

    def _listen(self, name: str, wanted: Mapping[str, object], fire: Fire) -> Cancel:
        kind = self.context.known.events.get(name)
        if kind is None or issubclass(kind, EventFired):
            return self._listen_by_name(name, wanted, fire)
        key = next(((field, wanted[field]) for field in kind.KEYS if _plain(wanted, field)), None)
        rest = {field: each for field, each in wanted.items() if key is None or field != key[0]}
        listener = _listener(lambda event, field: getattr(event, field, None), rest, fire)
        return self.context.bus.listen(kind, listener, key=key)

    def _listen_by_name(self, name: str, wanted: Mapping[str, object], fire: Fire) -> Cancel:
        listener = _listener(lambda event, field: event.data.get(field), wanted, fire)
        return self.context.bus.listen(EventFired, listener, key=("name", name))


def _listener(
    get: Callable[[Any, str], object], wanted: Mapping[str, object], fire: Fire
) -> Callable[[Event], None]:
    def heard(event: Event) -> None:
        if all(_matches(each, get(event, field)) for field, each in wanted.items()):
            seen = EventView(event)
            fire({"event": seen, "description": f"event {seen.event_type}"}, event)

    return heard


def _matches(wanted: object, got: object) -> bool:
    if isinstance(wanted, Mapping):
        return isinstance(got, Mapping) and all(
            _matches(each, got.get(key)) for key, each in wanted.items()
        )
    return wanted == got


def _plain(wanted: Mapping[str, object], field: str) -> bool:
    return isinstance(wanted.get(field), str | int)


def _unknown_fields(options: Options, known: Known) -> Iterable[Problem]:
    kinds = [known.events[name] for name in options["event_type"] if name in known.events]
    if not kinds or any(issubclass(each, EventFired) for each in kinds):
        return
    if len(kinds) < len(options["event_type"]):
        return
    fields = {field for kind in kinds for field in kind.__struct_fields__}
    for field in options.get("event_data", {}):
        if field not in fields:
            words = f"{kinds[0].type} has no '{field}'"
            hint = did_you_mean(str(field), fields)
            yield Problem(path=("event_data", field), words=words, hint=hint, on_key=True)
