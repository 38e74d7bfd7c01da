"""What cameras see, as triggers: lines, objects, tracks, review items, and whose face it is.

Each word after ``event:`` is one kind of event, heard by its key fields; options filter the rest.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any, ClassVar, Final

import msgspec

from automations import names, scheduling
from automations.triggers.base import OwnTrigger
from automations.values import some
from hub.api import (
    Cancel,
    Event,
    Fire,
    Known,
    LineCrossed,
    ObjectAppeared,
    ObjectAttributed,
    ObjectLeft,
    ObjectMoved,
    ObjectPictured,
    ObjectStationary,
    Options,
    Problem,
    ReviewEnded,
    ReviewStarted,
    ReviewUpdated,
    schema,
)

_texts: Final = some(schema.text)
_STAMP: Final = frozenset(Event.__struct_fields__)


def fields(*kinds: type[Event]) -> frozenset[str]:
    """Return what events of these kinds tell, for ``GIVES``."""
    told = {name for kind in kinds for name in kind.__struct_fields__}
    return frozenset((told - _STAMP) | {"event", "description"})


class SeenTrigger(OwnTrigger):
    """Fires on events of what cameras see; ``trigger`` holds all that the event tells."""

    EVENTS: ClassVar[Mapping[str, type[Event]]]
    FIELDS: ClassVar[Mapping[str, str]]
    """Options by the event's field that must be among their values."""
    KEYED: ClassVar[str] = "camera"
    """The option that is looked up, not compared."""

    @classmethod
    def check(cls, options: Options, known: Known) -> Iterable[Problem]:
        return names.place(known, options)

    def attach(self, fire: Fire) -> Cancel:
        word = self.options.get("event", next(iter(self.EVENTS)))
        kind = self.EVENTS[word]
        wanted = {
            field: frozenset(self.options[option])
            for option, field in self.FIELDS.items()
            if option in self.options and self.wants(kind, field)
        }
        keyed = self.FIELDS[self.KEYED]
        values = sorted(wanted.pop(keyed, ()))

        def heard(event: Event) -> None:
            fits = all(_among(getattr(event, name), allowed) for name, allowed in wanted.items())
            if fits and self.holds(event):
                said = {"event": word, "description": self.words(event)}
                fire({**_told(event), **said}, event)

        listen: Callable[..., Cancel] = self.context.bus.listen
        keys: Iterable[Any] = [(keyed, each) for each in values] or [None]
        return scheduling.together(listen(kind, heard, key=each) for each in keys)

    @classmethod
    def wants(cls, kind: type[Event], field: str) -> bool:
        """Say whether events of a kind are compared by a field."""
        return True

    def holds(self, event: Any) -> bool:
        """Say whether the event is one that is meant, beyond its fields."""
        return True

    def words(self, event: Any) -> str:
        """Say what happened."""
        raise NotImplementedError


class LineTrigger(SeenTrigger):
    """Fires when a person, or anything else, crosses a camera's line."""

    KEY = "line"
    EVENTS: ClassVar = {"cross": LineCrossed}
    FIELDS: ClassVar = {
        "line": "line", "camera": "camera", "object": "object", "direction": "direction",
    }  # fmt: skip
    KEYED = "line"
    GIVES = fields(LineCrossed)
    SCHEMA: ClassVar[schema.Schema] = {
        schema.required("line", "The line, or several."): _texts,
        schema.optional("camera", "The camera, or several; any if left out."): _texts,
        schema.optional("object", "What it must be, or several; anything if left out."): _texts,
        schema.optional("direction", "Which way, as the line's own words say."): _texts,
    }

    def words(self, event: LineCrossed) -> str:
        return f"{event.object} crossed {event.line} of {event.camera} ({event.direction})"


