"""What an automation shows of itself: its entity, not more often than anybody can read."""

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from automations import scheduling
from automations.model import Plan
from hub.api import Cancel, Context, State

# An automation that runs a thousand times a second is one line on a page all the same.
_PAUSE: Final = 0.2  # seconds


class Face:
    """The entity ``automation.<name>``: on or off, and what its runs were like."""

    def __init__(self, plan: Plan, context: Context) -> None:
        self._plan = plan
        self._context = context
        self._pending: Cancel | None = None
        self._quiet_until = 0.0
        self._cause: int | None = None
        self.on = True
        self.current = 0
        self.runs = 0
        self.last_triggered: datetime | None = None
        self.last: dict[str, object] = {}

    def restore(self, state: State | None) -> None:
        """Take up what was shown before the hub or the configuration was started anew."""
        if state is not None:
            self.on = state.state != "off"
            self._take(state.attributes)
        if self._plan.starts_on is not None:
            self.on = self._plan.starts_on

    def triggered(self, now: datetime, trigger: str) -> None:
        """Note that a run begins."""
        self.runs += 1
        self.current += 1
        self.last_triggered = now
        self.last["last_trigger"] = trigger

    def ended(self, result: str, error: str) -> None:
        """Note that a run has ended."""
        self.current -= 1
        self.last["last_result"] = result
        self.last["last_error"] = error or None

    def show(self, cause: int | None = None, now: float | None = None) -> None:
        """Publish, at once or a little later if that was done just now."""
        self._cause = cause
        if self._pending is not None:
            return
        now = self._context.clock.monotonic() if now is None else now
        if now >= self._quiet_until:
            self._publish(now)
            return
        wait = self._quiet_until - now
        self._pending = scheduling.after(self._context.clock, wait, self._late)

    def close(self) -> None:
        """Publish what is still to be published."""
        if self._pending is not None:
            self._pending()
            self._late()

    def _late(self) -> None:
        self._pending = None
        self._publish(self._context.clock.monotonic())

    def _publish(self, now: float) -> None:
        self._quiet_until = now + _PAUSE
        when = self.last_triggered
        attributes = {
            "friendly_name": self._plan.name,
            "id": self._plan.identity,
            "mode": self._plan.mode.value,
            "current": self.current,
            "runs": self.runs,
            "last_triggered": None if when is None else when.isoformat(),
            "last_trigger": None,
            "last_result": None,
            "last_error": None,
            **self.last,
        }
        on = self.current > 0 if self._plan.entity.startswith("script.") else self.on
        state = "on" if on else "off"
        self._context.states.set(self._plan.entity, state, attributes, cause=self._cause)

    def _take(self, attributes: Mapping[str, object]) -> None:
        runs, when = attributes.get("runs"), attributes.get("last_triggered")
        self.runs = runs if isinstance(runs, int) else 0
        if isinstance(when, str):
            self.last_triggered = datetime.fromisoformat(when)
        for key in ("last_trigger", "last_result", "last_error"):
            self.last[key] = attributes.get(key)
