"""``timer``: a span that runs down, can be paused, and tells when it is over."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, ClassVar, Final

from hub.api import ActionCall, Answer, Cancel, Context, Event, HubStarted, State, schema
from integrations.inputs.section import COMMON, Helper, Item, Shown, section, specs


class TimerStarted(Event, frozen=True):
    """A timer began to run."""

    KEYS = ("entity_id",)
    entity_id: str


class TimerRestarted(Event, frozen=True):
    """A timer that ran or was paused began anew or goes on."""

    KEYS = ("entity_id",)
    entity_id: str


class TimerPaused(Event, frozen=True):
    """A timer stands still."""

    KEYS = ("entity_id",)
    entity_id: str


class TimerCancelled(Event, frozen=True):
    """A timer was ended before its time."""

    KEYS = ("entity_id",)
    entity_id: str


class TimerFinished(Event, frozen=True):
    """A timer has run down; ``finished_at`` is when that was."""

    KEYS = ("entity_id",)
    entity_id: str
    finished_at: datetime | None = None


# One that ran out without a hub waits until there is somebody to hear of it, this long at most.
_LATE: Final = 15.0  # seconds

EVENTS: Final = (TimerStarted, TimerRestarted, TimerPaused, TimerCancelled, TimerFinished)


class Timer(Helper):
    """Timers of one's own; one that runs goes on over a restart."""

    KEY = "timer"
    ITEM: ClassVar[schema.Schema] = {
        **COMMON,
        schema.optional("duration", "How long it runs if nothing else is said.", 0): schema.seconds,
        schema.optional("restore", "Go on after a restart where it was.", True): schema.flag,
    }
    SCHEMA = section(ITEM)
    ACTIONS = specs(KEY, {
        "start": ("Start a timer, or let a paused one go on.", {
            schema.optional("duration", "How long; its own duration if left out."): schema.seconds,
        }),
        "pause": ("Let a timer stand still.", {}),
        "cancel": ("End a timer before its time.", {}),
        "finish": ("End a timer as if it had run down.", {}),
        "change": ("Add to what is left of a running timer, or take from it.", {
            schema.required("duration", "How many seconds, negative to take away."): (
                schema.number()
            ),
        }),
    })  # fmt: skip

    def __init__(self, context: Context, options: Any) -> None:
        super().__init__(context, options)
        self._ends: dict[str, datetime] = {}
        self._left: dict[str, float] = {}
        self._waits: dict[str, Cancel] = {}
        self._cause: int | None = None
        self._overdue: set[str] = set()

    async def start(self) -> None:
        await super().start()
        self._withdraw.append(self.context.bus.listen(HubStarted, self._heard))

    def _heard(self, _: HubStarted) -> None:
        for name in sorted(self._overdue):
            self._over(name)

    async def stop(self) -> None:
        for name in list(self._waits):
            self._waits.pop(name)()
        await super().stop()

    def ended(self, name: str) -> None:
        if cancel := self._waits.pop(name, None):
            cancel()
        self._ends.pop(name, None)
        self._left.pop(name, None)
        self._overdue.discard(name)

    def first(self, name: str, item: Item, before: State | None) -> Shown:
        if before is None or not item["restore"]:
            return self._idle(item)
        attributes = before.attributes
        if before.state == "paused" and isinstance(left := attributes.get("left"), int | float):
            self._left[name] = float(left)
            return self._paused(name)
        if before.state == "active" and isinstance(end := attributes.get("finishes_at"), str):
            return self._resumed(name, datetime.fromisoformat(end))
        return self._idle(item)

    def _resumed(self, name: str, end: datetime) -> Shown:
        now = self.context.clock.now()
        self._run(name, end if end > now else now + timedelta(seconds=_LATE))
        if end <= now:
            self._overdue.add(name)
            self._ends[name] = end
        return self._active(name)

    def done(self, verb: str, name: str, data: Mapping[str, Any]) -> Shown | None:
        item = self.options[name]
        state = self.state(name).state
        if verb == "start":
            return self._start(name, data.get("duration"), state)
        if verb == "change" and state == "active":
            self._run(name, self._ends[name] + timedelta(seconds=data["duration"]))
            return self._active(name)
        if verb == "pause" and state == "active":
            left = (self._ends[name] - self.context.clock.now()).total_seconds()
            self.ended(name)
            self._left[name] = max(left, 0.0)
            self._fire(TimerPaused, name)
            return self._paused(name)
        if verb in {"cancel", "finish"} and state != "idle":
            self.ended(name)
            self._fire(TimerCancelled if verb == "cancel" else TimerFinished, name)
            return self._idle(item)
        return None

    async def _act(self, call: ActionCall) -> Answer:
        self._cause = call.cause
        return await super()._act(call)

    def _start(self, name: str, duration: float | None, state: str) -> Shown:
        own = self.options[name]["duration"]
        left = self._left.pop(name, None)
        seconds = duration if duration is not None else (own if left is None else left)
        self._run(name, self.context.clock.now() + timedelta(seconds=seconds))
        self._fire(TimerStarted if state == "idle" else TimerRestarted, name)
        return self._active(name)

    def _run(self, name: str, end: datetime) -> None:
        if cancel := self._waits.pop(name, None):
            cancel()
        self._ends[name] = end
        left = max((end - self.context.clock.now()).total_seconds(), 0.0)
        self._waits[name] = self.context.clock.call_later(left, lambda: self._over(name))

    def _over(self, name: str) -> None:
        end = self._ends[name]
        self.ended(name)
        self._cause = None
        self.show(name, self._idle(self.options[name]))
        event = TimerFinished(entity_id=f"timer.{name}", finished_at=end, source="timer")
        self.context.bus.fire(event)

    def _fire(self, kind: Any, name: str) -> None:
        event = kind(entity_id=f"timer.{name}", source="timer", cause=self._cause)
        self.context.bus.fire(event)

    def _idle(self, item: Item) -> Shown:
        return "idle", {"duration": _clock(item["duration"])}

    def _active(self, name: str) -> Shown:
        end = self._ends[name]
        left = (end - self.context.clock.now()).total_seconds()
        duration = _clock(self.options[name]["duration"])
        more = {"remaining": _clock(left), "finishes_at": end.isoformat()}
        return "active", {"duration": duration, **more}

    def _paused(self, name: str) -> Shown:
        left = self._left[name]
        duration = _clock(self.options[name]["duration"])
        return "paused", {"duration": duration, "remaining": _clock(left), "left": left}


def _clock(seconds: float) -> str:
    return str(timedelta(seconds=max(round(seconds), 0)))
