"""What is noted of a run while it goes on: as little as can be, made into words only later."""

from collections.abc import Mapping
from datetime import datetime
from time import perf_counter
from typing import Any, Final

from msgspec import Struct

from automations.chains import Link, told
from automations.steps import Details, Run, Step
from automations.traces.shown import shown
from hub.api import Finding, HubError, Trace, TracedStep

# A loop of a million rounds is told by its beginning.
_STEPS: Final = 300


class StepTrace:
    """One step at work."""

    __slots__ = ("_began", "_details", "_error", "_result", "_round", "_seconds", "_step")

    def __init__(self, step: Step, run: Run) -> None:
        self._step = step
        repeat = run.variables.get("repeat")
        self._round = repeat.get("index") if isinstance(repeat, Mapping) else None
        self._began = perf_counter()
        self._seconds: float | None = None
        self._result = "running"
        self._error = ""
        self._details: Details | None = None

    def done(self, result: str, details: Details | None, error: HubError | None = None) -> None:
        """Note how it ended."""
        self._seconds = perf_counter() - self._began
        self._result = result
        self._details = details
        if error is not None:
            self._error = str(error)

    def said(self, began: float) -> TracedStep:
        """Return it as values."""
        details, findings = self._details or {}, ()
        if "findings" in details:
            findings = tuple(details["findings"])
            details = {key: each for key, each in details.items() if key != "findings"}
        if self._round is not None:
            details = {"round": self._round, **details}
        return TracedStep(
            place=self._step.where,
            what=self._step.what,
            at=round(self._began - began, 6),
            seconds=None if self._seconds is None else round(self._seconds, 6),
            result=self._result,
            error=self._error,
            details=shown(details),
            findings=findings,
        )


class Occasion(Struct, frozen=True):
    """What made an automation run, or nearly so: its words, the event, what led to that."""

    id: str
    time: datetime
    words: str
    event: int | None
    led: Link | None
    data: object


class RunTrace:
    """One run at work."""

    __slots__ = (
        "_began", "_error", "_left_out", "_occasion", "_result", "_seconds", "_steps",
        "_variables", "id",
    )  # fmt: skip

    def __init__(self, occasion: Occasion, variables: Mapping[str, Any]) -> None:
        self.id = occasion.id
        self._occasion = occasion
        self._variables = {**variables}
        self._began = perf_counter()
        self._steps: list[StepTrace] = []
        self._left_out = 0
        self._result = "running"
        self._error = ""
        self._seconds: float | None = None

    @property
    def failed(self) -> bool:
        """Whether it ended with an error."""
        return self._result == "failed"

    def begin(self, step: Step, run: Run) -> StepTrace | None:
        """Note that a step begins."""
        if len(self._steps) >= _STEPS:
            self._left_out += 1
            return None
        trace = StepTrace(step, run)
        self._steps.append(trace)
        return trace

    def end(self, result: str, error: str) -> None:
        """Note how the run ended."""
        self._result = result
        self._error = error
        self._seconds = perf_counter() - self._began

    def said(self, automation: str, name: str) -> Trace:
        """Return it as values."""
        told = {"trigger", "this", "context"}
        variables = {key: each for key, each in self._variables.items() if key not in told}
        return _trace(
            self._occasion,
            kind="run",
            automation=automation,
            name=name,
            variables=shown(variables),
            steps=tuple(each.said(self._began) for each in [*self._steps]),
            left_out=self._left_out,
            result=self._result,
            error=self._error,
            seconds=None if self._seconds is None else round(self._seconds, 6),
        )


class Miss:
    """A near miss, and how often it came about."""

    __slots__ = ("_occasion", "count", "finding", "id", "last")

    def __init__(self, occasion: Occasion, finding: Finding) -> None:
        self.id = occasion.id
        self.count = 1
        self.last = occasion.time
        self.finding = finding
        self._occasion = occasion

    def said(self, automation: str, name: str) -> Trace:
        """Return it as values."""
        return _trace(
            self._occasion,
            kind="miss",
            automation=automation,
            name=name,
            conditions=self.finding,
            result="missed",
            count=self.count,
            last=self.last if self.count > 1 else None,
        )


def _trace(occasion: Occasion, **more: Any) -> Trace:
    return Trace(
        id=occasion.id,
        time=occasion.time,
        trigger=occasion.words,
        event=occasion.event,
        chain=told(occasion.led),
        data=shown(occasion.data) if isinstance(occasion.data, Mapping) else {},
        **more,
    )
