"""Keeps each note as an entity, which is what makes it outlive the hub's restart."""

import re
from collections.abc import Iterable
from itertools import count
from typing import Any, ClassVar, Final

import voluptuous as vol

from hub.api import (
    ActionCall,
    ActionSpec,
    Answer,
    Cancel,
    Context,
    NotificationCreated,
    Options,
    Service,
    schema,
)

KIND: Final = "persistent_notification"
# A page that shows more notes than this is read by nobody; the oldest goes.
MOST: Final = 100
_ID: Final = re.compile(r"[A-Za-z0-9_.:-]{1,64}")


def note_id(value: object) -> str:
    """Accept an id of letters, digits, ``_``, ``-``, ``.`` and ``:``; returns it as an entity's."""
    word = str(value) if isinstance(value, int) else schema.text(value)
    if not _ID.fullmatch(word):
        raise vol.Invalid(f"'{word}' is not an id: use up to 64 letters, digits and underscores")
    return re.sub(r"[^a-z0-9_]", "_", word.lower())


def words(value: object) -> str:
    """Accept a text, or a number that a template turned into one."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        return str(value)
    return schema.text(value)


schema.shaped(note_id, {"type": ["string", "integer"], "title": "id"})
schema.shaped(words, {"type": ["string", "number"], "title": "text"})

CREATE: Final = ActionSpec(
    name=f"{KIND}.create",
    description="Put a note on the page; one with the same id replaces the one before",
    schema={
        schema.required("message", "What the note says"): words,
        schema.optional("title", "Its heading"): words,
        schema.optional("notification_id", "A name by which it is replaced or dismissed"): note_id,
    },
    answers=True,
)
DISMISS: Final = ActionSpec(
    name=f"{KIND}.dismiss",
    description="Take a note off the page",
    schema={schema.required("notification_id", "The note's id"): note_id},
)


class Notes(Service):
    """Makes and removes ``persistent_notification.ID`` entities."""

    KEY = KIND
    ACTIONS: ClassVar = (CREATE, DISMISS)

    def __init__(self, context: Context, options: Options) -> None:
        super().__init__(context, options)
        self._cancels: list[Cancel] = []

    @classmethod
    def entities(cls, options: Any) -> Iterable[str]:
        return (f"{KIND}.*",)

    async def start(self) -> None:
        register = self.context.actions.register
        self._cancels.append(register(CREATE, self._create))
        self._cancels.append(register(DISMISS, self._dismiss))

    async def stop(self) -> None:
        for cancel in self._cancels:
            cancel()

    async def _create(self, call: ActionCall) -> Answer:
        name = str(call.data.get("notification_id") or self._free_id())
        title, message = str(call.data.get("title", "")), str(call.data["message"])
        self._make_room(f"{KIND}.{name}")
        self.context.states.set(
            f"{KIND}.{name}",
            "notifying",
            {"title": title, "message": message, "created": self.context.clock.now().isoformat()},
            cause=call.cause,
        )
        self.context.bus.fire(
            NotificationCreated(
                source=self.context.name,
                cause=call.cause,
                notification=name,
                title=title,
                message=message,
            )
        )
        return {"notification_id": name}

    async def _dismiss(self, call: ActionCall) -> Answer:
        self.context.states.remove(f"{KIND}.{call.data['notification_id']}")
        return None

    def _free_id(self) -> str:
        stem = self.context.clock.now().strftime("%Y%m%d_%H%M%S")
        names = (f"{stem}_{number}" for number in count(1))
        return next(name for name in names if self.context.states.get(f"{KIND}.{name}") is None)

    def _make_room(self, coming: str) -> None:
        notes = [
            each for entity, each in self.context.states.all().items()
            if entity.startswith(f"{KIND}.") and entity != coming
        ]  # fmt: skip
        for each in sorted(notes, key=lambda note: note.updated)[: max(0, len(notes) - MOST + 1)]:
            self.context.states.remove(each.entity)