class ObjectTrigger(SeenTrigger):
    """Fires when a camera sees something come, go, stop or move on."""

    KEY = "object"
    EVENTS: ClassVar = {
        "appear": ObjectAppeared,
        "leave": ObjectLeft,
        "stop": ObjectStationary,
        "move": ObjectMoved,
    }
    FIELDS: ClassVar = {"camera": "camera", "object": "object"}
    GIVES = fields(*EVENTS.values())
    SCHEMA: ClassVar[schema.Schema] = {
        schema.optional("camera", "The camera, or several; any if left out."): _texts,
        schema.optional("object", "What it must be, or several; anything if left out."): _texts,
        schema.optional("event", "What it does.", "appear"): schema.choice(*EVENTS),
        schema.optional("min_score", "Least confidence that counts."): schema.number(0, 1),
    }
    _VERBS: ClassVar = {
        "appear": "appeared at", "leave": "left", "stop": "stopped at", "move": "moved on at",
    }  # fmt: skip

    def holds(self, event: ObjectAppeared) -> bool:
        return event.score >= float(self.options.get("min_score", 0))

    def words(self, event: ObjectAppeared) -> str:
        return f"{event.object} {self._VERBS[self.options['event']]} {event.camera}"


class TrackTrigger(SeenTrigger):
    """Fires when more is known of something seen: a better picture, or what it is like."""

    KEY = "track"
    EVENTS: ClassVar = {"picture": ObjectPictured, "attribute": ObjectAttributed}
    FIELDS: ClassVar = {"camera": "camera"}
    GIVES = fields(*EVENTS.values())
    SCHEMA: ClassVar[schema.Schema] = {
        schema.optional("camera", "The camera, or several; any if left out."): _texts,
        schema.optional("event", "What became known.", "picture"): schema.choice(*EVENTS),
        schema.optional("attribute", "Which attribute, or several; any if left out."): _texts,
    }

    def holds(self, event: Any) -> bool:
        wanted = self.options.get("attribute")
        return wanted is None or any(each in getattr(event, "attributes", {}) for each in wanted)

    def words(self, event: Any) -> str:
        what = "a better picture" if self.options["event"] == "picture" else "an attribute"
        return f"{what} of {event.track}"


class FaceTrigger(SeenTrigger):
    """Fires when a face is recognised: an attribute ``face`` is attached to something seen."""

    KEY = "face"
    EVENTS: ClassVar = {"recognise": ObjectAttributed}
    FIELDS: ClassVar = {"camera": "camera"}
    GIVES = fields(ObjectAttributed) | {"person"}
    SCHEMA: ClassVar[schema.Schema] = {
        schema.optional("camera", "The camera, or several; any if left out."): _texts,
        schema.optional("person", "Whose face, or several; anybody's if left out."): _texts,
    }

    def attach(self, fire: Fire) -> Cancel:
        def named(given: Mapping[str, object], event: Event | None) -> None:
            person = event.attributes["face"] if isinstance(event, ObjectAttributed) else ""
            fire({**given, "person": person}, event)

        return super().attach(named)

    def holds(self, event: ObjectAttributed) -> bool:
        face = event.attributes.get("face")
        wanted = self.options.get("person")
        return face is not None and (wanted is None or face in wanted)

    def words(self, event: ObjectAttributed) -> str:
        return f"the face of {event.attributes['face']} at {event.camera}"


class ReviewTrigger(SeenTrigger):
    """Fires when something worth looking at begins, goes on or is over."""

    KEY = "review"
    EVENTS: ClassVar = {"start": ReviewStarted, "update": ReviewUpdated, "end": ReviewEnded}
    FIELDS: ClassVar = {
        "camera": "camera", "severity": "severity", "object": "objects", "zone": "zones",
    }  # fmt: skip
    GIVES = fields(*EVENTS.values())
    SCHEMA: ClassVar[schema.Schema] = {
        schema.optional("camera", "The camera, or several; any if left out."): _texts,
        schema.optional("severity", "How much it matters; both if left out."): some(
            schema.choice("alert", "detection")
        ),
        schema.optional("object", "What must be in it, or several."): _texts,
        schema.optional("zone", "A zone it must touch, or several."): _texts,
        schema.optional(
            "event", "When: as it begins, goes on, or is over.", "start"
        ): schema.choice(*EVENTS),
    }

    def words(self, event: ReviewStarted) -> str:
        return f"{event.severity} of {', '.join(event.objects) or 'something'} at {event.camera}"


def _among(value: object, allowed: frozenset[str]) -> bool:
    return not allowed.isdisjoint(value) if isinstance(value, tuple) else value in allowed


def _told(event: Event) -> dict[str, object]:
    return {
        name: each for name, each in msgspec.structs.asdict(event).items() if name not in _STAMP
    }
